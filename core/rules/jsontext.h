// JSON strings: from their escapes to characters and back.
#pragma once

#include <string>
#include <string_view>

namespace iotman::rules {

/// Appends a code point as UTF-8.
void appendUtf8(std::string& out, char32_t codePoint);

/// Appends the characters of a valid JSON string's inside, escapes resolved.
void appendUnescaped(std::string& out, std::string_view inside);

/// Appends `text` as a JSON string: quotes, and escapes where JSON demands them.
void appendQuoted(std::string& out, std::string_view text);

/// The number of bytes of the well-formed UTF-8 character at the front of `text`, 0 when there is none
/// (RFC 3629: no overlong form, no surrogate, nothing past U+10FFFF).
int utf8Length(std::string_view text);

/// The code point at the front of well-formed UTF-8; `text` loses it.
char32_t takeCodePoint(std::string_view& text);

/// The value of a hexadecimal digit, -1 for another character.
constexpr int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace iotman::rules
