// Time zones as charts name them.
#pragma once

#include "core/series/timeaxis.h"

#include <QLocale>
#include <QString>
#include <QTimeZone>

namespace iotman {

OffsetAt offsetsOf(const QTimeZone& zone);
MonthNames monthsOf(const QLocale& locale);

/// `America/Los_Angeles`; `UTC`.
QString zoneName(const QTimeZone& zone);
/// `America/Los_Angeles (PST, UTC−8)`; `UTC`.
QString zoneText(const QTimeZone& zone, Timestamp at);
/// The same for a range; both names where clocks change within a few weeks: `Europe/Berlin (CEST, UTC+2; then CET, UTC+1)`.
QString zoneText(const QTimeZone& zone, TimeRange range);
/// `25 Nov 2026, 14:02:31.25 PST`.
QString momentText(Timestamp time, const QTimeZone& zone, const QLocale& locale);
/// What the labels of a time axis leave out: `25 Nov 2026`, `24 Nov 2026 – 25 Nov 2026`.
QString daysText(TimeRange range, const QTimeZone& zone, const QLocale& locale);
/// A time as a pointer can mean it where a pixel is `usPerPx` long: to the second, the millisecond or the microsecond.
Timestamp roundedForEye(Timestamp time, double usPerPx);
/// `250 ms`, `93 s`, `3 min`, `2 h 5 min`, `4 d`: rounded to what a glance needs.
QString durationText(std::int64_t us);

} // namespace iotman
