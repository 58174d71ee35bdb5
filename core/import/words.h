// Pieces of sentences for people.
#pragma once

#include "core/model/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace iotman::files {

/// `text` between “ ”, cut after 40 characters, control characters shown as blanks, bytes that are
/// no UTF-8 as U+FFFD.
std::string inQuotes(std::string_view text);

/// `1 field`, `2 fields`.
std::string counted(std::size_t count, std::string_view singular);

/// `line 5, column 9`.
std::string lineAndColumn(std::int64_t line, std::int64_t column);

/// What stands at byte `at` of a JSON text: the word, number or sign there between “ ”, or `the end`.
std::string wordAt(std::string_view json, std::size_t at);

/// An error whose `detail` begins with `line L, column C: `, counted from the start of a piece of text, told as seen from
/// the whole text, where that piece starts at `line` and `column`. An error without a place gets that start as its place.
Error movedTo(const Error& error, std::int64_t line, int column);

} // namespace iotman::files
