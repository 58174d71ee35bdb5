#include "core/client/backoff.h"

#include <algorithm>
#include <array>

namespace iotman::client {

namespace {

/// A number in [0, 1), from 32 random bits.
double fraction(Random& random)
{
    std::array<std::byte, 4> bytes{};
    random.fill(bytes);
    std::uint32_t bits = 0;
    for (const std::byte byte : bytes)
        bits = bits << 8 | std::to_integer<std::uint32_t>(byte);
    return static_cast<double>(bits) / 4294967296.0;
}

} // namespace

std::chrono::milliseconds Backoff::lost(Timestamp now)
{
    using namespace std::chrono;
    const std::optional<Timestamp> opened = std::exchange(openedAt_, std::nullopt);
    if (opened && microseconds(now.us - opened->us) >= settings_.stable)
        losses_ = 0;
    constexpr int mostDoublings = 20; // far past every cap, and no overflow
    milliseconds wait = settings_.first * (1 << std::min(losses_, mostDoublings));
    wait = std::clamp(wait, milliseconds(1), settings_.most);
    ++losses_;
    const auto half = wait / 2;
    return wait - milliseconds(static_cast<std::int64_t>(static_cast<double>(half.count()) * fraction(random_)));
}

} // namespace iotman::client
