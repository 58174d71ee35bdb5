#include "core/server/chunkedbody.h"
#include "tests/fuzz/fuzz.h"

/// The first byte is the size of the pieces in which the rest arrives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    if (size < 2)
        return 0;
    constexpr std::uint64_t most = 1000;
    const std::string_view bytes = fuzz::text(data + 1, size - 1);
    server::ChunkedBody whole(most), pieces(most);
    std::string body, pieceBody;
    const auto taken = whole.take(bytes, body);
    fuzz::require(body.size() <= most, "a body stays within its limit");
    std::string_view rest = bytes;
    bool failed = false;
    while (!rest.empty() && !pieces.finished() && !failed) {
        const auto part = pieces.take(rest.substr(0, std::size_t(data[0]) + 1), pieceBody);
        failed = !part;
        if (part)
            rest.remove_prefix(*part);
    }
    fuzz::require(failed == !taken, "the pieces in which it comes make no difference");
    if (taken)
        fuzz::require(pieceBody == body && pieces.finished() == whole.finished(), "nor for what it holds");
    return 0;
}
