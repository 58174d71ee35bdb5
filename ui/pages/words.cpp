#include "ui/pages/words.h"

#include "core/client/text.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <climits>
#include <cmath>

namespace iotman::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::Words)
};

const QString none = QStringLiteral("\u2013");

std::int64_t floorMs(Timestamp time)
{
    return time.us / 1000 - (time.us % 1000 < 0 ? 1 : 0);
}

} // namespace

QString roleWord(Role role)
{
    switch (role) {
    case Role::Viewer:
        return Words::tr("Viewer");
    case Role::Editor:
        return Words::tr("Editor");
    case Role::Admin:
        return Words::tr("Admin");
    }
    return {};
}

QString environmentWord(Environment environment)
{
    switch (environment) {
    case Environment::Local:
        return Words::tr("Local");
    case Environment::Test:
        return Words::tr("Test");
    case Environment::Production:
        return Words::tr("Production");
    }
    return {};
}

QString environmentTitle(Environment environment)
{
    switch (environment) {
    case Environment::Local:
        return Words::tr("local");
    case Environment::Test:
        return Words::tr("test");
    case Environment::Production:
        return Words::tr("production");
    }
    return {};
}

QString requirementText(Action action)
{
    // The sentences of core/model, spelled here too so that they can be translated.
    static constexpr const char* sentences[] = {
        QT_TRANSLATE_NOOP("iotman::ui::Words", "Requires Viewer, Editor or Admin role."),
        QT_TRANSLATE_NOOP("iotman::ui::Words", "Requires Editor or Admin role."),
        QT_TRANSLATE_NOOP("iotman::ui::Words", "Requires Admin role."),
    };
    const std::string_view wanted = requirement(action);
    for (const char* sentence : sentences) {
        if (wanted == sentence)
            return Words::tr(sentence);
    }
    return client::toQt(wanted);
}

QString stateWord(const ConnectionState& state, const ReadingContext& context)
{
    switch (state.phase) {
    case Phase::Connecting:
        return Words::tr("connecting");
    case Phase::Running:
        return Words::tr("running");
    case Phase::Offline:
        if (state.since)
            return Words::tr("offline since %1").arg(wallClock(*state.since, context.zone).toString(QStringLiteral("HH:mm")));
        return Words::tr("offline");
    case Phase::SignInNeeded:
        return Words::tr("sign-in needed");
    case Phase::Failed:
        return Words::tr("failed");
    }
    return {};
}

QDateTime wallClock(Timestamp time, const QTimeZone& zone)
{
    const std::int64_t ms = floorMs(time);
    const int offset = zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC));
    return QDateTime::fromMSecsSinceEpoch(ms + offset * 1000LL, Qt::UTC);
}

Timestamp fromWallClock(const QDateTime& wall, const QTimeZone& zone)
{
    return {QDateTime(wall.date(), wall.time(), zone).toMSecsSinceEpoch() * 1000};
}

QString momentWord(const std::optional<Timestamp>& time, const ReadingContext& context)
{
    if (!time)
        return none;
    const QDateTime wall = wallClock(*time, context.zone);
    const QDate today = wallClock(context.now, context.zone).date();
    if (wall.date() == today)
        return wall.toString(QStringLiteral("HH:mm:ss"));
    if (wall.date().year() == today.year())
        return context.locale.toString(wall, QStringLiteral("d MMM HH:mm"));
    return context.locale.toString(wall, QStringLiteral("d MMM yyyy"));
}

QString dayWord(Timestamp time, const ReadingContext& context)
{
    return context.locale.toString(wallClock(time, context.zone), QStringLiteral("d MMM yyyy"));
}

QString agoWord(Timestamp time, const ReadingContext& context)
{
    const std::int64_t seconds = (context.now.us - time.us) / 1'000'000;
    if (seconds < 0 || seconds >= 86'400)
        return momentWord(time, context);
    if (seconds < 120)
        return Words::tr("%1 s ago").arg(context.locale.toString(static_cast<qlonglong>(seconds)));
    if (seconds < 7'200)
        return Words::tr("%1 min ago").arg(context.locale.toString(static_cast<qlonglong>(seconds / 60)));
    return Words::tr("%1 h ago").arg(context.locale.toString(static_cast<qlonglong>(seconds / 3'600)));
}

QString rateWord(const std::optional<double>& rate, const QLocale& locale)
{
    if (!rate)
        return none;
    const double value = std::max(*rate, 0.0);
    if (value == 0)
        return locale.toString(0);
    if (value < 0.005)
        return u'<' + locale.toString(0.01, 'f', 2);
    if (value < 0.095)
        return locale.toString(value, 'f', 2);
    if (value < 999.5)
        return locale.toString(value, 'f', 1);
    return locale.toString(std::llround(value));
}

QString sizeWord(qint64 bytes, const QLocale& locale)
{
    return locale.formattedDataSize(bytes, bytes < 1000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString elapsedWord(std::chrono::milliseconds time, const QLocale& locale)
{
    if (time < std::chrono::seconds(1))
        return Words::tr("%1 ms").arg(locale.toString(static_cast<qlonglong>(time.count())));
    return Words::tr("%1 s").arg(locale.toString(static_cast<double>(time.count()) / 1000, 'f', 1));
}

QString tokenWord(const std::optional<Timestamp>& expires, Timestamp now)
{
    if (!expires)
        return Words::tr("Token: none");
    const std::int64_t seconds = (expires->us - now.us) / 1'000'000;
    if (seconds <= 0)
        return Words::tr("Token: expired");
    return seconds < 60 ? Words::tr("Token: under 1 min") : Words::tr("Token: %1 min").arg(seconds / 60);
}

int pluralCount(std::int64_t count)
{
    return static_cast<int>(std::clamp<std::int64_t>(count, INT_MIN, INT_MAX));
}

QString errorText(const Error& error)
{
    return client::toQt(error.detail);
}

QString sourceLabel(const Source& source)
{
    const QString name = client::toQt(source.name.text);
    if (source.kind == SourceKind::Generator)
        return Words::tr("%1 \u00b7 generated", "name of a source").arg(name);
    return source.kind == SourceKind::Replay ? Words::tr("%1 \u00b7 replayed", "name of a source").arg(name) : name;
}

} // namespace iotman::ui
