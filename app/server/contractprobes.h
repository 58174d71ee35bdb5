// What a data API answers to the same questions: each probe turns an answer into a short text of what matters in it, so that two
// servers with different data can be compared.
#pragma once

#include "core/client/network.h"
#include "core/model/error.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace iotman {

/// One side: where it is, and how to ask it. `send` waits for the answer.
struct ProbeSide {
    std::string endpoint; ///< `https://host/data/out/{id}`
    std::string token;    ///< for a restricted endpoint; empty for a public one
    std::function<Expected<client::HttpAnswer>(const client::HttpRequest&)> send;
};

/// Reads only. What it says is the same text where two servers keep the same contract. Errors: why it cannot say, which is no
/// difference: no answer came, or there is too little data to tell.
struct Probe {
    std::string_view name; ///< a sentence of what is asked
    Expected<std::string> (*ask)(const ProbeSide& side);
    bool restrictedOnly = false; ///< means something only where a token is needed
};

std::span<const Probe> contractProbes();

} // namespace iotman
