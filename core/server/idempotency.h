// Idempotency-Key: a request sent again with its key gets its first answer and stores nothing.
#pragma once

#include "core/server/requesthead.h"
#include "core/store/store.h"

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace iotman::server {

/// Who a request says it is: by its key and the token's subject. Without a token the body belongs to it too, so that strangers
/// who choose the same key do not meet. Nothing where there is no key. Errors: BadRequest, field “Idempotency-Key”.
Expected<std::optional<store::RequestIdentity>> requestIdentity(const RequestHead& head, std::string_view subject,
                                                                std::string_view body, Timestamp now);

/// What is to be done with a request of a known identity: nothing (it is new), its first answer again, or a refusal.
/// Errors: Unprocessable when the key was used for another body.
Expected<std::optional<std::int64_t>> firstAnswer(const std::optional<store::Answered>& known,
                                                  const store::RequestIdentity& request);

/// The requests that are being stored at the moment. Any thread.
class RequestsInFlight {
    struct State {
        std::mutex mutex;
        std::set<std::pair<SourceKey, std::string>> all;
    };

public:
    class Flight {
    public:
        Flight(std::shared_ptr<State> state, std::pair<SourceKey, std::string> request);
        ~Flight() { land(); }
        Flight(const Flight&) = delete;
        Flight& operator=(const Flight&) = delete;

        /// The request is done with; call it before it is answered.
        void land();

    private:
        std::shared_ptr<State> state_;
        std::pair<SourceKey, std::string> request_;
    };

    /// Null when the same request is in flight already.
    std::shared_ptr<Flight> begin(SourceKey source, const std::string& identity);

private:
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

} // namespace iotman::server
