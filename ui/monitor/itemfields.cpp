#include "ui/monitor/itemfields.h"

// Without its conversions that throw, an error that is not looked at does not compile.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace iotman {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
constexpr std::size_t mostNodes = 2048; ///< objects and arrays on the way to fields count too

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::string pathPart(std::string_view name)
{
    if (!name.empty() && std::all_of(name.begin(), name.end(), isPlain))
        return std::string(name);
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::string_view withoutBlanks(std::string_view token)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!token.empty() && isBlank(token.back()))
        token.remove_suffix(1);
    return token;
}

/// A name that every JSON text spells as it is, or with escapes that nobody writes.
bool isSpelledPlainly(std::string_view name)
{
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; });
}

} // namespace

/// The tree of names that items had so far. Items repeat the same names in the same order, so each object remembers which
/// member came after which.
class ItemFields::Reader {
public:
    Reader() { nodes_.emplace_back(); }

    Expected<void> read(std::string_view item)
    {
        ++item_;
        // In an array every item, also a scalar, is a value like any other.
        text_.assign(1, '[').append(item).append(1, ']').append(simdjson::SIMDJSON_PADDING, ' ');
        const std::size_t length = item.size() + 2;
        if (const auto error = readText(simdjson::padded_string_view(text_.data(), length, text_.size()))) {
            ++item_;
            return fail(Problem::BadRequest, std::string("expected an item as JSON: ") + simdjson::error_message(error));
        }
        return {};
    }

    struct Field {
        std::string path;
        FieldType type = FieldType::Empty;
        FieldValue value;
        std::uint64_t item = 0; ///< that `value` is of
    };
    const std::vector<Field>& fields() const { return fields_; }
    const FieldValue* value(std::size_t field) const { return fields_[field].item == item_ ? &fields_[field].value : nullptr; }
    bool hasLeftOut() const { return hasLeftOut_; }

private:
    struct Member {
        std::string name;
        std::size_t node;
        bool isPlain; ///< its name can be compared before it is unescaped
    };
    struct Node {
        std::string path;
        std::map<std::string, std::size_t, std::less<>> members;
        std::vector<Member> order; ///< the members as they first came
        std::size_t next = 0;      ///< in `order`: which is likely to come now
        std::vector<std::size_t> elements;
        std::size_t field = none;
        std::uint64_t item = 0; ///< that it was last seen in
    };

    simdjson::error_code readText(simdjson::padded_string_view text)
    {
        ondemand::document document;
        if (const auto error = parser_.iterate(text).get(document))
            return error;
        ondemand::array whole;
        if (const auto error = document.get_array().get(whole))
            return error;
        for (auto element : whole) {
            ondemand::value value;
            if (const auto error = std::move(element).get(value))
                return error;
            return visit(value, 0, 0);
        }
        return simdjson::EMPTY;
    }

    simdjson::error_code visit(ondemand::value& value, std::size_t node, int depth)
    {
        if (nodes_[node].item == item_)
            forget(node);
        nodes_[node].item = item_;
        nodes_[node].next = 0;
        ondemand::json_type type;
        if (const auto error = value.type().get(type))
            return error;
        if (type != ondemand::json_type::object && type != ondemand::json_type::array)
            return visitScalar(value, type, node);
        if (depth == deepest) {
            hasLeftOut_ = true;
            return simdjson::SUCCESS;
        }
        return type == ondemand::json_type::object ? visitObject(value, node, depth) : visitArray(value, node, depth);
    }

    simdjson::error_code visitObject(ondemand::value& value, std::size_t node, int depth)
    {
        ondemand::object object;
        if (const auto error = value.get_object().get(object))
            return error;
        for (auto member : object) {
            std::size_t child = none;
            if (const auto error = childOf(member, node, child))
                return error;
            ondemand::value inner;
            if (const auto error = member.value().get(inner))
                return error;
            if (child == none)
                continue;
            if (const auto error = visit(inner, child, depth + 1))
                return error;
        }
        return simdjson::SUCCESS;
    }

    simdjson::error_code visitArray(ondemand::value& value, std::size_t node, int depth)
    {
        ondemand::array array;
        if (const auto error = value.get_array().get(array))
            return error;
        std::size_t index = 0;
        for (auto element : array) {
            ondemand::value inner;
            if (const auto error = std::move(element).get(inner))
                return error;
            const std::size_t child = childAt(index++, node);
            if (child == none)
                continue;
            if (const auto error = visit(inner, child, depth + 1))
                return error;
        }
        return simdjson::SUCCESS;
    }

    simdjson::error_code visitScalar(ondemand::value& value, ondemand::json_type type, std::size_t node)
    {
        FieldValue read{FieldType::Empty, std::numeric_limits<double>::quiet_NaN(), {}};
        if (type == ondemand::json_type::number) {
            read.type = FieldType::Number;
            read.text = withoutBlanks(value.raw_json_token());
            double number = 0;
            if (value.get_double().get(number) == simdjson::SUCCESS)
                read.number = number;
        } else if (type == ondemand::json_type::boolean) {
            bool truth = false;
            if (const auto error = value.get_bool().get(truth))
                return error;
            read = {FieldType::Boolean, truth ? 1.0 : 0.0, truth ? "true" : "false"};
        } else if (type == ondemand::json_type::string) {
            read.type = FieldType::Text;
            if (const auto error = value.get_string().get(read.text))
                return error;
        } else {
            bool isNull = false;
            if (const auto error = value.is_null().get(isNull))
                return error;
            if (!isNull)
                return simdjson::N_ATOM_ERROR;
        }
        keep(node, read);
        return simdjson::SUCCESS;
    }

