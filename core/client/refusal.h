// What an answer that is not a success means.
#pragma once

#include "core/client/network.h"
#include "core/model/error.h"

namespace iotman::client {

/// The error that `answer` stands for: the server's own sentence where it gave one (cut after 500 characters), `Retry-After`
/// kept. A redirect is an error that says so. Kind Internal: an answer that the contract does not know.
Error refusal(const HttpAnswer& answer);

/// Internal: the server answered with success, but not with what the contract says. `expected` completes “Expected …”.
Error notTheContract(const HttpAnswer& answer, std::string_view expected);

} // namespace iotman::client
