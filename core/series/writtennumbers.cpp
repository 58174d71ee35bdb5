#include "core/series/writtennumbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace iotman {

namespace {

constexpr std::size_t heldByAnyDouble = 15; ///< decimal digits (DBL_DIG)
constexpr std::size_t mostOfShortest = 17;  ///< digits that any double needs (DBL_DECIMAL_DIG)

/// 22.5000000000000000, as a quotient is written: 22.5.
std::string_view withoutZerosBehind(std::string_view text)
{
    if (text.find('.') == std::string_view::npos)
        return text;
    text = text.substr(0, text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

/// Of a number without an exponent.
std::size_t significantDigits(std::string_view text)
{
    const std::size_t first = text.find_first_of("123456789"), last = text.find_last_of("123456789");
    if (first == std::string_view::npos)
        return 0;
    const std::size_t point = text.find('.');
    return last - first + 1 - (first < point && point < last ? 1 : 0);
}

/// A number as 0.DIGITS × 10^exponent, without zeros at either end of DIGITS; no digits for zero.
struct Decimal {
    bool isNegative = false;
    std::string digits;
    std::int64_t exponent = 0;

    bool operator==(const Decimal&) const = default;
};

Decimal decimalFrom(std::string_view text)
{
    Decimal decimal;
    if (text.starts_with('-')) {
        decimal.isNegative = true;
        text.remove_prefix(1);
    }
    const std::size_t e = text.find_first_of("eE");
    if (e != std::string_view::npos) {
        std::string_view power = text.substr(e + 1);
        if (power.starts_with('+'))
            power.remove_prefix(1);
        std::from_chars(power.data(), power.data() + power.size(), decimal.exponent);
        text = text.substr(0, e);
    }
    bool isFraction = false;
    for (const char c : text) {
        if (c == '.') {
            isFraction = true;
            continue;
        }
        if (c == '0' && decimal.digits.empty()) {
            decimal.exponent -= isFraction ? 1 : 0;
            continue;
        }
        decimal.digits += c;
        decimal.exponent += isFraction ? 0 : 1;
    }
    decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
    if (decimal.digits.empty())
        return {decimal.isNegative, {}, 0};
    return decimal;
}

} // namespace

std::string_view digitsBeyond(double value, std::string_view text)
{
    const bool hasExponent = text.find_first_of("eE") != std::string_view::npos;
    if (!hasExponent)
        text = withoutZerosBehind(text);
    const bool isNearZero = std::abs(value) < std::numeric_limits<double>::min(); // 1e-400 reads as 0
    if (text.size() <= heldByAnyDouble && !(isNearZero && hasExponent))
        return {};
    if (!hasExponent && significantDigits(text) > mostOfShortest)
        return text;
    char fewest[32];
    const std::string_view shortest(fewest,
                                    static_cast<std::size_t>(std::to_chars(fewest, std::end(fewest), value).ptr - fewest));
    if (shortest == text || decimalFrom(shortest) == decimalFrom(text))
        return {};
    return text;
}

std::size_t WrittenNumbers::lowerBound(std::size_t sample) const
{
    const auto at = std::partition_point(places_.begin(), places_.end(), [&](const Place& p) { return p.sample < sample; });
    return static_cast<std::size_t>(at - places_.begin());
}

std::string_view WrittenNumbers::at(std::size_t sample) const
{
    const std::size_t place = lowerBound(sample);
    if (place == places_.size() || places_[place].sample != sample)
        return {};
    return std::string_view(text_).substr(places_[place].offset, offsetOf(place + 1) - places_[place].offset);
}

void WrittenNumbers::insert(std::size_t sample, std::string_view text)
{
    const std::size_t place = lowerBound(sample);
    for (std::size_t i = place; i < places_.size(); ++i)
        ++places_[i].sample;
    if (text.empty() || text.size() > longest)
        return;
    const std::size_t offset = offsetOf(place);
    text_.insert(offset, text);
    for (std::size_t i = place; i < places_.size(); ++i)
        places_[i].offset += static_cast<std::uint32_t>(text.size());
    places_.insert(places_.begin() + static_cast<std::ptrdiff_t>(place),
                   {static_cast<std::uint32_t>(sample), static_cast<std::uint32_t>(offset)});
}

void WrittenNumbers::erase(std::size_t from, std::size_t to)
{
    const std::size_t first = lowerBound(from), last = lowerBound(to);
    const std::size_t offset = offsetOf(first), length = offsetOf(last) - offset;
    text_.erase(offset, length);
    places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(first), places_.begin() + static_cast<std::ptrdiff_t>(last));
    for (std::size_t i = first; i < places_.size(); ++i) {
        places_[i].sample -= static_cast<std::uint32_t>(to - from);
        places_[i].offset -= static_cast<std::uint32_t>(length);
    }
    if (places_.empty())
        *this = {};
}

} // namespace iotman
