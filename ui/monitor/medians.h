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

/// Answers which median series have in a range. That of few values is there at once. Many are read a part at a time between other
/// events, one series after the other, and never copied as a whole: a first reading counts how many lie in each of many equal
/// stretches between the least and the greatest, a second one takes out those of the stretch in which the middle lies, which is
/// cut again where it still holds many. Meanwhile the last median of the same range stands. Where values keep coming, it is
/// worked out again after a rest of several times what it took. GUI thread.
class Medians : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t atOnce = 20'000;  ///< samples
    static constexpr std::size_t inTurn = 200'000; ///< samples read in one turn of the event loop

    explicit Medians(std::shared_ptr<const SeriesSet> set, QObject* parent = nullptr);

    /// What is asked from now on, also when samples have come. Series that are not in the set, have no usable value in `range`
    /// or whose values there were dropped have no median.
    void want(std::vector<SeriesId> series, TimeRange range);

    /// Nothing while it is worked out for the first time, and where there is none.
    std::optional<double> median(SeriesId series) const;
    /// How much of a reading of `series` is done, while nothing else is known; 0 to 100.
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
    struct Stretch {
        std::size_t count = 0;
        double least = 0, greatest = 0; ///< of its values
    };
    struct Job {
        SeriesId series = 0;
        Content content;
        TimeRange range;              ///< ends with what was there at the start
        std::vector<TimeRange> parts; ///< still to be read, the first one last
        std::size_t read = 0;         ///< values of this reading
        double low = 0, high = 0;     ///< between these, both included, lie the one or two in the middle
        std::size_t below = 0;        ///< values less than low
        bool isTaking = false;        ///< so few lie between them that they are taken out
        std::vector<Stretch> stretches;
        std::vector<double> taken;
        QElapsedTimer spent;
    };

    Content contentOf(SeriesId series) const;
    void next();
    void begin(SeriesId series, const Content& content);
    void beginReading();
    void readPart();
    void endReading();
    void giveUp();
    void found(double median);

    std::shared_ptr<const SeriesSet> set_;
    std::vector<SeriesId> wanted_;
    TimeRange range_;
    std::map<SeriesId, Known> known_;
    std::optional<Job> job_;
    QTimer reading_, resting_;
};

} // namespace iotman
