// What a rule's writer probably meant.
#pragma once

#include "core/rules/lexer.h"

#include <string>
#include <string_view>

namespace iotman::rules {

/// A token as messages show it: “=”, the end.
std::string shown(const Token& token);

/// A sentence for the usual slips at an unexpected `token` of `rule` behind `previous`; empty when none fits.
std::string hintFor(std::string_view rule, const Token& previous, const Token& token);

} // namespace iotman::rules
