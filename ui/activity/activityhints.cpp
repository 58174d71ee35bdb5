#include "ui/activity/activityhints.h"

#include "core/model/query.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace iotman::ui {

namespace {

constexpr int fewestPolls = 10;
constexpr double longestPoll = 5; // seconds between two requests, in the middle of them
constexpr int fewestReads = 3;
constexpr std::int64_t longestGapUs = 60'000'000; // who comes later begins anew

std::string whoOf(const ActivityEntry& entry)
{
    return entry.origin.empty() ? entry.asker() : entry.origin;
}

bool isPage(const ActivityEntry& entry)
{
    return !entry.stream && entry.method == "GET" && !entry.endpoint().empty() && entry.path == "/data/out/" + entry.endpoint();
}

/// The parameter that is in milliseconds, as it was written.
std::string milliseconds(const ActivityEntry& entry)
{
    for (const char* name : {"from", "to"}) {
        const std::string value = entry.parameter(name).value_or("");
        double number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error == std::errc() && end == value.data() + value.size() && std::abs(number) >= 1e11)
            return std::string(name) + "=" + value;
    }
    return {};
}

int limitOf(const ActivityEntry& entry)
{
    const std::string value = entry.parameter("limit").value_or("");
    int limit = defaultLimit;
    std::from_chars(value.data(), value.data() + value.size(), limit);
    return limit;
}

using Reader = std::pair<std::string, std::string>; // who, endpoint

struct Reads {
    std::vector<const ActivityEntry*> pages; ///< that succeeded
    bool follows = false;
};

class Hints {
public:
    void add(ActivityHint::Kind kind, const ActivityEntry& entry, const std::string& evidence)
    {
        ActivityHint& hint = found_[{static_cast<int>(kind), {whoOf(entry), entry.endpoint()}}];
        hint.kind = kind;
        hint.client = whoOf(entry);
        hint.endpoint = entry.endpoint();
        ++hint.count;
        hint.evidence = evidence;
        hint.entries.push_back(entry.number);
    }
    void add(ActivityHint::Kind kind, const Reader& reader, const std::vector<const ActivityEntry*>& entries,
             std::string evidence)
    {
        ActivityHint hint{kind, reader.first, reader.second, static_cast<std::int64_t>(entries.size()), std::move(evidence), {},
                          {}};
        for (const ActivityEntry* entry : entries)
            hint.entries.push_back(entry->number);
        found_[{static_cast<int>(kind), reader}] = std::move(hint);
    }
    void addLost(const ActivityEntry& entry, std::optional<std::int64_t> lost, const std::string& evidence)
    {
        add(ActivityHint::Kind::NoCursor, entry, evidence);
        ActivityHint& hint = found_[{static_cast<int>(ActivityHint::Kind::NoCursor), {whoOf(entry), entry.endpoint()}}];
        if (lost)
            hint.lost = hint.lost.value_or(0) + *lost;
    }
    std::vector<ActivityHint> all() const
    {
        std::vector<ActivityHint> hints;
        for (const auto& [key, hint] : found_)
            hints.push_back(hint);
        return hints;
    }

private:
    std::map<std::pair<int, Reader>, ActivityHint> found_;
};

std::int64_t endOf(const ActivityEntry& stream)
{
    return stream.at.us + (stream.duration ? stream.duration->us : 0);
}

/// The streams of one reader, as they open.
class Streams {
public:
    /// The stream that `entry` follows: the last that ended shortly before, and that no other has followed. Null: there is none.
    const ActivityEntry* follow(const ActivityEntry& entry)
    {
        std::erase_if(before_,
                      [&](const ActivityEntry* stream) { return !stream->open && endOf(*stream) + longestGapUs < entry.at.us; });
        auto last = before_.end();
        for (auto stream = before_.begin(); stream != before_.end(); ++stream) {
            const bool ended = !(*stream)->open && endOf(**stream) <= entry.at.us;
            if (ended && (last == before_.end() || endOf(**stream) >= endOf(**last)))
                last = stream;
        }
        const ActivityEntry* followed = last == before_.end() ? nullptr : *last;
        if (followed)
            before_.erase(last);
        before_.push_back(&entry);
        return followed;
    }

private:
    std::vector<const ActivityEntry*> before_;
};

/// Items that neither stream has got; nothing where it is not known.
std::optional<std::int64_t> lostBetween(const ActivityEntry& before, const ActivityEntry& after)
{
    if (!before.place || !before.place->ended || !after.place || before.place->output != after.place->output)
        return std::nullopt;
    return std::max<std::int64_t>(0, after.place->began - *before.place->ended);
}

double middleGap(const std::vector<const ActivityEntry*>& pages)
{
    std::vector<double> gaps;
    for (std::size_t i = 1; i < pages.size(); ++i)
        gaps.push_back(static_cast<double>(pages[i]->at.us - pages[i - 1]->at.us) / 1e6);
    std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2), gaps.end());
    return gaps[gaps.size() / 2];
}

std::string secondsText(double seconds)
{
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, seconds, std::chars_format::fixed, seconds < 10 ? 1 : 0);
    return error == std::errc() ? std::string(text, end) : std::string();
}

} // namespace

std::vector<ActivityHint> activityHints(const std::vector<ActivityEntry>& entries,
                                        const std::map<std::string, std::int64_t>& items)
{
    Hints hints;
    std::map<Reader, Reads> readers;
    std::map<Reader, Streams> streams;
    for (const ActivityEntry& entry : entries) {
        if (const std::string value = milliseconds(entry); !value.empty())
            hints.add(ActivityHint::Kind::Milliseconds, entry, value);
        if (entry.extension)
            hints.add(ActivityHint::Kind::HereOnly, entry, entry.target());
        const Reader reader{whoOf(entry), entry.endpoint()};
        if (isPage(entry)) {
            if (entry.parameter("access_token"))
                hints.add(ActivityHint::Kind::TokenInUrl, entry, entry.path);
            if (entry.status == 200) {
                Reads& reads = readers[reader];
                // Following a link is no poll.
                if (entry.parameter("cursor"))
                    reads.follows = true;
                else
                    reads.pages.push_back(&entry);
            }
        } else if (entry.stream && entry.status < 400) {
            const ActivityEntry* before = streams[reader].follow(entry);
            const std::optional<std::int64_t> lost = before ? lostBetween(*before, entry) : std::nullopt;
            // Where nothing was published in between, nothing is missing.
            if (before && !entry.resumes() && lost != 0)
                hints.addLost(entry, lost, secondsText(static_cast<double>(entry.at.us - endOf(*before)) / 1e6));
        }
    }
    for (const auto& [reader, reads] : readers) {
        if (static_cast<int>(reads.pages.size()) >= fewestPolls) {
            if (const double gap = middleGap(reads.pages); gap <= longestPoll) {
                hints.add(ActivityHint::Kind::Polls, reader, reads.pages, secondsText(gap));
                continue; // who polls for the newest wants no older page
            }
        }
        const auto known = items.find(reader.second);
        if (reads.follows || known == items.end() || static_cast<int>(reads.pages.size()) < fewestReads)
            continue;
        const int limit = limitOf(*reads.pages.back());
        if (limit > 1 && known->second > limit)
            hints.add(ActivityHint::Kind::NeverFollows, reader, reads.pages,
                      std::to_string(limit) + " of " + std::to_string(known->second));
    }
    return hints.all();
}

} // namespace iotman::ui
