// The sizes that files and request bodies are held to.
#pragma once

#include <cstddef>

namespace iotman::files {

inline constexpr std::size_t largestObject = 1024 * 1024; ///< bytes of one datapoint, and of one row's text in a file
inline constexpr std::size_t mostObjects = 100'000;       ///< objects in one request body
inline constexpr int deepestNesting = 128;                ///< objects and arrays within each other
/// What one object of a body may have.
struct ObjectLimits {
    std::size_t bytes = largestObject;
    int depth = deepestNesting;
};
/// Of one that carries a datapoint and its time: the datapoint may have as much as any.
inline constexpr ObjectLimits envelopeLimits{largestObject + 1024, deepestNesting + 1};
inline constexpr std::size_t sampleSize = 256 * 1024;     ///< bytes from the start of a file that detection and preview look at
inline constexpr std::size_t previewRows = 200;

} // namespace iotman::files
