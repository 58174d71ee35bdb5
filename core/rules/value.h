// The items that steps of a path pass on.
#pragma once

#include "core/rules/datetime.h"
#include "core/rules/payload.h"

#include <array>
#include <vector>

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

    static Value of(const Payload& payload, std::uint32_t node);
    static Value boolean(bool truth);
    static Value of(Decimal number);
    static Value of(std::string_view text);

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
class Values {
public:
    void add(Value value)
    {
        if (size_ < inPlace)
            few_[size_] = std::move(value);
        else
            many_.push_back(std::move(value));
        ++size_;
    }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const Value& operator[](std::size_t i) const { return i < inPlace ? few_[i] : many_[i - inPlace]; }

private:
    static constexpr std::size_t inPlace = 2;
    std::array<Value, inPlace> few_;
    std::vector<Value> many_;
    std::size_t size_ = 0;
};

} // namespace iotman::rules
