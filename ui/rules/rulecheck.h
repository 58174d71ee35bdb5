// What is wrong with a rule while it is typed, and where.
#pragma once

#include "core/model/error.h"

#include <QString>

#include <optional>

namespace iotman::ui {

enum class RulePart { Filter, Rule, Time };

/// A fault of a rule: where to underline, and the sentence that the server would say too.
struct RuleFault {
    int begin = 0; ///< UTF-16, in the whole text
    int length = 1;
    QString sentence;

    bool operator==(const RuleFault&) const = default;
};

/// Nothing when `text` parses. A blank filter or time is none, so it parses; a blank rule does not.
std::optional<RuleFault> checkRule(const QString& text, RulePart part);

/// What an error of a rule says, wherever it comes from, as a sentence: “Line 5, column 33: expected …”.
QString asSentence(const Error& error);

} // namespace iotman::ui
