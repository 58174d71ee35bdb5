// What the characters of a rule are, line by line, for whoever paints them.
#pragma once

#include <QString>
#include <QStringView>

#include <vector>

namespace iotman::ui {

enum class RuleToken {
    Key,      ///< of a constructor's member
    Step,     ///< a key of a path
    Text,     ///< in double quotes
    Number,   ///< also true, false and null
    Operator, ///< also words that are some: exists, like_regex
    Variable, ///< `$`, `@`, `$ts`
    Method,   ///< with its parentheses behind it
    Comment,
};

struct RuleSpan {
    int begin = 0; ///< in the line, UTF-16
    int length = 0;
    RuleToken token = RuleToken::Step;

    bool operator==(const RuleSpan&) const = default;
};

/// What a line leaves open for the next one.
enum class RuleLineEnd { Closed, InComment, InText };

/// The spans of one line, in order; `state` is how the line before ended, and then how this one does. Takes any text, also what
/// does not parse: this only paints.
std::vector<RuleSpan> ruleSpans(QStringView line, RuleLineEnd& state);

/// Whether a name may stand in a rule without quotes: as a key behind a point, or before a colon.
bool isPlainKey(QStringView key);
/// `.key` or `."any key"`, as it stands in a path.
QString keyStep(const QString& key);
/// A text in double quotes, escaped.
QString quotedText(const QString& text);

} // namespace iotman::ui
