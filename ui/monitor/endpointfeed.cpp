#include "ui/monitor/endpointfeed.h"

#include "core/client/refusal.h"

#include <QPointer>

#include <algorithm>
#include <iterator>

namespace iotman {

using client::HistoryThenLive;
using client::StreamState;

EndpointFeed::EndpointFeed(FeedWorld world, client::EndpointAddress address, SeriesSet& set, QObject* parent)
    : QObject(parent)
    , world_(world)
    , pages_(world.network, world.tokens, address)
    , stream_(world.network, world.tokens, world.clock, world.random, address)
    , set_(set)
{
    connect(&stream_, &client::StreamReader::statusChanged, this, &EndpointFeed::streamStatus);
}

EndpointFeed::~EndpointFeed()
{
    disconnect(&stream_, nullptr, this, nullptr);
    reading_.reset(); // before what it reads with
}

void EndpointFeed::start(std::optional<ReadingRule> rule)
{
    wanted_ = std::move(rule);
    readFresh();
}

void EndpointFeed::showItems(const std::vector<client::Item>& items)
{
    hasAllHistory_ = true;
    historyArrived(items);
}

void EndpointFeed::readFresh()
{
    if (series_)
        Q_EMIT aboutToRestart();
    olderPage_.cancel();
    older_.reset();
    againPage_.cancel();
    again_.reset();
    rereading_.reset();
    toReread_.clear();
    readAgain_.clear();
    heldLive_.clear();
    if (reading_)
        reading_->stop();
    reading_.reset();
    series_.reset();
    shape_.reset();
    oldest_.reset();
    atOldest_ = 0;
    hasAllHistory_ = false;
    historyError_.reset();
    isReadingHistory_ = true;
    reading_ = std::make_unique<HistoryThenLive>(pages_, stream_, client::HistoryRange{std::nullopt, firstHistory, pageLimit},
                                                 world_.clock, world_.random);
    connect(reading_.get(), &HistoryThenLive::historyArrived, this, &EndpointFeed::historyArrived);
    connect(reading_.get(), &HistoryThenLive::liveArrived, this, &EndpointFeed::liveArrived);
    connect(reading_.get(), &HistoryThenLive::progressed, this, &EndpointFeed::progressed);
    connect(reading_.get(), &HistoryThenLive::failed, this, &EndpointFeed::historyFailed);
    connect(reading_.get(), &HistoryThenLive::waiting, this, [this](const Error& why, std::chrono::milliseconds delay) {
        if (state_.phase != FeedPhase::Live)
            enter({FeedPhase::Waiting, why, Timestamp{world_.clock.now().us + delay.count() * 1000}});
    });
    connect(reading_.get(), &HistoryThenLive::gapPossible, this, [this] {
        links_.mayMiss();
        if (series_)
            series_->breakAt(world_.clock.now());
    });
    enter({FeedPhase::Connecting, std::nullopt, std::nullopt});
    reading_->start();
}

void EndpointFeed::retryNow()
{
    const StreamState stream = stream_.status().state;
    if (stream == StreamState::Waiting || stream == StreamState::Refused || stream == StreamState::SignInNeeded)
        stream_.retryNow();
    else if (state_.phase == FeedPhase::Waiting || state_.phase == FeedPhase::Refused || state_.phase == FeedPhase::SignInNeeded)
        readFresh();
}

// ---- Items

void EndpointFeed::shapeBy(const std::vector<client::Item>& sample)
{
    shape_ = shapeOf(sample);
    series_ = std::make_unique<EndpointSeries>(set_, wanted_ ? *wanted_ : shape_->rule);
}

void EndpointFeed::historyArrived(const std::vector<client::Item>& items)
{
    const bool isFirst = !series_ && !items.empty();
    if (isFirst)
        shapeBy(items);
    addHistory(items);
    if (series_)
        series_->derive();
    if (isFirst)
        Q_EMIT shaped();
    if (!items.empty())
        Q_EMIT valuesCame(0);
}

void EndpointFeed::addHistory(const std::vector<client::Item>& items)
{
    // Oldest first, so that a page is appended in the order of its times.
    for (auto item = items.rbegin(); item != items.rend(); ++item)
        series_->add(item->json, item->time, std::nullopt);
    for (const client::Item& item : items)
        noteOldest(item);
}

void EndpointFeed::noteOldest(const client::Item& item)
{
    if (!item.time || (oldest_ && *item.time > *oldest_))
        return;
    if (oldest_ != item.time)
        atOldest_ = 0;
    oldest_ = item.time;
    ++atOldest_;
}

void EndpointFeed::liveArrived(const std::vector<client::StreamItem>& items)
{
    const Timestamp now = world_.clock.now();
    const bool isFirst = !series_;
    Q_EMIT itemsCame(items);
    if (isFirst) {
        std::vector<client::Item> sample;
        for (const client::StreamItem& item : items)
            sample.push_back({item.time, item.json});
        shapeBy(sample);
    }
    for (const client::StreamItem& item : items) {
        links_.item(item.time);
        if (isBeforeHistory(item.time))
            continue;
        if (rereading_ && item.time && rereading_->contains(*item.time)) {
            heldLive_.push_back(item);
            continue;
        }
        series_->add(item.json, item.time, now);
        if (item.time == oldest_ || !oldest_)
            noteOldest({item.time, {}});
    }
    series_->derive();
    delay_.reset();
    if (const auto time = items.back().time)
        delay_ = now.us - time->us;
    rate_.add(now, items.size());
    const QPointer<EndpointFeed> self(this);
    if (isFirst)
        Q_EMIT shaped();
    if (self)
        Q_EMIT valuesCame(items.size());
}

/// A late item from before all that was read: the page that covers its time brings it when someone looks there. (While the first
/// history is read, HistoryThenLive sees to it that nothing comes twice.)
bool EndpointFeed::isBeforeHistory(std::optional<Timestamp> time) const
{
    const bool isFirstHistory = isReadingHistory_ && !older_;
    return !isFirstHistory && !hasAllHistory_ && !historyError_ && oldest_ && time && *time < *oldest_;
}

// ---- History

void EndpointFeed::progressed(const client::HistoryProgress& progress)
{
    if (!progress.isComplete)
        return;
    isReadingHistory_ = false;
    // Fewer than were asked for: the walk has ended because there are no more.
    hasAllHistory_ = progress.items < firstHistory;
    Q_EMIT stateChanged();
}

void EndpointFeed::historyFailed(const Error& error)
{
    isReadingHistory_ = false;
    historyError_ = error;
    if (stream_.status().state != StreamState::Stopped) {
        Q_EMIT stateChanged();
        return;
    }
    const bool isSignIn = error.kind == Problem::Unauthorized;
    enter({isSignIn ? FeedPhase::SignInNeeded : FeedPhase::Refused, error, std::nullopt});
}

void EndpointFeed::readOlder()
{
    if (isReadingHistory_ || hasAllHistory_ || historyError_ || !oldest_ || !series_)
        return;
    isReadingHistory_ = true;
    olderLeft_ = firstHistory;
    if (!older_) {
        // `to` is inclusive: what was read of that time comes first and once more.
        older_ = std::make_unique<client::PageWalk>(pages_, client::PageQuery{std::nullopt, oldest_, olderPageLimit});
        toSkip_ = atOldest_;
        if (series_->rule().time == TimeSource::Datapoint)
            series_->clearBefore(*oldest_);
    }
    Q_EMIT stateChanged();
    readOlderPage();
}

void EndpointFeed::readOlderPage()
{
    olderPage_ = older_->next(this, [this](Expected<client::Page> page) { olderArrived(std::move(page)); });
}

void EndpointFeed::olderArrived(Expected<client::Page> page)
{
    if (!page) {
        isReadingHistory_ = false;
        if (!client::isPassing(page.error()))
            historyError_ = page.error();
        Q_EMIT stateChanged();
        return;
    }
    const std::size_t skip = std::min(toSkip_, page->items.size());
    toSkip_ -= skip;
    page->items.erase(page->items.begin(), page->items.begin() + static_cast<std::ptrdiff_t>(skip));
    addHistory(page->items);
    series_->derive();
    olderLeft_ -= std::min(olderLeft_, std::max<std::size_t>(page->items.size(), 1));
    hasAllHistory_ = !older_->hasMore();
    const bool goesOn = !hasAllHistory_ && olderLeft_ > 0;
    isReadingHistory_ = goesOn;
    const QPointer<EndpointFeed> self(this);
    Q_EMIT valuesCame(0);
    if (self)
        Q_EMIT stateChanged();
    if (self && goesOn) // otherwise whoever has heard of it may have begun anew
        readOlderPage();
}

// ---- History that the server has changed

void EndpointFeed::reread(TimeRange range)
{
    if (!series_ || !shape_)
        return;
    // Where values do not stand at their datapoints' times, or nothing tells these, no range can be cut out.
    if (series_->rule().time != TimeSource::Datapoint || !oldest_)
        return start(wanted_);
    const bool isFirstHistory = isReadingHistory_ && !older_;
    if (isFirstHistory)
        return start(wanted_);
    if (!hasAllHistory_)
        range.from = std::max(range.from, *oldest_); // what is older comes when someone looks there
    if (range.isEmpty())
        return;
    toReread_.push_back(range);
    if (!rereading_)
        rereadNext();
}

void EndpointFeed::rereadNext()
{
    if (rereading_ || toReread_.empty())
        return;
    rereading_ = toReread_.back();
    toReread_.pop_back();
    client::PageQuery query{std::nullopt, std::nullopt, pageLimit};
    if (rereading_->from.us > -farthestTime)
        query.from = rereading_->from;
    if (rereading_->to.us < farthestTime)
        query.to = Timestamp{rereading_->to.us - 1};
    again_ = std::make_unique<client::PageWalk>(pages_, query);
    rereadPage();
}

void EndpointFeed::rereadPage()
{
    againPage_ = again_->next(this, [this](Expected<client::Page> page) { rereadArrived(std::move(page)); });
}

void EndpointFeed::rereadArrived(Expected<client::Page> page)
{
    if (!page) {
        // What is there stays: it was right once, and the message says that it may not be now.
        historyError_ = page.error();
        readAgain_.clear();
        endReread();
        Q_EMIT stateChanged();
        return;
    }
    std::move(page->items.begin(), page->items.end(), std::back_inserter(readAgain_));
    if (again_->hasMore())
        return rereadPage();
    series_->clearRange(*rereading_);
    for (auto item = readAgain_.rbegin(); item != readAgain_.rend(); ++item)
        series_->add(item->json, item->time, std::nullopt);
    for (client::StreamItem& live : heldLive_) {
        const auto known = std::find_if(readAgain_.begin(), readAgain_.end(), [&](const client::Item& item) {
            return item.time == live.time && item.json == live.json;
        });
        if (known != readAgain_.end())
            readAgain_.erase(known);
        else
            series_->add(live.json, live.time, world_.clock.now());
    }
    heldLive_.clear();
    endReread();
    series_->derive();
    Q_EMIT valuesCame(0);
}

void EndpointFeed::endReread()
{
    for (const client::StreamItem& live : heldLive_)
        series_->add(live.json, live.time, world_.clock.now());
    heldLive_.clear();
    readAgain_.clear();
    again_.reset();
    rereading_.reset();
    QMetaObject::invokeMethod(this, &EndpointFeed::rereadNext, Qt::QueuedConnection);
}

// ---- The link

void EndpointFeed::streamStatus(const client::StreamStatus& status)
{
    const Timestamp now = world_.clock.now();
    const auto lost = [&] { links_.lost(now, status.why ? status.why->detail : std::string()); };
    switch (status.state) {
    case StreamState::Stopped:
        return;
    case StreamState::Connecting:
        return enter({FeedPhase::Connecting, std::nullopt, std::nullopt});
    case StreamState::Live:
        links_.live(now);
        return enter({FeedPhase::Live, std::nullopt, std::nullopt});
    case StreamState::Waiting:
        lost();
        return enter({FeedPhase::Waiting, status.why, Timestamp{now.us + status.delay.count() * 1000}});
    case StreamState::Refused:
        lost();
        return enter({FeedPhase::Refused, status.why, std::nullopt});
    case StreamState::SignInNeeded:
        lost();
        return enter({FeedPhase::SignInNeeded, status.why, std::nullopt});
    }
}

void EndpointFeed::enter(FeedState state)
{
    state_ = std::move(state);
    Q_EMIT stateChanged();
}

} // namespace iotman
