#include "core/server/newestdatapoints.h"

#include "core/model/query.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <iterator>

namespace iotman::server {

namespace {

constexpr Sequence firstWindow = 1'024;
constexpr Sequence mostDatapoints = 1'000;
/// What a window may hold; where it is more, a narrower one is looked at.
constexpr std::size_t mostLooked = 4 * mostDatapoints;
constexpr std::size_t mostTimes = 4; ///< as many bytes as are wanted
constexpr int mostPortions = 50;     ///< of what has expired, in one window

/// The last of what a window holds, within what is still wanted.
class Newest {
public:
    Newest(std::size_t limit, std::size_t bytes)
        : limit_(limit)
        , bytes_(bytes)
    {
    }

    void take(const Position& position, std::string_view payload)
    {
        kept_.push_back({position, std::string(payload)});
        held_ += payload.size();
        while (kept_.size() > limit_ || (held_ > bytes_ && kept_.size() > 1)) {
            held_ -= kept_.front().payload.size();
            kept_.pop_front();
            full_ = true;
        }
    }
    /// Something that fits no more was left out.
    bool isFull() const { return full_; }
    std::size_t bytes() const { return held_; }
    void moveTo(std::vector<StoredDatapoint>& found) { std::move(kept_.rbegin(), kept_.rend(), std::back_inserter(found)); }

private:
    std::size_t limit_, bytes_;
    std::size_t held_ = 0;
    bool full_ = false;
    std::deque<StoredDatapoint> kept_;
};

Expected<Sequence> wholeNumberOr(const QueryParameters& query, std::string_view name, Sequence most, Sequence usual)
{
    return query.once(name).and_then([&](const std::optional<std::string>& given) -> Expected<Sequence> {
        if (!given)
            return usual;
        Sequence number = 0;
        const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
        if (error != std::errc() || end != given->data() + given->size() || number < 1 || number > most)
            return fail(Problem::BadRequest,
                        std::string(name) + ": expected a whole number from 1 to " + std::to_string(most) + ", but got “" +
                            *given + "”",
                        std::string(name));
        return number;
    });
}

Expected<void> collect(store::Reader& reader, SourceKey source, Sequence before, std::size_t limit, std::size_t mostBytes,
                       std::vector<StoredDatapoint>& found)
{
    const Expected<Sequence> last = reader.lastSequence();
    if (!last)
        return fail(last.error());
    std::size_t bytes = 0;
    Sequence until = std::min(*last, before - 1);
    Sequence width = firstWindow;
    while (until > 0 && found.size() < limit) {
        const Sequence after = until > width ? until - width : 0;
        Newest newest(limit - found.size(), mostBytes - bytes);
        std::size_t looked = 0;
        std::size_t lookedBytes = 0;
        bool isWhole = true;
        const auto take = [&](const Position& position, SourceKey, std::string_view payload) {
            newest.take(position, payload);
            lookedBytes += payload.size();
            isWhole = ++looked < mostLooked && (lookedBytes < mostTimes * mostBytes || looked == 1);
            return isWhole;
        };
        // What has expired stands first in the window; behind much of it the walk is taken up again.
        std::optional<Position> brokenOff;
        int portions = 0;
        do {
            if (const auto read = reader.datapoints(source, brokenOff ? brokenOff->sequence : after, until, take); !read)
                return fail(read.error());
            brokenOff = reader.brokenOff();
        } while (brokenOff && isWhole && ++portions < mostPortions);
        if (!isWhole && until - after > 1) {
            width = std::max<Sequence>(1, (until - after) / 4);
            continue;
        }
        bytes += newest.bytes();
        // A window's oldest one may alone be longer than what is left.
        const bool tooMuch = bytes > mostBytes;
        newest.moveTo(found);
        if (tooMuch && found.size() > 1)
            found.pop_back();
        if (tooMuch || newest.isFull() || brokenOff)
            break;
        until = after;
        width *= 4;
    }
    return {};
}

} // namespace

Expected<DatapointsQuery> DatapointsQuery::parse(std::string_view text)
{
    const QueryParameters query = QueryParameters::parse(text);
    DatapointsQuery result;
    const auto limit = wholeNumberOr(query, "limit", mostDatapoints, static_cast<Sequence>(result.limit));
    if (!limit)
        return fail(limit.error());
    const auto before = wholeNumberOr(query, "before", INT64_MAX, result.before);
    if (!before)
        return fail(before.error());
    result.limit = static_cast<std::size_t>(*limit);
    result.before = *before;
    return result;
}

Expected<NewestDatapoints> newestDatapoints(store::Reader& reader, SourceKey source, Sequence before, std::size_t limit,
                                            std::size_t mostBytes)
{
    NewestDatapoints found;
    const auto read = collect(reader, source, before, limit, mostBytes, found.datapoints);
    if (!read || found.datapoints.empty())
        return read.map([&] { return std::move(found); });
    std::vector<StoredDatapoint> earlier;
    const auto asked = collect(reader, source, found.datapoints.back().position.sequence, 1, mostBytes, earlier);
    found.more = !earlier.empty();
    return asked.map([&] { return std::move(found); });
}

} // namespace iotman::server
