// Any bytes as a literal of a language: what somebody else sent never ends the literal, nor a terminal's paste.
#pragma once

#include <string>
#include <string_view>

namespace iotman::codegen {

/// One word of a POSIX shell: plain where that is safe, else `'…'`; `$'…'` (bash, zsh, ksh, POSIX 2024) where it holds control
/// characters or bytes that are no UTF-8, which must not reach a terminal as they are. A NUL, which no argument can hold, is left
/// out.
std::string shellQuoted(std::string_view text);

/// `"…"` of JavaScript, safe inside a `<script>` too: `<` is escaped, as are U+2028, U+2029 and control characters.
std::string javaScriptQuoted(std::string_view text);

/// `"…"` of Python 3.
std::string pythonQuoted(std::string_view text);

/// `"…"` of C++, without digraphs or trigraphs, as UTF-8; to be wrapped in QStringLiteral or a QByteArray.
std::string cppQuoted(std::string_view text);

/// `"…"` of JSON, which is one of YAML too.
std::string jsonQuoted(std::string_view text);

/// On one line of a comment, whatever the language: control characters are blanks, and nothing that ends a comment or a script
/// stays whole.
std::string commentText(std::string_view text);

} // namespace iotman::codegen
