// How values read on the pages: roles, states, times, rates, sizes.
#pragma once

#include "core/model/permissions.h"
#include "core/model/resources.h"
#include "ui/pages/connection.h"

#include <QLocale>
#include <QString>
#include <QTimeZone>

#include <chrono>

namespace iotman::ui {

/// What the texts of a table depend on beside its values.
struct ReadingContext {
    Timestamp now;
    QTimeZone zone;
    QLocale locale;
};

QString roleWord(Role role);                       ///< “Editor”
QString environmentWord(Environment environment);  ///< “Local”, for the chip
QString environmentTitle(Environment environment); ///< “local”, for the window's title
/// The sentence of core/model's requirement(), translated: “Requires Editor or Admin role.”
QString requirementText(Action action);
/// “running”, “offline since 14:02”, “sign-in needed” …
QString stateWord(const ConnectionState& state, const ReadingContext& context);

/// `14:02:31` today, else `24 Nov 17:31` in this year, else `29 Dec 2001`; an en dash where there is none.
QString momentWord(const std::optional<Timestamp>& time, const ReadingContext& context);
/// `12 Nov 2026`.
QString dayWord(Timestamp time, const ReadingContext& context);
/// `2 s ago`, `3 min ago`, then the day.
QString agoWord(Timestamp time, const ReadingContext& context);
/// The wall clock of `zone`, as a date and time without a zone (its spec is UTC), and back. Milliseconds: finer digits are cut.
QDateTime wallClock(Timestamp time, const QTimeZone& zone);
Timestamp fromWallClock(const QDateTime& wall, const QTimeZone& zone);

/// Items a second, with as many decimals as tell something: `0`, `0.02`, `1.0`, `1,204`; an en dash where unknown.
QString rateWord(const std::optional<double>& rate, const QLocale& locale);
QString sizeWord(qint64 bytes, const QLocale& locale);                      ///< `7.6 kB`
QString elapsedWord(std::chrono::milliseconds time, const QLocale& locale); ///< `4 ms`, `1.3 s`
/// Whole minutes until `expires`: “Token: 52 min”, “Token: expired”.
QString tokenWord(const std::optional<Timestamp>& expires, Timestamp now);

/// `count` as %Ln takes it.
int pluralCount(std::int64_t count);

QString errorText(const Error& error);

/// The name of a source; one whose datapoints no device sends says so: “lab · generated”, “yesterday · replayed”.
QString sourceLabel(const Source& source);

} // namespace iotman::ui
