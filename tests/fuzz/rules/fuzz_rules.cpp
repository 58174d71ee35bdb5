// Any bytes as filter, rule and payload, parted by a zero byte each: an item that is JSON, or a sentence. For libFuzzer.
#include "core/rules/transform.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace iotman;
using namespace iotman::rules;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto part = [&] {
        const std::size_t end = std::min(text.find('\0'), text.size());
        const std::string_view taken = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return taken;
    };
    const std::string_view filter = part();
    const std::string_view rule = part();
    const std::string json(text); // its bytes end where its memory does

    Payload payload;
    const bool isJson = payload.parse(json).has_value();
    const Expected<Transform> transform = Transform::compile(filter, rule);
    if (!transform && transform.error().detail.empty())
        std::abort();
    if (!transform || !isJson)
        return 0;
    std::string item;
    Error error;
    const Transform::Outcome outcome = transform->run(payload, {Timestamp{1'700'000'000'000'000}, "fuzz", 7}, item, error);
    if (outcome != Transform::Outcome::Item && !item.empty())
        std::abort();
    // A constructor may nest what it passes on deeper than a payload may be.
    Payload made;
    if (const auto parsed = made.parse(item.empty() ? "0" : item);
        !parsed && parsed.error().detail.find("inside each other") == std::string::npos)
        std::abort();
    if (outcome == Transform::Outcome::Failed && error.detail.empty())
        std::abort();
    return 0;
}
