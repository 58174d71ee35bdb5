#include "core/lab/itembytes.h"

#include "core/model/json.h"

#include <array>
#include <charconv>
#include <functional>

namespace iotman::lab {

namespace {

/// Calls `told` for each number as it is spelt, until it says that it has heard enough.
bool eachNumber(std::string_view json, const std::function<bool(std::string_view)>& told)
{
    bool inText = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (inText) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                inText = false;
        } else if (c == '"') {
            inText = true;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            const std::size_t end = std::min(json.find_first_not_of("0123456789+-.eE", at), json.size());
            if (told(json.substr(at, end - at)))
                return true;
            at = end - 1;
        }
    }
    return false;
}

std::string spelt(double value, std::chars_format format)
{
    std::array<char, 400> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, format);
    return error == std::errc() ? std::string(text.data(), end) : std::string();
}

/// No program that reads it as a double writes it like this again.
bool survivesNoDouble(std::string_view number)
{
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size())
        return true;
    if (number.ends_with(".0"))
        number.remove_suffix(2); // some write whole doubles so
    if (number.find_first_of("eE") != std::string_view::npos)
        return false; // there are many ways
    return number != spelt(value, std::chars_format::fixed) && number != spelt(value, std::chars_format::general);
}

std::optional<std::string> unsortedIn(const nlohmann::ordered_json& json)
{
    std::string before;
    for (const auto& [name, value] : json.items()) {
        if (json.is_object() && name < before)
            return before;
        before = name;
        if (value.is_structured()) {
            if (auto found = unsortedIn(value))
                return found;
        }
    }
    return std::nullopt;
}

std::string withoutBlanks(std::string_view json)
{
    std::string text;
    bool inText = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (!inText && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
            continue;
        text += c;
        if (inText && c == '\\' && at + 1 < json.size())
            text += json[++at];
        else if (c == '"')
            inText = !inText;
    }
    return text;
}

} // namespace

std::optional<std::string> keptNumber(std::string_view json)
{
    std::optional<std::string> witness;
    eachNumber(json, [&](std::string_view number) {
        if (survivesNoDouble(number))
            witness = number;
        return witness.has_value();
    });
    return witness;
}

std::optional<std::string> keptOrder(std::string_view json)
{
    const auto parsed = nlohmann::ordered_json::parse(json, nullptr, false);
    return parsed.is_structured() ? unsortedIn(parsed) : std::nullopt;
}

Difference difference(std::string_view a, std::string_view b)
{
    if (a == b)
        return Difference::None;
    if (withoutBlanks(a) == withoutBlanks(b))
        return Difference::WhiteSpace;
    if (nlohmann::json::parse(a, nullptr, false) != nlohmann::json::parse(b, nullptr, false))
        return Difference::Value;
    const bool sameOrder =
        nlohmann::ordered_json::parse(a, nullptr, false).dump(-1, ' ', false, Json::error_handler_t::replace) ==
        nlohmann::ordered_json::parse(b, nullptr, false).dump(-1, ' ', false, Json::error_handler_t::replace);
    return sameOrder ? Difference::Spelling : Difference::Order;
}

} // namespace iotman::lab
