#include "core/rules/transform.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

/// Filter, rule and payload, parted by a zero byte each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    using namespace iotman::rules;
    std::string_view text = fuzz::text(data, size);
    const auto part = [&] {
        const std::string_view taken = text.substr(0, text.find('\0'));
        text.remove_prefix(std::min(taken.size() + 1, text.size()));
        return taken;
    };
    const std::string_view filter = part();
    const std::string_view rule = part();
    const std::string json(text); // its bytes end where its memory does

    Payload payload;
    const bool isJson = payload.parse(json).has_value();
    const Expected<Transform> transform = Transform::compile(filter, rule);
    if (!transform)
        fuzz::requireWhy(transform.error());
    if (!transform || !isJson)
        return 0;
    std::string item;
    Error error;
    const Transform::Outcome outcome = transform->run(payload, {Timestamp{1'700'000'000'000'000}, "fuzz", 7}, item, error);
    if (outcome == Transform::Outcome::Item) {
        Payload made;
        fuzz::require(made.parse(item).has_value(), "an item is a payload elsewhere");
        fuzz::require(!transform->isPassthrough() || item == payload.text(), "a passthrough keeps the bytes");
    } else {
        fuzz::require(item.empty(), "without an item nothing is written");
        if (outcome != Transform::Outcome::Filtered)
            fuzz::requireWhy(error);
    }
    return 0;
}
