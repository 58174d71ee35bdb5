// The middle values of long stretches, worked out beside everything else.
#pragma once

#include "core/series/seriesset.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace iotman {

/// Answers which median series have in a range. That of few values is there at once. Many are taken out a part at a time between
/// other events, one series after the other, and put in order on another thread; meanwhile the last median of the same range
/// stands. Where values keep coming, it is worked out again after a rest of several times what it took. GUI thread.
class Medians : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t atOnce = 20'000; ///< samples
    static constexpr std::size_t inTurn = 200'000; ///< samples taken out in one turn of the event loop

    explicit Medians(std::shared_ptr<const SeriesSet> set, QObject* parent = nullptr);

    /// What is asked from now on, also when samples have come. Series that are not in the set, have no usable value in `range`
    /// or whose values there were dropped have no median.
    void want(std::vector<SeriesId> series, TimeRange range);

    /// Nothing while it is worked out for the first time, and where there is none.
    std::optional<double> median(SeriesId series) const;
    /// How much of the values of `series` was taken out, while nothing else is known; 0 to 100.
    int percent(SeriesId series) const;

Q_SIGNALS:
    /// A median is there, or more of one was read.
    void changed();

private:
    /// Tells whether anything has come or gone since.
    struct Content {
        std::size_t count = 0;
        std::uint64_t past = 0;
        bool operator==(const Content&) const = default;
    };
    struct Known {
        double median = 0;
        Content content;
    };
    struct Job {
        SeriesId series = 0;
        Content content;
        std::vector<TimeRange> parts; ///< still to be read, the first one last
        std::vector<double> values;
        QElapsedTimer spent;
    };

    Content contentOf(SeriesId series) const;
    void next();
    void takePart();
    void arrived(double median);

    std::shared_ptr<const SeriesSet> set_;
    std::vector<SeriesId> wanted_;
    TimeRange range_;
    std::map<SeriesId, Known> known_;
    std::optional<Job> job_;
    std::uint64_t jobs_ = 0; ///< so far: an answer to one that was given up is nobody's
    QTimer taking_, resting_;
};

} // namespace iotman
