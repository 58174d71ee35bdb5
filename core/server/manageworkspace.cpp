// /api/me, /api/workspace, /api/cors, /api/audit, /api/keys
#include "core/server/background.h"
#include "core/server/managementanswers.h"
#include "core/server/views.h"

#include <span>

namespace iotman::server {

namespace {

constexpr int auditPage = 100;
constexpr int mostAuditPage = 1000;

Response workspaceAnswer(const Catalog& catalog, const std::string& base, Contract contract)
{
    const WorkspaceView view{catalog.workspace, base, std::string(text(contract))};
    return withTag(jsonResponse(200, toJson(view)), storedJson(catalog.workspace));
}

Json toJson(const store::AuditEntry& entry)
{
    const auto parsed = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json::parse(text, nullptr, false); };
    return {{"number", entry.number},
            {"at", timeJson(entry.at)},
            {"who", entry.who},
            {"kind", entry.change.kind},
            {"id", entry.change.id},
            {"before", parsed(entry.change.before)},
            {"after", parsed(entry.change.after)}};
}

} // namespace

void Management::me(const ManagementCall& call)
{
    const Workspace& workspace = context_.store.catalog()->workspace;
    const Email email = Email::parse(call.identity.who, "email").value_or(Email{call.identity.who});
    call.reply(jsonResponse(200, iotman::toJson(Me{email, *call.identity.role, workspace.id, workspace.slug, workspace.name})));
}

void Management::getWorkspace(const ManagementCall& call) { call.reply(workspaceAnswer(*context_.store.catalog(), baseOf(context_, call), context_.contract)); }

void Management::patchWorkspace(const ManagementCall& call)
{
    const auto patch = bodyOf(call).and_then(workspacePatchFrom);
    if (!patch) {
        call.reply(problemResponse(patch.error()));
        return;
    }
    change(
        call,
        [patch = *patch, preconditions = Preconditions(call)](Catalog& catalog, Sequence, const Author&) {
            return preconditions.check(storedJson(catalog.workspace)).and_then([&] { return changeWorkspace(catalog, patch); });
        },
        [base = baseOf(context_, call), contract = context_.contract](const Catalog& catalog) { return workspaceAnswer(catalog, base, contract); });
}

void Management::getCors(const ManagementCall& call)
{
    const CorsOrigins& cors = context_.store.catalog()->cors;
    call.reply(withTag(jsonResponse(200, iotman::toJson(CorsView{cors, {}}, WithRepairs::No)), storedJson(cors)));
}

void Management::putCors(const ManagementCall& call)
{
    const auto draft = bodyOf(call).and_then(corsDraftFrom);
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    change(
        call,
        [origins = draft->origins, preconditions = Preconditions(call)](Catalog& catalog, Sequence, const Author&) {
            return preconditions.check(storedJson(catalog.cors)).map([&] { catalog.cors = origins; });
        },
        [repairs = draft->repairs](const Catalog& catalog) {
            return withTag(jsonResponse(200, iotman::toJson(CorsView{catalog.cors, repairs}, WithRepairs::Yes)), storedJson(catalog.cors));
        });
}

void Management::getAudit(const ManagementCall& call)
{
    const QueryParameters query = QueryParameters::parse(call.request.head.query());
    const auto before = wholeNumber(query, "before", 1, INT64_MAX);
    const auto limit = wholeNumber(query, "limit", 1, mostAuditPage);
    if (!before || !limit) {
        call.reply(problemResponse(before ? limit.error() : before.error()));
        return;
    }
    const int count = static_cast<int>(limit->value_or(auditPage));
    const auto entries = reader_->audit(before->value_or(INT64_MAX), count + 1);
    if (!entries) {
        call.reply(problemResponse(entries.error()));
        return;
    }
    const bool more = entries->size() > static_cast<std::size_t>(count);
    Json data = Json::array();
    for (const store::AuditEntry& entry : std::span(*entries).first(more ? static_cast<std::size_t>(count) : entries->size()))
        data.push_back(toJson(entry));
    Json next = nullptr;
    if (more)
        next = baseOf(context_, call) + "/api/audit?limit=" + std::to_string(count) +
               "&before=" + std::to_string((*entries)[static_cast<std::size_t>(count) - 1].number);
    call.reply(jsonResponse(200, {{"data", std::move(data)}, {"next_page", std::move(next)}}));
}

void Management::rotateKeys(const ManagementCall& call)
{
    // Making a key takes long.
    const bool isTaken = context_.background->post([&context = context_, who = call.identity.who, reply = call.reply] {
        const Expected<SigningKey> key = context.keys.rotate();
        if (!key) {
            reply(problemResponse(key.error()));
            return;
        }
        const std::string kid = key->kid();
        context.store.journal(who, context.clock.now(), {"signing key", kid, {}, jsonText({{"kid", kid}})},
                              [reply, kid](const Expected<void>& noted) {
                                  // The key is in use already: that its entry could not be written does not undo it.
                                  (void)noted;
                                  reply(jsonResponse(200, {{"kid", kid}}));
                              });
    });
    if (!isTaken)
        call.reply(busy());
}

} // namespace iotman::server
