// What a client sent, as it may be shown and logged: nothing in it opens a door.
#pragma once

#include "core/server/requesthead.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

/// A request target whose secret parameters (access_token, however its name is spelled, and others that look like one) have their
/// value cut; at most `most` bytes. Replaces `shown`, as below: every request is shown, and its memory is used again.
void showTarget(std::string_view target, std::size_t most, std::string& shown);

/// An Origin without user info, which none has that a browser sends.
std::string shownOrigin(std::string_view origin);

/// Headers without credentials, a line each (name, colon, blank, value), each value at most `mostValue` bytes, at most `mostFields`
/// of them.
void showHeaders(const std::vector<Header>& headers, std::size_t mostFields, std::size_t mostValue, std::string& shown);

} // namespace iotman::server
