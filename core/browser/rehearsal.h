// A list of origins tried before it is saved: what the server would answer if it had it already.
#pragma once

#include "core/browser/inquiry.h"

namespace iotman::browser {

/// Stands between an inquiry and a server of ours that still has the list `saved`. A server grants its own origin whatever its
/// list says: where `edited` grants more than `saved` it is asked in that name, and where it grants less in one that nobody has.
/// So the answers are real ones; only their origins are told as the edited list has them.
class Rehearsal {
public:
    Rehearsal(CorsOrigins saved, CorsOrigins edited);

    const CorsOrigins& edited() const { return edited_; }
    /// What is to be sent in the place of `request`.
    Request sent(Request request) const;
    /// What the server would have answered to `request`; `answer` came to sent(request).
    Answer answerTo(const Request& request, Answer answer) const;

private:
    bool grants(const CorsOrigins& list, const Request& request) const;

    CorsOrigins saved_;
    CorsOrigins edited_;
};

} // namespace iotman::browser
