// What the contract lab says, in the language of who reads it.
#pragma once

#include <QString>

#include <string_view>

namespace iotman::ui {

/// A question of the lab, or why one could not be answered. The lab's own English is what reports and test runners get; what
/// it does not know, such as the shape of an answer, stays as it is.
QString labText(std::string_view sentence);

/// Whether labText knows the sentence.
bool isLabSentence(std::string_view sentence);

} // namespace iotman::ui
