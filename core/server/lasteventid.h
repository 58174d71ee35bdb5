// Where a reader of server-sent events says that it stopped.
#pragma once

#include "core/model/cursor.h"
#include "core/server/requesthead.h"

#include <optional>

namespace iotman::server {

/// The cursor in Last-Event-ID; nothing where the header is absent or empty, as before the first event. Errors: BadRequest, field
/// `Last-Event-ID`, of what is no cursor of that endpoint, and of several headers: to begin anew would lose what was missed.
Expected<std::optional<StreamCursor>> lastEventId(const RequestHead& head, const EndpointId& endpoint);

} // namespace iotman::server
