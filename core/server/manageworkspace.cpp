// /api/me, /api/workspace, /api/cors, /api/audit, /api/keys
#include "core/server/managementanswers.h"
#include "core/server/views.h"

#include "core/model/query.h"

#include <charconv>

namespace iotman::server {

namespace {

constexpr int auditPage = 100;

Response workspaceAnswer(const Catalog& catalog, const std::string& base)
{
    return withTag(jsonResponse(200, toJson(WorkspaceView{catalog.workspace, base, "extended"})), storedJson(catalog.workspace));
}

Json toJson(const store::AuditEntry& entry)
{
    const auto parsed = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json::parse(text, nullptr, false); };
    return {{"at", timeJson(entry.at)},
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

void Management::getWorkspace(const ManagementCall& call) { call.reply(workspaceAnswer(*context_.store.catalog(), baseOf(context_, call))); }

void Management::patchWorkspace(const ManagementCall& call)
{
    const auto patch = bodyOf(call).and_then(workspacePatchFrom);
    if (!patch) {
        call.reply(problemResponse(patch.error()));
        return;
    }
    change(
        call,
        [patch = *patch, ifMatch = IfMatch(call)](Catalog& catalog, Sequence, const Author&) {
            return ifMatch.check(storedJson(catalog.workspace)).and_then([&] { return changeWorkspace(catalog, patch); });
        },
        [base = baseOf(context_, call)](const Catalog& catalog) { return workspaceAnswer(catalog, base); });
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
        [origins = draft->origins, ifMatch = IfMatch(call)](Catalog& catalog, Sequence, const Author&) {
            return ifMatch.check(storedJson(catalog.cors)).map([&] { catalog.cors = origins; });
        },
        [repairs = draft->repairs](const Catalog& catalog) {
            return withTag(jsonResponse(200, iotman::toJson(CorsView{catalog.cors, repairs}, WithRepairs::Yes)), storedJson(catalog.cors));
        });
}

void Management::getAudit(const ManagementCall& call)
{
    const auto before = QueryParameters::parse(call.request.head.query()).once("before");
    std::int64_t number = INT64_MAX;
    if (before && *before) {
        const std::string& text = **before;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number < 1) {
            call.reply(problemResponse({Problem::BadRequest, "before: expected the number of an entry", "before"}));
            return;
        }
    } else if (!before) {
        call.reply(problemResponse(before.error()));
        return;
    }
    const auto entries = reader_->audit(number, auditPage + 1);
    if (!entries) {
        call.reply(problemResponse(entries.error()));
        return;
    }
    Json data = Json::array();
    for (std::size_t i = 0; i < entries->size() && i < static_cast<std::size_t>(auditPage); ++i)
        data.push_back(toJson((*entries)[i]));
    Json next = nullptr;
    if (entries->size() > static_cast<std::size_t>(auditPage))
        next = baseOf(context_, call) + "/api/audit?before=" + std::to_string((*entries)[auditPage - 1].number);
    call.reply(jsonResponse(200, {{"data", std::move(data)}, {"next_page", std::move(next)}}));
}

void Management::rotateKeys(const ManagementCall& call)
{
    const Expected<SigningKey> key = context_.keys.rotate();
    call.reply(key ? jsonResponse(200, {{"kid", key->kid()}}) : problemResponse(key.error()));
}

} // namespace iotman::server
