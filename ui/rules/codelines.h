// JSON as a few coloured lines, for a cell of a table.
#pragma once

#include "ui/rules/ruletokens.h"

#include <QString>

#include <string>
#include <vector>

namespace iotman::ui {

struct CodeRun {
    QString text;
    RuleToken token = RuleToken::Step;

    bool operator==(const CodeRun&) const = default;
};
using CodeLine = std::vector<CodeRun>;

/// An object as one line per member, `"key": value`, anything else as one line. Numbers and strings as they are spelled.
/// At most `lines` lines, the last of which then says how many more there are; long lines are cut.
std::vector<CodeLine> codeLines(const std::string& json, int lines);

/// The same as plain text.
QString plainText(const std::vector<CodeLine>& lines);

} // namespace iotman::ui
