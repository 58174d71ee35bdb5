#include "core/server/itemschema.h"

#include "core/rules/parser.h"

#include <algorithm>
#include <array>
#include <set>

namespace iotman::server {

namespace {

using rules::Op;

/// Schemas are for people: what is deeper or wider than this is not spelled out.
constexpr int mostDepth = 8;
constexpr std::size_t mostMembers = 200;

class RuleShape {
public:
    explicit RuleShape(const rules::Program& program)
        : program_(program)
    {
    }

    void add(rules::StepIndex index, Shape& shape) const
    {
        if (index == rules::noStep)
            return;
        const rules::Step& step = program_.step(index);
        if (step.op == Op::Object) {
            shape.add(Shape::Object);
            shape.close();
            for (std::uint32_t i = 0; i < step.count; ++i) {
                const rules::Member& member = program_.members[step.index + i];
                add(member.value, shape.member(Json::parse(member.key, nullptr, false).get<std::string>()));
            }
            return;
        }
        if (step.op == Op::Array) {
            shape.add(Shape::Array);
            return;
        }
        addScalar(step, shape);
    }

private:
    /// Types that follow from the operation alone. A path that goes on from here can yield anything.
    void addScalar(const rules::Step& step, Shape& shape) const
    {
        if (step.next != rules::noStep)
            return;
        switch (step.op) {
        case Op::Number:
        case Op::Ts:
        case Op::Id:
            shape.add(Shape::Number);
            return;
        case Op::String:
        case Op::Source:
            shape.add(Shape::String);
            return;
        case Op::True:
        case Op::False:
            shape.add(Shape::Boolean);
            return;
        case Op::Add:
        case Op::Subtract:
        case Op::Multiply:
        case Op::Divide:
        case Op::Remainder:
            // In lax mode an operand that is missing gives null.
            shape.add(Shape::Number);
            if (program_.lax)
                shape.add(Shape::Null);
            return;
        default:
            if (isPredicate(step.op)) {
                shape.add(Shape::Boolean);
                shape.add(Shape::Null); // unknown
            }
        }
    }

    const rules::Program& program_;
};

} // namespace

Shape* Shape::find(const std::string& name) const
{
    const auto found = std::find_if(members_.begin(), members_.end(), [&](const auto& known) { return known.first == name; });
    return found == members_.end() ? nullptr : found->second.get();
}

Shape& Shape::member(const std::string& name)
{
    if (Shape* known = find(name))
        return *known;
    members_.emplace_back(name, std::make_unique<Shape>());
    return *members_.back().second;
}

void Shape::add(const rules::Payload& payload, std::uint32_t index, std::size_t& room, int depth)
{
    const rules::Payload::Node& node = payload.node(index);
    switch (node.kind) {
    case rules::Payload::Kind::Null:
        types_ |= Null;
        return;
    case rules::Payload::Kind::False:
    case rules::Payload::Kind::True:
        types_ |= Boolean;
        return;
    case rules::Payload::Kind::Number:
        types_ |= Number;
        return;
    case rules::Payload::Kind::String:
        types_ |= String;
        return;
    case rules::Payload::Kind::Array:
        types_ |= Array;
        if (depth >= mostDepth)
            return;
        if (!element_)
            element_ = std::make_unique<Shape>();
        for (std::uint32_t at = index + 1; at < node.next; at = payload.node(at).next)
            element_->add(payload, at, room, depth + 1);
        return;
    case rules::Payload::Kind::Object:
        types_ |= Object;
        if (depth >= mostDepth)
            return;
        addMembers(payload, index, room, depth);
        return;
    }
}

void Shape::addMembers(const rules::Payload& payload, std::uint32_t index, std::size_t& room, int depth)
{
    const std::size_t known = members_.size();
    std::set<std::string, std::less<>> seen;
    std::string buffer;
    for (std::uint32_t key = index + 1; key < payload.node(index).next && members_.size() < mostMembers;
         key = payload.node(key + 1).next) {
        const auto name = seen.emplace(payload.string(key, buffer)).first;
        if (!find(*name) && room == 0)
            continue;
        room -= find(*name) ? 0 : 1;
        member(*name).add(payload, key + 1, room, depth + 1);
    }
    // An item of an earlier rule: what the rule of today promises does not hold for it.
    if (members_.size() != known || seen.size() != known)
        closed_ = false;
}

Json Shape::schema() const
{
    struct Name {
        Type type;
        const char* text;
    };
    constexpr std::array names{Name{Object, "object"}, Name{Array, "array"},     Name{Number, "number"},
                               Name{String, "string"}, Name{Boolean, "boolean"}, Name{Null, "null"}};
    Json types = Json::array();
    for (const Name& name : names) {
        if ((types_ & name.type) != 0)
            types.push_back(name.text);
    }
    Json schema = Json::object();
    if (types.size() == 1)
        schema["type"] = types.front();
    else if (!types.empty())
        schema["type"] = std::move(types);
    if ((types_ & Object) != 0 && !members_.empty()) {
        Json required = Json::array();
        for (const auto& [name, shape] : members_) {
            schema["properties"][name] = shape->schema();
            required.push_back(name);
        }
        if (closed_) {
            schema["required"] = std::move(required);
            schema["additionalProperties"] = false;
        }
    }
    if (element_)
        schema["items"] = element_->schema();
    return schema;
}

Shape shapeOfRule(std::string_view rule)
{
    Shape shape;
    if (const Expected<rules::Program> program = rules::compileProgram(rule, rules::Grammar::Rule))
        RuleShape(*program).add(program->root, shape);
    return shape;
}

} // namespace iotman::server
