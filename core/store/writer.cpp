#include "core/store/writer.h"

#include "core/store/stagingjobs.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>

namespace iotman::store {

namespace {

/// A group takes so much, and one request more: what is committed at once bounds how long the first of it waits.
constexpr std::size_t groupBytes = std::size_t(8) * 1024 * 1024;
/// How long to wait after removing failed (a full disk, a locked file).
constexpr auto removalPause = std::chrono::seconds(1);

Error shuttingDown()
{
    return {Problem::Unavailable, "the store is shutting down", {}, 0, {}, 1};
}

/// What keeps everything of a group from being written, and lies in none of it.
std::optional<Error> faultIn(std::span<const Expected<void>> outcomes)
{
    const auto isFault = [](const Expected<void>& outcome) {
        return !outcome && (outcome.error().kind == Problem::Internal || outcome.error().kind == Problem::NoSpace);
    };
    if (outcomes.empty() || !std::all_of(outcomes.begin(), outcomes.end(), isFault))
        return std::nullopt;
    return outcomes.front().error();
}

/// Jobs, however small.
constexpr std::size_t mostWaiting = 100'000;

/// Rounds of moving the log that fit into the reserve: one is under way when the disk is full, and more was committed meanwhile.
constexpr std::size_t roundsInReserve = 4;
/// How often it is looked whether a disk that was full has room again; one that is not for a larger reserve.
constexpr auto lookForRoomEvery = std::chrono::milliseconds(200);
constexpr auto lookForMoreEvery = std::chrono::seconds(10);
/// How often all of the log is moved, or tried to be, as long as the disk is full.
constexpr auto startAnewEvery = std::chrono::milliseconds(200);

Error diskIsFull()
{
    return {Problem::NoSpace, "the disk is full"};
}

bool isFull(const Expected<void>& outcome)
{
    return !outcome && outcome.error().kind == Problem::NoSpace;
}

Error tooMuchWaits()
{
    return {Problem::Unavailable, "too much waits to be written, try again", {}, 0, {}, 1};
}

} // namespace

Writer::Writer(std::unique_ptr<Writing> writing, Connection checkpoints, const HeldFile& held, std::shared_ptr<ReadGate> reading,
               std::size_t mostWaitingBytes, Reserve reserve, const MergeTiming& merging)
    : mostWaitingBytes_(mostWaitingBytes)
    , held_(held)
    , writing_(std::move(writing))
    , begin_(writing_->connection, "BEGIN IMMEDIATE")
    , end_(writing_->connection, "COMMIT")
    , rollback_(writing_->connection, "ROLLBACK")
    , savepoint_(writing_->connection, "SAVEPOINT job")
    , release_(writing_->connection, "RELEASE job")
    , undo_(writing_->connection, "ROLLBACK TO job")
    , freePages_(writing_->connection, "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
    , reserve_(std::move(reserve))
    , pace_(merging)
    , reading_(std::move(reading))
    , checkpointer_(std::move(checkpoints), transaction_, *reading_)
    , catalog_(writing_->state.catalog)
{
    if (reserve_.bytes() > 0)
        checkpointer_.setMostPerRound(reserve_.bytes() / roundsInReserve);
    // The hook takes the place of SQLite's own checkpoints, which would run inside commits.
    const auto committed = [](void* checkpointer, sqlite3*, const char*, int pages) {
        static_cast<Checkpointer*>(checkpointer)->committed(pages);
        return SQLITE_OK;
    };
    sqlite3_wal_hook(writing_->connection.handle(), committed, &checkpointer_);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Writer::~Writer()
{
    thread_.request_stop();
    thread_.join();
}

void Writer::post(std::unique_ptr<Job> job)
{
    const std::size_t bytes = job->bytes();
    {
        const std::lock_guard lock(mutex_);
        const std::size_t waiting = waitingBytes_.load(std::memory_order_relaxed);
        const bool isTooMuch = bytes > 0 && waiting > 0 && waiting + bytes > mostWaitingBytes_;
        if (isTooMuch || waiting_.size() >= mostWaiting) {
            refused_.push_back(std::move(job));
        } else {
            waitingBytes_.store(waiting + bytes, std::memory_order_relaxed);
            waiting_.push_back(std::move(job));
        }
    }
    arrived_.notify_one();
}

void Writer::setListeners(Listeners listeners)
{
    const std::lock_guard lock(mutex_);
    listeners_ = std::move(listeners);
}

std::shared_ptr<const Catalog> Writer::catalog() const
{
    const std::lock_guard lock(mutex_);
    return catalog_;
}

std::optional<Error> Writer::trouble() const
{
    const std::lock_guard lock(mutex_);
    return trouble_;
}

void Writer::run(const std::stop_token& stop)
{
    bool removalFailed = false;
    beginMerging();
    while (!stop.stop_requested()) {
        Jobs group;
        Jobs refused;
        {
            std::unique_lock lock(mutex_);
            const auto hasWork = [this] { return !waiting_.empty() || !refused_.empty(); };
            if (const auto at = nextLook(removalFailed))
                arrived_.wait_until(lock, stop, *at, hasWork);
            else
                arrived_.wait(lock, stop, hasWork);
            refused.swap(refused_);
            if (!stop.stop_requested())
                group = takeGroup();
        }
        for (const auto& job : refused)
            job->answer(fail(tooMuchWaits()));
        if (!group.empty())
            commit(group);
        if (hasRest())
            removalFailed = !removeRest();
        if (!hasRest() || removalFailed)
            merge();
    }
    answerRest();
}

std::optional<MergePace::TimePoint> Writer::nextLook(bool removalFailed) const
{
    if (!hasRest())
        return pace_.nextStep();
    return std::chrono::steady_clock::now() + (removalFailed ? removalPause : std::chrono::seconds(0));
}

/// Also what an answer asks for once more.
void Writer::answerRest()
{
    for (;;) {
        std::unique_ptr<Job> job;
        {
            const std::lock_guard lock(mutex_);
            if (!refused_.empty()) {
                job = std::move(refused_.back());
                refused_.pop_back();
            } else if (!waiting_.empty()) {
                job = std::move(waiting_.front());
                waiting_.pop_front();
            } else {
                return;
            }
        }
        job->answer(fail(shuttingDown()));
    }
}

/// Under the mutex.
Writer::Jobs Writer::takeGroup()
{
    Jobs group;
    std::size_t bytes = 0;
    while (!waiting_.empty() && bytes < groupBytes) {
        const bool standsAlone = waiting_.front()->standsAlone();
        if (standsAlone && !group.empty())
            break;
        bytes += waiting_.front()->bytes();
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
        if (standsAlone)
            break;
    }
    return group;
}

void Writer::commit(std::span<const std::unique_ptr<Job>> group)
{
    std::vector<Expected<void>> outcomes(group.size());
    hasRoom_ = lookForRoom();
    const Expected<void> done = transact([&] { return writeGroup(group, outcomes); });
    if (!done && group.size() > 1 && done.error().kind != Problem::Unavailable) {
        // One of them may be too much for the disk that the others still fit.
        for (std::size_t i = 0; i < group.size(); ++i)
            commit(group.subspan(i, 1));
        return;
    }
    if (!done)
        std::fill(outcomes.begin(), outcomes.end(), done);
    std::size_t bytes = 0;
    for (const auto& job : group)
        bytes += job->bytes();
    {
        const std::lock_guard lock(mutex_);
        waitingBytes_.store(waitingBytes_.load(std::memory_order_relaxed) - bytes, std::memory_order_relaxed);
        trouble_ = done ? faultIn(outcomes) : std::optional(done.error());
        if (!trouble_ && !hasRoom_)
            trouble_ = diskIsFull();
    }
    announce(group, outcomes);
}

void Writer::announce(std::span<const std::unique_ptr<Job>> group, std::span<const Expected<void>> outcomes)
{
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (outcomes[i])
            group[i]->committedFirst();
    }
    Listeners listeners;
    std::shared_ptr<const Catalog> changed;
    {
        const std::lock_guard lock(mutex_);
        listeners = listeners_;
        if (catalog_ != writing_->state.catalog)
            changed = catalog_ = writing_->state.catalog;
        if (changed)
            reading_->removed().leaveOut(*changed); // one that was given up may be served again
    }
    if (changed && listeners.catalog)
        listeners.catalog(changed);
    PublishedItems items;
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (outcomes[i])
            group[i]->publish(items);
    }
    if (!items.all().empty() && listeners.published)
        listeners.published(items.all());
    for (std::size_t i = 0; i < group.size(); ++i)
        group[i]->answer(outcomes[i]);
}

Expected<void> Writer::transact(const std::function<Expected<void>()>& write)
{
    if (auto there = held_.check(); !there)
        return there;
    checkpointer_.waitForRoom();
    const std::lock_guard lock(transaction_);
    const auto begin = std::chrono::steady_clock::now();
    const WriteState before = writing_->state;
    metFull_ = false;
    if (auto done = begin_.run(); !done)
        return done;
    writing_->items.begin();
    Expected<void> done = write();
    if (done && writing_->state.lastSequence != before.lastSequence)
        done = writing_->writeLastSequence();
    for (const OutputKey output : writing_->state.replaced)
        reading_->removed().add(output);
    writing_->state.replaced.clear();
    if (done)
        done = end_.run();
    pace_.wrote(begin, std::chrono::steady_clock::now());
    if (metFull_ || isFull(done))
        makeRoom();
    if (done) {
        expiries_ = writing_->state.expiries;
        writing_->counters.publish();
        return done;
    }
    if (!writing_->connection.isAutocommit())
        (void)rollback_.run(); // a failure leaves nothing to roll back
    restore(before);
    reading_->removed().leaveOut(*before.catalog);
    writing_->counters.discard();
    return done;
}

Expected<void> Writer::writeGroup(std::span<const std::unique_ptr<Job>> group, std::vector<Expected<void>>& outcomes)
{
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (auto done = writeInSavepoint(*group[i], outcomes[i]); !done)
            return done;
    }
    return {};
}

