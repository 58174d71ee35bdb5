#include "ui/monitor/monitorstate.h"

#include "ui/chart/zonetext.h"

#include <QLocale>

#include <algorithm>

namespace iotman {

namespace {

constexpr std::int64_t longestDelay = std::int64_t{3600} * 1'000'000;

QString fillText(const LostLink& link)
{
    if (link.mayMiss)
        return StateStrip::tr("something may be missing");
    return StateStrip::tr("%Ln item(s) filled", nullptr, static_cast<int>(link.filled));
}

QString historyText(const std::vector<NamedFeed>& feeds, const QTimeZone& zone)
{
    std::optional<Timestamp> from;
    bool isReading = false;
    for (const NamedFeed& each : feeds) {
        isReading = isReading || each.feed->isReadingHistory();
        const auto range = each.feed->series() ? each.feed->series()->range() : std::nullopt;
        if (range && (!from || range->from < *from))
            from = range->from;
    }
    if (!from)
        return isReading ? StateStrip::tr("reading history") : QString();
    const QString day = daysText({*from, {from->us + 1}}, zone, QLocale());
    return isReading ? StateStrip::tr("reading history, so far from %1").arg(day) : StateStrip::tr("history from %1").arg(day);
}

void addGaps(StripState& state, const std::vector<NamedFeed>& feeds, const QTimeZone& zone)
{
    int gaps = 0;
    bool isSure = true;
    QStringList lines;
    for (const NamedFeed& each : feeds)
        for (const LostLink& link : each.feed->links().links()) {
            gaps += link.back ? 1 : 0;
            isSure = isSure && !link.mayMiss;
            lines.append(StateStrip::tr("%1: %2").arg(each.name, lostLinkText(link, zone)));
        }
    if (gaps > 0)
        state.gaps = isSure ? StateStrip::tr("%Ln gap(s) filled", nullptr, gaps) : StateStrip::tr("%Ln gap(s)", nullptr, gaps);
    state.gapsTip = lines.join(u'\n');
}

void addFaults(StripState& state, const std::vector<NamedFeed>& feeds)
{
    std::size_t count = 0;
    QStringList lines;
    const auto add = [&](const QString& name, std::size_t faults, const QString& text) {
        count += faults;
        if (faults > 0)
            lines.append(StateStrip::tr("%1: %2").arg(name, text));
    };
    for (const NamedFeed& each : feeds) {
        if (!each.feed->series())
            continue;
        const ItemFaults& faults = each.feed->series()->faults();
        const auto number = [](std::size_t n) { return static_cast<int>(n); };
        add(each.name, faults.unusable,
            StateStrip::tr("%Ln value(s) that no chart can draw, the first was “%1”", nullptr, number(faults.unusable))
                .arg(QString::fromStdString(faults.firstUnusable)));
        add(each.name, faults.timeless, StateStrip::tr("%Ln item(s) without a time", nullptr, number(faults.timeless)));
        add(each.name, faults.unreadable, StateStrip::tr("%Ln item(s) that are not JSON", nullptr, number(faults.unreadable)));
    }
    if (count > 0)
        state.faults = StateStrip::tr("%Ln not drawn", nullptr, static_cast<int>(count));
    state.faultsTip = lines.join(u'\n');
}

} // namespace

QString lostLinkText(const LostLink& link, const QTimeZone& zone)
{
    const QString from = momentText(link.lost, zone, QLocale());
    if (!link.back)
        return StateStrip::tr("Offline since %1. %2").arg(from, QString::fromStdString(link.why));
    return StateStrip::tr("Offline from %1 for %2, %3").arg(from, durationText(link.back->us - link.lost.us), fillText(link));
}

StripState stripStateOf(const std::vector<NamedFeed>& feeds, const SeriesSet& set, Timestamp now, const QTimeZone& zone)
{
    StripState state;
    state.memory = set.bytes();
    state.budget = set.budget();
    state.dropped = set.dropped();
    const auto urgency = [](FeedPhase phase) {
        return phase == FeedPhase::Live ? 1 : phase == FeedPhase::Connecting ? 2 : static_cast<int>(phase);
    };
    for (const NamedFeed& each : feeds) {
        state.perSecond += each.feed->perSecond();
        if (const auto delay = each.feed->delay(); delay && *delay >= 0 && *delay < longestDelay)
            state.delayUs = std::max(state.delayUs.value_or(0), *delay);
        const FeedState& own = each.feed->state();
        if (urgency(own.phase) <= urgency(state.phase))
            continue;
        state.phase = own.phase;
        state.who = feeds.size() > 1 ? each.name : QString();
        state.why = own.why ? QString::fromStdString(own.why->detail) : QString();
        state.retryInSeconds.reset();
        if (own.retryAt)
            state.retryInSeconds = static_cast<int>(std::max<std::int64_t>(own.retryAt->us - now.us, 0) / 1'000'000) + 1;
    }
    state.history = historyText(feeds, zone);
    addGaps(state, feeds, zone);
    addFaults(state, feeds);
    return state;
}

} // namespace iotman
