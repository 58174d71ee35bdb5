#include "core/rules/value.h"

namespace iotman::rules {

Value Value::of(const Payload& payload, std::uint32_t node)
{
    Value value;
    value.payload = &payload;
    value.node = node;
    switch (payload.node(node).kind) {
    case Payload::Kind::Null:
        break;
    case Payload::Kind::False:
    case Payload::Kind::True:
        value.type = Type::Boolean;
        value.truth = payload.node(node).kind == Payload::Kind::True;
        break;
    case Payload::Kind::Number:
        value.type = Type::Number;
        break;
    case Payload::Kind::String:
        value.type = Type::String;
        break;
    case Payload::Kind::Array:
        value.type = Type::Array;
        break;
    case Payload::Kind::Object:
        value.type = Type::Object;
        break;
    }
    return value;
}

Value Value::boolean(bool truth)
{
    Value value;
    value.type = Type::Boolean;
    value.truth = truth;
    return value;
}

Value Value::of(Decimal number)
{
    Value value;
    value.type = Type::Number;
    value.number = std::move(number);
    return value;
}

Value Value::of(std::string_view text)
{
    Value value;
    value.type = Type::String;
    value.text = text;
    return value;
}

} // namespace iotman::rules
