// Joining pages and a stream of a service that gives neither times nor cursors.
#pragma once

#include "core/client/page.h"

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace iotman::client {

/// Knows the newest items by their bytes. When a stream has opened, the newest page is read: what it has and was not known came
/// while nobody listened, and the stream may still tell the last of it once more. Records with equal bytes cannot be told apart;
/// of those, one may be missed around a reconnect.
class HostedTail {
public:
    explicit HostedTail(std::size_t most)
        : most_(most)
    {
    }

    /// An item was told, the newest so far.
    void remember(const std::string& json);

    struct CaughtUp {
        std::vector<Item> items; ///< oldest first; now remembered
        bool isGap = false;      ///< the page does not reach back to what was known: something may lie between
    };
    /// What the newest page has that was not told yet.
    CaughtUp catchUp(const std::vector<Item>& newestFirst);
    /// Whether the stream tells again what `catchUp` gave; else the item is remembered. Call it once for each, in order.
    bool isRepeat(const std::string& json);

private:
    std::size_t most_;
    std::deque<std::string> known_;
    std::unordered_map<std::string, int> counts_; ///< of `known_`
    std::deque<std::string> expected_;            ///< the stream may tell these again, in this order
};

} // namespace iotman::client
