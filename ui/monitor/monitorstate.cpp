#include "ui/monitor/monitorstate.h"

#include "ui/chart/zonetext.h"

#include <QLocale>

#include <algorithm>

namespace iotman {

namespace {

constexpr std::int64_t longestDelay = std::int64_t{3600} * 1'000'000;
constexpr std::int64_t day = 24 * longestDelay;

QString fillText(const LostLink& link)
{
    if (link.mayMiss)
        return StateStrip::tr("something may be missing");
    return link.filled == 1 ? StateStrip::tr("1 item filled")
                            : iotman::StateStrip::tr("%Ln items filled", nullptr, static_cast<int>(link.filled));
}

QString historyText(const std::vector<NamedFeed>& feeds, Timestamp now, const QTimeZone& zone)
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
    const bool isToday = now.us - from->us < day;
    const QString since = isToday ? QString::fromStdString(clockText(localTime(*from, offsetsOf(zone))))
                                  : daysText({*from, {from->us + 1}}, zone, QLocale());
    return isReading ? StateStrip::tr("reading history, so far from %1").arg(since)
                     : StateStrip::tr("history from %1").arg(since);
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
    if (gaps > 0 && isSure)
        state.gaps = gaps == 1 ? StateStrip::tr("1 gap filled") : StateStrip::tr("%Ln gaps filled", nullptr, gaps);
    else if (gaps > 0)
        state.gaps = gaps == 1 ? StateStrip::tr("1 gap") : StateStrip::tr("%Ln gaps", nullptr, gaps);
    state.gapsTip = lines.join(u'\n');
}

void addFaults(StripState& state, const std::vector<NamedFeed>& feeds)
{
    std::size_t count = 0;
    QStringList lines, late;
    const auto add = [&](const QString& name, std::size_t faults, const QString& text) {
        count += faults;
        if (faults > 0)
            lines.append(StateStrip::tr("%1: %2 %3").arg(name, QLocale().toString(static_cast<qulonglong>(faults)), text));
    };
    for (const NamedFeed& each : feeds) {
        if (!each.feed->series())
            continue;
        const ItemFaults& faults = each.feed->series()->faults();
        const QString first = QString::fromStdString(faults.firstUnusable);
        add(each.name, faults.unusable, StateStrip::tr("values that no chart can draw, first “%1”").arg(first));
        add(each.name, faults.timeless, StateStrip::tr("items without a time"));
        add(each.name, faults.unreadable, StateStrip::tr("items that are not JSON"));
        if (faults.late > 0)
            late.append(StateStrip::tr("%1: %2 items came late and were sorted in")
                            .arg(each.name, QLocale().toString(static_cast<qulonglong>(faults.late))));
    }
    if (count > 0)
        state.faults = StateStrip::tr("%Ln not drawn", nullptr, static_cast<int>(count));
    else if (!late.isEmpty())
        state.faults = StateStrip::tr("some came late");
    state.faultsTip = (lines + late).join(u'\n');
}

} // namespace

QString offlineText(const LostLink& link, Timestamp now)
{
    const QString length = durationText(link.back.value_or(now).us - link.lost.us);
    return link.back ? StateStrip::tr("Offline %1, %2").arg(length, fillText(link))
                     : StateStrip::tr("Offline for %1").arg(length);
}

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
    state.history = historyText(feeds, now, zone);
    addGaps(state, feeds, zone);
    addFaults(state, feeds);
    return state;
}

} // namespace iotman
