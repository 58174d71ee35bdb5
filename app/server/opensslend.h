#pragma once

namespace iotman {

/// What OpenSSL keeps for the process stays until its end; at exit OpenSSL would free it, and what it keeps for each thread with
/// it. But a QThread counts as finished before its thread has freed its own part: both at once free it twice. Call it before
/// anything that may use OpenSSL.
void keepOpenSslToTheEnd();

} // namespace iotman
