// Which of the offered media types a client prefers (RFC 9110 §12.5.1). Decided from values alone.
#pragma once

#include "core/server/requesthead.h"

#include <span>
#include <string_view>

namespace iotman::server {

/// The index of the offer with the greatest quality; of equals the first. The first as well where nothing matches or the field
/// cannot be read: an answer that was not asked for serves people better than none (RFC 9110 §12.5.1 permits both).
std::size_t preferred(const RequestHead& head, std::span<const std::string_view> offers);

} // namespace iotman::server
