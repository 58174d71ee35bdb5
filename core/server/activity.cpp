#include "core/server/activity.h"

#include <algorithm>

namespace iotman::server {

namespace {

Json textOrNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json secondsOf(std::int64_t us)
{
    return timeJson(Timestamp{us});
}

Json exchangeJson(std::uint64_t number, const Exchange& exchange)
{
    const std::string_view target = exchange.target;
    const std::size_t mark = target.find('?');
    Json headers = Json::array();
    for (const Header& header : exchange.headers)
        headers.push_back({{"name", header.name}, {"value", header.value}});
    Json json{{"event", exchange.stream ? "stream" : "request"},
              {"number", number},
              {"at", timeJson(exchange.at)},
              {"client", exchange.client},
              {"method", textOrNull(exchange.method)},
              {"path", textOrNull(std::string(target.substr(0, mark)))},
              {"query", mark == std::string_view::npos ? Json(nullptr) : Json(target.substr(mark + 1))},
              {"status", exchange.status},
              {"duration", exchange.open ? Json(nullptr) : secondsOf(exchange.tookUs)},
              {"bytes", exchange.bytes},
              {"origin", textOrNull(exchange.origin)},
              {"caller", textOrNull(exchange.trace.caller)},
              {"reason", textOrNull(exchange.trace.reason)},
              {"extension", exchange.trace.extension}};
    if (exchange.stream)
        json["open"] = exchange.open;
    json["headers"] = std::move(headers);
    return json;
}

Json historyJson(std::uint64_t number, const HistoryChanged& change)
{
    return {{"event", "history-changed"},    {"number", number},
            {"at", timeJson(change.at)},     {"endpoint", change.endpoint.text},
            {"from", timeJson(change.from)}, {"to", timeJson(change.to)}};
}

} // namespace

Activity::Entry& Activity::newEntry()
{
    ++lastNumber_;
    if (ring_.size() < mostEntries)
        ring_.emplace_back();
    Entry& entry = ring_[(lastNumber_ - 1) % mostEntries];
    entry = Entry{lastNumber_, ++change_, std::nullopt, std::nullopt};
    return entry;
}

void Activity::tell() const
{
    if (listener_)
        listener_();
}

std::uint64_t Activity::add(Exchange exchange)
{
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        Entry& entry = newEntry();
        entry.exchange = std::move(exchange);
        number = entry.number;
    }
    tell();
    return number;
}

void Activity::add(HistoryChanged change)
{
    {
        const std::lock_guard lock(mutex_);
        newEntry().history = std::move(change);
    }
    tell();
}

void Activity::streamEnded(std::uint64_t number, std::int64_t tookUs, std::uint64_t bytes, std::string reason)
{
    {
        const std::lock_guard lock(mutex_);
        if (number == 0 || number > lastNumber_ || lastNumber_ - number >= mostEntries)
            return;
        Entry& entry = ring_[(number - 1) % mostEntries];
        if (!entry.exchange)
            return;
        entry.change = ++change_;
        entry.exchange->open = false;
        entry.exchange->tookUs = tookUs;
        entry.exchange->bytes = bytes;
        entry.exchange->trace.reason = std::move(reason);
    }
    tell();
}

std::vector<Activity::Entry> Activity::newestFirst(std::uint64_t before, std::size_t limit) const
{
    const std::lock_guard lock(mutex_);
    std::vector<Entry> entries;
    const std::uint64_t oldest = lastNumber_ - ring_.size() + 1;
    for (std::uint64_t number = std::min(before, lastNumber_ + 1); number > oldest && entries.size() < limit;)
        entries.push_back(ring_[(--number - 1) % mostEntries]);
    return entries;
}

std::vector<Activity::Entry> Activity::changedAfter(std::uint64_t change, std::size_t limit) const
{
    const std::lock_guard lock(mutex_);
    std::vector<const Entry*> changed;
    for (const Entry& entry : ring_) {
        if (entry.change > change)
            changed.push_back(&entry);
    }
    std::sort(changed.begin(), changed.end(), [](const Entry* a, const Entry* b) { return a->change < b->change; });
    std::vector<Entry> entries;
    for (const Entry* entry : changed) {
        if (entries.size() == limit)
            break;
        entries.push_back(*entry);
    }
    return entries;
}

Json toJson(const Activity::Entry& entry)
{
    return entry.history ? historyJson(entry.number, *entry.history)
                         : exchangeJson(entry.number, entry.exchange.value_or(Exchange{}));
}

Expected<void> ActivityFeed::bySequence(OutputKey, Sequence after, const store::ItemVisitor& visit)
{
    constexpr std::size_t atOnce = 200;
    while (true) {
        const std::vector<Activity::Entry> entries = activity_.changedAfter(after, atOnce);
        for (const Activity::Entry& entry : entries) {
            if (!visit({Timestamp{}, entry.change}, jsonText(toJson(entry))))
                return {};
            after = entry.change;
        }
        if (entries.size() < atOnce)
            return {};
    }
}

} // namespace iotman::server