/// Errors: those that end the whole transaction. The job's own is its outcome.
Expected<void> Writer::writeInSavepoint(Job& job, Expected<void>& outcome)
{
    if (!hasRoom_ && job.addsData()) {
        outcome = fail(diskIsFull());
        return {};
    }
    if (auto done = savepoint_.run(); !done)
        return done;
    const WriteState before = writing_->state;
    outcome = job.write(*writing_);
    if (outcome)
        return release_.run();
    metFull_ = metFull_ || isFull(outcome);
    if (writing_->connection.isAutocommit())
        return outcome; // SQLite gave up the whole transaction
    restore(before);
    if (auto done = undo_.run(); !done)
        return done;
    if (auto done = release_.run(); !done)
        return done;
    return writing_->counters.reload();
}

/// Whether data may be added: also where the disk is full, but the database has room within.
bool Writer::lookForRoom()
{
    if (checkpointer_.hasMetFull())
        makeRoom();
    if (reserve_.bytes() == 0)
        return true;
    const auto now = std::chrono::steady_clock::now();
    // What was given up is for moving the log, first of all.
    if (now < lookAgainAt_ || (reserve_.isLacking() && checkpointer_.startsAnew()))
        return hasRoom_;
    const std::size_t before = reserve_.bytes();
    reserve_.adjust();
    lookAgainAt_ = now + (reserve_.isLacking() ? std::chrono::milliseconds(lookForRoomEvery) : lookForMoreEvery);
    if (reserve_.bytes() != before)
        checkpointer_.setMostPerRound(reserve_.bytes() / roundsInReserve);
    if (!reserve_.isLacking())
        return true;
    Rows rows = freePages_.query();
    const Expected<bool> row = rows.next();
    return row && *row && static_cast<std::size_t>(rows.integer(0)) >= reserve_.bytes();
}

