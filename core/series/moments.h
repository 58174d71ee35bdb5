// Sums of samples from which mean, standard deviation and slope of any union of them follow.
#pragma once

#include <cstddef>
#include <cstdint>

namespace iotman {

/// Means and centred sums of the usable values of a run of samples: they lose no digits however far from zero times and
/// values lie, and two runs merge exactly (T. F. Chan, G. H. Golub, R. J. LeVeque, 1979).
struct Moments {
    std::size_t count = 0;
    double meanTime = 0; ///< µs after an origin that whoever keeps this knows
    double meanValue = 0;
    double timeSquares = 0, valueSquares = 0, products = 0; ///< of the distances from the means

    void merge(const Moments& other)
    {
        if (other.count == 0)
            return;
        const double ours = static_cast<double>(count), theirs = static_cast<double>(other.count);
        const double share = theirs / (ours + theirs), weight = ours * share;
        // Each mean by its share: the difference of two finite values need not be finite.
        const double time = other.meanTime - meanTime, value = other.meanValue - meanValue;
        count += other.count;
        meanTime += time * share;
        meanValue = meanValue * (1 - share) + other.meanValue * share;
        timeSquares += other.timeSquares + time * time * weight;
        valueSquares += other.valueSquares + value * value * weight;
        products += other.products + time * value * weight;
    }
    /// The same samples seen from an origin that is `us` earlier.
    Moments movedBy(std::int64_t us) const
    {
        Moments moved = *this;
        moved.meanTime += static_cast<double>(us);
        return moved;
    }
};

} // namespace iotman
