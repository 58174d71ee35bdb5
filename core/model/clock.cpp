#include "core/model/clock.h"

#include "core/model/encoding.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace iotman {

std::string Random::secret()
{
    std::array<std::byte, 32> bytes{};
    fill(bytes);
    return base64Url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string Random::uuid()
{
    std::array<std::byte, 16> bytes{};
    fill(bytes);
    // RFC 9562 §5.4: version 4 in the seventh byte, variant 10 in the ninth.
    bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
    bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
    std::string hex = hexText({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    for (const std::size_t dash : {20U, 16U, 12U, 8U})
        hex.insert(dash, 1, '-');
    return hex;
}

void SystemRandom::fill(std::span<std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
        if (got > 0)
            bytes = bytes.subspan(static_cast<std::size_t>(got));
        else if (errno != EINTR)
            std::abort(); // without randomness no secret is safe
    }
}

} // namespace iotman
