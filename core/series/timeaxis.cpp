#include "core/series/timeaxis.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace iotman {

namespace {

constexpr std::int64_t second = 1'000'000, hour = 3600 * second, day = 24 * hour;

std::int64_t unitUs(TimeUnit unit)
{
    switch (unit) {
    case TimeUnit::Microsecond:
        return 1;
    case TimeUnit::Second:
        return second;
    case TimeUnit::Hour:
        return hour;
    case TimeUnit::Day:
        return day;
    case TimeUnit::Month:
        return 2'629'746 * second;
    case TimeUnit::Year:
        break;
    }
    return 31'556'952 * second;
}

constexpr TimeStep usualSteps[] = {
    {TimeUnit::Second, 1},   {TimeUnit::Second, 2},    {TimeUnit::Second, 5},   {TimeUnit::Second, 10},  {TimeUnit::Second, 15},
    {TimeUnit::Second, 30},  {TimeUnit::Second, 60},   {TimeUnit::Second, 120}, {TimeUnit::Second, 300}, {TimeUnit::Second, 600},
    {TimeUnit::Second, 900}, {TimeUnit::Second, 1800}, {TimeUnit::Hour, 1},     {TimeUnit::Hour, 2},     {TimeUnit::Hour, 3},
    {TimeUnit::Hour, 6},     {TimeUnit::Hour, 12},     {TimeUnit::Day, 1},      {TimeUnit::Day, 2},      {TimeUnit::Day, 5},
    {TimeUnit::Day, 10},     {TimeUnit::Month, 1},     {TimeUnit::Month, 3},    {TimeUnit::Month, 6},
};

/// 1, 2 or 5 times a power of ten.
std::int64_t niceCount(double rough)
{
    for (std::int64_t power = 1;; power *= 10)
        for (const std::int64_t factor : {1, 2, 5})
            if (static_cast<double>(factor * power) >= rough || power >= 1'000'000'000'000)
                return factor * power;
}

std::int64_t floorTo(std::int64_t value, std::int64_t step)
{
    const std::int64_t rest = value % step;
    return value - rest - (rest < 0 ? step : 0);
}

std::string twoDigits(std::int64_t value)
{
    std::string text = std::to_string(value);
    if (value < 10)
        text.insert(text.begin(), '0');
    return text;
}

std::string fraction(std::int64_t us, std::size_t decimals)
{
    const std::string digits = std::to_string(us);
    std::string text(1, '.');
    text.append(6 - digits.size(), '0');
    text.append(digits);
    text.resize(1 + decimals);
    return text;
}

std::string hoursAndMinutes(const CivilTime& local)
{
    return twoDigits(local.hour) + ":" + twoDigits(local.minute);
}

std::string tickText(const CivilTime& local, TimeStep step, const MonthNames& months)
{
    const std::string& month = months[static_cast<std::size_t>(local.month - 1)];
    const bool midnight = local.hour == 0 && local.minute == 0 && local.second == 0 && local.us == 0;
    switch (step.unit) {
    case TimeUnit::Year:
        return std::to_string(local.year);
    case TimeUnit::Month:
        return local.month == 1 ? std::to_string(local.year) : month;
    case TimeUnit::Day:
        return std::to_string(local.day) + " " + month;
    case TimeUnit::Hour:
        break;
    case TimeUnit::Second:
        if (!midnight && step.count % 60 != 0)
            return hoursAndMinutes(local) + ":" + twoDigits(local.second);
        break;
    case TimeUnit::Microsecond: {
        std::size_t decimals = 6;
        for (std::int64_t count = step.count; count % 10 == 0 && decimals > 1; count /= 10)
            --decimals;
        return hoursAndMinutes(local) + ":" + twoDigits(local.second) + fraction(local.us, decimals);
    }
    }
    return midnight ? std::to_string(local.day) + " " + month : hoursAndMinutes(local);
}

/// The moment at which clocks show `local` (µs since 1970 as if it were UTC); where they skip it, the moment of the skip
/// shifted on by as much.
Timestamp utcOf(std::int64_t local, const OffsetAt& offsetAt)
{
    const std::int64_t guess = local - offsetAt({local}) * second;
    return {local - offsetAt({guess}) * second};
}

/// Ticks of a fixed length, while clocks run on without a change of offset.
void addEven(std::vector<TimeTick>& ticks, TimeRange range, std::int64_t step, std::int64_t offset)
{
    for (std::int64_t local = floorTo(range.from.us + offset - 1, step) + step; local - offset < range.to.us; local += step)
        ticks.push_back({{local - offset}, civilFromTimestamp({local}), {}});
}

/// The first microsecond after `from` with another offset than `from` has, given that `to` has.
std::int64_t changeBetween(std::int64_t from, std::int64_t to, const OffsetAt& offsetAt)
{
    const int before = offsetAt({from});
    while (to - from > 1) {
        const std::int64_t middle = from + (to - from) / 2;
        (offsetAt({middle}) == before ? from : to) = middle;
    }
    return to;
}

std::vector<TimeTick> evenTicks(TimeRange range, std::int64_t step, const OffsetAt& offsetAt)
{
    std::vector<TimeTick> ticks;
    // Clocks do not change twice a day.
    for (std::int64_t from = range.from.us; from < range.to.us;) {
        const std::int64_t probe = std::min(from + day, range.to.us);
        const int offset = offsetAt({from});
        const std::int64_t to = offsetAt({probe - 1}) == offset ? probe : changeBetween(from, probe - 1, offsetAt);
        addEven(ticks, {{from}, {to}}, step, offset * second);
        from = to;
    }
    return ticks;
}

CivilTime startOf(std::int64_t year, std::int64_t month, int dayOfMonth)
{
    CivilTime civil;
    civil.year = year;
    civil.month = static_cast<int>(month);
    civil.day = dayOfMonth;
    return civil;
}

/// The beginning of the step after the one `local` lies in. Days are counted within their month, so that the first always has a
/// tick.
CivilTime nextStart(const CivilTime& local, TimeStep step)
{
    if (step.unit == TimeUnit::Year)
        return startOf(floorTo(local.year, step.count) + step.count, 1, 1);
    if (step.unit == TimeUnit::Month) {
        const std::int64_t months = floorTo(local.year * 12 + local.month - 1, step.count) + step.count;
        return startOf(floorTo(months, 12) / 12, months - floorTo(months, 12) + 1, 1);
    }
    const int next = static_cast<int>((local.day - 1) / step.count * step.count + step.count) + 1;
    const CivilTime nextMonth = nextStart(local, {TimeUnit::Month, 1});
    const std::int64_t monthEnds = daysFromCivil(nextMonth.year, nextMonth.month, 1);
    const std::int64_t at = daysFromCivil(local.year, local.month, 1) + next - 1;
    // A tick right before the first of the next month would crowd it.
    if (at + step.count / 2 >= monthEnds)
        return nextMonth;
    return startOf(local.year, local.month, next);
}

std::vector<TimeTick> calendarTicks(TimeRange range, TimeStep step, const OffsetAt& offsetAt)
{
    std::vector<TimeTick> ticks;
    CivilTime local = localTime({range.from.us - 1}, offsetAt);
    for (;;) {
        local = nextStart(local, step);
        const Timestamp time = utcOf(timestampFromCivil(local).us, offsetAt);
        if (time >= range.to)
            return ticks;
        if (time >= range.from)
            ticks.push_back({time, local, {}});
    }
}

} // namespace

