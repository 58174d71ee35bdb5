#include "core/codegen/quote.h"

#include "core/model/encoding.h"

#include <cstdint>

namespace iotman::codegen {

namespace {

constexpr std::string_view hexDigits = "0123456789abcdef";

bool isControl(unsigned char c)
{
    return c < 0x20 || c == 0x7f;
}

/// U+0080 to U+009F in UTF-8, which some terminals obey as well.
bool hasControls(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool upper = c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (isControl(c) || upper)
            return true;
    }
    return false;
}

std::string hexByte(unsigned char c)
{
    return {hexDigits[c >> 4U], hexDigits[c & 15U]};
}

bool isPlainWord(std::string_view text)
{
    constexpr std::string_view marks = "_-./:=@%+,";
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && marks.find(c) == std::string_view::npos)
            return false;
    }
    return !text.empty();
}

/// Well-formed UTF-8, with U+FFFD for each byte that belongs to no character.
std::string asUtf8(std::string_view text)
{
    if (isUtf8(text))
        return std::string(text);
    std::string repaired;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = 1;
        while (length < 4 && i + length <= text.size() && !isUtf8(text.substr(i, length)))
            ++length;
        if (i + length <= text.size() && isUtf8(text.substr(i, length))) {
            repaired += text.substr(i, length);
            i += length;
        } else {
            repaired += "\xef\xbf\xbd";
            ++i;
        }
    }
    return repaired;
}

/// The rules that JavaScript, Python and JSON share; `escapeMarkup` also keeps `</script>` and `<!--` apart.
enum class Markup { AsIs, Escaped };
std::string quoted(std::string_view given, Markup markup)
{
    const std::string text = asUtf8(given);
    std::string literal = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '"' || c == '\\')
            (literal += '\\') += static_cast<char>(c);
        else if (c == '\n')
            literal += "\\n";
        else if (c == '\r')
            literal += "\\r";
        else if (c == '\t')
            literal += "\\t";
        else if (isControl(c) || (c == '<' && markup == Markup::Escaped))
            literal += "\\u00" + hexByte(c);
        else if (c == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0)
            literal += "\\u00" + hexByte(static_cast<unsigned char>(text[++i]));
        else if (text.compare(i, 3, "\xe2\x80\xa8") == 0 || text.compare(i, 3, "\xe2\x80\xa9") == 0) {
            literal += text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else
            literal += static_cast<char>(c);
    }
    return literal + "\"";
}

std::string escapedShell(std::string_view text)
{
    std::string literal = "$'";
    for (const char given : text) {
        const auto c = static_cast<unsigned char>(given);
        if (c == 0)
            continue;
        if (c == '\'' || c == '\\')
            (literal += '\\') += given;
        else if (isControl(c) || c >= 0x80)
            literal += "\\x" + hexByte(c);
        else
            literal += given;
    }
    return literal + "'";
}

} // namespace

std::string shellQuoted(std::string_view text)
{
    if (isPlainWord(text))
        return std::string(text);
    if (hasControls(text) || !isUtf8(text))
        return escapedShell(text);
    std::string literal = "'";
    for (const char c : text) {
        if (c == '\'')
            literal += "'\\''";
        else
            literal += c;
    }
    return literal + "'";
}

std::string javaScriptQuoted(std::string_view text)
{
    return quoted(text, Markup::Escaped);
}

std::string pythonQuoted(std::string_view text)
{
    return quoted(text, Markup::AsIs);
}

std::string jsonQuoted(std::string_view text)
{
    return quoted(text, Markup::AsIs);
}

std::string cppQuoted(std::string_view given)
{
    const std::string text = asUtf8(given);
    std::string literal = "\"";
    for (const char mark : text) {
        const auto c = static_cast<unsigned char>(mark);
        if (c == '"' || c == '\\' || c == '?')
            (literal += '\\') += mark;
        else if (isControl(c)) // three octal digits end by themselves; hexadecimal ones go on
            literal += {'\\', static_cast<char>('0' + (c >> 6U)), static_cast<char>('0' + ((c >> 3U) & 7U)),
                        static_cast<char>('0' + (c & 7U))};
        else
            literal += mark;
    }
    return literal + "\"";
}

std::string commentText(std::string_view given)
{
    const std::string text = asUtf8(given);
    std::string line;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool upper = c == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        const bool separator = text.compare(i, 3, "\xe2\x80\xa8") == 0 || text.compare(i, 3, "\xe2\x80\xa9") == 0;
        if (isControl(c) || upper || separator) {
            line += ' ';
            i += upper ? 1 : separator ? 2 : 0;
        } else if (c == '\\' && i + 1 == text.size()) {
            line += "\\."; // a backslash at its end would take the next line in, in C++
        } else {
            line += static_cast<char>(c);
            if ((c == '*' && text.compare(i + 1, 1, "/") == 0) || c == '<')
                line += ' ';
        }
    }
    return line;
}

} // namespace iotman::codegen
