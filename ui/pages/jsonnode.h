// JSON as a tree that is read one level at a time. Values are slices of the text, so no number is ever formatted anew.
#pragma once

#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace iotman::ui {

enum class JsonKind { Object, Array, Text, Number, Boolean, Null };

/// By its first character; `value` is one well-formed JSON value without blanks around it.
JsonKind kindOf(std::string_view value);
QString kindWord(JsonKind kind); ///< “object”, “number” …

/// A member of an object or an element of an array, whose key is then its number from 0.
struct JsonChild {
    QString key;
    std::string_view value; ///< a slice of the parent's text
};

/// Empty for values that hold nothing. What follows a fault in the grammar is left out.
std::vector<JsonChild> childrenOf(std::string_view value);
bool hasChildren(std::string_view value);

/// One line that stands for `value` in a list: a scalar's own bytes, an object's first members (`at 1280635200, celsius 17.2`),
/// for an array how many values it has. Cut after about a hundred characters.
QString previewOf(std::string_view value);

/// Whether a number under that key reads like Unix seconds: a member called `at`, `ts`, `time` … of the last or next decades.
bool looksLikeTime(QStringView key, std::string_view value);

/// `json` with line breaks and two blanks per level between its tokens, which stay as they are. Stops once `most` bytes are
/// written. A text that is not JSON comes back unchanged, up to `most` bytes.
std::string indented(std::string_view json, std::size_t most);

} // namespace iotman::ui
