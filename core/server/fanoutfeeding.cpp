// How what is stored gets to the readers who are behind, and how much of it waits for them.
#include "core/server/fanout.h"

#include <algorithm>

namespace iotman::server {

namespace {

/// Of what waits for one reader alone, for all of them together; and how long one is let alone to show how fast it takes what it gets.
constexpr std::size_t mostOwnBytes = std::size_t(512) * 1024 * 1024;
constexpr auto trial = std::chrono::seconds(2);
/// How long those who are fed from the store are, before everyone else is looked after.
constexpr auto feedingAtOnce = std::chrono::milliseconds(5);

} // namespace

/// A portion of what is stored.
void FanOut::feed(Connection& connection)
{
    connection.waitsForTurn = false;
    if (connection.isStalled() || ownBytes_ > mostOwnBytes)
        return; // the next tick takes it up again
    const std::size_t before = connection.stream->ownBytes();
    store::Reader& reader = connection.stream->output() == ActivityFeed::output ? static_cast<store::Reader&>(activityFeed_) : *reader_;
    const bool isFilled = connection.stream->fill(reader).has_value();
    ownBytes_ += connection.stream->ownBytes() - before;
    if (isFilled)
        serve(connection);
    else
        send(connection); // a busy store is no reason to drop a reader: it is fed at the next tick
}

/// Items may be large, and readers many: where too much waits for all of them, those go that take least. Without a goodbye, which would
/// stand behind all that they do not take.
void FanOut::makeRoom(Moment now)
{
    ownBytes_ = 0;
    std::vector<std::pair<std::uint64_t, int>> slowest;
    for (auto& [descriptor, connection] : connections_) {
        const std::size_t own = connection.stream->ownBytes();
        ownBytes_ += own;
        if (own > 0 && now - connection.began >= trial)
            slowest.emplace_back(connection.bytes - connection.bytesAtTick, descriptor);
        connection.bytesAtTick = connection.bytes;
    }
    if (ownBytes_ <= mostOwnBytes / 4 * 3)
        return;
    std::sort(slowest.begin(), slowest.end());
    for (const auto& [taken, descriptor] : slowest) {
        if (ownBytes_ <= mostOwnBytes / 2)
            return;
        Connection& connection = connections_.at(descriptor);
        ownBytes_ -= connection.stream->ownBytes();
        connection.reason = "too much waited for readers, and this one took little";
        forget(descriptor);
    }
}

/// Everyone in turn, and not for long: what is live, and who must go, does not wait for those who read the past.
void FanOut::feedHungry()
{
    const Moment begin = std::chrono::steady_clock::now();
    while (!hungry_.empty() && std::chrono::steady_clock::now() - begin < feedingAtOnce) {
        const int descriptor = hungry_.front();
        hungry_.pop_front();
        if (const auto found = connections_.find(descriptor); found != connections_.end())
            feed(found->second);
    }
}

} // namespace iotman::server
