// Whose answer is given up where too much waits to be read.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace iotman::server {

/// An answer of which its reader has not taken all yet.
struct UnreadAnswer {
    std::uint64_t connection = 0;
    std::size_t bytes = 0;   ///< that are kept for it
    std::uint64_t taken = 0; ///< bytes, since it waits
    std::chrono::duration<double> waited{};
    /// Since its socket takes no more; 0 where it would, and only we have not come to it: that is not the reader's time.
    std::chrono::duration<double> stuck{};
};

/// The connections that are to be let go so that at least `excess` bytes get free, those first that take least for their time.
/// Fewer, or none, where the others have just begun or will soon have taken all: who reads as fast as it can keeps its answer,
/// whatever others do.
std::vector<std::uint64_t> slowReaders(std::vector<UnreadAnswer> answers, std::size_t excess);

} // namespace iotman::server
