// Streams: when they are opened, how they are refused, and what comes.
#include "core/lab/itembytes.h"
#include "core/lab/probeparts.h"
#include "core/lab/turns.h"

#include <algorithm>

namespace iotman::lab {

using client::HttpAnswer;

namespace {

std::string streamOf(const Side& side)
{
    return side.endpoint + "/stream";
}

/// Of an endpoint where something comes.
const std::string& liveOf(const Side& side)
{
    return side.live.empty() ? side.endpoint : side.live;
}

Question upgrade(const Side& side, Headers more = {})
{
    return upgradeAs(side.token.reveal(), streamOf(side), std::move(more));
}

/// `101 upgraded`, or how it was refused.
std::string upgradeText(const HttpAnswer& answer)
{
    if (answer.status != 101)
        return shapeOf(answer);
    // RFC 6455 §1.3, for the key of the example.
    const bool fits = answer.header("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" &&
                      answer.header("upgrade").toLower() == "websocket";
    return fits ? "101 upgraded" : "101 with a handshake that does not fit";
}

/// An item that nobody has among the items of a page may be an old one that came late; something else is no item at all.
bool looksLikeItem(const std::string& message, const std::vector<std::string>& items)
{
    const auto keysOf = [](const std::string& text) {
        std::vector<std::string> keys;
        const auto json = nlohmann::json::parse(text, nullptr, false);
        if (json.is_object()) {
            for (const auto& [name, value] : json.items())
                keys.push_back(name);
        }
        return keys;
    };
    return std::any_of(items.begin(), items.end(), [&](const std::string& item) { return keysOf(item) == keysOf(message); });
}

Said messageText(const HttpAnswer& message, const std::vector<std::string>& items)
{
    const std::string kind = message.header("message").toStdString(); // “text” or “binary”, see firstmessage.h
    if (items.empty())
        return unknown("its page has no items to compare with");
    const std::string text = message.body.toStdString();
    Difference least = Difference::Value;
    for (const std::string& item : items)
        least = std::min(least, difference(text, item));
    switch (least) {
    case Difference::None:
        return kind + ", the bytes of the page's item";
    case Difference::WhiteSpace:
        return kind + ", the page's item with other white space";
    case Difference::Order:
        return kind + ", the page's item with its keys in another order";
    case Difference::Spelling:
        return kind + ", the page's item with its values written in another way";
    case Difference::Value:
        break;
    }
    if (looksLikeItem(text, items))
        return unknown("what came is not among its newest items");
    return kind + ", something else than the page's items";
}

} // namespace

Turn plainStreamTurn(const Side& side, Answers answers)
{
    return once(answers, requestTo(side, streamOf(side)),
                [](const HttpAnswer& answer) { return statusOf(answer) + " Upgrade: " + headerOf(answer, "upgrade"); });
}

Turn upgradeTurn(const Side& side, Answers answers)
{
    return once(answers, upgrade(side), upgradeText);
}

Turn unknownUpgradeTurn(const Side& side, Answers answers)
{
    return once(answers, upgradeAs(side.token.reveal(), unknownEndpoint(side) + "/stream"), upgradeText);
}

Turn foreignUpgradeTurn(const Side& side, Answers answers)
{
    return once(answers, upgrade(side, {{"Origin", foreignOrigin}}), upgradeText);
}

Turn oldUpgradeTurn(const Side& side, Answers answers)
{
    return once(answers, upgrade(side, {{"Sec-WebSocket-Version", "8"}}), [](const HttpAnswer& answer) {
        return upgradeText(answer) + " Sec-WebSocket-Version: " + headerOf(answer, "sec-websocket-version");
    });
}

Turn noTokenUpgradeTurn(const Side& side, Answers answers)
{
    return once(answers, upgradeAs({}, streamOf(side)), challengeOf);
}

Turn strangeTokenUpgradeTurn(const Side& side, Answers answers)
{
    return once(answers, upgradeAs(strangeToken, streamOf(side)), challengeOf);
}

/// The first message, then a page that must have it: what is streamed is durable.
Turn messageTurn(const Side& side, Answers answers)
{
    if (answers.empty()) {
        Question question = requestTo(side, liveOf(side) + "/stream");
        question.way = Question::Way::Message;
        return question;
    }
    if (!answers.front())
        return Said(fail(answers.front().error()));
    if (answers.size() == 1) {
        Question page = requestTo(side, liveOf(side) + "?limit=100");
        page.again = true;
        return page;
    }
    if (!answers.back())
        return Said(fail(answers.back().error()));
    return messageText(*answers.front(), rawItems(answers.back()->body));
}

} // namespace iotman::lab
