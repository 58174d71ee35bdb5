// Positions in an endpoint's items, as they stand in URLs: opaque, unreserved characters only, checked when read.
#pragma once

#include "core/model/error.h"
#include "core/model/names.h"
#include "core/model/timestamp.h"

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace iotman {

/// A datapoint's number, given at commit, rising over the whole workspace from 1.
using Sequence = std::uint64_t;

/// Where an item stands in the order of pages: by time, ties by sequence.
struct Position {
    Timestamp time;
    Sequence sequence = 0;

    auto operator<=>(const Position&) const = default;

    /// Before every item at or after `time`, after every item before it.
    static Position before(Timestamp time) { return {time, 0}; }
};

/// Where a walk of pages goes on: with the items before `position`. A walk that a stream continues (`?times=1`) stays below the
/// sequence at which that stream begins: what arrives meanwhile is the stream's.
struct PageCursor {
    Position position;
    Sequence until = 0; ///< the greatest sequence of the walk; 0: no limit

    std::string text(const EndpointId& endpoint) const; ///< `p…`
    /// Errors: BadRequest, field "cursor": damaged, a stream's, or another endpoint's.
    static Expected<PageCursor> parse(std::string_view text, const EndpointId& endpoint);

    bool operator==(const PageCursor&) const = default;
};

/// Where a stream goes on. While `until` is set it replays what is stored: sequences above `after` up to `until`, oldest first,
/// those after `position`. Then, and from the start where `until` is 0, it is live: every sequence above max(after, until).
struct StreamCursor {
    Sequence after = 0;
    Sequence until = 0;
    Position position{Timestamp::min(), 0};

    std::string text(const EndpointId& endpoint) const; ///< `s…`
    /// Errors: as for pages.
    static Expected<StreamCursor> parse(std::string_view text, const EndpointId& endpoint);

    bool isLive() const { return until == 0; }

    bool operator==(const StreamCursor&) const = default;
};

} // namespace iotman
