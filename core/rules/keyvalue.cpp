// `keyvalue()`, and the ids it gives: PostgreSQL shows where in its binary jsonb an object lies, so that layout is
// followed here (src/include/utils/jsonb.h; src/backend/utils/adt/jsonb_util.c, convertJsonbValue).
#include "core/rules/children.h"
#include "core/rules/jsontext.h"

#include <optional>

namespace iotman::rules {

namespace {

constexpr std::int64_t serialStride = 10'000'000'000;

constexpr std::size_t aligned(std::size_t place)
{
    return (place + 3) / 4 * 4;
}

std::size_t stringSize(const Payload& payload, std::uint32_t node)
{
    std::string buffer;
    return payload.string(node, buffer).size();
}

/// Walks the layout of a payload's value and remembers where `wanted` begins.
class Layout {
public:
    /// `budget` is lowered by what long numbers cost; once it is spent the layout ends anywhere.
    Layout(const Payload& payload, std::uint32_t wanted, std::int64_t& budget)
        : payload_(payload)
        , wanted_(wanted)
        , budget_(budget)
    {
    }

    /// Lays `node` out from byte `place` on; returns where it ends.
    std::size_t put(std::uint32_t node, std::size_t place)
    {
        const Payload::Node& value = payload_.node(node);
        if (budget_ < 0)
            return place;
        switch (value.kind) {
        case Payload::Kind::String:
            return place + stringSize(payload_, node);
        case Payload::Kind::Number: {
            const Decimal number = payload_.number(node);
            const auto words = static_cast<std::int64_t>(number.words());
            budget_ -= words * words / 64; // all its digits are made, to find the zeros behind them
            return aligned(place) + number.jsonbSize();
        }
        case Payload::Kind::Array:
        case Payload::Kind::Object:
            return putContainer(node, aligned(place));
        default:
            return place;
        }
    }
    std::size_t found() const { return found_; }

private:
    std::size_t putContainer(std::uint32_t node, std::size_t place)
    {
        if (node == wanted_)
            found_ = place;
        const Payload::Node& value = payload_.node(node);
        if (value.kind == Payload::Kind::Array) {
            place += 4 + 4 * std::size_t{value.count};
            for (std::uint32_t at = node + 1; at < value.next; at = payload_.node(at).next)
                place = put(at, place);
            return place;
        }
        std::vector<std::uint32_t> keys;
        payload_.members(node, keys);
        place += 4 + 8 * keys.size();
        for (const std::uint32_t key : keys)
            place += stringSize(payload_, key);
        for (const std::uint32_t key : keys)
            place = put(key + 1, place);
        return place;
    }

    const Payload& payload_;
    std::uint32_t wanted_;
    std::int64_t& budget_;
    std::size_t found_ = 0;
};

/// Where the value of an object of `keyvalue()` begins: behind its id and its key.
std::size_t pairValuePlace(const Pair& pair)
{
    constexpr std::size_t head = 4 + 6 * 4 + std::string_view("idkeyvalue").size();
    std::string buffer;
    return aligned(head) + Decimal(pair.id).jsonbSize() + pair.key.characters(buffer).size();
}

} // namespace

bool memberOf(const Value& object, std::string_view key, Value& found)
{
    if (object.pair != nullptr) {
        const Pair& pair = *object.pair;
        if (key == "key")
            found = pair.key;
        else if (key == "value")
            found = pair.value;
        else if (key == "id")
            found = Value::of(Decimal(pair.id));
        else
            return false;
        return true;
    }
    const Payload& payload = *object.payload;
    const std::uint32_t node = payload.member(object.node, key);
    if (node != 0)
        found = Value::of(payload, node);
    return node != 0;
}

std::int64_t Evaluator::objectId(const Value& object)
{
    const std::int64_t start = base_.serial * serialStride;
    if (object.pair != nullptr)
        return start;
    if (base_.payload == object.payload) {
        Layout layout(*object.payload, object.node, budget_);
        layout.put(base_.node, 0);
        return start + static_cast<std::int64_t>(layout.found());
    }
    if (base_.pair == nullptr)
        return start;
    Layout layout(*object.payload, object.node, budget_);
    layout.put(base_.pair->value.node, pairValuePlace(*base_.pair));
    return start + static_cast<std::int64_t>(layout.found());
}

Evaluator::Outcome Evaluator::keyValue(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap)
{
    if (unwrap && item.type == Value::Type::Array)
        return unwrapped(index, item, found, false);
    if (item.type != Value::Type::Object)
        return failure(step, "2203C", "expected an object for keyvalue()");
    if (item.pair == nullptr && !spend(item.payload->node(item.node).count + root_.payload->node(0).next / 4 +
                                       static_cast<std::int64_t>(root_.payload->text().size() / 64)))
        return Outcome::Failed;
    const std::int64_t id = objectId(item);
    if (!spend(0))
        return Outcome::Failed;
    Outcome result = Outcome::Nothing;
    const auto give = [&](const Value& key, const Value& value) {
        result = Outcome::Found;
        if (step.next == noStep && found == nullptr)
            return false;
        Value object;
        object.type = Value::Type::Object;
        object.pair = &pairs_.emplace_front(Pair{key, value, id});
        const Base saved = std::exchange(base_, Base{nullptr, 0, object.pair, serials_++});
        result = spend(1) ? next(step, object, found) : Outcome::Failed;
        base_ = saved;
        return result != Outcome::Failed && (result != Outcome::Found || found != nullptr);
    };
    if (item.pair != nullptr) {
        (void)(give(Value::of(std::string_view("id")), Value::of(Decimal(item.pair->id))) &&
               give(Value::of(std::string_view("key")), item.pair->key) &&
               give(Value::of(std::string_view("value")), item.pair->value));
        return result;
    }
    std::vector<std::uint32_t> keys;
    item.payload->members(item.node, keys);
    for (const std::uint32_t key : keys)
        if (!give(Value::of(*item.payload, key), Value::of(*item.payload, key + 1)))
            break;
    return result;
}

} // namespace iotman::rules
