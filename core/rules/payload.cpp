#include "core/rules/payload.h"

#include "core/rules/jsonparser.h"
#include "core/rules/jsontext.h"

#include <algorithm>
#include <array>

namespace iotman::rules {

Expected<void> Payload::parse(std::string_view json, int mostDepth)
{
    size_ = 0;
    depth_ = 0;
    json_ = json;
    if (json.size() > greatestPayloadSize)
        return fail(Problem::TooLarge, "expected at most 1 GiB of JSON");
    // A value takes at least one character and another one to part it from the next or to close it; those left open at
    // the end of a broken text have no second one.
    const std::size_t most = json.size() / 2 + greatestEnvelopeDepth / 2 + 1;
    if (nodes_ == nullptr || room_ < most) { // a payload that was moved away has none
        room_ = most;
        nodes_ = std::make_unique_for_overwrite<Node[]>(room_);
    }
    JsonParser parser(json, nodes_.get(), mostDepth);
    if (!parser.parse())
        return fail(parser.error());
    size_ = parser.count();
    depth_ = parser.greatestDepth();
    return {};
}

int Payload::depth(std::uint32_t index) const
{
    if (index == 0)
        return depth_;
    std::array<std::uint32_t, greatestEnvelopeDepth> ends; // of the containers around the place
    int around = 0;
    int deepest = 0;
    const std::uint32_t end = nodes_[index].next;
    for (std::uint32_t at = index; at < end; ++at) {
        while (around > 0 && ends[static_cast<std::size_t>(around) - 1] <= at)
            --around;
        if (nodes_[at].kind == Kind::Array || nodes_[at].kind == Kind::Object) {
            ends[static_cast<std::size_t>(around++)] = nodes_[at].next;
            deepest = std::max(deepest, around);
        }
    }
    return deepest;
}

std::string_view Payload::string(std::uint32_t index, std::string& buffer) const
{
    if (!nodes_[index].escaped)
        return quoted(index);
    buffer.clear();
    appendUnescaped(buffer, quoted(index));
    return buffer;
}

std::uint32_t Payload::member(std::uint32_t object, std::string_view key) const
{
    const std::uint32_t end = nodes_[object].next;
    std::uint32_t found = 0;
    std::string buffer;
    for (std::uint32_t at = object + 1; at < end; at = nodes_[at + 1].next) {
        const std::string_view name = nodes_[at].escaped ? string(at, buffer) : quoted(at);
        if (name == key)
            found = at + 1;
    }
    return found;
}

void Payload::members(std::uint32_t object, std::vector<std::uint32_t>& keys) const
{
    keys.clear();
    for (std::uint32_t at = object + 1; at < nodes_[object].next; at = nodes_[at + 1].next)
        keys.push_back(at);
    std::string one;
    std::string two;
    const auto order = [&](std::uint32_t a, std::uint32_t b) {
        const std::string_view x = string(a, one);
        const std::string_view y = string(b, two);
        return x.size() != y.size() ? (x.size() < y.size() ? -1 : 1) : x.compare(y);
    };
    std::sort(keys.begin(), keys.end(), [&](std::uint32_t a, std::uint32_t b) {
        const int byKey = order(a, b);
        return byKey != 0 ? byKey < 0 : a > b;
    });
    keys.erase(std::unique(keys.begin(), keys.end(), [&](std::uint32_t a, std::uint32_t b) { return order(a, b) == 0; }),
               keys.end());
}

std::uint32_t Payload::element(std::uint32_t array, std::uint32_t index) const
{
    const Node& node = nodes_[array];
    if (node.next == array + 1 + node.count) // nothing but scalars
        return array + 1 + index;
    std::uint32_t at = array + 1;
    for (std::uint32_t i = 0; i < index; ++i)
        at = nodes_[at].next;
    return at;
}

} // namespace iotman::rules
