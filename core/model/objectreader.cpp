#include "core/model/json.h"

#include <algorithm>

namespace iotman {

namespace {

std::string nameOf(const Json& value)
{
    switch (value.type()) {
    case Json::value_t::null:
        return "null";
    case Json::value_t::object:
        return "an object";
    case Json::value_t::array:
        return "an array";
    case Json::value_t::string: {
        const auto& text = value.get_ref<const std::string&>();
        constexpr std::size_t longest = 40;
        return text.size() <= longest ? "“" + text + "”" : "a text";
    }
    default:
        return jsonText(value);
    }
}

} // namespace

ObjectReader::ObjectReader(const Json& value, UnknownMembers unknown)
    : value_(&value)
    , unknown_(unknown)
{
    if (!value.is_object())
        refuse({Problem::BadRequest, "expected an object, but got " + nameOf(value), {}});
}

bool ObjectReader::has(std::string_view member) const
{
    return value_->is_object() && value_->contains(member);
}

void ObjectReader::ignore(std::string_view member)
{
    known_.emplace_back(member);
}

const Json* ObjectReader::find(std::string_view member)
{
    known_.emplace_back(member);
    if (error_ || !value_->is_object())
        return nullptr;
    const auto found = value_->find(member);
    return found == value_->end() ? nullptr : &*found;
}

void ObjectReader::expected(std::string_view member, std::string_view what, const Json* got)
{
    if (!got && !error_)
        missing_ = member;
    refuse({Problem::BadRequest,
            std::string(member) + ": expected " + std::string(what) + (got ? ", but got " + nameOf(*got) : ", but it is missing"),
            std::string(member), 0, got ? "/" + pointerToken(member) : std::string()});
}

std::string ObjectReader::requiredText(std::string_view member)
{
    const Json* found = find(member);
    if (!error_ && (!found || !found->is_string()))
        expected(member, "a text", found);
    return error_ ? std::string() : found->get<std::string>();
}

std::string ObjectReader::text(std::string_view member, std::string_view fallback)
{
    const Json* found = find(member);
    if (!found)
        return std::string(fallback);
    if (!found->is_string())
        expected(member, "a text", found);
    return error_ ? std::string() : found->get<std::string>();
}

std::optional<std::string> ObjectReader::optionalText(std::string_view member)
{
    const Json* found = find(member);
    if (!found || found->is_null())
        return std::nullopt;
    if (!found->is_string()) {
        expected(member, "a text or null", found);
        return std::nullopt;
    }
    return found->get<std::string>();
}

bool ObjectReader::flag(std::string_view member, bool fallback)
{
    const Json* found = find(member);
    if (!found)
        return fallback;
    if (!found->is_boolean())
        expected(member, "true or false", found);
    return error_ ? fallback : found->get<bool>();
}

std::optional<Timestamp> ObjectReader::time(std::string_view member)
{
    const Json* found = find(member);
    if (!found || found->is_null())
        return std::nullopt;
    if (!isNumber(*found)) {
        expected(member, "Unix seconds or null", found);
        return std::nullopt;
    }
    const std::optional<Timestamp> time = timeIn(*found);
    if (!time)
        expected(member, "Unix seconds below 1e11", found);
    return time;
}

std::int64_t ObjectReader::integer(std::string_view member, std::int64_t fallback, std::int64_t least, std::int64_t most)
{
    const Json* found = find(member);
    if (!found)
        return fallback;
    const bool whole = found->is_number_integer() && !(found->is_number_unsigned() && found->get<std::uint64_t>() > INT64_MAX);
    if (!whole || found->get<std::int64_t>() < least || found->get<std::int64_t>() > most) {
        expected(member, "a whole number from " + std::to_string(least) + " to " + std::to_string(most), found);
        return fallback;
    }
    return found->get<std::int64_t>();
}

std::vector<std::string> ObjectReader::texts(std::string_view member)
{
    std::vector<std::string> values;
    const Json* found = array(member);
    for (std::size_t i = 0; found && i < found->size(); ++i) {
        const Json& value = (*found)[i];
        if (!value.is_string()) {
            expected(member, "an array of texts", &value);
            error_->pointer += "/" + std::to_string(i);
            return {};
        }
        values.push_back(value.get<std::string>());
    }
    return values;
}

const Json* ObjectReader::object(std::string_view member)
{
    const Json* found = find(member);
    if (found && !found->is_object()) {
        expected(member, "an object", found);
        return nullptr;
    }
    return found;
}

const Json* ObjectReader::array(std::string_view member)
{
    const Json* found = find(member);
    if (found && !found->is_array()) {
        expected(member, "an array", found);
        return nullptr;
    }
    return found;
}

const Json* ObjectReader::any(std::string_view member)
{
    return find(member);
}

void ObjectReader::refuse(Error error)
{
    if (!error_)
        error_ = std::move(error);
}

Expected<void> ObjectReader::finish()
{
    // Where one is missing and another not known, the latter is what was misspelt.
    if ((!error_ || !missing_.empty()) && unknown_ == UnknownMembers::Refused && value_->is_object()) {
        for (const auto& [member, value] : value_->items()) {
            if (std::find(known_.begin(), known_.end(), member) == known_.end()) {
                const std::string expected = missing_.empty() ? "" : "; expected “" + missing_ + "”";
                error_ = Error{Problem::BadRequest, "“" + member + "” is not a known member here" + expected, member, 0,
                               "/" + pointerToken(member)};
                break;
            }
        }
    }
    if (error_)
        return fail(*error_);
    return {};
}

} // namespace iotman
