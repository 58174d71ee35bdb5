// The outputs whose items are being removed, or are gone.
#pragma once

#include "core/store/store.h"

#include <atomic>
#include <mutex>
#include <set>

namespace iotman::store {

/// Whoever goes by a catalog of before may read an output that is served no longer, and find only some of its items, or none: asked
/// after each read, this tells. Any thread.
class RemovedOutputs {
public:
    /// Before the first of its items goes.
    void add(OutputKey output);
    /// Those of a catalog are not removed: as after a removal that could not be written.
    void leaveOut(const Catalog& catalog);
    bool contains(OutputKey output) const;

private:
    mutable std::mutex mutex_;
    std::set<OutputKey> outputs_;
    std::atomic<OutputKey> greatest_ = 0; ///< keys rise, and most that are read are newer
};

} // namespace iotman::store
