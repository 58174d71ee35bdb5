#include "core/client/historythenlive.h"

#include "core/client/refusal.h"

namespace iotman::client {

namespace {

constexpr std::size_t mostHeld = 100'000; // items that wait for the newest page, before a gap is the lesser evil

} // namespace

HistoryThenLive::HistoryThenLive(PageReader& pages, StreamReader& stream, HistoryRange range, const Clock& clock, Random& random,
                                 BackoffSettings backoff, QObject* parent)
    : QObject(parent)
    , pages_(pages)
    , stream_(stream)
    , range_(range)
    , clock_(clock)
    , backoff_(backoff, random)
{
    nextTry_.setSingleShot(true);
    nextTry_.callOnTimeout(this, &HistoryThenLive::readNext);
    nextCatchUp_.setSingleShot(true);
    nextCatchUp_.callOnTimeout(this, &HistoryThenLive::catchUp);
    connect(&stream_, &StreamReader::itemsArrived, this, &HistoryThenLive::streamItems);
    connect(&stream_, &StreamReader::statusChanged, this, &HistoryThenLive::streamStatus);
}

void HistoryThenLive::start()
{
    stop();
    isRunning_ = true;
    progress_ = {};
    walk_ = std::make_unique<PageWalk>(pages_, PageQuery{range_.from, std::nullopt, range_.pageLimit});
    readNext();
}

void HistoryThenLive::stop()
{
    ++run_;
    isRunning_ = false;
    isCatchingUp_ = false;
    page_.cancel();
    newest_.cancel();
    nextTry_.stop();
    nextCatchUp_.stop();
    filter_.reset();
    tail_.reset();
    held_.clear();
    stream_.stop();
}

// ---- History

void HistoryThenLive::readNext()
{
    page_ = walk_->next(this, [this](Expected<Page> page) { pageArrived(std::move(page)); });
}

void HistoryThenLive::pageArrived(Expected<Page> page)
{
    if (!page) {
        if (isPassing(page.error()))
            return later(page.error(), nextTry_);
        if (filter_)
            filter_->end();
        Q_EMIT failed(page.error());
        return;
    }
    backoff_.received();
    const bool isNewest = !filter_ && !tail_;
    if (isNewest)
        begin(*page);
    if (filter_)
        filter_->page(*page);
    progress_.items += page->items.size();
    if (!page->items.empty())
        progress_.oldest = page->items.back().time;
    progress_.isComplete = !walk_->hasMore() || (range_.atMost && progress_.items >= *range_.atMost);
    if (progress_.isComplete && filter_)
        filter_->end();

    const auto isSameRun = sameRun();
    Q_EMIT historyArrived(page->items);
    if (isSameRun())
        Q_EMIT progressed(progress_);
    if (isSameRun() && isNewest)
        stream_.start({page->live, std::nullopt});
    if (isSameRun() && !progress_.isComplete)
        readNext();
}

/// Whether, after a signal, this is still there and was neither stopped nor started anew.
std::function<bool()> HistoryThenLive::sameRun()
{
    return [self = QPointer<HistoryThenLive>(this), run = run_] { return self && self->run_ == run; };
}

/// The newest page decides how history and stream are joined.
void HistoryThenLive::begin(const Page& newest)
{
    if (!newest.live.empty()) {
        filter_.emplace(pages_.address().id, range_.from);
        return;
    }
    tail_.emplace(2 * static_cast<std::size_t>(range_.pageLimit));
    for (auto item = newest.items.rbegin(); item != newest.items.rend(); ++item)
        tail_->remember(item->json);
}

void HistoryThenLive::later(const Error& why, QTimer& timer)
{
    const auto delay = std::max(backoff_.lost(clock_.now()), std::chrono::milliseconds(std::chrono::seconds(why.retryAfter)));
    timer.start(delay);
    Q_EMIT waiting(why, delay);
}

// ---- Live

void HistoryThenLive::streamItems(const std::vector<StreamItem>& items)
{
    if (!isRunning_)
        return;
    if (isCatchingUp_) {
        held_.insert(held_.end(), items.begin(), items.end());
        if (held_.size() > mostHeld)
            caughtUp(fail(Problem::Internal, "The newest page could not be read for too long."));
        return;
    }
    told(items);
}

/// Passes on what no page has told.
void HistoryThenLive::told(const std::vector<StreamItem>& items)
{
    std::vector<StreamItem> fresh;
    for (const StreamItem& item : items) {
        const bool isRepeat = filter_ ? filter_->isRepeat(item) : tail_ && tail_->isRepeat(item.json);
        if (!isRepeat)
            fresh.push_back(item);
    }
    if (!fresh.empty())
        Q_EMIT liveArrived(fresh);
}

void HistoryThenLive::streamStatus(const StreamStatus& status)
{
    if (!isRunning_ || !tail_)
        return;
    if (status.state == StreamState::Live)
        catchUp();
}

/// Compares the newest page of a hosted service with what is known; what the stream brings meanwhile is held.
void HistoryThenLive::catchUp()
{
    isCatchingUp_ = true;
    nextCatchUp_.stop();
    newest_.cancel();
    newest_ = pages_.read(PageQuery{range_.from, std::nullopt, range_.pageLimit}, this,
                          [this](Expected<PageAnswer> answer) { caughtUp(std::move(answer)); });
}

void HistoryThenLive::caughtUp(Expected<PageAnswer> answer)
{
    const Expected<Page> page = answer ? std::move(answer->page) : Expected<Page>(fail(answer.error()));
    if (!page && isPassing(page.error()))
        return later(page.error(), nextCatchUp_);
    isCatchingUp_ = false;
    newest_.cancel();
    nextCatchUp_.stop();
    const HostedTail::CaughtUp missed = page ? tail_->catchUp(page->items) : HostedTail::CaughtUp{{}, true};
    std::vector<StreamItem> items;
    for (const Item& item : missed.items)
        items.push_back({item.time, {}, item.json});
    const std::vector<StreamItem> held = std::exchange(held_, {});

    const auto isSameRun = sameRun();
    if (missed.isGap)
        Q_EMIT gapPossible();
    if (isSameRun() && !items.empty())
        Q_EMIT liveArrived(items);
    if (isSameRun())
        told(held);
}

} // namespace iotman::client
