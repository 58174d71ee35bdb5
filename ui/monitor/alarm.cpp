#include "ui/monitor/alarm.h"

#include "core/series/numberaxis.h"
#include "ui/chart/zonetext.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace iotman {

namespace {

constexpr double learnedSilence = 5;             ///< median intervals
constexpr std::size_t learnFrom = 64;            ///< values
constexpr std::int64_t leastSilence = 1'000'000; ///< µs, for what is learned

QString alarmText(const char* text)
{
    return QCoreApplication::translate("iotman::Alarm", text);
}

Error refusal(const char* text)
{
    return {Problem::BadRequest, alarmText(text).toStdString()};
}

/// Five times the median interval of the newest values; nothing while there are too few.
std::optional<std::int64_t> learnedCadence(const Series& series)
{
    if (series.size() < 3)
        return std::nullopt;
    std::vector<double> intervals;
    Timestamp from = series.lastTime();
    for (std::int64_t span = 1'000'000; series.count({from, {series.lastTime().us + 1}}) < learnFrom && from > series.firstTime();
         span *= 2)
        from = std::max(series.firstTime(), Timestamp{series.lastTime().us - span});
    const std::vector<Point> points = series.points({from, {series.lastTime().us + 1}});
    for (std::size_t i = 1; i < points.size(); ++i)
        if (points[i].time > points[i - 1].time)
            intervals.push_back(static_cast<double>(points[i].time.us - points[i - 1].time.us));
    if (intervals.size() < 2)
        return std::nullopt;
    return std::max(leastSilence, static_cast<std::int64_t>(learnedSilence * medianOf(intervals)));
}

} // namespace

Expected<Alarm> checked(Alarm alarm)
{
    if (!std::isfinite(alarm.low) || !std::isfinite(alarm.high) || !std::isfinite(alarm.hysteresis))
        return tl::unexpected(refusal("A limit must be a number."));
    if (alarm.kind == AlarmKind::Outside && alarm.low > alarm.high)
        return tl::unexpected(refusal("The lower limit is above the upper one."));
    if (alarm.kind == AlarmKind::Rate && alarm.high <= 0)
        return tl::unexpected(refusal("A rate must be above 0."));
    if (alarm.hysteresis < 0)
        return tl::unexpected(refusal("The hysteresis must not be negative."));
    if (alarm.silenceUs < 0)
        return tl::unexpected(refusal("A silence must not be negative."));
    return alarm;
}

std::vector<AlarmEvent> AlarmWatch::judge(const Series& series, Timestamp now)
{
    std::vector<AlarmEvent> events;
    bool hasNew = false;
    if (!series.isEmpty() && series.lastTime() > judged_) {
        const TimeRange fresh{{judged_.us + 1}, {series.lastTime().us + 1}};
        for (const Point& point : series.points(fresh)) {
            if (fresh.contains(point.time)) {
                hasNew = true;
                if (alarm_.kind != AlarmKind::Silence)
                    judgeValue(point, events);
            }
            before_ = point;
        }
        judged_ = series.lastTime();
    }
    if (alarm_.kind == AlarmKind::Silence)
        judgeSilence(series, hasNew, now, events);
    return events;
}

void AlarmWatch::judgeValue(const Point& point, std::vector<AlarmEvent>& events)
{
    double over = -std::numeric_limits<double>::infinity(); // how far beyond the limit
    switch (alarm_.kind) {
    case AlarmKind::Above:
        over = point.value - alarm_.high;
        break;
    case AlarmKind::Below:
        over = alarm_.low - point.value;
        break;
    case AlarmKind::Outside:
        over = std::max(point.value - alarm_.high, alarm_.low - point.value);
        break;
    case AlarmKind::Rate:
        if (!before_ || point.gapBefore || point.time == before_->time)
            return;
        over =
            std::abs(point.value - before_->value) / (static_cast<double>(point.time.us - before_->time.us) / 1e6) - alarm_.high;
        break;
    case AlarmKind::Silence:
        return;
    }
    if (!on_ && over > 0)
        change(true, point.time, point.value, events);
    else if (on_ && over <= -alarm_.hysteresis)
        change(false, point.time, point.value, events);
}

void AlarmWatch::judgeSilence(const Series& series, bool hasNew, Timestamp now, std::vector<AlarmEvent>& events)
{
    if (hasNew) {
        lastHeard_ = now;
        if (on_)
            change(false, now, std::nullopt, events);
        return;
    }
    const auto longest = alarm_.silenceUs > 0 ? std::optional(alarm_.silenceUs) : learnedCadence(series);
    if (!on_ && longest && now.us - lastHeard_.us > *longest)
        change(true, now, std::nullopt, events);
}

void AlarmWatch::change(bool on, Timestamp time, std::optional<double> value, std::vector<AlarmEvent>& events)
{
    on_ = on;
    since_ = on ? std::optional(time) : std::nullopt;
    events.push_back({on, time, value});
}

QString conditionText(const Alarm& alarm, const QString& unit)
{
    const auto number = [&](double value) {
        const QString text = QString::fromStdString(exactText(value));
        return unit.isEmpty() ? text : QString(text + QLatin1Char(' ') + unit);
    };
    switch (alarm.kind) {
    case AlarmKind::Above:
        return alarmText("above %1").arg(number(alarm.high));
    case AlarmKind::Below:
        return alarmText("below %1").arg(number(alarm.low));
    case AlarmKind::Outside:
        return alarmText("outside %1 to %2").arg(QString::fromStdString(exactText(alarm.low)), number(alarm.high));
    case AlarmKind::Rate:
        return alarmText("changes by more than %1 a second").arg(number(alarm.high));
    case AlarmKind::Silence:
        return alarm.silenceUs > 0 ? alarmText("silent for %1").arg(durationText(alarm.silenceUs))
                                   : alarmText("silent longer than usual");
    }
    return {};
}

} // namespace iotman
