// What a path answers to methods that it does not take.
#pragma once

#include "core/server/response.h"

#include <string>

namespace iotman::server {

/// `taken` are the methods of the path, as “GET, HEAD”; OPTIONS is added. To OPTIONS the answer is 204, to anything else 405, both
/// with `Allow` (RFC 9110 §9.3.7, §15.5.6).
Response otherMethod(const RequestHead& head, const std::string& taken);

} // namespace iotman::server
