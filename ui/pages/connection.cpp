#include "ui/pages/connection.h"

#include "core/client/refusal.h"
#include "core/client/text.h"

namespace iotman::ui {

bool isAboutConnection(const Error& error)
{
    return client::isPassing(error) || error.kind == Problem::Unauthorized || error.kind == Problem::Internal ||
           error.kind == Problem::NotFound || error.kind == Problem::Misdirected || error.kind == Problem::BadRequest;
}

ConnectionState stateAfter(const ConnectionState& before, const std::optional<Error>& trouble, Timestamp now)
{
    if (!trouble)
        return {Phase::Running, std::nullopt, {}};
    const QString reason = client::toQt(trouble->detail);
    if (trouble->kind == Problem::Unauthorized)
        return {Phase::SignInNeeded, std::nullopt, reason};
    if (!client::isPassing(*trouble))
        return {Phase::Failed, std::nullopt, reason};
    return {Phase::Offline, before.phase == Phase::Offline ? before.since : now, reason};
}

} // namespace iotman::ui
