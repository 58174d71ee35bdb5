// JSON as PostgreSQL's jsonb prints it, to compare results whatever their spelling.
#pragma once

#include "core/rules/jsontext.h"
#include "core/rules/payload.h"

#include <string>

namespace tests {

inline void appendJsonb(std::string& out, const iotman::rules::Payload& json, std::uint32_t node)
{
    using iotman::rules::Payload;
    const Payload::Node& value = json.node(node);
    std::string buffer;
    if (value.kind == Payload::Kind::String) {
        iotman::rules::appendQuoted(out, json.string(node, buffer));
    } else if (value.kind == Payload::Kind::Number) {
        json.number(node).append(out);
    } else if (value.kind == Payload::Kind::Array) {
        out += '[';
        for (std::uint32_t at = node + 1; at < value.next; at = json.node(at).next) {
            out += at > node + 1 ? ", " : "";
            appendJsonb(out, json, at);
        }
        out += ']';
    } else if (value.kind == Payload::Kind::Object) {
        std::vector<std::uint32_t> keys;
        json.members(node, keys);
        out += '{';
        for (std::size_t i = 0; i < keys.size(); ++i) {
            out += i > 0 ? ", " : "";
            iotman::rules::appendQuoted(out, json.string(keys[i], buffer));
            out += ": ";
            appendJsonb(out, json, keys[i] + 1);
        }
        out += '}';
    } else {
        out += json.text(node);
    }
}

/// The text of `json` as `jsonb::text`.
inline std::string jsonb(const std::string& json)
{
    iotman::rules::Payload payload;
    if (const auto parsed = payload.parse(json); !parsed)
        return "no JSON: " + parsed.error().detail;
    std::string out;
    appendJsonb(out, payload, 0);
    return out;
}

} // namespace tests