/// What waits in the log can be moved into the database now, which makes its room free; then what has expired can be removed.
void Writer::makeRoom()
{
    if (reserve_.bytes() == 0)
        return;
    const bool isFirst = reserve_.giveUp();
    hasRoom_ = false;
    lookAgainAt_ = {};
    const auto now = std::chrono::steady_clock::now();
    if (!isFirst && now < startAnewAt_)
        return;
    startAnewAt_ = now + startAnewEvery;
    checkpointer_.startAnew();
}

void Writer::restore(WriteState state)
{
    writing_->state = std::move(state);
    writing_->items.rolledBack();
    writing_->datapoints.forget();
}

/// Whether something is left to be removed: of outputs that are gone, of imports that were discarded.
bool Writer::hasRest() const
{
    return !writing_->state.abandoned.empty() || writing_->state.hidden->discarded() != nullptr;
}

/// A slice, small enough not to keep writes waiting.
bool Writer::removeRest()
{
    const Expected<void> done = transact([this]() -> Expected<void> {
        if (writing_->state.abandoned.empty())
            return removeSomeDiscarded(*writing_);
        const OutputKey output = *writing_->state.abandoned.begin();
        reading_->removed().add(output); // whose successor everybody can see by now
        const Expected<bool> isLeft = writing_->items.removeSome(output);
        if (!isLeft)
            return fail(isLeft.error());
        if (*isLeft)
            return {};
        writing_->state.abandoned.erase(output);
        return writing_->removeCounts(output);
    });
    return done.has_value();
}

void Writer::beginMerging()
{
    if (!pace_.isInRound() && writing_->items.beginMerging().value_or(false))
        pace_.beginRound(std::chrono::steady_clock::now());
}

/// What came late goes among the other items, a step at a time, where nothing else is to be written.
void Writer::merge()
{
    beginMerging();
    const auto now = std::chrono::steady_clock::now();
    const auto step = pace_.nextStep();
    if (!step || *step > now)
        return;
    hasRoom_ = lookForRoom();
    // Where the reserve is lacking there is room within the database at most: the log, which a step fills, has none.
    if (!hasRoom_ || reserve_.isLacking() || checkpointer_.isLogFull())
        return pace_.postpone(now);
    bool isLeft = false;
    const Expected<void> done = transact([&] { return writing_->items.mergeSome().map([&](bool left) { isLeft = left; }); });
    const auto end = std::chrono::steady_clock::now();
    pace_.stepped(end);
    if (!done)
        return pace_.postpone(end);
    if (!isLeft)
        pace_.endRound();
    beginMerging();
}

} // namespace iotman::store
