// The shape of an output's items, as a JSON Schema: what its rule promises, and what its newest items show.
#pragma once

#include "core/model/json.h"
#include "core/rules/payload.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

/// What is known of a value: the types it may have, its members, its elements.
class Shape {
public:
    enum Type : unsigned { Null = 1, Boolean = 2, Number = 4, String = 8, Array = 16, Object = 32 };

    /// Adds what a value shows; of members that are new, as many as there is `room` for, which gets less.
    void add(const rules::Payload& payload, std::uint32_t node, std::size_t& room, int depth = 0);
    void add(Type type) { types_ |= type; }
    /// The member of that name; made where it is new.
    Shape& member(const std::string& name);
    /// Values have this shape's members and no others, unless one is added that does not.
    void close() { closed_ = true; }

    /// JSON Schema 2020-12, as OpenAPI 3.1 uses it. A value of which nothing is known is `{}`.
    Json schema() const;

private:
    void addMembers(const rules::Payload& payload, std::uint32_t index, std::size_t& room, int depth);
    Shape* find(const std::string& name) const;

    unsigned types_ = 0;
    bool closed_ = false;
    std::vector<std::pair<std::string, std::unique_ptr<Shape>>> members_; ///< in order of appearance
    std::unique_ptr<Shape> element_;
};

/// What the rule says alone. A rule that does not compile says nothing.
Shape shapeOfRule(std::string_view rule);

} // namespace iotman::server
