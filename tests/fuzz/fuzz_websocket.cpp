#include "core/server/stream.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

namespace {

/// The server's own frames are whole, unmasked, and of a kind that it sends.
bool areServerFrames(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (bytes.size() < 2)
            return false;
        const int first = static_cast<unsigned char>(bytes[0]);
        const int opcode = first & 0x0F;
        const auto length = static_cast<unsigned char>(bytes[1]); // control frames hold at most 125 bytes, a set mask bit is more
        if ((first & 0xF0) != 0x80 || (opcode != 8 && opcode != 9 && opcode != 10) || length > 125 || bytes.size() < 2U + length)
            return false;
        bytes.remove_prefix(2U + length);
    }
    return true;
}

} // namespace

/// What a client sends after the handshake, in pieces of the size that the first byte says; the second one says how often it
/// takes what waits for it, 0: never.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    using namespace iotman::server;
    if (size < 2)
        return 0;
    StreamLimits limits;
    limits.waitingBytes = 1024;
    const Moment now(std::chrono::hours(1));
    Stream stream({StreamProtocol::WebSocket, EndpointId{"e"}, false}, 1, {1, 0, {Timestamp::min(), 0}}, std::nullopt, limits,
                  now);
    std::string sent;
    const auto take = [&] {
        while (!stream.waiting().empty()) {
            sent += stream.waiting();
            stream.sent(stream.waiting().size());
        }
    };
    std::string_view rest = fuzz::text(data + 2, size - 2);
    const std::size_t piece = std::size_t(data[0]) + 1;
    for (int turn = 1; !rest.empty() && !stream.finished(); ++turn) {
        stream.received(rest.substr(0, piece), now);
        rest.remove_prefix(std::min(piece, rest.size()));
        if (data[1] != 0 && turn % data[1] == 0)
            take();
    }
    const std::size_t taken = sent.size();
    take();
    fuzz::require(sent.size() - taken <= limits.waitingBytes + 2 * piece + 127,
                  "who takes nothing does not make the server grow");
    fuzz::require(areServerFrames(sent), "what is sent are frames");
    stream.close(1001, "", now);
    stream.tick(now + limits.farewell + std::chrono::seconds(1));
    take();
    fuzz::require(stream.finished(), "a stream ends when it is closed");
    return 0;
}
