#include "ui/activity/activityreader.h"

#include "core/client/text.h"
#include "ui/activity/activitymodel.h"

#include <algorithm>
#include <iterator>

namespace iotman::ui {

namespace {

constexpr int mostPages = 20;            // of one read
constexpr std::size_t openWindow = 2000; // entries that are looked through for open streams
constexpr std::size_t mostHeld = 20'000; // events that wait for a read that does not succeed; far more than a server keeps

QUrl eventsOf(QUrl server)
{
    server.setPath(server.path() + QStringLiteral("/api/activity/events"));
    return server;
}

} // namespace

ActivityReader::ActivityReader(Session& session, ActivityModel& model, ActivityReaderSettings settings, QObject* parent)
    : QObject(parent)
    , session_(session)
    , model_(model)
    , settings_(settings)
    , stream_(session.network(), session.tokens(), session.clock(), random_, eventsOf(session.management().server()),
              settings.stream)
{
    again_.setSingleShot(true);
    again_.callOnTimeout(this, &ActivityReader::readBack);
    flush_.setSingleShot(true);
    flush_.callOnTimeout(this, &ActivityReader::flush);
    connect(&stream_, &client::EventStream::opened, this, &ActivityReader::readBack);
    connect(&stream_, &client::EventStream::arrived, this, &ActivityReader::take);
    connect(&stream_, &client::EventStream::failed, this, &ActivityReader::failed);
    connect(&stream_, &client::EventStream::absent, this, [this] {
        isPolled_ = true;
        readBack();
    });
}

void ActivityReader::start()
{
    if (std::exchange(started_, true))
        return;
    isPolled_ = false;
    stream_.start();
}

void ActivityReader::stop()
{
    started_ = false;
    stream_.stop();
    call_.cancel();
    again_.stop();
    // What waits for a read that has not ended would leave a gap before it.
    if (!std::exchange(caughtUp_, false))
        events_.clear();
    flush();
}

/// Down to what the model has. Streams that were open may have ended: their entries are read again, as long as they are not too
/// far back.
void ActivityReader::readBack()
{
    again_.stop();
    call_.cancel();
    pages_.clear();
    caughtUp_ = false;
    pagesRead_ = 0;
    oldestOpen_ = 0;
    std::size_t looked = 0;
    for (const ActivityEntry& entry : model_.entries()) {
        if (entry.open)
            oldestOpen_ = entry.number;
        if (++looked == openWindow)
            break;
    }
    readPage("activity?limit=1000");
}

void ActivityReader::readPage(const std::string& path)
{
    call_ = session_.management().request({"GET", path, {}, {}}, this,
                                          [this, path](Expected<client::Document> document) { took(document, path); });
}

void ActivityReader::took(const Expected<client::Document>& document, const std::string& path)
{
    const Expected<Json> json = document ? parseJson(document->text) : Expected<Json>(fail(document.error()));
    if (!json) {
        if (json.error().kind == Problem::NotFound) {
            stop();
            Q_EMIT unsupported();
            return;
        }
        again_.start(settings_.readAgain);
        Q_EMIT failed(json.error());
        return;
    }
    std::uint64_t lowest = UINT64_MAX, highest = 0;
    if (const auto rows = json->find("data"); rows != json->end() && rows->is_array()) {
        for (const Json& one : *rows) {
            if (const auto number = one.find("number"); number != one.end() && number->is_number_unsigned()) {
                lowest = std::min(lowest, number->get<std::uint64_t>());
                highest = std::max(highest, number->get<std::uint64_t>());
            }
            if (std::optional<ActivityEntry> entry = activityEntryFrom(one))
                pages_.push_back(std::move(*entry));
        }
    }
    // Numbers begin anew with each run of a server.
    if (pagesRead_ == 0 && (highest < model_.newest() || model_.contradicts(pages_))) {
        model_.beginAnew();
        oldestOpen_ = 0;
    }
    const std::uint64_t wanted = oldestOpen_ > 0 ? oldestOpen_ : model_.newest() + 1;
    const auto next = json->find("next_page");
    if (++pagesRead_ < mostPages && lowest > wanted && next != json->end() && next->is_string()) {
        if (const Expected<std::string> further = session_.management().nextPath(path, next->get<std::string>()))
            return readPage(*further);
    }
    // What the stream told meanwhile is newer.
    pages_.insert(pages_.end(), std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.end()));
    events_ = std::exchange(pages_, {});
    caughtUp_ = true;
    flush();
    if (isPolled_)
        again_.start(settings_.poll);
}

void ActivityReader::take(const std::vector<client::ServerEvent>& events)
{
    for (const client::ServerEvent& event : events) {
        const Expected<Json> json = parseJson(client::view(event.data));
        if (std::optional<ActivityEntry> entry = json ? activityEntryFrom(*json) : std::nullopt)
            events_.push_back(std::move(*entry));
    }
    if (events_.size() > mostHeld)
        events_.erase(events_.begin(), events_.end() - static_cast<std::ptrdiff_t>(mostHeld / 2));
    if (caughtUp_ && !events_.empty() && !flush_.isActive())
        flush_.start(settings_.gather);
}

void ActivityReader::flush()
{
    flush_.stop();
    model_.merge(std::exchange(events_, {}));
    Q_EMIT updated();
}

} // namespace iotman::ui
