// Why a stream ended, and what to do about it: two tables.
#pragma once

#include "core/model/error.h"

#include <QString>

namespace iotman::client {

enum class NextStep {
    Resume, ///< wait, then go on from the last cursor
    Renew,  ///< the same with a new token
    Stop,   ///< no further try would end otherwise
};

struct StreamEnd {
    NextStep next;
    Error why; ///< a sentence for people
};

/// After the WebSocket close code `code` (RFC 6455 §7.4, and ours: 4401, 4404, 4408).
StreamEnd endOfClose(int code);
/// After the HTTP status `status` instead of an upgrade.
StreamEnd endOfRefusal(int status);
/// The HTTP status of a refused upgrade in QWebSocket's error text, which is the only place where it tells it; 400 for a refusal
/// that it does not number; 0 when there was no answer at all.
int refusedStatus(const QString& errorText);

} // namespace iotman::client
