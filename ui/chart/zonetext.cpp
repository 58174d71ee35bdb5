#include "ui/chart/zonetext.h"

#include <QDateTime>

#include <algorithm>

namespace iotman {

namespace {

QDateTime dateTime(Timestamp time)
{
    return QDateTime::fromMSecsSinceEpoch(time.us / 1000 - (time.us % 1000 < 0 ? 1 : 0), Qt::UTC);
}

QString shortName(const QTimeZone& zone, Timestamp at)
{
    const int offset = zone.offsetFromUtc(dateTime(at));
    const QString abbreviation = zone.abbreviation(dateTime(at));
    // Zones without letters of their own are called +03 or UTC+03:00.
    const bool hasLetters =
        !abbreviation.isEmpty() && abbreviation.front().isLetter() && !abbreviation.startsWith(QLatin1String("UTC"));
    return hasLetters ? abbreviation : QString::fromStdString(offsetText(offset));
}

} // namespace

OffsetAt offsetsOf(const QTimeZone& zone)
{
    return [zone](Timestamp time) { return zone.offsetFromUtc(dateTime(time)); };
}

MonthNames monthsOf(const QLocale& locale)
{
    MonthNames names;
    for (int month = 1; month <= 12; ++month)
        names[static_cast<std::size_t>(month - 1)] = locale.monthName(month, QLocale::ShortFormat).toStdString();
    return names;
}

QString zoneName(const QTimeZone& zone)
{
    const QString id = QString::fromUtf8(zone.id());
    return id == QLatin1String("Etc/UTC") ? QStringLiteral("UTC") : id;
}

QString zoneText(const QTimeZone& zone, Timestamp at)
{
    const QString offset = QString::fromStdString(offsetText(zone.offsetFromUtc(dateTime(at))));
    const QString id = zoneName(zone);
    if (id.startsWith(QLatin1String("UTC")))
        return offset;
    const QString name = shortName(zone, at);
    return name == offset ? QStringLiteral("%1 (%2)").arg(id, offset) : QStringLiteral("%1 (%2, %3)").arg(id, name, offset);
}

QString zoneText(const QTimeZone& zone, TimeRange range)
{
    constexpr std::int64_t fewWeeks = std::int64_t{40} * 86'400'000'000;
    const Timestamp last{range.to.us - 1};
    const int before = zone.offsetFromUtc(dateTime(range.from)), after = zone.offsetFromUtc(dateTime(last));
    if (before == after || range.span() > fewWeeks)
        return zoneText(zone, last);
    return QStringLiteral("%1 (%2, %3; then %4, %5)")
        .arg(zoneName(zone), shortName(zone, range.from), QString::fromStdString(offsetText(before)), shortName(zone, last),
             QString::fromStdString(offsetText(after)));
}

QString momentText(Timestamp time, const QTimeZone& zone, const QLocale& locale)
{
    const CivilTime local = localTime(time, offsetsOf(zone));
    return QStringLiteral("%1, %2 %3")
        .arg(QString::fromStdString(dateText(local, monthsOf(locale))), QString::fromStdString(clockText(local)),
             shortName(zone, time));
}

Timestamp roundedForEye(Timestamp time, double usPerPx)
{
    const std::int64_t step = usPerPx >= 1e6 ? 1'000'000 : usPerPx >= 1e3 ? 1'000 : 1;
    const std::int64_t rest = (time.us % step + step) % step;
    return {time.us - rest};
}

QString daysText(TimeRange range, const QTimeZone& zone, const QLocale& locale)
{
    const MonthNames months = monthsOf(locale);
    const OffsetAt offsets = offsetsOf(zone);
    const QString first = QString::fromStdString(dateText(localTime(range.from, offsets), months));
    const QString last = QString::fromStdString(dateText(localTime({range.to.us - 1}, offsets), months));
    return first == last ? first : first + QStringLiteral(" \u2013 ") + last;
}

QString durationText(std::int64_t us)
{
    struct Unit {
        std::int64_t us;
        const char* name;
    };
    static constexpr Unit units[] = {
        {86'400'000'000, "d"}, {3'600'000'000, "h"}, {60'000'000, "min"}, {1'000'000, "s"}, {1'000, "ms"}, {1, "\u00B5s"},
    };
    const auto text = [](std::int64_t count, const Unit& unit) {
        return QStringLiteral("%1 %2").arg(count).arg(QString::fromUtf8(unit.name));
    };
    for (std::size_t i = 0; i < std::size(units); ++i) {
        const Unit& unit = units[i];
        // Up to 119 of the smaller unit say it better than one of the larger.
        if (us < unit.us * 2 && i + 1 < std::size(units))
            continue;
        const std::int64_t count = us / unit.us;
        if (count >= 10 || i == 0 || i + 1 == std::size(units))
            return text(count, unit);
        const Unit& smaller = units[i + 1];
        const std::int64_t rest = us % unit.us / smaller.us;
        return i > 2 || rest == 0 ? text(count, unit) : text(count, unit) + QLatin1Char(' ') + text(rest, smaller);
    }
    return {};
}

} // namespace iotman
