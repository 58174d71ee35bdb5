// Time and randomness as they are handed in, so that tests decide both.
#pragma once

#include "core/model/timestamp.h"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace iotman {

/// The wall clock. Any thread.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
public:
    Timestamp now() const override
    {
        using namespace std::chrono;
        return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
    }
};

/// Cryptographic randomness. Any thread.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;

    /// 256 bits as 43 characters of `[A-Za-z0-9_-]`: a secret or an access key.
    std::string secret();
    /// A version 4 UUID (RFC 9562), lower case.
    std::string uuid();
};

/// The operating system's generator (getrandom).
class SystemRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override;
};

} // namespace iotman
