// Text encodings that have one right answer: base64url, hex, percent, UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace iotman {

/// base64url without padding (RFC 4648 §5).
std::string base64Url(std::string_view bytes);
/// Nothing when `text` has a character outside the alphabet, padding, or bits that no encoder writes.
std::optional<std::string> fromBase64Url(std::string_view text);

std::string hexText(std::string_view bytes);

/// `%XX` decoded, strictly: nothing when a `%` is not followed by two hex digits. `plusIsBlank` as in form bodies.
enum class Plus { Literal, Blank };
std::optional<std::string> percentDecoded(std::string_view text, Plus plus);
/// Everything but RFC 3986 unreserved characters as `%XX`.
std::string percentEncoded(std::string_view text);

/// True for well-formed UTF-8 (no surrogates, no overlong forms, nothing past U+10FFFF).
bool isUtf8(std::string_view text);
/// As much of the beginning as `most` bytes hold, without cutting a character of well-formed UTF-8.
std::string_view cutBetweenCharacters(std::string_view text, std::size_t most);
/// The number of characters (code points) of well-formed UTF-8.
std::size_t characters(std::string_view utf8);
/// The 1-based column, in characters, of byte `offset` in `utf8`.
int columnAt(std::string_view utf8, std::size_t offset);

/// Constant time for equal lengths.
bool sameSecret(std::string_view a, std::string_view b);

} // namespace iotman
