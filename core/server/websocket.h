// The server's side of RFC 6455 that needs no state: the handshake and the frames that go out.
#pragma once

#include "core/server/requesthead.h"
#include "core/server/response.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace iotman::server {

/// Whether the request asks for an upgrade to a WebSocket at all (RFC 6455 §4.1: GET, Upgrade and Connection).
bool asksForWebSocket(const RequestHead& head);

/// Checks the handshake of a request that asks for one: HTTP/1.1, a key of 16 bytes, version 13. Errors: BadRequest, UpgradeRequired.
Expected<void> checkHandshake(const RequestHead& head);

/// The head of the 101. No sub-protocol and no extension is ever agreed to.
std::string handshakeAnswer(const RequestHead& head, std::string_view date);

/// Unmasked frames with FIN set, as a server sends them.
void appendTextFrame(std::string& bytes, std::string_view payload);
void appendPingFrame(std::string& bytes);
void appendCloseFrame(std::string& bytes, std::uint16_t code);
/// The size of the frame, written by one of these, with which `bytes` begins; 0 where its head is cut off.
std::size_t frameSize(std::string_view bytes);

/// Close codes in use: those of RFC 6455, 1012 and ours.
namespace closecode {
inline constexpr std::uint16_t goingAway = 1001;
inline constexpr std::uint16_t protocolError = 1002;
inline constexpr std::uint16_t policyViolation = 1008;
inline constexpr std::uint16_t restart = 1012;
inline constexpr std::uint16_t tokenExpired = 4401;
inline constexpr std::uint16_t endpointGone = 4404;
inline constexpr std::uint16_t tooSlow = 4408;
} // namespace closecode

} // namespace iotman::server
