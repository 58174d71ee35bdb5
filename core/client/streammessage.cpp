#include "core/client/streammessage.h"

#include "core/client/jsonscanner.h"

namespace iotman::client {

namespace {

/// The three members of an envelope; nothing when the message is not exactly that.
std::optional<StreamItem> unwrapped(std::string_view message)
{
    JsonScanner scanner(message);
    if (!scanner.enterObject())
        return std::nullopt;
    std::optional<std::string_view> time;
    std::optional<std::string_view> cursor;
    std::optional<std::string_view> item;
    while (const auto name = scanner.member()) {
        auto* slot = *name == "time" ? &time : *name == "cursor" ? &cursor : *name == "item" ? &item : nullptr;
        if (!slot || *slot)
            return std::nullopt;
        *slot = scanner.value();
    }
    if (!scanner.finish() || !time || !cursor || !item || cursor->size() < 3 || cursor->substr(0, 2) != "\"s")
        return std::nullopt;
    const Expected<Timestamp> at = Timestamp::parseSeconds(*time, "time");
    if (!at || cursor->find('\\') != std::string_view::npos)
        return std::nullopt;
    return StreamItem{*at, std::string(cursor->substr(1, cursor->size() - 2)), std::string(*item)};
}

} // namespace

Expected<StreamItem> streamItemFrom(std::string_view message, Contract contract)
{
    if (contract == Contract::Extended) {
        if (std::optional<StreamItem> item = unwrapped(message))
            return std::move(*item);
    }
    JsonScanner scanner(message);
    const auto value = scanner.value();
    if (const auto done = scanner.finish(); !done || !value)
        return fail(Problem::Internal,
                    "The stream sent a message that is no item. " + (done ? std::string() : done.error().detail));
    return StreamItem{std::nullopt, {}, std::string(*value)};
}

} // namespace iotman::client
