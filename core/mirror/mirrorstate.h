// How a mirror is doing, for people.
#pragma once

#include <string>
#include <string_view>

namespace iotman::mirror {

struct MirrorState {
    enum class Is {
        Off,     ///< the source is switched off, or nothing is read at the moment
        History, ///< what the endpoint has stored is being read
        Live,    ///< its stream is open
        Waiting, ///< until the next try
        Refused, ///< the service says that there is nothing to read; asked again now and then
        SignIn,  ///< the service does not take the sign-in, or its secret is not kept here
    };
    Is is = Is::Off;
    std::string detail; ///< why, a sentence without secrets; empty where there is nothing to say

    bool operator==(const MirrorState&) const = default;
};

std::string_view text(MirrorState::Is is); ///< "off", "history", "live", "waiting", "refused", "sign_in", as JSON spells it

/// What is said of an endpoint that this very server serves: mirrored, it would bring back what it brings, for ever.
inline constexpr std::string_view ownEndpoint =
    "This is an endpoint of this very server: what it has is here already. Expected one elsewhere.";

} // namespace iotman::mirror
