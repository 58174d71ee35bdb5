// What a data API answers to the same questions. A probe turns answers into a short text of what matters in them, so that two
// servers with different data can be compared.
#pragma once

#include "core/client/network.h"
#include "core/client/tokensource.h"
#include "core/model/error.h"

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace iotman::lab {

/// One side of a comparison: where it is, and who asks it.
struct Side {
    std::string endpoint;            ///< `https://host/data/out/{id}`
    std::string live;                ///< an endpoint beside it where something comes all the time; empty: `endpoint` itself
    client::Credentials credentials; ///< of a client; without an id the endpoint is public
    client::Secret token;            ///< that they were given; empty for a public endpoint
};

/// One thing to ask. Nothing that is asked changes anything.
struct Question {
    enum class Way {
        Request, ///< a request and its whole answer
        Head,    ///< of which only the head of the answer counts: an upgrade
        Message, ///< a stream that is opened until its first message has come, which then is the body
    };
    Way way = Way::Request;
    client::HttpRequest request;
    bool again = false; ///< even where the same was asked before

    bool operator==(const Question& other) const;
};

using Answer = Expected<client::HttpAnswer>;
/// Errors: why it cannot be said, which is no difference: no answer came, or there is too little data to tell.
using Said = Expected<std::string>;
/// What is to be asked next, or what the probe says in the end.
using Turn = std::variant<Question, Said>;

struct Probe {
    std::string_view name; ///< a sentence of what is asked
    /// `answers` are those to all its questions so far.
    Turn (*turn)(const Side& side, std::span<const Answer> answers);
    bool restrictedOnly = false; ///< means something only where a client's token is needed
};

/// In the order in which they are asked.
std::span<const Probe> probes();

} // namespace iotman::lab
