// How two sides answer to one probe.
#pragma once

#include "core/lab/probe.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman::lab {

/// One question and its answer, as people read them; tokens and secrets are left out.
struct Exchange {
    std::string asked;    ///< the request line and what else is asked with
    std::string answered; ///< status, the headers that matter, the beginning of the body; or why there is none
};

Exchange exchangeOf(const Side& side, const Question& question, const Answer& answer);

enum class Verdict { Equal, Different, Unknown };

/// “equal”, “different”, “unknown”.
std::string_view text(Verdict verdict);

/// What one side said, and by which exchanges.
struct Testimony {
    Said said;
    std::vector<Exchange> exchanges;

    /// What was said, or why nothing could be.
    const std::string& text() const { return said ? *said : said.error().detail; }
};

struct Finding {
    std::string_view probe;
    Testimony there;
    Testimony here;

    Verdict verdict() const;
};

} // namespace iotman::lab
