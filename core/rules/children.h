// The members and elements of an item, be it part of a payload or made by `keyvalue()`.
#pragma once

#include "core/rules/evaluator.h"

namespace iotman::rules {

/// Sets `found` to the value of member `key` of an object; false when it has none. `found` may be `object` itself.
bool memberOf(const Value& object, std::string_view key, Value& found);

template <class Visit>
void Evaluator::forEachChild(const Value& container, Visit visit)
{
    if (container.pair != nullptr) {
        // jsonb's order: the shorter key first, then by bytes.
        (void)(visit(Value::of(Decimal(container.pair->id))) && visit(container.pair->key) && visit(container.pair->value));
        return;
    }
    const Payload& payload = *container.payload;
    const std::uint32_t end = payload.node(container.node).next;
    if (container.type == Value::Type::Array) {
        for (std::uint32_t at = container.node + 1; at < end; at = payload.node(at).next)
            if (!visit(Value::of(payload, at)))
                return;
        return;
    }
    if (!spend(payload.node(container.node).count))
        return;
    std::vector<std::uint32_t> keys;
    payload.members(container.node, keys);
    for (const std::uint32_t key : keys)
        if (!visit(Value::of(payload, key + 1)))
            return;
}

} // namespace iotman::rules
