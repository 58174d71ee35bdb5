// The memory of chunks that were dropped, for those that come.
#pragma once

#include "core/series/chunk.h"

#include <vector>

namespace iotman {

/// A series that drops its oldest chunk begins a new one a moment later. In the same memory: what grew from small pieces again
/// and again would leave holes between them, and a program that runs for days would grow although it keeps no more than before.
/// One thread at a time.
class SpentChunks {
public:
    /// So many are kept, beside any budget: less than a megabyte.
    static constexpr std::size_t most = 16;

    /// Keeps the memory of a full chunk of the usual kind; what else is given is freed.
    void keep(Chunk spent)
    {
        if (spent.isFull() && !spent.isWide() && chunks_.size() < most)
            chunks_.push_back(std::move(spent));
    }
    /// An empty chunk; in kept memory if there is some.
    Chunk take(float inheritedInterval)
    {
        if (chunks_.empty())
            return Chunk(inheritedInterval);
        Chunk chunk = Chunk::inPlaceOf(std::move(chunks_.back()), inheritedInterval);
        chunks_.pop_back();
        return chunk;
    }

private:
    std::vector<Chunk> chunks_;
};

} // namespace iotman
