// What a rule can see beside the payload.
#pragma once

#include "core/model/timestamp.h"

#include <cstdint>
#include <string_view>

namespace iotman::rules {

struct Variables {
    Timestamp ts;            ///< `$ts`: the datapoint's time, Unix seconds
    std::string_view source; ///< `$source`: the name of its source
    std::uint64_t id = 0;    ///< `$id`: its sequence
};

} // namespace iotman::rules
