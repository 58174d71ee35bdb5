// What a mirror has read, stored as datapoints together with how far it came.
#pragma once

#include "core/mirror/mirrorposition.h"
#include "core/pipeline/pipeline.h"

#include <optional>
#include <string>
#include <vector>

namespace iotman::mirror {

struct ReadItem {
    std::optional<Timestamp> time; ///< as the service tells it; nothing where it does not
    Timestamp arrival;             ///< for items whose time nobody tells
    std::string json;
};

struct Brought {
    std::optional<Timestamp> from, to; ///< what lies between was added; nothing where nothing was
    std::size_t leftOut = 0;           ///< items that cannot be stored
    std::string why;                   ///< of the last one
};

/// Brings in what one mirror reads. One thread, not the writer's.
class MirrorIntake {
public:
    MirrorIntake(pipeline::Pipeline& pipeline, SourceName source, SourceKey key)
        : pipeline_(pipeline)
        , source_(std::move(source))
        , key_(key)
    {
    }

    /// How far it came in `url`. Errors: those of the store.
    Expected<MirrorPosition> position(const std::string& url) const;
    /// The newest items that were brought in, oldest first. Errors: those of the store.
    Expected<std::vector<std::string>> newest(std::size_t most) const;

    /// Stores `items` in the order given, and `position` with them, in one transaction; waits until that is durable. A source's
    /// own expression decides about times, then what the service tells, then the arrival. Errors: those of the store; NotFound
    /// when the source is gone.
    Expected<Brought> bring(const std::vector<ReadItem>& items, store::Arrival arrival, const MirrorPosition& position);

private:
    Expected<Timestamp> timeOf(const pipeline::CompiledSource& source, const ReadItem& item) const;

    pipeline::Pipeline& pipeline_;
    SourceName source_;
    SourceKey key_;
    pipeline::Scratch scratch_;
};

} // namespace iotman::mirror
