// Findings as text: for people, and for test runners.
#pragma once

#include "core/lab/verdict.h"

#include <span>
#include <string>

namespace iotman::lab {

/// `different limit=0: there …; here …`, one line.
std::string lineOf(const Finding& finding);
/// A line each.
std::string reportText(std::span<const Finding> findings);

/// As test runners read it (JUnit): a difference is a failure, what could not be told is skipped. `url`: the side that was asked.
std::string junit(const std::string& url, std::span<const Finding> findings);

bool hasDifference(std::span<const Finding> findings);

} // namespace iotman::lab
