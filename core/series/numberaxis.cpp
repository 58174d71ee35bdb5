#include "core/series/numberaxis.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace iotman {

namespace {

constexpr std::string_view minus = "\u2212";
constexpr double fixedFrom = 1e-5, fixedTo = 1e7; ///< other magnitudes are written with an exponent

/// The text of `std::to_chars` with real minus signs, and exponents without `+` and leading zeros.
std::string forPeople(std::string_view plain)
{
    std::string text;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (plain[i] == '-')
            text += minus;
        else if (plain[i] != '+')
            text += plain[i];
        const bool exponentStarts = i > 1 && plain[i - 1] == 'e';
        if (exponentStarts && i + 1 < plain.size() && plain[i + 1] == '0')
            ++i;
    }
    return text;
}

template <class... Format>
std::string written(double value, Format... format)
{
    std::array<char, 400> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format...);
    return forPeople({buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())});
}

/// `index` steps, with the division by a power of ten that makes 3 x 0.1 the double nearest to 0.3.
double multiple(double index, double step)
{
    const double inverse = std::round(1 / step);
    return step < 1 && inverse <= 1e15 && std::abs(inverse * step - 1) < 1e-9 ? index / inverse : index * step;
}

std::string tickText(double value, double step, double largest)
{
    if (largest >= fixedTo || largest < fixedFrom) {
        if (value == 0)
            return "0";
        const int digits = static_cast<int>(std::floor(std::log10(std::abs(value))) - std::floor(std::log10(step)));
        return written(value, std::chars_format::scientific, std::clamp(digits, 0, 16));
    }
    return fixedText(value, decimalsOf(step));
}

} // namespace

double niceStep(double rough)
{
    const double power = std::pow(10, std::floor(std::log10(rough)));
    if (power == 0 || !std::isfinite(power))
        return std::clamp(rough, std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max());
    for (const double factor : {1.0, 2.0, 5.0})
        if (rough <= factor * power * (1 + 1e-9))
            return factor * power;
    return std::min(10 * power, std::numeric_limits<double>::max());
}

int decimalsOf(double step)
{
    return std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 17);
}

NumberAxis numberAxis(double low, double high, int most)
{
    NumberAxis axis;
    const double largest = std::max(std::abs(low), std::abs(high));
    const double finest = std::max(largest * (4 * std::numeric_limits<double>::epsilon()), std::numeric_limits<double>::min());
    most = std::max(most, 2);
    // Divided first: the difference of two finite numbers need not be finite.
    axis.step = niceStep(std::max(high / most - low / most, finest));
    while (std::floor(high / axis.step) - std::ceil(low / axis.step) >= most)
        axis.step = niceStep(axis.step * 1.5);

    double base = 0;
    if (largest > 0 && axis.step / largest < 1e-7) {
        const double unit = axis.step * 1000;
        base = std::round((low / 2 + high / 2) / unit) * unit;
        axis.offset = exactText(base);
    }
    const double magnitude = std::max(std::abs(low - base), std::abs(high - base));
    const double first = std::ceil((low - base) / axis.step - 1e-9);
    for (int i = 0; i < most; ++i) {
        const double value = multiple(first + i, axis.step);
        if (!std::isfinite(value) || base + value > high + axis.step * 1e-9)
            break;
        axis.ticks.push_back({base + value, tickText(value, axis.step, magnitude)});
    }
    return axis;
}

NumberAxis logAxis(double low, double high, int most)
{
    NumberAxis axis;
    most = std::max(most, 2);
    const int first = static_cast<int>(std::floor(std::log10(low))), last = static_cast<int>(std::ceil(std::log10(high)));
    const int decades = std::max(last - first, 1);
    const int stride = (decades + most - 1) / most; // of powers of ten
    const bool hasRoom = decades * 3 <= most;
    for (int power = first; power <= last; ++power) {
        if ((power % stride + stride) % stride != 0)
            continue;
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double value = factor * std::pow(10.0, power);
            if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) && (factor == 1 || hasRoom))
                axis.ticks.push_back({value, exactText(value)});
        }
    }
    axis.step = low;
    return axis.ticks.size() < 2 ? numberAxis(low, high, most) : axis;
}

std::string fixedText(double value, int decimals)
{
    if (std::abs(value) >= 1e15)
        return written(value, std::chars_format::scientific, 6);
    const std::string text = written(value, std::chars_format::fixed, decimals);
    const bool isZero = text.find_first_of("123456789") == std::string::npos;
    return isZero && text.starts_with(minus) ? text.substr(minus.size()) : text;
}

std::string exactText(double value)
{
    return value == 0 ? "0" : written(value);
}

} // namespace iotman
