// What a browser does with the headers of an answer (Fetch standard, “CORS check” and “CORS-preflight fetch”).
#pragma once

#include "core/browser/sentence.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iotman::browser {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What came back. Status 0: no answer, and `reason` says why.
struct Answer {
    int status = 0;
    std::string reason;
    Headers headers;
};

/// The values of a header, whatever its case, without blanks around them and joined with “, ” as browsers join them; nothing
/// where there is none.
std::optional<std::string> headerOf(const Headers& headers, std::string_view name);

/// Why a check failed, by the header that decides; `value` is empty where it is missing.
struct Failure {
    std::string header;
    std::optional<std::string> value;
    Sentence why; ///< goes on after the header's line: “is missing.”
};

/// Fetch §4.9, with credentials left at their default (“same-origin”): may a page of `origin` read this answer?
std::optional<Failure> corsCheck(const Answer& answer, std::string_view origin);

/// Fetch §4.8 for GET with `Authorization`: may the request itself be sent?
std::optional<Failure> preflightCheck(const Answer& answer, std::string_view origin);

/// Whether Authorization is granted by “*” alone: the Fetch standard does not count that, Chromium does, and warns.
bool grantsByStarAlone(const Answer& answer);

/// HTML, “server-sent events”: is this the beginning of a stream? After the CORS check.
std::optional<Failure> eventSourceCheck(const Answer& answer);

/// RFC 6455 §4.1 for the key that was sent, with no protocol asked for: does the connection open?
std::optional<Failure> webSocketCheck(const Answer& answer, std::string_view expectedAccept);

} // namespace iotman::browser
