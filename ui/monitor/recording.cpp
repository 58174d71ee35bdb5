#include "ui/monitor/recording.h"

#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <algorithm>

namespace iotman {

namespace {

constexpr int flushMs = 1000;
constexpr const char* firstLine = "{\"iotman_recording\":1}\n";

auto refused(Problem kind, const QString& text)
{
    return tl::unexpected(Error{kind, text.toStdString()});
}

std::string lineOf(const EndpointId& id, const client::StreamItem& item, Timestamp arrived)
{
    std::string line = "{\"endpoint\":\"" + id.text + "\"";
    if (item.time)
        line += ",\"time\":" + item.time->seconds();
    return line + ",\"arrived\":" + arrived.seconds() + ",\"item\":" + item.json + "}\n";
}

struct ReadLine {
    std::string endpoint;
    std::optional<Timestamp> time, arrived;
    std::string item;
};

std::optional<Timestamp> timeIn(simdjson::dom::element line, const char* name)
{
    double seconds = 0;
    if (line[name].get(seconds) != simdjson::SUCCESS)
        return std::nullopt;
    // Microseconds are whole numbers of up to 16 digits: a double rounds to them exactly within a century of 1970.
    return Timestamp{static_cast<std::int64_t>(seconds * 1e6 + (seconds < 0 ? -0.5 : 0.5))};
}

/// The item's own bytes: everything from behind `"item":` to the closing brace.
std::optional<ReadLine> parsed(simdjson::dom::parser& parser, std::string_view text)
{
    simdjson::dom::element line;
    std::string_view endpoint;
    if (parser.parse(text.data(), text.size()).get(line) != simdjson::SUCCESS ||
        line["endpoint"].get(endpoint) != simdjson::SUCCESS)
        return std::nullopt;
    const auto item = text.find(",\"item\":");
    if (item == std::string_view::npos)
        return std::nullopt;
    const auto begin = item + 8;
    return ReadLine{std::string(endpoint), timeIn(line, "time"), timeIn(line, "arrived"),
                    std::string(text.substr(begin, text.size() - begin - 1))};
}

} // namespace

Recorder::Recorder(QObject* parent)
    : QObject(parent)
{
    flushing_.setInterval(flushMs);
    flushing_.callOnTimeout(this, [this] {
        if (!file_.flush())
            end(tr("The recording ends: %1").arg(file_.errorString()));
    });
}

Expected<void> Recorder::start(const QString& file, std::int64_t budget)
{
    stop();
    file_.setFileName(file);
    if (!file_.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return refused(Problem::Internal, tr("%1 cannot be written: %2").arg(file, file_.errorString()));
    budget_ = budget;
    bytes_ = file_.write(firstLine);
    flushing_.start();
    Q_EMIT progressed();
    return {};
}

void Recorder::stop()
{
    if (isRecording())
        end({});
}

void Recorder::end(const QString& why)
{
    flushing_.stop();
    file_.close();
    Q_EMIT stopped(why);
}

void Recorder::add(const EndpointId& id, const std::vector<client::StreamItem>& items, Timestamp arrived)
{
    for (const client::StreamItem& item : items) {
        if (!isRecording())
            return;
        const std::string line = lineOf(id, item, arrived);
        const auto size = static_cast<std::int64_t>(line.size());
        if (bytes_ + size > budget_)
            return end(tr("The recording has reached its budget of %L1 MB.").arg(budget_ / (1024 * 1024)));
        if (file_.write(line.data(), size) != size)
            return end(tr("The recording ends: %1").arg(file_.errorString()));
        bytes_ += size;
    }
    Q_EMIT progressed();
}

Expected<Recording> readRecording(const QString& name, std::int64_t most)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return refused(Problem::NotFound, Recorder::tr("%1 cannot be read: %2").arg(name, file.errorString()));
    if (file.size() > most)
        return refused(Problem::TooLarge, Recorder::tr("%1 is larger than %L2 MB.").arg(name).arg(most / (1024 * 1024)));
    if (file.readLine(64) != firstLine)
        return refused(Problem::BadRequest, Recorder::tr("%1 is no recording.").arg(name));
    Recording recording;
    simdjson::dom::parser parser;
    for (int number = 2; !file.atEnd(); ++number) {
        const QByteArray line = file.readLine();
        const bool isWhole = line.endsWith('\n');
        const auto read =
            parsed(parser, std::string_view(line.constData(), static_cast<std::size_t>(line.size()) - (isWhole ? 1 : 0)));
        const auto id = read ? EndpointId::parse(read->endpoint, "endpoint") : Expected<EndpointId>(tl::unexpected(Error{}));
        if (id)
            recording[*id].push_back({read->time ? read->time : read->arrived, read->item});
        else if (isWhole)
            return refused(Problem::BadRequest, Recorder::tr("Line %1 of %2 is no item.").arg(number).arg(name));
    }
    for (auto& [id, items] : recording) {
        std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
        std::reverse(items.begin(), items.end());
    }
    return recording;
}

} // namespace iotman
