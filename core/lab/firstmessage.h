// The first message of a stream.
#pragma once

#include "core/client/network.h"

#include <chrono>

namespace iotman::lab {

/// Opens the stream at `request` (its headers are sent; http stands for ws) and closes it after the first message, which is the
/// body of the answer; a header `message` says “text” or “binary”. Errors: Unavailable where it does not open, or nothing comes
/// within `patience`.
client::Call firstMessage(client::Network& network, const client::HttpRequest& request, std::chrono::milliseconds patience,
                          QObject* context, client::Reply<client::HttpAnswer> reply);

} // namespace iotman::lab
