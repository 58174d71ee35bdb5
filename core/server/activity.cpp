#include "core/server/activity.h"

#include "core/model/shown.h"
#include "core/server/redact.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace iotman::server {

namespace {

Json secondsOf(std::int64_t us)
{
    return timeJson(Timestamp{us});
}

Json placeJson(const StreamPlace& place)
{
    return {{"output", place.output}, {"began", place.began}, {"ended", place.ended ? Json(*place.ended) : Json(nullptr)}};
}

Json exchangeJson(std::uint64_t number, const Exchange& exchange)
{
    const std::string_view target = exchange.target;
    const std::size_t mark = target.find('?');
    Json headers = Json::array();
    for (std::string_view rest = exchange.headers; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const std::size_t colon = line.find(": ");
        headers.push_back({{"name", line.substr(0, colon)}, {"value", line.substr(colon + 2)}});
    }
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
    if (exchange.stream) {
        json["open"] = exchange.open;
        json["place"] = exchange.place ? placeJson(*exchange.place) : Json(nullptr);
    }
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

Activity::Kept::Kept(const Exchange& exchange)
    : at(exchange.at)
    , tookUs(exchange.tookUs)
    , sent(exchange.bytes)
    , status(static_cast<std::int16_t>(exchange.status))
    , stream(exchange.stream)
    , open(exchange.open)
    , extension(exchange.trace.extension)
    , place(exchange.place ? std::make_unique<StreamPlace>(*exchange.place) : nullptr)
{
    std::string reason = exchange.trace.reason; // in which what was refused may stand
    hideByLooks(reason);
    const std::array<std::string_view, Texts> all{exchange.client,       exchange.method,       exchange.target, exchange.origin,
                                                  exchange.trace.caller, reason,                exchange.headers};
    std::size_t total = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        sizes[i] = static_cast<std::uint16_t>(std::min<std::size_t>(all[i].size(), std::numeric_limits<std::uint16_t>::max()));
        total += sizes[i];
    }
    texts.reset(new char[total]); // filled at once: make_unique would clear it first
    char* next = texts.get();
    for (std::size_t i = 0; i < all.size(); ++i)
        next = std::copy_n(all[i].data(), sizes[i], next);
}

Activity::Kept::Kept(HistoryChanged news)
    : history(std::make_unique<HistoryChanged>(std::move(news)))
{
}

std::string Activity::Kept::text(Text which) const
{
    const std::size_t start = std::accumulate(sizes.begin(), sizes.begin() + which, std::size_t(0));
    return {texts.get() + start, sizes[which]};
}

std::size_t Activity::Kept::bytes() const
{
    const std::size_t beside = (history ? sizeof(HistoryChanged) : 0) + (place ? sizeof(StreamPlace) : 0);
    return sizeof(Kept) + std::accumulate(sizes.begin(), sizes.end(), beside);
}

Exchange Activity::Kept::exchange() const
{
    Exchange exchange;
    exchange.at = at;
    exchange.client = text(Client);
    exchange.method = text(Method);
    exchange.target = text(Target);
    exchange.status = status;
    exchange.tookUs = tookUs;
    exchange.bytes = sent;
    exchange.stream = stream;
    exchange.open = open;
    exchange.origin = text(Origin);
    exchange.trace = {text(Caller), text(Reason), extension};
    exchange.headers = text(Headers);
    if (place)
        exchange.place = *place;
    return exchange;
}

Activity::Entry Activity::entryAt(std::size_t index) const
{
    const Kept& kept = kept_[index];
    Entry entry{firstNumber() + index, kept.change, std::nullopt, std::nullopt};
    if (kept.history)
        entry.history = *kept.history;
    else
        entry.exchange = kept.exchange();
    return entry;
}

void Activity::dropOldest()
{
    const Kept& oldest = kept_.front();
    bytes_ -= oldest.bytes();
    if (oldest.change != oldest.added)
        ended_.erase(oldest.change);
    kept_.pop_front();
}

std::uint64_t Activity::keep(Kept kept)
{
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        kept.added = kept.change = ++change_;
        bytes_ += kept.bytes();
        kept_.push_back(std::move(kept));
        number = ++lastNumber_;
        while (kept_.size() > mostEntries || bytes_ > mostBytes)
            dropOldest();
    }
    tell();
    return number;
}

void Activity::tell() const
{
    if (listener_)
        listener_();
}

std::uint64_t Activity::add(const Exchange& exchange)
{
    return keep(Kept(exchange));
}

void Activity::add(HistoryChanged change)
{
    keep(Kept(std::move(change)));
}

void Activity::streamEnded(std::uint64_t number, StreamEnd end)
{
    {
        const std::lock_guard lock(mutex_);
        if (number < firstNumber() || number > lastNumber_)
            return;
        Kept& kept = kept_[number - firstNumber()];
        if (kept.history)
            return;
        Exchange ended = kept.exchange();
        ended.open = false;
        ended.tookUs = end.tookUs;
        ended.bytes = end.bytes;
        ended.trace.reason = std::move(end.reason);
        if (ended.place && ended.place->output == end.output)
            ended.place->ended = end.taken;
        Kept renewed(ended);
        renewed.added = kept.added;
        renewed.change = ++change_;
        if (kept.change != kept.added)
            ended_.erase(kept.change);
        ended_.emplace(renewed.change, number);
        bytes_ += renewed.bytes() - kept.bytes();
        kept = std::move(renewed);
    }
    tell();
}

std::vector<Activity::Entry> Activity::newestFirst(std::uint64_t before, std::size_t limit) const
{
    const std::lock_guard lock(mutex_);
    std::vector<Entry> entries;
    for (std::uint64_t number = std::min(before, lastNumber_ + 1); number > firstNumber() && entries.size() < limit;)
        entries.push_back(entryAt(--number - firstNumber()));
    return entries;
}

std::vector<Activity::Entry> Activity::changedAfter(std::uint64_t change, std::size_t limit) const
{
    const std::lock_guard lock(mutex_);
    std::vector<Entry> entries;
    // Two rising rows are merged: the entries as they came, and those that changed once more.
    auto came = std::upper_bound(kept_.begin(), kept_.end(), change, [](std::uint64_t at, const Kept& kept) { return at < kept.added; });
    auto ended = ended_.upper_bound(change);
    while (entries.size() < limit) {
        while (came != kept_.end() && came->change != came->added)
            ++came;
        if (came == kept_.end() && ended == ended_.end())
            break;
        if (ended == ended_.end() || (came != kept_.end() && came->added < ended->first))
            entries.push_back(entryAt(static_cast<std::size_t>(came++ - kept_.begin())));
        else
            entries.push_back(entryAt(ended++->second - firstNumber()));
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
