// What an answer that is not a success means.
#pragma once

#include "core/client/network.h"
#include "core/model/error.h"

namespace iotman::client {

/// The error that `answer` stands for: the server's own sentence where it gave one (cut after 500 characters), `Retry-After`
/// kept. A redirect is an error that says so. Kind Internal: an answer that the contract does not know.
Error refusal(const HttpAnswer& answer);

/// Whether the same request may well succeed a little later: the server is out of reach, busy, full or asks to wait.
bool isPassing(const Error& error);

/// Internal: the server answered with success, but not with what the contract says. `expected` completes “Expected …”.
Error notTheContract(const HttpAnswer& answer, std::string_view expected);

} // namespace iotman::client
