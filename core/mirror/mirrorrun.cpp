#include "core/mirror/mirrorrun.h"

#include "core/client/refusal.h"
#include "core/client/text.h"
#include "core/model/shown.h"
#include "core/pipeline/retention.h"

#include <algorithm>

namespace iotman::mirror {

using client::StreamState;
using client::toQt;

namespace {

constexpr int pageItems = 1000;
constexpr std::size_t mostAtOnce = 1000; ///< items of a stream in one transaction
constexpr std::size_t mostAtOnceBytes = 8 * 1024 * 1024;
constexpr std::chrono::milliseconds firstLook = std::chrono::seconds(3);
constexpr qint64 tellEvery = 2000; ///< ms: who shows a history that grows reads it again no more often

std::unique_ptr<client::TokenSource> tokensOf(const MirrorWorld& world, const MirrorSettings& settings,
                                              const std::optional<std::string>& secret)
{
    if (!settings.signIn || !secret)
        return nullptr;
    return std::make_unique<client::TokenSource>(
        world.network, world.clock,
        client::Credentials{QUrl(toQt(settings.signIn->tokenEndpoint)), toQt(settings.signIn->clientId),
                            client::Secret(*secret), {}});
}

client::EndpointAddress addressOf(const MirrorSettings& settings)
{
    return client::EndpointAddress::parse(toQt(settings.url)).value_or(client::EndpointAddress{});
}

/// The next page may have more items of the time with which this one ends; they are to be stored before these. Not where they
/// are too many for a note.
void holdBack(std::vector<ReadItem>& newestFirst, MirrorPosition& position)
{
    std::size_t bytes = 0;
    auto first = newestFirst.end();
    while (first != newestFirst.begin() && (first - 1)->time && (first - 1)->time == newestFirst.back().time) {
        --first;
        bytes += first->json.size();
    }
    if (first == newestFirst.end() || bytes > mostNotedBytes)
        return;
    position.heldTime = *first->time;
    for (auto item = first; item != newestFirst.end(); ++item)
        position.held.push_back(std::move(item->json));
    newestFirst.erase(first, newestFirst.end());
}

bool hasLinkCursor(const client::PageLink& link)
{
    return !link.parameter(QStringLiteral("cursor")).isEmpty();
}

std::vector<std::string> textsOfItems(const std::vector<client::Item>& items)
{
    std::vector<std::string> texts;
    for (const client::Item& item : items)
        texts.push_back(item.json);
    return texts;
}

} // namespace

MirrorRun::MirrorRun(const MirrorWorld& world, const Source& source, const std::optional<std::string>& secret, Told told)
    : world_(world)
    , source_(source)
    , told_(std::move(told))
    , address_(addressOf(MirrorSettings::of(source.settings)))
    , intake_(world.pipeline, source.name, source.key)
    , secret_(secret.value_or(std::string()))
    , tokens_(tokensOf(world, MirrorSettings::of(source.settings), secret))
    , pages_(world.network, tokens_.get(), address_)
    , backoff_(world.backoff, world.random)
{
    if (MirrorSettings::of(source.settings).signIn && !tokens_)
        unusable_ = Error{Problem::Unauthorized, "The secret of this mirror is not kept on this server. Give it again."};
    again_.setSingleShot(true);
    again_.callOnTimeout(this, &MirrorRun::begin);
    look_.setSingleShot(true);
    look_.callOnTimeout(this, &MirrorRun::checkThatItIsTheSame);
}

void MirrorRun::start()
{
    if (unusable_)
        return show(MirrorState::Is::SignIn, unusable_->detail);
    begin();
}

/// From where the store says that it came to.
void MirrorRun::begin()
{
    hosted_.reset();
    stream_.reset();
    tail_.reset();
    if (tokens_)
        tokens_->tryAgain();
    guard_ = std::make_unique<client::WalkGuard>();
    isResumed_ = true;
    Expected<MirrorPosition> position = intake_.position(MirrorSettings::of(source_.settings).url);
    if (!position)
        return lost(position.error());
    position_ = std::move(*position);
    if (!isInTrouble_) // else it says what it is until there is news
        show(position_.isHistoryDone() ? MirrorState::Is::Waiting : MirrorState::Is::History);
    if (position_.isHistoryDone())
        return lookFirst();
    const store::Retention kept = pipeline::retentionOf(source_);
    std::optional<Timestamp> from;
    if (kept.ageUs) // what is older would go again at once
        from = Timestamp{world_.clock.now().us - *kept.ageUs};
    if (from && !Timestamp::parseSeconds(from->seconds(), "from"))
        from.reset(); // so long ago that nobody can be asked for it
    const auto first = client::PageLink::first(address_, {from, std::nullopt, pageItems});
    if (!position_.begun)
        return readPage(first);
    const Expected<client::PageLink> next = client::PageLink::next(address_, first, position_.next);
    if (!next)
        return lost(next.error());
    readPage(*next);
}

// ---- History

void MirrorRun::readPage(const client::PageLink& link)
{
    page_ = pages_.read(link, this, [this, link](Expected<client::PageAnswer> answer) { pageArrived(link, std::move(answer)); });
}

void MirrorRun::pageArrived(const client::PageLink& asked, Expected<client::PageAnswer> answer)
{
    const Expected<void> elsewhere = answer ? comesFromElsewhere(*answer) : Expected<void>(fail(answer.error()));
    if (!elsewhere)
        return lost(elsewhere.error());
    Expected<client::Page>& page = answer->page;
    if (page->next && !*page->next)
        return lost(page->next->error());
    if (std::exchange(isResumed_, false) && !hasLinkCursor(asked)) {
        const auto again = static_cast<std::ptrdiff_t>(client::overlap(position_.tail, page->items));
        page->items.erase(page->items.begin(), page->items.begin() + again);
    }
    if (auto accepted = guard_->accept(asked, *page); !accepted)
        return lost(accepted.error());
    const std::optional<client::PageLink> next = page->next ? std::optional(**page->next) : std::nullopt;
    if (auto brought = bringPage(std::move(*page)); !brought)
        return lost(brought.error());
    backoff_.received();
    isInTrouble_ = false;
    if (!position_.isHistoryDone()) {
        show(MirrorState::Is::History);
        return readPage(*next);
    }
    tellHistory();
    goLive();
}

Expected<void> MirrorRun::bringPage(client::Page page)
{
    MirrorPosition position = position_;
    if (!position.begun) {
        position.begun = true;
        position.live = page.live;
        position.arrival = world_.clock.now();
    }
    const client::PageLink* next = page.next ? &**page.next : nullptr;
    position.next = next ? client::fromQt(next->url().toString(QUrl::FullyEncoded)) : std::string();
    position.tail = next && !hasLinkCursor(*next) ? noteableTail(textsOfItems(page.items)) : std::vector<std::string>();
    std::vector<ReadItem> items;
    for (std::string& json : position.held)
        items.push_back({position.heldTime, {}, std::move(json)});
    position.held.clear();
    for (client::Item& item : page.items) {
        items.push_back({item.time, position.arrivalOfNext(), std::move(item.json)});
        ++position.items;
    }
    if (isEnough(position))
        position.next.clear();
    if (!position.next.empty())
        holdBack(items, position);
    std::reverse(items.begin(), items.end()); // oldest first: what shares a time keeps its order
    const Expected<Brought> brought = intake_.bring(items, store::Arrival::History, position);
    if (!brought)
        return fail(brought.error());
    position_ = std::move(position);
    took(brought);
    if (brought->from) {
        untoldFrom_ = std::min(untoldFrom_.value_or(*brought->from), *brought->from);
        untoldTo_ = std::max(untoldTo_.value_or(*brought->to), *brought->to);
    }
    if (!lastTold_.isValid() || lastTold_.elapsed() >= tellEvery)
        tellHistory();
    return {};
}

/// Errors: those of the page; Conflict where it comes through this very server.
Expected<void> MirrorRun::comesFromElsewhere(const client::PageAnswer& answer)
{
    if (!answer.page)
        return fail(answer.page.error());
    const QByteArray through = answer.raw.header(provenanceHeader);
    if (world_.provenance.learn(*world_.pipeline.store().catalog(), source_, client::view(through)))
        return {};
    return fail(Problem::Conflict, "The endpoint has what an endpoint here makes of this very mirror, by way of a mirror elsewhere: it "
                                   "would go round for ever. Expected outputs that leave such mirrors out.");
}

/// Whether the source keeps no more than what was read.
bool MirrorRun::isEnough(const MirrorPosition& position) const
{
    const store::Retention kept = pipeline::retentionOf(source_);
    return kept.count && position.items >= *kept.count;
}

void MirrorRun::tellHistory()
{
    if (untoldFrom_)
        told_.history(source_.name, *untoldFrom_, *untoldTo_);
    untoldFrom_.reset();
    untoldTo_.reset();
    lastTold_.start();
}

// ---- Live

/// Nothing of its stream is taken before it is known to come from elsewhere.
void MirrorRun::lookFirst()
{
    page_ = pages_.read(client::PageQuery{std::nullopt, std::nullopt, 1}, this, [this](const Expected<client::PageAnswer>& newest) {
        const Expected<void> elsewhere = newest ? comesFromElsewhere(*newest) : Expected<void>(fail(newest.error()));
        if (!elsewhere)
            return lost(elsewhere.error());
        goLive();
    });
}

void MirrorRun::goLive()
{
    client::StreamSettings settings;
    settings.backoff = world_.backoff;
    const bool isHosted = position_.live.empty();
    if (isHosted)
        settings.contract = client::Contract::Hosted;
    stream_ = std::make_unique<client::StreamReader>(world_.network, tokens_.get(), world_.clock, world_.random, address_, settings);
    connect(stream_.get(), &client::StreamReader::statusChanged, this, &MirrorRun::streamStatus);
    connect(stream_.get(), &client::StreamReader::unreadable, this, [this](const Error& error) { remark_ = error.detail; });
    if (isHosted)
        return readHosted();
    readStream();
}

void MirrorRun::readStream()
{
    connect(stream_.get(), &client::StreamReader::itemsArrived, this, &MirrorRun::streamItems);
    stream_->start({position_.live, std::nullopt});
}

/// A service that tells no positions: its newest page is compared with what is stored, then with what the stream brings.
void MirrorRun::readHosted()
{
    const Expected<std::vector<std::string>> stored = intake_.newest(2 * static_cast<std::size_t>(pageItems));
    if (!stored)
        return lost(stored.error());
    tail_ = std::make_unique<client::HostedTail>(2 * static_cast<std::size_t>(pageItems));
    for (const std::string& item : *stored)
        tail_->remember(item);
    hosted_ = std::make_unique<client::HistoryThenLive>(pages_, *stream_, client::HistoryRange{std::nullopt, 1, pageItems},
                                                        world_.clock, world_.random, world_.backoff);
    connect(hosted_.get(), &client::HistoryThenLive::historyArrived, this, &MirrorRun::hostedNewest);
    connect(hosted_.get(), &client::HistoryThenLive::liveArrived, this, &MirrorRun::streamItems);
    connect(hosted_.get(), &client::HistoryThenLive::failed, this, [this](const Error& error) { lost(error); });
    connect(hosted_.get(), &client::HistoryThenLive::waiting, this,
            [this](const Error& why) { show(MirrorState::Is::Waiting, why.detail); });
    connect(hosted_.get(), &client::HistoryThenLive::gapPossible, this,
            [this] { remark_ = "The service sent more than a page while nobody listened; items may be missing."; });
    hosted_->start();
}

void MirrorRun::hostedNewest(const std::vector<client::Item>& newestFirst)
{
    if (!tail_)
        return;
    const client::HostedTail::CaughtUp missed = tail_->catchUp(newestFirst);
    tail_.reset();
    if (missed.isGap)
        remark_ = "The service sent more than a page while nobody listened; items may be missing.";
    std::vector<ReadItem> items;
    for (const client::Item& item : missed.items)
        items.push_back({item.time, world_.clock.now(), item.json});
    bringLive(std::move(items), {});
}

void MirrorRun::streamItems(const std::vector<client::StreamItem>& arrived)
{
    std::vector<ReadItem> items;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < arrived.size(); ++i) {
        items.push_back({arrived[i].time, world_.clock.now(), arrived[i].json});
        bytes += arrived[i].json.size();
        const bool isLast = i + 1 == arrived.size();
        if (!isLast && items.size() < mostAtOnce && bytes < mostAtOnceBytes)
            continue;
        bringLive(std::exchange(items, {}), arrived[i].cursor);
        bytes = 0;
    }
}

