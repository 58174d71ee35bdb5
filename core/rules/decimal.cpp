#include "core/rules/decimal.h"

#include "core/model/ascii.h"
#include "core/rules/powers.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace iotman::rules {

namespace {

/// The digits of `magnitude` into the end of `buffer`; returns where they begin.
char* writeDigits(UInt128 magnitude, char* end)
{
    constexpr std::uint64_t chunk = 10'000'000'000'000'000'000ULL;
    char* p = end;
    while (magnitude > UINT64_MAX) {
        auto low = static_cast<std::uint64_t>(magnitude % chunk);
        magnitude /= chunk;
        for (int i = 0; i < 19; ++i, low /= 10)
            *--p = static_cast<char>('0' + low % 10);
    }
    auto rest = static_cast<std::uint64_t>(magnitude);
    do {
        *--p = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    return p;
}

/// `digits` with a point `scale` digits from the end.
void appendPlaced(std::string& out, bool negative, std::string_view digits, int scale)
{
    if (negative)
        out += '-';
    const auto places = static_cast<std::size_t>(scale);
    if (digits.size() > places) {
        out += digits.substr(0, digits.size() - places);
        digits.remove_prefix(digits.size() - places);
    } else {
        out += '0';
    }
    if (scale == 0)
        return;
    out += '.';
    out.append(places - digits.size(), '0');
    out += digits;
}

/// Of a long number, how long it is before its point.
std::string shownNumber(std::string_view number)
{
    constexpr std::size_t longest = 40;
    const bool negative = number.front() == '-';
    const std::size_t whole = std::min(number.find('.'), number.size()) - (negative ? 1 : 0);
    if (whole > longest)
        return std::string(negative ? "a negative number of " : "a number of ") + std::to_string(whole) + " digits";
    return std::string(number.substr(0, longest)) + (number.size() > longest ? "…" : "");
}

/// The weight, to base 10,000, of the digit that holds the decimal digit worth 10^`exponent`.
int weightOf(int exponent)
{
    return exponent >= 0 ? exponent / 4 : -((3 - exponent) / 4);
}

} // namespace

Decimal::Decimal(BigInteger unscaled, int scale)
    : scale_(scale)
{
    if (unscaled.value < bigLimit() && unscaled.value > -bigLimit())
        small_ = toInt128(unscaled.value);
    else
        big_ = std::make_shared<const BigInteger>(std::move(unscaled));
}

tl::expected<Decimal, NumberFault> Decimal::checked(BigInteger unscaled, int scale)
{
    Decimal result(std::move(unscaled), scale);
    if (result.isSmall() || bitsFit(result.big_->value, greatestIntegerDigits + scale))
        return result;
    if (static_cast<int>(result.digits().size()) - scale > greatestIntegerDigits)
        return tl::unexpected(NumberFault::OutOfRange);
    return result;
}

tl::expected<Decimal, NumberFault> Decimal::parse(std::string_view text)
{
    // The usual number has at most 18 digits and no exponent.
    const char* p = text.data();
    const char* const end = p + text.size();
    const bool negative = p != end && *p == '-';
    if (negative)
        ++p;
    if (end - p > 19)
        return parseLong(text);
    std::uint64_t value = 0;
    const char* point = nullptr;
    for (; p != end; ++p) {
        if (isDigit(*p))
            value = value * 10 + static_cast<std::uint64_t>(*p - '0');
        else if (*p == '.')
            point = p;
        else
            return parseLong(text);
    }
    const int scale = point != nullptr ? static_cast<int>(end - point) - 1 : 0;
    return Decimal(negative ? -static_cast<Int128>(value) : static_cast<Int128>(value), scale);
}

std::optional<Decimal::Spelled> Decimal::spelled(std::string_view text)
{
    std::int64_t exponent = 0;
    if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
        std::string_view power = text.substr(e + 1);
        const bool down = power.front() == '-';
        if (power.front() == '-' || power.front() == '+')
            power.remove_prefix(1);
        for (const char c : power)
            exponent = std::min<std::int64_t>(exponent * 10 + (c - '0'), INT32_MAX);
        if (exponent >= INT32_MAX / 2)
            return std::nullopt;
        exponent = down ? -exponent : exponent;
        text = text.substr(0, e);
    }
    Spelled result{{}, -exponent};
    bool behindPoint = false;
    for (const char c : text) {
        if (c == '.') {
            behindPoint = true;
            continue;
        }
        result.scale += behindPoint ? 1 : 0;
        if (c != '0' || !result.digits.empty())
            result.digits += c;
    }
    const auto digits = static_cast<std::int64_t>(result.digits.size());
    if (result.scale > greatestScale || (digits > 0 && digits - result.scale > greatestIntegerDigits))
        return std::nullopt;
    return result;
}

bool Decimal::fits(std::string_view text)
{
    return spelled(text.front() == '-' ? text.substr(1) : text).has_value();
}

tl::expected<Decimal, NumberFault> Decimal::parseLong(std::string_view text)
{
    const bool negative = text.front() == '-';
    std::optional<Spelled> number = spelled(negative ? text.substr(1) : text);
    if (!number)
        return tl::unexpected(NumberFault::OutOfRange);
    const int scale = static_cast<int>(std::max<std::int64_t>(number->scale, 0));
    if (number->digits.empty())
        return Decimal(Int128{0}, scale);
    if (number->scale < 0)
        number->digits.append(static_cast<std::size_t>(-number->scale), '0');
    Big value = bigFromDigits(number->digits);
    return Decimal(negative ? Big(-value) : std::move(value), scale);
}

