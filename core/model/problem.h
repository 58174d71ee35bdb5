// The one place that turns an error into an HTTP answer (RFC 9457), and back.
#pragma once

#include "core/model/error.h"
#include "core/model/json.h"

#include <string>
#include <string_view>

namespace iotman {

int httpStatus(Problem kind);
/// The kind that a status stands for; Internal for a status that no kind has.
Problem problemOf(int httpStatus);
/// The reason phrase of RFC 9110, also the `title` of a problem.
std::string_view reasonPhrase(int httpStatus);

/// `{"type","title","status","detail"}`, for a status that no kind has, too.
Json problemJson(int status, const std::string& detail);
/// The same with `[,"field"][,"column"][,"pointer"]`.
Json toJson(const Error& error);
/// Reads an `application/problem+json` answer; for anything else the status decides and `body` is not shown.
Error errorFrom(int httpStatus, std::string_view body);

} // namespace iotman