/// While it waits for the store, nothing is read: the connection holds the service back. What comes once something went wrong is
/// left: it is read again.
void MirrorRun::bringLive(std::vector<ReadItem> items, const std::string& cursor)
{
    if (items.empty() || again_.isActive())
        return;
    MirrorPosition position = position_;
    if (!cursor.empty())
        position.live = cursor;
    if (took(intake_.bring(items, store::Arrival::Live, position)))
        position_ = std::move(position);
}

void MirrorRun::streamStatus(const client::StreamStatus& status)
{
    const std::string why = status.why ? status.why->detail : std::string();
    switch (status.state) {
    case StreamState::Live:
        backoff_.opened(world_.clock.now());
        return live();
    case StreamState::Waiting:
        isInTrouble_ = true;
        look_.stop();
        page_.cancel();
        return show(MirrorState::Is::Waiting, why);
    case StreamState::Refused:
    case StreamState::SignInNeeded:
        return lost(*status.why);
    case StreamState::Connecting:
    case StreamState::Stopped:
        return;
    }
}

/// The stream is open: it is live, unless the endpoint is not what it was. That is asked now and then as long as it is, and soon at
/// first: of several that are set up to read each other, one after the other, the first cannot know yet.
void MirrorRun::live()
{
    lookAfter_ = std::min(firstLook, world_.lookAgain);
    checkThatItIsTheSame();
}