Decimal Decimal::fromTimestamp(Timestamp time)
{
    Int128 unscaled = time.us;
    int scale = 6;
    while (scale > 0 && unscaled % 10 == 0) {
        unscaled /= 10;
        --scale;
    }
    return {unscaled, scale};
}

void Decimal::append(std::string& out) const
{
    if (!isSmall()) {
        appendPlaced(out, big_->value < 0, digits(), scale_);
        return;
    }
    std::array<char, 40> buffer;
    char* const end = buffer.data() + buffer.size();
    const char* const begin = writeDigits(magnitude(small_), end);
    appendPlaced(out, small_ < 0, {begin, static_cast<std::size_t>(end - begin)}, scale_);
}

std::string Decimal::text() const
{
    std::string out;
    append(out);
    return out;
}

std::string Decimal::digits() const
{
    if (!isSmall())
        return digitsOf(boost::multiprecision::abs(big_->value));
    std::array<char, 40> buffer;
    char* const end = buffer.data() + buffer.size();
    return {writeDigits(magnitude(small_), end), end};
}

int Decimal::sign() const
{
    if (isSmall())
        return small_ < 0 ? -1 : small_ > 0;
    return big_->value < 0 ? -1 : 1;
}

BigInteger Decimal::big() const
{
    return isSmall() ? fromInt128(small_) : big_->value;
}

int Decimal::compare(const Decimal& a, const Decimal& b)
{
    if (a.isSmall() && b.isSmall()) {
        Int128 x = a.small_;
        Int128 y = b.small_;
        if (a.scale_ == b.scale_ || (a.scale_ < b.scale_ ? scaleUp(x, b.scale_ - a.scale_) : scaleUp(y, a.scale_ - b.scale_)))
            return x < y ? -1 : x > y;
    }
    if (a.sign() != b.sign())
        return a.sign() < b.sign() ? -1 : 1;
    const int scale = std::max(a.scale_, b.scale_);
    return (a.big().value * bigPowerOfTen(scale - a.scale_)).compare(b.big().value * bigPowerOfTen(scale - b.scale_));
}

std::optional<std::int32_t> Decimal::toInt32() const
{
    const Decimal whole = sign() < 0 ? ceiling() : floor();
    if (!whole.isSmall() || whole.small_ < INT32_MIN || whole.small_ > INT32_MAX)
        return std::nullopt;
    return static_cast<std::int32_t>(whole.small_);
}

Expected<Timestamp> Decimal::toTimestamp() const
{
    if (compare(absolute(), Decimal(secondsLimit)) >= 0) {
        const std::string number = text();
        const std::string got = "expected Unix seconds, but got " + shownNumber(number);
        const std::optional<FinerUnit> unit = finerUnitOf(number);
        if (!unit)
            return fail(Problem::BadRequest, got + ", which is beyond every time");
        return fail(Problem::BadRequest, got + ", which only makes sense in " + std::string(unit->name) + "; divide by 1" +
                                             std::string(unit->decimals, '0'));
    }
    const auto us = multiply(*this, Decimal(1'000'000));
    return Timestamp{static_cast<std::int64_t>(us->floor().small_)};
}

std::size_t Decimal::words() const
{
    // A scale counts as well: whoever brings two numbers to the same one makes the digits that it stands for.
    const auto behindPoint = static_cast<std::size_t>(scale_) / 64;
    return behindPoint + (isSmall() ? 1 : big_->value.backend().size());
}

Decimal::Leading Decimal::leading() const
{
    if (sign() == 0)
        return {};
    // Of a big number only the front is needed: all its digits would take a hundred times as long.
    const int cut = isSmall() ? 0 : digitsAtLeast(big_->value) - 4;
    const UInt128 value = isSmall()
                              ? magnitude(small_)
                              : static_cast<UInt128>(toInt128(Big(boost::multiprecision::abs(big_->value) / bigPowerOfTen(cut))));
    const int digits = digitCount(value);
    const int count = digits + cut;
    const int weight = weightOf(count - 1 - scale_);
    const int wanted = count - scale_ - 4 * weight; // digits of the number that its first digit to base 10,000 takes
    const auto power = static_cast<UInt128>(powersOfTen[static_cast<std::size_t>(std::abs(digits - wanted))]);
    return {weight, static_cast<int>(digits >= wanted ? value / power : value * power)};
}

std::size_t Decimal::jsonbSize() const
{
    std::string significant = digits();
    const int count = static_cast<int>(significant.size());
    significant.erase(significant.find_last_not_of('0') + 1);
    if (significant.empty())
        return scale_ <= 63 ? 6 : 8;
    const int weight = weightOf(count - 1 - scale_);
    const int last = weightOf(count - static_cast<int>(significant.size()) - scale_);
    const bool compact = weight >= -64 && weight <= 63 && scale_ <= 63;
    return (compact ? 6U : 8U) + 2U * static_cast<std::size_t>(weight - last + 1);
}

} // namespace iotman::rules