    void keep(std::size_t node, const FieldValue& value)
    {
        if (nodes_[node].field == none) {
            if (fields_.size() == mostFields) {
                hasLeftOut_ = true;
                return;
            }
            nodes_[node].field = fields_.size();
            fields_.push_back({nodes_[node].path.empty() ? "value" : nodes_[node].path, FieldType::Empty, {}, 0});
        }
        Field& field = fields_[nodes_[node].field];
        field.type = std::max(field.type, value.type);
        field.value = value;
        field.item = item_;
    }

    /// A name came again: nothing of its first value counts.
    void forget(std::size_t node)
    {
        if (nodes_[node].field != none)
            fields_[nodes_[node].field].item = 0;
        for (const Member& member : nodes_[node].order)
            forget(member.node);
        for (const std::size_t child : nodes_[node].elements)
            forget(child);
    }

    /// The node of a member: the likely one, if its name is spelled so.
    template <class Field>
    simdjson::error_code childOf(Field& member, std::size_t parent, std::size_t& child)
    {
        Node& node = nodes_[parent];
        ondemand::raw_json_string raw;
        if (const auto error = member.key().get(raw))
            return error;
        if (node.next < node.order.size()) {
            const Member& likely = node.order[node.next];
            if (likely.isPlain && raw.unsafe_is_equal(likely.name)) {
                ++node.next;
                child = likely.node;
                return simdjson::SUCCESS;
            }
        }
        std::string_view name;
        if (const auto error = member.unescaped_key().get(name))
            return error;
        child = childNamed(name, parent);
        return simdjson::SUCCESS;
    }

    std::size_t childNamed(std::string_view name, std::size_t parent)
    {
        Node& node = nodes_[parent];
        if (const auto known = node.members.find(name); known != node.members.end()) {
            const auto place = std::find_if(node.order.begin(), node.order.end(),
                                            [&](const Member& member) { return member.node == known->second; });
            node.next = static_cast<std::size_t>(place - node.order.begin()) + 1;
            return known->second;
        }
        const std::string path = (node.path.empty() ? std::string() : node.path + '.') + pathPart(name);
        const std::size_t child = add(path);
        if (child != none) {
            nodes_[parent].members.emplace(name, child);
            nodes_[parent].order.push_back({std::string(name), child, isSpelledPlainly(name)});
            nodes_[parent].next = nodes_[parent].order.size();
        }
        return child;
    }

    std::size_t childAt(std::size_t index, std::size_t parent)
    {
        if (index < nodes_[parent].elements.size())
            return nodes_[parent].elements[index];
        // After one that found no room none does, so the elements stay in their places.
        const std::size_t child = index == nodes_[parent].elements.size() && index < mostElements
                                      ? add(nodes_[parent].path + '[' + std::to_string(index) + ']')
                                      : none;
        if (child == none)
            hasLeftOut_ = true;
        else
            nodes_[parent].elements.push_back(child);
        return child;
    }

    std::size_t add(std::string path)
    {
        if (nodes_.size() == mostNodes) {
            hasLeftOut_ = true;
            return none;
        }
        Node node;
        node.path = std::move(path);
        nodes_.push_back(std::move(node));
        return nodes_.size() - 1;
    }

    ondemand::parser parser_;
    std::string text_; ///< with the room behind it that simdjson wants
    std::vector<Node> nodes_;
    std::vector<Field> fields_;
    std::uint64_t item_ = 0;
    bool hasLeftOut_ = false;
};

ItemFields::ItemFields()
    : reader_(std::make_unique<Reader>())
{
}

ItemFields::~ItemFields() = default;
ItemFields::ItemFields(ItemFields&&) noexcept = default;
ItemFields& ItemFields::operator=(ItemFields&&) noexcept = default;

Expected<void> ItemFields::read(std::string_view item)
{
    return reader_->read(item);
}
std::size_t ItemFields::size() const
{
    return reader_->fields().size();
}
const std::string& ItemFields::path(std::size_t field) const
{
    return reader_->fields()[field].path;
}
FieldType ItemFields::type(std::size_t field) const
{
    return reader_->fields()[field].type;
}
const FieldValue* ItemFields::value(std::size_t field) const
{
    return reader_->value(field);
}
bool ItemFields::hasLeftOut() const
{
    return reader_->hasLeftOut();
}

std::string_view lastName(std::string_view path)
{
    while (path.ends_with(']'))
        path = path.substr(0, path.rfind('['));
    const auto dot = path.ends_with('"') ? path.rfind(".\"") : path.rfind('.');
    return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

} // namespace iotman
