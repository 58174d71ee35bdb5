#include "core/import/cell.h"

#include "core/model/ascii.h"

#include <array>

namespace iotman::files {

namespace {

std::size_t digitsAt(std::string_view text, std::size_t at)
{
    std::size_t count = 0;
    while (at + count < text.size() && isDigit(text[at + count]))
        ++count;
    return count;
}

/// The length of an exponent at `at`: 0 where there is none, npos where it is broken.
std::size_t exponentAt(std::string_view text, std::size_t at)
{
    if (at >= text.size() || (text[at] != 'e' && text[at] != 'E'))
        return 0;
    const std::size_t sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-') ? 1 : 0;
    const std::size_t digits = digitsAt(text, at + 1 + sign);
    return digits == 0 ? std::string_view::npos : 1 + sign + digits;
}

bool equalsIgnoringCase(std::string_view text, std::string_view lower)
{
    return text.size() == lower.size() &&
           std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) { return (a | 0x20) == b; });
}

} // namespace

std::optional<std::string_view> numberIn(std::string_view text, char decimalMark, std::string& scratch)
{
    text = trimmed(text);
    const std::size_t sign = !text.empty() && text.front() == '-' ? 1 : 0;
    const std::size_t whole = digitsAt(text, sign);
    if (whole > 1 && text[sign] == '0')
        return std::nullopt;
    std::size_t at = sign + whole;
    const std::size_t mark = at;
    const bool hasMark = at < text.size() && text[at] == decimalMark;
    if (hasMark) {
        const std::size_t decimals = digitsAt(text, at + 1);
        if (decimals == 0)
            return std::nullopt;
        at += 1 + decimals;
    } else if (whole == 0) {
        return std::nullopt;
    }
    const std::size_t exponent = exponentAt(text, at);
    if (exponent == std::string_view::npos || at + exponent != text.size())
        return std::nullopt;
    if (!hasMark || (decimalMark == '.' && whole > 0))
        return text;
    scratch.assign(text.substr(0, mark));
    if (whole == 0)
        scratch += '0';
    scratch += '.';
    scratch += text.substr(mark + 1);
    return scratch;
}

std::optional<bool> booleanIn(std::string_view text)
{
    text = trimmed(text);
    if (equalsIgnoringCase(text, "true"))
        return true;
    if (equalsIgnoringCase(text, "false"))
        return false;
    return std::nullopt;
}

} // namespace iotman::files
