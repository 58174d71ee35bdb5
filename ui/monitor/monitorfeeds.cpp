// The feeds of the Monitor: when they begin and end, and what happens when values come.
#include "ui/chart/chartboard.h"
#include "ui/monitor/fieldspanel.h"
#include "ui/monitor/measurepanel.h"
#include "ui/monitor/monitoractions.h"
#include "ui/monitor/monitorpage.h"
#include "ui/monitor/recording.h"

#include <algorithm>
#include <utility>

namespace iotman {

namespace {

constexpr int samplesInView = 300;           ///< of a live endpoint that opens
constexpr std::int64_t slowest = 60'000'000; ///< µs between samples of an endpoint that counts as live

} // namespace

EndpointFeed* MonitorPage::feed(const EndpointId& id) const
{
    const auto found = feeds_.find(id);
    return found == feeds_.end() ? nullptr : found->second.get();
}

EndpointFeed* MonitorPage::beginFeed(const EndpointId& id, const std::optional<ReadingRule>& rule)
{
    if (EndpointFeed* known = feed(id)) {
        if (rule && rule != known->wantedRule())
            known->start(rule);
        return known;
    }
    hasOpened_ = true;
    const auto view =
        std::find_if(endpoints_.begin(), endpoints_.end(), [&](const auto& each) { return each.endpoint.id == id; });
    const QUrl publicPage = view == endpoints_.end() ? QUrl() : QUrl(QString::fromStdString(view->url));
    const Guest* elsewhere = guest(id);
    client::TokenSource* tokens = elsewhere ? elsewhere->tokens.get() : connection_->tokens;
    EndpointFeed* begun = addFeed(
        id, elsewhere ? elsewhere->address : client::EndpointAddress::onServer(connection_->server, id, publicPage), tokens);
    begun->start(rule);
    return begun;
}

EndpointFeed* MonitorPage::addFeed(const EndpointId& id, client::EndpointAddress address, client::TokenSource* tokens)
{
    auto made =
        std::make_unique<EndpointFeed>(FeedWorld{*connection_->network, tokens, clock_, random_}, std::move(address), *set_);
    EndpointFeed* begun = feeds_.emplace(id, std::move(made)).first->second.get();
    connect(begun, &EndpointFeed::shaped, this, [this, id] { shaped(id); });
    connect(begun, &EndpointFeed::aboutToRestart, this, [this, id] {
        panes_.await(id);
        fields_->restart(id);
    });
    connect(begun, &EndpointFeed::itemsCame, this, [this, id](const std::vector<client::StreamItem>& items) {
        if (recorder_->isRecording())
            recorder_->add(id, items, clock_.now());
    });
    connect(begun, &EndpointFeed::valuesCame, this, [this, id](std::size_t live) { valuesCame(id, live); });
    connect(begun, &EndpointFeed::stateChanged, this, [this] {
        refreshStrip();
        refreshMessage();
        showMarks();
        readOlderIfLookedAt();
    });
    fields_->setFeed(id, begun);
    return begun;
}

void MonitorPage::endFeed(const EndpointId& id)
{
    fields_->setFeed(id, nullptr);
    feeds_.erase(id);
    toTick_.erase(id);
    board_->dataChanged();
    refreshMenus();
    refreshStrip();
    refreshMessage();
}

void MonitorPage::endAllFeeds()
{
    while (!feeds_.empty())
        endFeed(EndpointId(feeds_.begin()->first));
}

void MonitorPage::closeIfUnused(const EndpointId& id)
{
    const auto ticked = fields_->ticked();
    if (feed(id) && std::none_of(ticked.begin(), ticked.end(), [&](const auto& line) { return line.endpoint == id; }))
        endFeed(EndpointId(id));
}

void MonitorPage::shaped(const EndpointId& id)
{
    const bool isFirst = fields_->ticked().empty();
    fields_->addLines(id);
    if (toTick_.erase(id) > 0) {
        plotted_.insert(id);
        fields_->tickMeasurements(id);
    }
    if (isFirst && !std::exchange(hasSpan_, false))
        chooseSpan(id);
    panel_->expand(id);
    refreshMenus();
}

void MonitorPage::valuesCame(const EndpointId& id, std::size_t live)
{
    fields_->addLines(id);
    actions_->came(live);
    if (const auto range = feed(id)->series()->range(); span_ && range && range->span() > *span_) {
        if (chart()->isFollowing())
            chart()->showLast(*span_);
        span_.reset();
    }
    board_->dataChanged();
    measure_->dataChanged();
    judgeAlarms();
    if (isVisible() && !textsDue_.isActive())
        textsDue_.start(textsMs);
}

/// An endpoint that is live shows its last few minutes, so that it is seen to move; one that is not shows all there is.
void MonitorPage::chooseSpan(const EndpointId& id)
{
    const EndpointFeed* opened = feed(id);
    const std::int64_t interval = opened->shape()->typicalInterval;
    const auto range = opened->series()->range();
    const bool isLive = range && clock_.now().us - range->to.us < 10 * slowest;
    span_.reset();
    if (isLive && interval > 0 && interval <= slowest)
        span_ = samplesInView * interval;
}

/// The feed starts over in the next turn: the menu that was chosen from is filled anew by it.
std::function<void(const ReadingRule&)> MonitorPage::ruleChooser(const EndpointId& id)
{
    return [this, id](const ReadingRule& rule) {
        QMetaObject::invokeMethod(
            this,
            [this, id, rule] {
                if (EndpointFeed* changed = feed(id))
                    changed->start(rule);
            },
            Qt::QueuedConnection);
    };
}

} // namespace iotman