/// A service whose sequences went back would be silent until they have come to where they were: that is no gap to pass over.
void MirrorRun::checkThatItIsTheSame()
{
    page_.cancel();
    look_.start(lookAfter_);
    lookAfter_ = std::min(3 * lookAfter_, world_.lookAgain);
    const auto check = [this, before = position_.live](const Expected<client::PageAnswer>& newest) {
        const bool isThere = newest && newest->page;
        if (const Expected<void> elsewhere = isThere ? comesFromElsewhere(*newest) : Expected<void>(); !elsewhere)
            return lost(elsewhere.error());
        if (wentBack(before, newest))
            return lost({Problem::Conflict, "The endpoint was made anew, or put back to an earlier state: it has less than was "
                                            "read from it. Delete this mirror and make it again to read it from the beginning."});
        isInTrouble_ = false;
        show(MirrorState::Is::Live);
    };
    page_ = pages_.read(client::PageQuery{std::nullopt, std::nullopt, 1}, this, check);
}

/// Whether a page that was asked for after the stream had come to `before` knows of less.
bool MirrorRun::wentBack(const std::string& before, const Expected<client::PageAnswer>& newest) const
{
    if (!newest || !newest->page)
        return false;
    const auto now = StreamCursor::parse(newest->page->live, address_.id);
    const auto read = StreamCursor::parse(before, address_.id);
    return now && read && std::max(now->after, now->until) < std::max(read->after, read->until);
}

