// /api/clients and /api/members
#include "core/server/managementanswers.h"
#include "core/server/oauth.h"
#include "core/server/views.h"

namespace iotman::server {

void Management::listClients(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    answerList(context_, call, catalog->clients, [&](const Client& client) { return viewOf(context_, client); });
}

void Management::postClient(const ManagementCall& call)
{
    const auto draft = bodyOf(call).and_then(clientDraftFrom);
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    const auto made = std::make_shared<NewSecret>();
    change(
        call,
        [draft = *draft, made](Catalog& catalog, Sequence, const Author& author) {
            return createClient(catalog, draft, author).map([&](NewSecret secret) { *made = std::move(secret); });
        },
        [&context = context_, made](const Catalog& catalog) {
            const Client& client = catalog.clients.at(ClientId{made->id});
            ClientView view = viewOf(context, client);
            view.secret = made->secret;
            return uncached(created("/api/clients/" + made->id, toJson(view), storedJson(client)));
        });
}

void Management::getClient(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    if (const Client* client = findOrAnswer(catalog->clients, "client", call))
        call.reply(withTag(jsonResponse(200, toJson(viewOf(context_, *client))), storedJson(*client)));
}

void Management::patchClient(const ManagementCall& call)
{
    const auto patch = bodyOf(call).and_then(clientPatchFrom);
    if (!patch) {
        call.reply(problemResponse(patch.error()));
        return;
    }
    const ClientId id{call.id};
    change(
        call,
        [id, patch = *patch, preconditions = Preconditions(call)](Catalog& catalog, Sequence, const Author&) {
            return checkVersion(preconditions, catalog.clients, "client", id.text).and_then([&] { return changeClient(catalog, id, patch); });
        },
        [&context = context_, id](const Catalog& catalog) {
            const Client& client = catalog.clients.at(id);
            return withTag(jsonResponse(200, toJson(viewOf(context, client))), storedJson(client));
        });
}

void Management::deleteClient(const ManagementCall& call)
{
    change(call, deletion(call, &Catalog::clients, "client", iotman::deleteClient), gone);
}

void Management::postClientSecret(const ManagementCall& call)
{
    const ClientId id{call.id};
    const auto made = std::make_shared<NewSecret>();
    change(
        call,
        [id, made](Catalog& catalog, Sequence, const Author& author) {
            return renewSecret(catalog, id, author).map([&](NewSecret secret) { *made = std::move(secret); });
        },
        [&context = context_, id, made](const Catalog& catalog) {
            ClientView view = viewOf(context, catalog.clients.at(id));
            view.secret = made->secret;
            return uncached(jsonResponse(200, toJson(view)));
        });
}

void Management::postClientToken(const ManagementCall& call)
{
    const ClientId id{call.id};
    // A change of nothing that still leaves its trace: the audit log has a token that was minted without the client's secret.
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const Client* client = findOrAnswer(catalog->clients, "client", call);
    if (!client)
        return;
    if (!client->enabled || (client->expiresAt && *client->expiresAt <= context_.clock.now())) {
        call.reply(problemResponse({Problem::Conflict, "the client “" + id.text + "” is switched off or has expired"}));
        return;
    }
    std::vector<std::string> scopes;
    for (const ScopeName& scope : client->scopes)
        scopes.push_back(scope.text);
    const Json token = clientToken(context_, *client, scopes, baseOf(context_, call));
    const Timestamp now = context_.clock.now();
    context_.store.journal(call.identity.who, now, {"token", id.text, {}, jsonText({{"scope", token["scope"]}, {"expires_in", token["expires_in"]}})},
                        [reply = call.reply, token](const Expected<void>& noted) {
                            reply(noted ? uncached(jsonResponse(201, token)) : problemResponse(noted.error()));
                        });
}

void Management::listMembers(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    answerList(context_, call, catalog->members, [&](const Member& member) { return viewOf(context_, member); });
}

void Management::postMember(const ManagementCall& call)
{
    const auto draft = bodyOf(call).and_then(memberDraftFrom).and_then([](MemberDraft asked) -> Expected<MemberDraft> {
        if (asked.email.text == Owner::email)
            return fail(Error{Problem::Conflict, "“" + asked.email.text + "” is who runs the desktop on this computer", "email", 0, "/email"});
        return asked;
    });
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    const auto made = std::make_shared<NewSecret>();
    change(
        call,
        [draft = *draft, made](Catalog& catalog, Sequence, const Author& author) {
            return createMember(catalog, draft, author).map([&](NewSecret key) { *made = std::move(key); });
        },
        [&context = context_, made](const Catalog& catalog) {
            const Member& member = catalog.members.at(MemberId{made->id});
            MemberView view = viewOf(context, member);
            view.key = made->secret;
            return uncached(created("/api/members/" + made->id, toJson(view), storedJson(member)));
        });
}

void Management::getMember(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    if (const Member* member = findOrAnswer(catalog->members, "member", call))
        call.reply(withTag(jsonResponse(200, toJson(viewOf(context_, *member))), storedJson(*member)));
}

void Management::patchMember(const ManagementCall& call)
{
    const auto patch = bodyOf(call).and_then(memberPatchFrom);
    if (!patch) {
        call.reply(problemResponse(patch.error()));
        return;
    }
    const MemberId id{call.id};
    change(
        call,
        [id, patch = *patch, preconditions = Preconditions(call)](Catalog& catalog, Sequence, const Author&) {
            return checkVersion(preconditions, catalog.members, "member", id.text).and_then([&] { return changeMember(catalog, id, patch); });
        },
        [&context = context_, id](const Catalog& catalog) {
            const Member& member = catalog.members.at(id);
            return withTag(jsonResponse(200, toJson(viewOf(context, member))), storedJson(member));
        });
}

void Management::deleteMember(const ManagementCall& call)
{
    change(call, deletion(call, &Catalog::members, "member", iotman::deleteMember), gone);
}

void Management::postMemberKey(const ManagementCall& call)
{
    const MemberId id{call.id};
    const auto made = std::make_shared<NewSecret>();
    change(
        call,
        [id, made](Catalog& catalog, Sequence, const Author& author) {
            return renewKey(catalog, id, author).map([&](NewSecret key) { *made = std::move(key); });
        },
        [&context = context_, id, made](const Catalog& catalog) {
            MemberView view = viewOf(context, catalog.members.at(id));
            view.key = made->secret;
            return uncached(jsonResponse(200, toJson(view)));
        });
}

void Management::postMemberToken(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const Member* member = findOrAnswer(catalog->members, "member", call);
    if (!member)
        return;
    const Json token = memberToken(context_, *member, baseOf(context_, call));
    context_.store.journal(call.identity.who, context_.clock.now(), {"token", call.id, {}, jsonText({{"expires_in", token["expires_in"]}})},
                           [reply = call.reply, token](const Expected<void>& noted) {
                               reply(noted ? uncached(jsonResponse(201, token)) : problemResponse(noted.error()));
                           });
}

} // namespace iotman::server
