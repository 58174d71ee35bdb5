// Datapoints that really came in, as the server hands them to whoever writes rules.
#pragma once

#include "core/model/error.h"
#include "core/model/timestamp.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::ui {

struct RecentDatapoint {
    Timestamp time;
    std::uint64_t sequence = 0;
    std::string source;
    std::string payload; ///< JSON text, its bytes as they came
};

/// From the answer to `GET /api/sources/{name}/datapoints`, newest first. Errors: Internal when it is no such answer.
Expected<std::vector<RecentDatapoint>> recentDatapointsFrom(std::string_view answer, std::string_view source);

/// Of several sources: newest first by sequence, at most `limit`.
std::vector<RecentDatapoint> merged(std::vector<std::vector<RecentDatapoint>> lists, std::size_t limit);

} // namespace iotman::ui
