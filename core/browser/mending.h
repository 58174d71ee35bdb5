// Why an origin is not granted, in words, and what would help.
#pragma once

#include "core/browser/inquiry.h"

namespace iotman::browser {

/// Headline, detail and mend of a report about an answer that does not grant `question.page`'s origin.
void explainForeignOrigin(const Question& question, Report& report);

} // namespace iotman::browser
