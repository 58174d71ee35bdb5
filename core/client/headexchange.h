// One request of which only the answer's head matters: what a browser decides by, of streams and upgrades too.
#pragma once

#include "core/client/network.h"

namespace iotman::client {

/// Sends `request` (http, https, ws or wss; without a body) with exactly its headers and `Host`, reads the head of the answer
/// and closes the connection. The way is that of Network: proxies, certificates, the time of silence. Final answers and 101 are
/// values; their body stays empty. Errors: Unavailable when no answer came, TooLarge when its head is longer than 64 KiB,
/// BadRequest for a header that holds a line break.
Call askForHead(Network& network, const HttpRequest& request, QObject* context, Reply<HttpAnswer> reply);

/// The head of an answer, up to its empty line. Nothing when it is none.
std::optional<HttpAnswer> parseHead(QByteArrayView head);

} // namespace iotman::client
