// Characters and words of formats that know US-ASCII alone: no locale, and what lies beyond ASCII is no digit, blank or letter.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace iotman {

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// JSON's white space: blanks, tabs and line ends.
constexpr bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

inline constexpr std::string_view asciiAlphanumerics = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A set of bytes that is asked for each byte of what comes in.
class CharacterSet {
public:
    constexpr explicit CharacterSet(std::string_view characters, std::string_view more = {})
    {
        for (const std::string_view part : {characters, more}) {
            for (const char c : part)
                has_[static_cast<unsigned char>(c)] = true;
        }
    }
    constexpr bool operator()(char c) const { return has_[static_cast<unsigned char>(c)]; }
    /// Whether each byte of `text` is in it.
    constexpr bool hasAll(std::string_view text) const
    {
        for (const char c : text) {
            if (!(*this)(c))
                return false;
        }
        return true;
    }

private:
    std::array<bool, 256> has_{};
};

/// In lower case.
constexpr char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return lowered(c); });
    return lower;
}

inline bool sameWithoutCase(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lowered(x) == lowered(y); });
}

/// Without blanks and tabs around it.
constexpr std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

} // namespace iotman