const MonthNames& englishMonths()
{
    static const MonthNames names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return names;
}

double TimeStep::us() const
{
    return static_cast<double>(unitUs(unit)) * static_cast<double>(count);
}

TimeStep niceTimeStep(double rough)
{
    if (rough <= 500'000)
        return {TimeUnit::Microsecond, niceCount(rough)};
    for (const TimeStep step : usualSteps)
        if (step.us() >= rough)
            return step;
    return {TimeUnit::Year, niceCount(rough / static_cast<double>(unitUs(TimeUnit::Year)))};
}

std::vector<TimeTick> timeTicks(TimeRange range, TimeStep step, const OffsetAt& offsetAt, const MonthNames& months)
{
    if (range.isEmpty() || step.us() * 2000 < static_cast<double>(range.span()))
        return {};
    const bool even = step.unit <= TimeUnit::Hour;
    std::vector<TimeTick> ticks =
        even ? evenTicks(range, static_cast<std::int64_t>(step.us()), offsetAt) : calendarTicks(range, step, offsetAt);
    for (TimeTick& tick : ticks)
        tick.text = tickText(tick.local, step, months);
    return ticks;
}

std::string dateText(const CivilTime& local, const MonthNames& months)
{
    return std::to_string(local.day) + " " + months[static_cast<std::size_t>(local.month - 1)] + " " + std::to_string(local.year);
}

std::string clockText(const CivilTime& local)
{
    std::string text = hoursAndMinutes(local) + ":" + twoDigits(local.second);
    if (local.us == 0)
        return text;
    text += fraction(local.us, 6);
    return text.substr(0, text.find_last_not_of('0') + 1);
}

std::string offsetText(int seconds)
{
    if (seconds == 0)
        return "UTC";
    const int minutes = std::abs(seconds) / 60;
    std::string text = seconds < 0 ? "UTC\u2212" : "UTC+";
    text += std::to_string(minutes / 60);
    if (minutes % 60 != 0)
        text.append(1, ':').append(twoDigits(minutes % 60));
    return text;
}

CivilTime localTime(Timestamp time, const OffsetAt& offsetAt)
{
    return civilFromTimestamp({time.us + offsetAt(time) * second});
}

} // namespace iotman
