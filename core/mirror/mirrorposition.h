// How far a mirror came in what it reads, as it is noted with what it brought.
#pragma once

#include "core/model/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::mirror {

/// First all pages, newest first, then the stream from where it was when the newest page was read. Noted in the transaction that
/// stores the items, so a restart leaves no gap and no repeat.
struct MirrorPosition {
    std::string url;            ///< of the endpoint; another one is read from its beginning
    bool begun = false;         ///< the newest page was brought in
    std::string next;           ///< the page to be read next; empty once the history is through
    std::string live;           ///< the stream cursor to go on from; empty at services that have none
    std::int64_t items = 0;     ///< of the history
    Timestamp arrival;          ///< of the newest page, for items that come without a time: each older one is 1 µs before the last
    std::vector<std::string> tail; ///< the last items of the last page, where the link to the next one has no cursor
    /// Read and not yet stored, newest first: the next page may have more items of this time, which are to come before them.
    std::vector<std::string> held;
    Timestamp heldTime;

    bool isHistoryDone() const { return begun && next.empty(); }
    /// The time of the next older item of the history that comes without one.
    Timestamp arrivalOfNext() const { return {arrival.us - items}; }

    std::string text() const;
    /// From the beginning where the note is about another endpoint, or is none.
    static MirrorPosition from(std::string_view note, std::string_view url);

    bool operator==(const MirrorPosition&) const = default;
};

/// What a note may hold of items, in bytes.
inline constexpr std::size_t mostNotedBytes = 64 * 1024;

/// The last items of a page as a note may hold them: few, and not large. What stands behind one that is too large is kept.
std::vector<std::string> noteableTail(const std::vector<std::string>& items);

} // namespace iotman::mirror
