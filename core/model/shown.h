// What came, as a sentence for people can show it.
#pragma once

#include "core/model/encoding.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace iotman {

/// Where the value of something that looks like a secret parameter (`access_token=…`) begins in `text`, percent-encoded or not;
/// its size where there is none. Every request is looked at so: nothing is copied.
std::size_t secretValueIn(std::string_view text);

/// What stands in the place of a secret.
inline constexpr std::string_view hiddenText = "…";

/// Takes out of a sentence what is known for a secret by its looks, wherever it stands: tokens, and `user:password@` in a URL.
void hideByLooks(std::string& shown);
/// Takes out `secret` wherever it stands, as it is and percent-encoded; a short one, or none, is left.
void hideSecret(std::string& shown, std::string_view secret);

/// In quotes, cut between characters after at most `longest` bytes; bytes that are no text are not shown, nor what looks like a
/// secret.
inline std::string shown(std::string_view text, std::size_t longest = 80)
{
    if (!isUtf8(text))
        return "bytes that are not UTF-8";
    const std::string_view start = cutBetweenCharacters(text, std::min(secretValueIn(text), longest));
    return "“" + std::string(start) + (start.size() < text.size() ? "…" : "") + "”";
}

/// Line ends and other control characters as one blank: a sentence that quotes what came is still one line.
inline std::string inOneLine(std::string_view text)
{
    std::string line;
    for (const char c : text) {
        const bool isControl = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        if (!isControl)
            line += c;
        else if (!line.ends_with(' '))
            line += ' ';
    }
    return line;
}

/// Whether text in UTF-8 is one line of characters that can be seen, without blanks around it, and is not nothing.
inline bool showsWhatItIs(std::string_view text)
{
    // Soft hyphen, zero-width space, line and paragraph separators, marks and overrides of the writing direction, word joiner and
    // invisible operators, byte order mark; fillers of Hangul, Mongolian and Braille.
    constexpr std::array<std::string_view, 28> invisible{"\u00ad", "\u200b", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a",
                                                         "\u202b", "\u202c", "\u202d", "\u202e", "\u2060", "\u2061", "\u2062",
                                                         "\u2063", "\u2064", "\u2066", "\u2067", "\u2068", "\u2069", "\u3164",
                                                         "\ufeff", "\u061c", "\u115f", "\u1160", "\u180e", "\u2800", "\uffa0"};
    constexpr std::array<std::string_view, 17> blanks{" ",      "\u00a0", "\u202f", "\u3000", "\u1680", "\u2000",
                                                      "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                                      "\u2007", "\u2008", "\u2009", "\u200a", "\u205f"};
    // Many scripts and emoji need these; alone they show nothing.
    constexpr std::array<std::string_view, 4> joiners{"\u200c", "\u200d", "\ufe0e", "\ufe0f"};
    std::string_view seen = text;
    const auto leads = [&](std::string_view joiner) { return seen.starts_with(joiner); };
    while (std::any_of(joiners.begin(), joiners.end(), leads))
        seen.remove_prefix(joiners.front().size());
    if (seen.empty())
        return false;
    const auto stands = [&](std::string_view character) { return text.find(character) != std::string_view::npos; };
    const auto surrounds = [&](std::string_view blank) { return text.starts_with(blank) || text.ends_with(blank); };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool isSecondControl = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (byte < 0x20 || byte == 0x7f || isSecondControl) // C0, DEL, C1
            return false;
    }
    return std::none_of(invisible.begin(), invisible.end(), stands) && std::none_of(blanks.begin(), blanks.end(), surrounds);
}

} // namespace iotman
