#include "ui/activity/openstream.h"

#include "core/client/text.h"
#include "ui/activity/streamspane.h"

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

Expected<OpenStream> openStreamFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    OpenStream stream;
    stream.number = static_cast<std::uint64_t>(reader.integer("number", 0, 0, INT64_MAX));
    stream.at = reader.time("at").value_or(Timestamp{});
    stream.endpoint = reader.requiredText("endpoint");
    stream.webSocket = reader.text("protocol") == "websocket";
    stream.client = reader.optionalText("client").value_or("");
    stream.caller = reader.optionalText("caller").value_or("");
    stream.origin = reader.optionalText("origin").value_or("");
    stream.bytes = reader.integer("bytes", 0, 0, INT64_MAX);
    if (const Json* behind = reader.any("behind"); behind && !behind->is_null())
        stream.behind = reader.integer("behind", 0, 0, INT64_MAX);
    if (const Expected<void> read = reader.finish(); !read)
        return fail(read.error());
    return stream;
}

/// Minutes and seconds; hours where there are some.
QString spanWord(std::int64_t us)
{
    const qint64 seconds = std::max<qint64>(0, us / 1'000'000);
    const auto two = [](qint64 number) { return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0')); };
    const QString minutesAndSeconds = two(seconds / 60 % 60) + QLatin1Char(':') + two(seconds % 60);
    return seconds < 3600 ? minutesAndSeconds : QString(QString::number(seconds / 3600) + QLatin1Char(':') + minutesAndSeconds);
}

Cell behindCell(const std::optional<std::int64_t>& behind)
{
    if (!behind)
        return {StreamsPane::tr("reads the past"),
                QVariant(qlonglong(INT64_MAX)),
                QString(),
                {},
                Tone::Dim,
                StreamsPane::tr("It asked for items from before it was opened, and has not got all of them yet.")};
    const int shown = pluralCount(*behind);
    return {*behind == 0 ? StreamsPane::tr("current") : StreamsPane::tr("%Ln items", nullptr, shown),
            QVariant(qlonglong(*behind)),
            QString::number(*behind),
            {},
            *behind == 0 ? Tone::Success : Tone::Warning,
            *behind == 0 ? StreamsPane::tr("It has taken every item.") : StreamsPane::tr("Items that it has not taken yet.")};
}

} // namespace

Expected<std::vector<OpenStream>> openStreamsFrom(const std::string& answer)
{
    const Expected<Json> json = parseJson(answer);
    if (!json)
        return fail(json.error());
    const auto rows = json->find("data");
    if (!json->is_object() || rows == json->end() || !rows->is_array())
        return fail(Problem::Internal, "expected a list of streams");
    std::vector<OpenStream> streams;
    for (const Json& row : *rows) {
        Expected<OpenStream> stream = openStreamFrom(row);
        if (!stream)
            return fail(stream.error());
        streams.push_back(std::move(*stream));
    }
    return streams;
}

std::vector<ColumnSpec> streamColumns()
{
    return {{StreamsPane::tr("Endpoint"), CellKind::Code, 200}, {StreamsPane::tr("Behind"), CellKind::Text, 130},
            {StreamsPane::tr("Stream"), CellKind::Text, 130},   {StreamsPane::tr("Client"), CellKind::Text, 150},
            {StreamsPane::tr("Origin"), CellKind::Text, 180},   {StreamsPane::tr("Open for"), CellKind::Number, 90},
            {StreamsPane::tr("Sent"), CellKind::Number, 90}};
}

TableRow streamRow(const OpenStream& stream, const ReadingContext& context)
{
    const std::int64_t openUs = context.now.us - stream.at.us;
    const std::string& who = stream.caller.empty() ? stream.client : stream.caller;
    return {QString::number(stream.number),
            {{toQt(stream.endpoint)},
             behindCell(stream.behind),
             {stream.webSocket ? QStringLiteral("WebSocket") : StreamsPane::tr("Events (SSE)")},
             {toQt(who)},
             {toQt(stream.origin), {}, {}, {}, Tone::Dim},
             {spanWord(openUs),
              QVariant(qlonglong(openUs)),
              QString::number(static_cast<double>(openUs) / 1e6),
              {},
              Tone::Normal,
              momentWord(stream.at, context)},
             {sizeWord(stream.bytes, context.locale), QVariant(qlonglong(stream.bytes)), QString::number(stream.bytes)}}};
}

} // namespace iotman::ui
