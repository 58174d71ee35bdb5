#include "core/model/jsonnumber.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace iotman {

namespace {

/// From here on two neighbouring doubles may be more than a microsecond of seconds apart.
constexpr double wholeMicroseconds = 4e9;
constexpr double microsecond = 1e-6;

/// Marks the bytes of a binary value as the digits of a number.
constexpr std::uint8_t digitsKind = 'N';

/// Unix seconds without an exponent.
std::optional<Timestamp> cutToMicroseconds(const std::string& digits)
{
    constexpr std::size_t decimals = 6;
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::string kept = digits.substr(0, point + 1 + decimals);
    const Expected<Timestamp> time = Timestamp::parseSeconds(kept.back() == '.' ? kept + "0" : kept, {});
    if (!time)
        return std::nullopt;
    const bool isCut = digits.find_first_not_of('0', kept.size()) != std::string::npos;
    const Timestamp cut{isCut && digits.front() == '-' ? time->us - 1 : time->us};
    return cut.us > -secondsLimit * Timestamp::usPerSecond ? std::optional(cut) : std::nullopt;
}

} // namespace

Json exactNumber(std::string_view digits)
{
    return Json::binary({digits.begin(), digits.end()}, digitsKind);
}

bool isExact(const Json& value)
{
    return value.is_binary() && value.get_binary().has_subtype() && value.get_binary().subtype() == digitsKind;
}

std::string exactDigits(const Json& value)
{
    return {value.get_binary().begin(), value.get_binary().end()};
}

std::string doubleText(double number)
{
    if (!std::isfinite(number))
        return "null";
    constexpr double least = 1e-6, greatest = 1e16; // between them without an exponent
    const double size = std::fabs(number);
    const auto format =
        size == 0 || (size >= least && size < greatest) ? std::chars_format::fixed : std::chars_format::scientific;
    std::array<char, 64> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, format).ptr;
    std::string text(digits.data(), end);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

bool isNumber(const Json& value)
{
    return value.is_number() || isExact(value);
}

double numberIn(const Json& value)
{
    if (!isExact(value))
        return value.get<double>();
    const std::string digits = exactDigits(value);
    double number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::optional<Timestamp> timeIn(const Json& value)
{
    if (!isNumber(value) || !(std::fabs(numberIn(value)) <= static_cast<double>(secondsLimit)))
        return std::nullopt;
    if (value.is_number_float())
        return std::fabs(value.get<double>()) < microsecond ? Timestamp{value.get<double>() < 0 ? -1 : 0}
                                                            : cutToMicroseconds(doubleText(value.get<double>()));
    return cutToMicroseconds(isExact(value) ? exactDigits(value) : value.dump());
}

Json textOrNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json timeJson(Timestamp time)
{
    if (time.us % Timestamp::usPerSecond == 0)
        return time.us / Timestamp::usPerSecond;
    const double seconds = static_cast<double>(time.us) / static_cast<double>(Timestamp::usPerSecond);
    return std::fabs(seconds) < wholeMicroseconds ? Json(seconds) : exactNumber(time.seconds());
}

Json timeJson(const std::optional<Timestamp>& time)
{
    return time ? timeJson(*time) : Json(nullptr);
}

} // namespace iotman
