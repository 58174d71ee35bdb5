#include "core/server/websocket.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace iotman::server {

namespace {

constexpr unsigned char finText = 0x81;
constexpr std::size_t most7 = 125; // a greater length stands in 2 or 8 bytes of its own
constexpr unsigned char finClose = 0x88;
constexpr unsigned char finPing = 0x89;
constexpr std::size_t keyBytes = 16;

std::string base64(std::string_view bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3), '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    return text;
}

/// RFC 6455 §4.2.1: the key decodes to 16 bytes. Only the one canonical spelling passes.
bool isKey(std::string_view key)
{
    if (key.size() != 24 || !key.ends_with("=="))
        return false;
    std::array<unsigned char, 18> bytes{};
    return EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(key.data()), static_cast<int>(key.size())) == 18 &&
           base64({reinterpret_cast<const char*>(bytes.data()), keyBytes}) == key;
}

void appendHeader(std::string& bytes, unsigned char first, std::size_t size)
{
    constexpr std::size_t most16 = 0xffff;
    bytes += static_cast<char>(first);
    std::size_t lengthBytes = 0;
    if (size <= most7) {
        bytes += static_cast<char>(size);
    } else if (size <= most16) {
        bytes += static_cast<char>(126);
        lengthBytes = 2;
    } else {
        bytes += static_cast<char>(127);
        lengthBytes = 8;
    }
    for (std::size_t i = lengthBytes; i > 0; --i)
        bytes += static_cast<char>((static_cast<std::uint64_t>(size) >> ((i - 1) * 8)) & 0xff);
}

} // namespace

bool asksForWebSocket(const RequestHead& head)
{
    return head.method == "GET" && head.hasToken("connection", "upgrade") && head.hasToken("upgrade", "websocket");
}

Expected<void> checkHandshake(const RequestHead& head)
{
    if (head.minorVersion != 1 || head.hasBody())
        return fail(Problem::BadRequest, "a WebSocket is opened with HTTP/1.1 and without a body");
    if (head.header("sec-websocket-version") != std::string_view("13"))
        return fail(Problem::UpgradeRequired, "expected Sec-WebSocket-Version: 13");
    const auto key = head.header("sec-websocket-key");
    if (!key || !isKey(*key))
        return fail(Problem::BadRequest, "expected one Sec-WebSocket-Key of 16 bytes in base64");
    return {};
}

std::string handshakeAnswer(const RequestHead& head, std::string_view date)
{
    // RFC 6455 §4.2.2: SHA-1 of the key and this GUID.
    const std::string accepted = std::string(*head.header("sec-websocket-key")) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(accepted.data()), accepted.size(), digest.data());
    return "HTTP/1.1 101 Switching Protocols\r\nDate: " + std::string(date) + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           base64({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "\r\n\r\n";
}

void appendTextFrame(std::string& bytes, std::string_view payload)
{
    appendHeader(bytes, finText, payload.size());
    bytes += payload;
}

void appendPingFrame(std::string& bytes) { appendHeader(bytes, finPing, 0); }

void appendCloseFrame(std::string& bytes, std::uint16_t code)
{
    appendHeader(bytes, finClose, sizeof code);
    bytes += static_cast<char>(code >> 8);
    bytes += static_cast<char>(code & 0xff);
}

std::size_t frameSize(std::string_view bytes)
{
    // RFC 6455 §5.2; a server's frames have no mask.
    constexpr std::size_t shortHead = 2;
    const std::size_t length = bytes.size() < shortHead ? 0 : static_cast<unsigned char>(bytes[1]);
    const std::size_t lengthBytes = length == most7 + 1 ? sizeof(std::uint16_t) : length > most7 + 1 ? sizeof(std::uint64_t) : 0;
    if (bytes.size() < shortHead + lengthBytes)
        return 0;
    std::size_t size = lengthBytes > 0 ? 0 : length;
    for (const char byte : bytes.substr(shortHead, lengthBytes))
        size = size << 8 | static_cast<unsigned char>(byte);
    return shortHead + lengthBytes + size;
}

} // namespace iotman::server
