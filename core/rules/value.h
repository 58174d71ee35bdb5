// The items that steps of a path pass on.
#pragma once

#include "core/rules/datetime.h"
#include "core/rules/payload.h"

#include <boost/container/small_vector.hpp>

#include <array>

namespace iotman::rules {

struct Pair;

/// One SQL/JSON item: a value of a payload, or one that was calculated. Cheap to copy; what it points to outlives it.
struct Value {
    enum class Type : std::uint8_t { Null, Boolean, Number, String, Array, Object, Datetime };

    Type type = Type::Null;
    bool truth = false;                 ///< of a Boolean
    std::uint32_t node = 0;             ///< where in `payload`
    const Payload* payload = nullptr;   ///< what it is part of; none when it was calculated
    Decimal number;                     ///< of a calculated Number
    std::string_view text;              ///< of a calculated String
    const Datetime* datetime = nullptr; ///< of a Datetime
    const Pair* pair = nullptr;         ///< of an Object that `keyvalue()` made

    Value() = default;
    Value(const Payload& part, std::uint32_t at) { become(part, at); }
    static Value of(const Payload& part, std::uint32_t at) { return {part, at}; }
    static Value boolean(bool truth);
    static Value of(Decimal number);
    static Value of(std::string_view text);

    /// Turns a Null or another value of a payload into this value of a payload.
    void become(const Payload& part, std::uint32_t at)
    {
        constexpr std::array<Type, 7> types{Type::Null,   Type::Boolean, Type::Boolean, Type::Number,
                                            Type::String, Type::Array,   Type::Object};
        const Payload::Kind kind = part.node(at).kind;
        type = types[static_cast<std::size_t>(kind)];
        truth = kind == Payload::Kind::True;
        node = at;
        payload = &part;
    }

    bool isCalculated() const { return payload == nullptr; }
    /// Elements of an array.
    std::uint32_t size() const { return payload->node(node).count; }
    Decimal decimal() const { return isCalculated() ? number : payload->number(node); }
    /// The characters of a String; `buffer` is used when the payload has them escaped.
    std::string_view characters(std::string& buffer) const { return isCalculated() ? text : payload->string(node, buffer); }
};

/// An object of `keyvalue()`: `{"key": …, "value": …, "id": …}`.
struct Pair {
    Value key;
    Value value;
    std::int64_t id = 0;
};

/// A sequence of items, the first few in place.
using Values = boost::container::small_vector<Value, 2>;

} // namespace iotman::rules