// ---- What goes wrong

/// False where nothing was stored; then it begins again from where it was.
bool MirrorRun::took(const Expected<Brought>& brought)
{
    if (!brought) {
        lost(brought.error());
        return false;
    }
    if (brought->leftOut > 0)
        remark_ = "Items were left out that cannot be stored, the last one because: " + brought->why;
    if (brought->leftOut > 0 && stream_)
        show(MirrorState::Is::Live);
    return true;
}

void MirrorRun::lost(const Error& why)
{
    std::chrono::milliseconds delay = world_.refusedAgain;
    MirrorState::Is is = MirrorState::Is::Refused;
    if (client::isPassing(why)) {
        is = MirrorState::Is::Waiting;
        delay = std::max(backoff_.lost(world_.clock.now()), std::chrono::milliseconds(std::chrono::seconds(why.retryAfter)));
    } else if (why.kind == Problem::Unauthorized) {
        is = MirrorState::Is::SignIn;
        delay = world_.signInAgain;
    }
    isInTrouble_ = true;
    look_.stop();
    again_.start(delay);
    page_.cancel();
    if (stream_)
        stream_->disconnect(this); // nothing that it has told is passed over: it is read again from what is stored
    if (hosted_) {
        hosted_->disconnect(this);
        hosted_->stop();
    } else if (stream_) {
        stream_->stop();
    }
    tellHistory();
    show(is, why.detail);
}

void MirrorRun::show(MirrorState::Is is, std::string detail)
{
    if (is == MirrorState::Is::Live && detail.empty())
        detail = remark_;
    // It may quote what the other side said, and that what it was sent.
    hideSecret(detail, secret_);
    hideByLooks(detail);
    told_.state({is, std::move(detail)});
}

} // namespace iotman::mirror
