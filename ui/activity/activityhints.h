// What could go better for those who ask, with the evidence.
#pragma once

#include "ui/activity/activityentry.h"

#include <map>
#include <string>
#include <vector>

namespace iotman::ui {

struct ActivityHint {
    enum class Kind { Milliseconds, Polls, NeverFollows, TokenInUrl, NoCursor, HereOnly } kind;
    std::string client;   ///< who: origin, token's client or address
    std::string endpoint; ///< may be empty
    std::int64_t count = 0;
    std::string evidence;               ///< the deciding detail: `from=1700000000000`
    std::vector<std::uint64_t> entries; ///< numbers of what it is made of
    std::optional<std::int64_t> lost;   ///< NoCursor: items that were published in between; nothing where that is not known

    bool operator==(const ActivityHint&) const = default;
};

/// `entries` from oldest to newest. `items` says how many items an endpoint has, where that is known: only then can it be told
/// that a reader misses some.
std::vector<ActivityHint> activityHints(const std::vector<ActivityEntry>& entries,
                                        const std::map<std::string, std::int64_t>& items);

} // namespace iotman::ui
