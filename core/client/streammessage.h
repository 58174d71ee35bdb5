// What a stream's text message carries.
#pragma once

#include "core/model/error.h"
#include "core/model/timestamp.h"

#include <optional>
#include <string>
#include <string_view>

namespace iotman::client {

/// What the service at the other end offers.
enum class Contract {
    Extended, ///< ours: `times=1`, cursors; a service without them is recognised
    Hosted,   ///< the hosted service: messages are items, nothing around them, whatever they look like
};

struct StreamItem {
    std::optional<Timestamp> time; ///< of its datapoint; a hosted service does not tell it
    std::string cursor;            ///< where the stream goes on after this item; empty from a hosted service
    std::string json;              ///< the item's bytes as they came

    bool operator==(const StreamItem&) const = default;
};

/// `{"time":…,"cursor":"s…","item":…}`, or the item alone. Errors: Internal when the message is not JSON.
Expected<StreamItem> streamItemFrom(std::string_view message, Contract contract);

} // namespace iotman::client
