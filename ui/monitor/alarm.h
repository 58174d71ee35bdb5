// Alarms: what is watched, and whether it is so. Values only.
#pragma once

#include "core/series/seriesset.h"
#include "ui/monitor/panes.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace iotman {

enum class AlarmKind {
    Above,   ///< a value greater than `high`
    Below,   ///< a value less than `low`
    Outside, ///< a value less than `low` or greater than `high`
    Rate,    ///< a change of more than `high` a second, up or down, from a value to the next
    Silence, ///< no value for `silenceUs`
};

struct Alarm {
    LineKey line;
    AlarmKind kind = AlarmKind::Above;
    double low = 0, high = 0;
    double hysteresis = 0;      ///< how far back a value (of Rate: the rate) must be before the alarm ends
    std::int64_t silenceUs = 0; ///< of Silence; 0: five times the median interval of the newest values

    bool operator==(const Alarm&) const = default;
};

/// Limits of what may be set: a number that is finite, `low` not above `high`, nothing negative where that makes no sense.
/// Errors: BadRequest, one sentence.
Expected<Alarm> checked(Alarm alarm);

/// An alarm began or ended.
struct AlarmEvent {
    bool isOn = false;
    Timestamp time;              ///< of the value that did it; of Silence: when it was noticed
    std::optional<double> value; ///< nothing for Silence

    bool operator==(const AlarmEvent&) const = default;
};

/// Watches one series for one alarm. It begins once and ends only when the value is back by the hysteresis: a value that
/// wavers at the limit is one alarm. Values from before the watch began are not judged.
class AlarmWatch {
public:
    /// Judges values after `begin`. `now`: of the clock; silence counts from there.
    AlarmWatch(Alarm alarm, Timestamp begin, Timestamp now)
        : alarm_(std::move(alarm))
        , judged_(begin)
        , lastHeard_(now)
    {
    }

    const Alarm& alarm() const { return alarm_; }
    bool isOn() const { return on_; }
    /// When it began, if it is on.
    const std::optional<Timestamp>& since() const { return since_; }

    /// Judges what came since the last call. `now`: of the clock, for Silence.
    std::vector<AlarmEvent> judge(const Series& series, Timestamp now);

private:
    void judgeValue(const Point& point, std::vector<AlarmEvent>& events);
    void judgeSilence(const Series& series, bool hasNew, Timestamp now, std::vector<AlarmEvent>& events);
    void change(bool on, Timestamp time, std::optional<double> value, std::vector<AlarmEvent>& events);

    Alarm alarm_;
    Timestamp judged_;    ///< values up to this time are judged
    Timestamp lastHeard_; ///< when a value came last, by the clock
    std::optional<Point> before_;
    bool on_ = false;
    std::optional<Timestamp> since_;
};

/// `above 13 °C`, `silent for 30 s`: what is watched, for people.
QString conditionText(const Alarm& alarm, const QString& unit);

} // namespace iotman
