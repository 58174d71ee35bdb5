#include "core/rules/powers.h"

namespace iotman::rules {

namespace {

/// Below this many digits the quadratic conversions of the library are the faster ones.
constexpr std::size_t plainDigits = 2000;

void appendDigits(std::string& out, const Big& value, std::size_t width)
{
    if (width <= plainDigits) {
        const std::string digits = value.str();
        out.append(width - digits.size(), '0');
        out += digits;
        return;
    }
    const std::size_t low = width / 2;
    Big quotient;
    Big rest;
    boost::multiprecision::divide_qr(value, bigPowerOfTen(static_cast<int>(low)), quotient, rest);
    appendDigits(out, quotient, width - low);
    appendDigits(out, rest, low);
}

} // namespace

Big bigFromDigits(std::string_view digits)
{
    if (digits.size() <= plainDigits) {
        // A leading zero would make it octal.
        const std::size_t first = digits.find_first_not_of('0');
        return first == std::string_view::npos ? Big(0) : Big(std::string(digits.substr(first)));
    }
    const std::size_t low = digits.size() / 2;
    const std::string_view high = digits.substr(0, digits.size() - low);
    return bigFromDigits(high) * bigPowerOfTen(static_cast<int>(low)) + bigFromDigits(digits.substr(high.size()));
}

std::string digitsOf(const Big& magnitude)
{
    if (magnitude == 0)
        return "0";
    const auto bits = static_cast<double>(boost::multiprecision::msb(magnitude) + 1);
    const std::size_t width = static_cast<std::size_t>(bits * 0.30103) + 2;
    std::string out;
    out.reserve(width);
    appendDigits(out, magnitude, width);
    return out.substr(out.find_first_not_of('0'));
}

} // namespace iotman::rules
