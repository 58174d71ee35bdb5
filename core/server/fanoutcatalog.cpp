// What changes of the workspace mean for open streams.
#include "core/server/fanout.h"
#include "core/server/websocket.h"

#include <algorithm>
#include <unordered_set>

namespace iotman::server {

/// What a new output, or generation, makes of datapoints that were there before is not counted: nobody waits for it. Keys rise and are
/// used once.
void FanOut::followKeys()
{
    constexpr OutputKey mostBeingMade = 1000;
    const std::shared_ptr<const Catalog> catalog = store_.catalog();
    std::unordered_set<OutputKey> served;
    for (const auto& [id, output] : catalog->outputs)
        served.insert(output.key);
    // Nobody else changes it.
    const Sequence last = catalog->nextKey > nextKey_ ? store_.reader()->lastSequence().value_or(began_) : 0;
    const std::lock_guard lock(mutex_);
    for (; nextKey_ < catalog->nextKey; ++nextKey_)
        live_[nextKey_] = {last, {last, 0}};
    std::erase_if(live_, [&](const auto& entry) { return !served.contains(entry.first) && entry.first + mostBeingMade < nextKey_; });
}

/// Up to where a reader that has caught up with `output` knows what there is, when `next` takes its place: what came before that was
/// begun is nothing new to it, also where the old rule left it out.
Sequence FanOut::knownBefore(OutputKey output, OutputKey next, const Undelivered& published) const
{
    Sequence known = 0;
    {
        const std::lock_guard lock(mutex_);
        if (const auto live = live_.find(next); live != live_.end())
            known = live->second.given;
    }
    const auto waiting = published.find(output);
    return waiting == published.end() ? known : std::min(known, waiting->second.first - 1);
}

void FanOut::catalogChanged()
{
    if (isStopped_)
        return;
    followKeys();
    const Sequence last = store_.reader()->lastSequence().value_or(began_);
    {
        const std::lock_guard lock(mutex_);
        if (!inbox_.catalog)
            inbox_.catalog = last;
    }
    wake();
}

void FanOut::follow(Connection& connection, const Catalog& catalog, Sequence changed, const Undelivered& published, Moment now)
{
    Stream& stream = *connection.stream;
    if (!connection.member.text.empty()) {
        const auto member = catalog.members.find(connection.member);
        const bool isGone = member == catalog.members.end();
        if (isGone || member->second.keyId != connection.keyId) {
            close(connection, closecode::tokenExpired, isGone ? "the member was removed" : "the member's key was renewed", now);
            return;
        }
    }
    if (stream.output() == ActivityFeed::output)
        return;
    if (!connection.allowedOrigin.empty() && !catalog.cors.allows(connection.allowedOrigin)) {
        close(connection, closecode::policyViolation, "this origin is not on the CORS allowlist any more", now);
        return;
    }
    const auto endpoint = catalog.endpoints.find(stream.framing().endpoint);
    if (endpoint == catalog.endpoints.end()) {
        close(connection, closecode::endpointGone, "the endpoint was deleted", now);
        return;
    }
    if (!endpoint->second.enabled) {
        close(connection, closecode::endpointGone, "the endpoint was switched off", now);
        return;
    }
    if (connection.trust && trustOf(catalog, endpoint->second) != connection.trust) {
        close(connection, closecode::tokenExpired, "tokens of this issuer do not open the endpoint any more", now);
        return;
    }
    if (endpoint->second.requiredScope != connection.scope) {
        close(connection, closecode::tokenExpired, "the endpoint's required scope was changed; connect again", now);
        return;
    }
    const OutputKey output = catalog.outputs.at(endpoint->second.output).key;
    // What another output has made before is nothing new; what the same one makes of its datapoints anew may be.
    const bool isAnother = std::exchange(connection.reads, endpoint->second.output) != endpoint->second.output;
    if (output == stream.output())
        return;
    countEndpoint(stream.framing().endpoint, stream.output(), -1);
    countEndpoint(stream.framing().endpoint, output, 1);
    leaveSeat(connection);
    stream.setOutput(output, isAnother ? changed : knownBefore(stream.output(), output, published));
    takeSeat(connection);
    if (const Expected<LiveCount> count = liveCount(output, *reader_))
        stream.countFrom(*count);
}

} // namespace iotman::server
