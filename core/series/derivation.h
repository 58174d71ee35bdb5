// A series that is worked out from others: its rate, its moving mean, its distance from another.
#pragma once

#include "core/series/seriesset.h"

#include <cstdint>
#include <optional>

namespace iotman {

/// Keeps a series in step with what it is worked out from. What comes in order is added; once something came late, or went,
/// all of it is made anew. One thread at a time.
///
/// A gap of the source is a gap here. Every value stands at the time of a sample of the source.
class Derivation {
public:
    enum class Kind {
        Rate,       ///< change a second, from the sample before
        MovingMean, ///< mean of the samples in (t − window, t]
        Difference, ///< less what the other series has at that time, or had last
    };

    /// `windowUs`: of MovingMean, at least 1.
    explicit Derivation(Kind kind, std::int64_t windowUs = 1)
        : kind_(kind)
        , window_(windowUs)
    {
    }

    /// Works out what is new and puts it into `target` of `set`. `other`: of Difference.
    void update(SeriesSet& set, SeriesId source, std::optional<SeriesId> other, SeriesId target);

private:
    struct Seen {
        std::size_t late = 0;
        std::size_t size = 0;
        std::optional<Timestamp> last;
    };

    static bool isInOrder(const Series& series, const Seen& seen);
    static Seen look(const Series& series);
    void addRates(SeriesSet& set, const Series& source, SeriesId target, Timestamp after) const;
    void addMeans(SeriesSet& set, const Series& source, SeriesId target, Timestamp after) const;
    void addDifferences(SeriesSet& set, const Series& source, const Series& other, SeriesId target, Timestamp after) const;

    Kind kind_;
    std::int64_t window_;
    Seen source_, other_;
};

} // namespace iotman
