// How what was published gets to its readers.
#include "core/server/fanout.h"
#include "core/server/websocket.h"

#include <algorithm>

namespace iotman::server {

namespace {

/// A publication goes out in pieces of so many bytes, and at least an item: what a reader keeps of it is no more than that and what may
/// wait for it.
constexpr std::size_t pieceBytes = std::size_t(64) * 1024;
/// So many bytes of pieces wait to be sent together.
constexpr std::size_t gatheredBytes = std::size_t(1) * 1024 * 1024;

} // namespace

void FanOut::deliver(const Undelivered& published)
{
    Gift gift;
    for (const auto& [output, waiting] : published) {
        for (auto audience = audiences_.lower_bound({output, {}}); audience != audiences_.end() && audience->first.first == output; ++audience) {
            if (waiting.isTooMuch) {
                for (Connection* reader : audience->second) {
                    reader->stream->fallBehind();
                    gift.others.push_back(reader->channel.descriptor());
                }
            } else {
                deliver(waiting.items, audience->first.second, audience->second, gift);
            }
        }
    }
    give(gift);
    std::sort(gift.others.begin(), gift.others.end());
    gift.others.erase(std::unique(gift.others.begin(), gift.others.end()), gift.others.end());
    for (const int descriptor : gift.others) {
        if (const auto found = connections_.find(descriptor); found != connections_.end())
            serve(found->second);
    }
}

void FanOut::deliver(std::span<const Item> items, const StreamFraming& framing, const Audience& audience, Gift& gift)
{
    const Timestamp now = clock_.now();
    const auto takes = [](const Connection* reader) { return reader->stream->isLive() && !reader->stream->isClosing(); };
    while (!items.empty() && std::any_of(audience.begin(), audience.end(), takes)) {
        std::size_t count = 0;
        for (std::size_t bytes = 0; count < items.size() && (count == 0 || bytes + items[count].text.size() <= pieceBytes); ++count)
            bytes += items[count].text.size();
        const Message& message = add(items.first(count), framing, gift);
        items = items.subspan(count);
        for (Connection* reader : audience)
            offer(*reader, message, now, gift);
        if (!items.empty() || gift.bytes > gatheredBytes)
            give(gift); // a reader's next piece comes behind this one
    }
}

const FanOut::Message& FanOut::add(std::span<const Item> items, const StreamFraming& framing, Gift& gift)
{
    std::string bytes;
    for (const Item& item : items)
        appendMessage(bytes, framing, {item.position.sequence, 0, {Timestamp::min(), 0}}, item.position.time, item.text);
    gift.bytes += bytes.size();
    return gift.messages.emplace_back(Message{std::make_shared<const std::string>(std::move(bytes)), items});
}

/// Of a piece that several commits made: what a reader has of it came from the store.
const FanOut::Message& FanOut::restOf(const Message& message, const Stream& stream, Gift& gift)
{
    const Message*& rest = gift.rests[{&message, stream.after()}];
    if (!rest) {
        const auto isNew = [&](const Item& item) { return item.position.sequence > stream.after(); };
        const auto first = std::find_if(message.items.begin(), message.items.end(), isNew);
        rest = &add({first, message.items.end()}, stream.framing(), gift);
    }
    return *rest;
}

void FanOut::offer(Connection& reader, const Message& whole, Timestamp now, Gift& gift)
{
    Stream& stream = *reader.stream;
    if (!stream.isLive() || stream.isClosing() || stream.after() >= whole.last())
        return;
    if (stream.expiresAt() && *stream.expiresAt() <= now) {
        close(reader, closecode::tokenExpired, "the access token has expired", std::chrono::steady_clock::now());
        gift.others.push_back(reader.channel.descriptor());
        return;
    }
    const Message& message = stream.after() < whole.first() ? whole : restOf(whole, stream, gift);
    if (stream.takesAtOnce() && !reader.channel.isTls()) {
        gift.givings.push_back({&reader, &message});
        return;
    }
    messages_ += stream.publish(message.bytes, message.items.size(), message.last()) ? message.items.size() : 0;
    gift.others.push_back(reader.channel.descriptor());
}

/// To readers for whom nothing waits yet.
void FanOut::give(Gift& gift)
{
    for (const Giving& giving : gift.givings)
        batch_.add(giving.connection->channel.descriptor(), *giving.message->bytes);
    const std::span<const Channel::Transfer> transfers = batch_.send();
    std::uint64_t given = 0;
    for (std::size_t i = 0; i < gift.givings.size(); ++i) {
        Connection& connection = *gift.givings[i].connection;
        const Message& message = *gift.givings[i].message;
        given += transfers[i].result == Channel::Result::Ended ? 0 : message.items.size();
        connection.bytes += transfers[i].bytes;
        if (transfers[i].bytes == message.bytes->size()) {
            connection.stream->published(message.items.size(), message.last());
            continue;
        }
        connection.stream->publish(message.bytes, message.items.size(), message.last());
        if (transfers[i].bytes > 0)
            connection.stream->sent(transfers[i].bytes);
        if (transfers[i].result == Channel::Result::Ended)
            connection.stream->receivedEnd();
        gift.others.push_back(connection.channel.descriptor());
    }
    messages_ += given;
    gift.givings.clear();
    gift.rests.clear();
    gift.messages.clear();
    gift.bytes = 0;
}

} // namespace iotman::server
