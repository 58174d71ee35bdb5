// One line of what a server was asked lately, as `/api/activity` tells it.
#pragma once

#include "core/model/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace iotman::ui {

/// Where a stream is among the live items that its endpoint's output has made since the server started, counted from 1.
struct StreamPlace {
    std::int64_t output = 0;           ///< places are comparable within one
    std::int64_t began = 0;            ///< the last item before it was live
    std::optional<std::int64_t> ended; ///< the last item that it took; nothing while it is open, or where it never caught up

    bool operator==(const StreamPlace&) const = default;
};

/// A request with its answer, or a stream. It holds no secret: the server has hidden them.
struct ActivityEntry {
    std::uint64_t number = 0; ///< rises with time
    Timestamp at;
    bool stream = false;
    bool open = false;  ///< a stream that has not ended
    std::string client; ///< address
    std::string caller; ///< whose token it was; empty: none
    std::string method; ///< empty where the request could not be read
    std::string path;
    std::string query; ///< what follows `?`, without it
    int status = 0;
    std::optional<Timestamp> duration; ///< as a span
    std::int64_t bytes = 0;
    std::string origin;
    std::string reason;     ///< the rule that refused, in words; of a stream that has ended, why
    bool extension = false; ///< uses what works here only
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<StreamPlace> place; ///< of a stream, where the server tells it

    std::string target() const { return query.empty() ? path : path + "?" + query; }
    /// The id in `/data/out/{id}…`; empty for other paths.
    std::string endpoint() const;
    /// The value of a query parameter, decoded; nothing where it is not there.
    std::optional<std::string> parameter(std::string_view name) const;
    std::string header(std::string_view name) const;
    /// The method; of a stream `WS` or `SSE`.
    std::string kind() const;
    /// Whose token it was; without one the address.
    const std::string& asker() const { return caller.empty() ? client : caller; }

    /// Whether a stream said where it goes on: by a cursor or a time, or as EventSource does.
    bool resumes() const;

    /// What a window of this program asks without being told to: lists, tokens, charts. What is tried in it is not.
    bool isHousekeeping() const;

    bool operator==(const ActivityEntry&) const = default;
};

/// Nothing for entries that are no exchange (`history-changed`) or that the contract does not know.
std::optional<ActivityEntry> activityEntryFrom(const Json& json);

} // namespace iotman::ui
