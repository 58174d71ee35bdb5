// What is wrong with a rule while it is typed, and where.
#pragma once

#include <QString>

#include <optional>

namespace iotman::ui {

enum class RulePart { Filter, Rule };

/// A fault of a rule: where to underline, and the sentence that the server would say too.
struct RuleFault {
    int begin = 0; ///< UTF-16, in the whole text
    int length = 1;
    int line = 1;   ///< of `begin`, from 1
    int column = 1; ///< in its line, from 1, in characters
    QString sentence;

    bool operator==(const RuleFault&) const = default;
};

/// Nothing when `text` parses. A blank filter is none, so it parses; a blank rule does not.
std::optional<RuleFault> checkRule(const QString& text, RulePart part);

/// `detail` as core/rules says it, with its places as line and column of `text` where that has several lines: “Line 5, column
/// 33: expected …”.
QString placedSentence(const QString& detail, const QString& text);

} // namespace iotman::ui
