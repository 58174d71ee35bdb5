#include "core/rules/value.h"

namespace iotman::rules {

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
