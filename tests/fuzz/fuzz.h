// What the targets share.
#pragma once

#include "core/model/encoding.h"
#include "core/model/error.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace iotman::fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// A broken promise is a finding like any crash.
inline void require(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

/// In words that can stand in an answer, whatever they are about.
inline void requireWhy(const Error& error)
{
    require(!error.detail.empty(), "a refusal says why");
    require(isUtf8(error.detail), "a refusal is UTF-8");
}

} // namespace iotman::fuzz
