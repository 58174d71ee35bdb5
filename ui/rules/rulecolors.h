// The colours of code: of rules, and of the JSON they read and make.
#pragma once

#include "ui/look/look.h"
#include "ui/rules/ruletokens.h"

namespace iotman::ui {

inline QColor ruleColor(RuleToken token, const QPalette& palette)
{
    const Extras& colors = extras(palette);
    switch (token) {
    case RuleToken::Key:
        return colors.codeKey;
    case RuleToken::Text:
        return colors.codeString;
    case RuleToken::Number:
        return colors.codeNumber;
    case RuleToken::Operator:
    case RuleToken::Method:
        return colors.codeOperator;
    case RuleToken::Variable:
        return colors.codeVariable;
    case RuleToken::Comment:
        return colors.dimText;
    case RuleToken::Step:
        break;
    }
    return palette.color(QPalette::Text);
}

} // namespace iotman::ui
