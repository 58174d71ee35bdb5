// Bodies are taken as they are: no compressed one can grow beyond what it was counted as.
#pragma once

#include "core/model/error.h"
#include "core/server/httprequest.h"

namespace iotman::server {

/// Whether the body came as it is: without a Content-Encoding but identity (RFC 9110 §8.4). Without a body there is nothing to
/// decode. Errors: UnsupportedMedia, field “Content-Encoding”.
Expected<void> checkCoding(const HttpRequest& request);

} // namespace iotman::server
