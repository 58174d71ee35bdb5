#include "core/server/idempotency.h"

#include "core/model/digest.h"
#include "core/model/encoding.h"


#include <algorithm>

namespace iotman::server {

namespace {

constexpr std::size_t longestKey = 255;

std::string digest(std::string_view text)
{
    return base64Url(sha256(text));
}

bool isVisible(char c)
{
    return c > ' ' && c < 0x7f;
}

} // namespace

Expected<std::optional<store::RequestIdentity>> requestIdentity(const RequestHead& head, std::string_view subject,
                                                                std::string_view body, Timestamp now)
{
    if (head.count("idempotency-key") == 0)
        return std::optional<store::RequestIdentity>();
    const std::optional<std::string_view> key = head.header("idempotency-key");
    if (!key || key->empty() || key->size() > longestKey || !std::all_of(key->begin(), key->end(), isVisible))
        return fail(Problem::BadRequest, "Idempotency-Key: expected one key of 1 to 255 visible ASCII characters without blanks",
                    "Idempotency-Key");
    const std::string bodyDigest = digest(body);
    // Neither part can hold a line feed.
    const std::string identity =
        std::string(subject) + "\n" + std::string(*key) + "\n" + (subject.empty() ? bodyDigest : std::string());
    return std::optional(store::RequestIdentity{digest(identity), bodyDigest, now});
}

Expected<std::optional<std::int64_t>> firstAnswer(const std::optional<store::Answered>& known,
                                                  const store::RequestIdentity& request)
{
    if (!known)
        return std::optional<std::int64_t>();
    if (known->body != request.body)
        return fail(Problem::Unprocessable, "this Idempotency-Key was used for another body; a new request needs a new key",
                    "Idempotency-Key");
    return std::optional(known->accepted);
}

RequestsInFlight::Flight::Flight(std::shared_ptr<State> state, std::pair<SourceKey, std::string> request)
    : state_(std::move(state))
    , request_(std::move(request))
{
}

void RequestsInFlight::Flight::land()
{
    if (!state_)
        return;
    const std::shared_ptr<State> state = std::move(state_);
    const std::lock_guard lock(state->mutex);
    state->all.erase(request_);
}

std::shared_ptr<RequestsInFlight::Flight> RequestsInFlight::begin(SourceKey source, const std::string& identity)
{
    std::pair<SourceKey, std::string> request{source, identity};
    {
        const std::lock_guard lock(state_->mutex);
        if (!state_->all.insert(request).second)
            return nullptr;
    }
    return std::make_shared<Flight>(state_, std::move(request));
}

} // namespace iotman::server
