#include "tests/ui/pages/fakeworkspace.h"

#include "tests/ui/pages/fakeanswers.h"

#include <algorithm>

namespace iotman::ui {

FakeWorkspace::FakeWorkspace()
{
    server.answer = [this](const FakeRequest& request) { return answer(request); };
}

ConnectionInfo FakeWorkspace::connection(Environment environment) const
{
    return {QStringLiteral("this computer"), environment, server.url(), QStringLiteral("owner@localhost"),
            client::Secret("SENTINELkey")};
}

std::string FakeWorkspace::base() const
{
    return server.url().toString().toStdString();
}

EndpointView& FakeWorkspace::addEndpoint(const std::string& output, const std::string& id,
                                         const std::optional<std::string>& scope)
{
    EndpointView made;
    made.endpoint.id.text = id;
    made.endpoint.output.text = output;
    made.outputName.text = output;
    for (const OutputView& known : outputs) {
        if (known.output.id.text == output || known.output.name.text == output) {
            made.endpoint.output = known.output.id;
            made.outputName = known.output.name;
            made.lastItemAt = known.lastItemAt;
        }
    }
    if (scope)
        made.endpoint.requiredScope = ScopeName{*scope};
    made.endpoint.made = {{(now - 86'400 * 13) * 1'000'000}, "owner@localhost"};
    made.url = base() + "/data/out/" + id;
    made.streamUrl = "ws" + made.url.substr(4) + "/stream";
    made.eventsUrl = made.url + "/events";
    endpoints.push_back(made);
    return endpoints.back();
}

OutputView& FakeWorkspace::addOutput(const std::string& name, const std::string& rule, std::int64_t items)
{
    OutputView made;
    made.output.id.text = "o" + std::to_string(outputs.size() + 1);
    made.output.name.text = name;
    made.output.rule = rule;
    made.output.made = {{now * 1'000'000}, "owner@localhost"};
    made.items = items;
    if (items > 0)
        made.lastItemAt = Timestamp{now * 1'000'000};
    outputs.push_back(made);
    return outputs.back();
}

void FakeWorkspace::addScope(const std::string& name, const std::string& description, const std::vector<std::string>& users)
{
    ScopeView made;
    made.scope = {ScopeName{name}, description, {{now * 1'000'000}, "owner@localhost"}};
    made.clients = users;
    scopes.push_back(made);
}

ClientView& FakeWorkspace::addClient(const std::string& id, const std::string& name, const std::vector<std::string>& held)
{
    ClientView made;
    made.client.id.text = id;
    made.client.name = name;
    for (const std::string& scope : held)
        made.client.scopes.push_back(ScopeName{scope});
    made.client.made = {{now * 1'000'000}, "owner@localhost"};
    clients.push_back(made);
    return clients.back();
}

MemberView& FakeWorkspace::addMember(const std::string& email, Role role)
{
    MemberView made;
    made.member = {MemberId{"m" + std::to_string(members.size() + 1)}, Email{email}, role, {}, {}, {now * 1'000'000}};
    members.push_back(made);
    return members.back();
}

std::string FakeWorkspace::newSecret()
{
    return "SENTINELsecret" + std::to_string(++secretsMade);
}

/// The token is the role's name: what the server would sign into it.
FakeAnswer FakeWorkspace::token(const FakeRequest& request) const
{
    Role role = own;
    for (const Role lower : {Role::Viewer, Role::Editor, Role::Admin}) {
        if (request.body.contains(QByteArray("role=" + toBytes(text(lower)))))
            role = lower;
    }
    if (role > own)
        return problem(400, "the role is above your own");
    return client::tokenAnswer("SENTINEL-" + toBytes(text(role)));
}

Role FakeWorkspace::roleOf(const FakeRequest& request) const
{
    const QByteArray token = request.header("Authorization");
    for (const Role role : {Role::Viewer, Role::Editor, Role::Admin}) {
        if (token.endsWith(toBytes(text(role))))
            return role;
    }
    return Role::Viewer;
}

/// Without a member's token, public endpoints alone.
FakeAnswer FakeWorkspace::description(const FakeRequest& request) const
{
    Json paths = Json::object(), schemas = Json::object();
    for (const EndpointView& view : endpoints) {
        if (!view.endpoint.enabled || (view.endpoint.requiredScope && request.header("Authorization").isEmpty()))
            continue;
        const std::string& id = view.endpoint.id.text;
        const Json item{{"$ref", "#/components/schemas/" + id + ".Item"}};
        const Json page{{"description", "Items of \u201c" + view.outputName.text + "\u201d, newest first."}, {"content", item}};
        paths["/data/out/" + id] = {{"get", {{"operationId", "page-" + id}, {"responses", {{"200", page}}}}}};
        schemas[id + ".Item"] = {{"type", "object"}, {"properties", {{"at", {{"type", "number"}}}}}, {"required", {"at"}}};
    }
    return jsonAnswer(200, {{"openapi", "3.1.0"},
                            {"info", {{"title", "Demo weather"}, {"version", "7"}}},
                            {"servers", Json::array({Json{{"url", base()}}})},
                            {"paths", paths},
                            {"components", {{"schemas", schemas}}}});
}

FakeAnswer FakeWorkspace::answer(const FakeRequest& request)
{
    if (down)
        return problem(503, "the server is shutting down");
    const QByteArray path = request.path();
    if (path == "/oauth/token")
        return token(request);
    if (path.startsWith("/data/out/"))
        return page(request, path.mid(10).toStdString());
    if (path == "/openapi.json")
        return description(request);
    if (path == "/api/me") {
        Me me;
        me.email.text = "owner@localhost";
        me.role = roleOf(request);
        me.workspaceId = "6f1c2a34-0000-4000-8000-1f1c3a7d2e40";
        me.slug.text = "demo";
        me.workspaceName = "Demo weather";
        return jsonAnswer(200, toJson(me));
    }
    if (path.startsWith("/api/outputs"))
        return outputsCall(request, path.mid(13).toStdString());
    if (path.startsWith("/api/scopes"))
        return scopesCall(request, QByteArray::fromPercentEncoding(path.mid(12)).toStdString());
    if (path.startsWith("/api/sources"))
        return sourcesCall(request, path.mid(13).toStdString());
    if (path.startsWith("/api/clients"))
        return clientsCall(request, path.mid(13).toStdString());
    if (path.startsWith("/api/members"))
        return membersCall(request, path.mid(13).toStdString());
    if (path == "/api/workspace") {
        WorkspaceView view;
        view.workspace.id = "6f1c2a34-0000-4000-8000-1f1c3a7d2e40";
        view.workspace.name = "Demo weather";
        view.baseUrl = base();
        view.contract = "extended";
        return jsonAnswer(200, toJson(view));
    }
    if (path == "/api/audit")
        return auditCall(request);
    if (path == "/api/keys/rotate") {
        keyIds.insert(keyIds.begin(), "key-" + std::to_string(keyIds.size() + 1));
        return jsonAnswer(200, {{"kid", keyIds.front()}});
    }
    if (path == "/.well-known/jwks.json") {
        Json keys = Json::array();
        for (const std::string& id : keyIds)
            keys.push_back({{"kid", id}});
        return jsonAnswer(200, {{"keys", keys}});
    }
    if (path == "/api/cors")
        return corsCall(request);
    if (path.startsWith("/api/weather") && knowsWeather)
        return weatherCall(request, path.mid(13).toStdString());
    if (path.startsWith("/api/endpoints"))
        return endpointsCall(request, path.mid(15).toStdString());
    return problem(404, "there is no such resource");
}

FakeAnswer FakeWorkspace::endpointsCall(const FakeRequest& request, const std::string& id)
{
    if (request.method == "GET")
        return jsonAnswer(200, listJson(endpoints));
    if (!may(roleOf(request), Action::WriteEndpoints))
        return problem(403, std::string(requirement(Action::WriteEndpoints)));
    const auto found =
        std::find_if(endpoints.begin(), endpoints.end(), [&](const EndpointView& known) { return known.endpoint.id.text == id; });
    const Json body = request.body.isEmpty() ? Json::object() : Json::parse(view(request.body));
    if (request.method == "POST") {
        const auto draft = endpointDraftFrom(body);
        if (!draft)
            return problem(400, draft.error().detail, draft.error().field);
        const std::string name = draft->id ? draft->id->text : "made-by-the-server";
        if (std::any_of(endpoints.begin(), endpoints.end(),
                        [&](const EndpointView& known) { return known.endpoint.id.text == name; }))
            return problem(409, "an endpoint with the id “" + name + "” exists", "id");
        const std::optional<std::string> scope = draft->requiredScope ? std::optional(draft->requiredScope->text) : std::nullopt;
        EndpointView& made = addEndpoint(draft->output, name, scope);
        made.endpoint.enabled = draft->enabled;
        return jsonAnswer(201, toJson(made));
    }
    if (found == endpoints.end())
        return problem(404, "there is no endpoint “" + id + "”");
    if (request.method == "DELETE") {
        endpoints.erase(found);
        return {204, {}, "application/json", {}, false, {}};
    }
    const auto patch = endpointPatchFrom(body);
    if (!patch)
        return problem(400, patch.error().detail, patch.error().field);
    if (patch->enabled)
        found->endpoint.enabled = *patch->enabled;
    if (patch->requiredScope)
        found->endpoint.requiredScope = *patch->requiredScope;
    return jsonAnswer(200, toJson(*found));
}

FakeAnswer FakeWorkspace::scopesCall(const FakeRequest& request, const std::string& name)
{
    if (request.method == "GET")
        return jsonAnswer(200, listJson(scopes));
    if (!may(roleOf(request), Action::WriteScopes))
        return problem(403, std::string(requirement(Action::WriteScopes)));
    if (request.method == "POST") {
        const auto draft = scopeDraftFrom(Json::parse(view(request.body)));
        if (!draft)
            return problem(400, draft.error().detail, draft.error().field);
        addScope(draft->name.text, draft->description);
        return jsonAnswer(201, toJson(scopes.back()));
    }
    std::erase_if(scopes, [&](const ScopeView& known) { return known.scope.name.text == name; });
    return {204, {}, "application/json", {}, false, {}};
}

FakeAnswer FakeWorkspace::clientsCall(const FakeRequest& request, const std::string& rest)
{
    if (request.method == "GET")
        return jsonAnswer(200, listJson(clients));
    if (!may(roleOf(request), Action::WriteClients))
        return problem(403, std::string(requirement(Action::WriteClients)));
    const Json body = request.body.isEmpty() ? Json::object() : Json::parse(view(request.body));
    const std::string id = rest.substr(0, rest.find('/'));
    const auto shown = [this](ClientView view) {
        view.secret = newSecret();
        return toJson(view);
    };
    if (request.method == "POST" && rest.empty()) {
        const auto draft = clientDraftFrom(body);
        if (!draft)
            return problem(400, draft.error().detail, draft.error().field);
        ClientView& made = addClient(draft->id ? draft->id->text : "c" + std::to_string(clients.size() + 1), draft->name);
        made.client.scopes = draft->scopes;
        made.client.enabled = draft->enabled;
        made.client.expiresAt = draft->expiresAt;
        return jsonAnswer(201, shown(made));
    }
    const auto found =
        std::find_if(clients.begin(), clients.end(), [&](const ClientView& known) { return known.client.id.text == id; });
    if (found == clients.end())
        return problem(404, "there is no client “" + id + "”");
    if (request.method == "DELETE") {
        clients.erase(found);
        return {204, {}, "application/json", {}, false, {}};
    }
    if (request.method == "POST" && rest.ends_with("/token"))
        return client::tokenAnswer("SENTINEL-" + toBytes(id));
    if (request.method == "POST")
        return jsonAnswer(200, shown(*found));
    const auto patch = clientPatchFrom(body);
    if (!patch)
        return problem(400, patch.error().detail, patch.error().field);
    if (patch->name)
        found->client.name = *patch->name;
    if (patch->enabled)
        found->client.enabled = *patch->enabled;
    if (patch->scopes)
        found->client.scopes = *patch->scopes;
    if (patch->expiresAt)
        found->client.expiresAt = *patch->expiresAt;
    return jsonAnswer(200, toJson(*found));
}

FakeAnswer FakeWorkspace::membersCall(const FakeRequest& request, const std::string& rest)
{
    if (request.method == "GET")
        return jsonAnswer(200, listJson(members));
    if (!may(roleOf(request), Action::WriteMembers))
        return problem(403, std::string(requirement(Action::WriteMembers)));
    const Json body = request.body.isEmpty() ? Json::object() : Json::parse(view(request.body));
    const std::string id = rest.substr(0, rest.find('/'));
    if (request.method == "POST" && rest.empty()) {
        const auto draft = memberDraftFrom(body);
        if (!draft)
            return problem(400, draft.error().detail, draft.error().field);
        MemberView made = addMember(draft->email.text, draft->role);
        made.key = newSecret();
        return jsonAnswer(201, toJson(made));
    }
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const MemberView& known) { return known.member.id.text == id; });
    if (found == members.end())
        return problem(404, "there is no member “" + id + "”");
    if (request.method == "DELETE") {
        members.erase(found);
        return {204, {}, "application/json", {}, false, {}};
    }
    if (request.method == "POST") {
        MemberView view = *found;
        view.key = newSecret();
        return jsonAnswer(200, toJson(view));
    }
    const auto patch = memberPatchFrom(body);
    if (!patch)
        return problem(400, patch.error().detail, patch.error().field);
    const auto admins =
        std::count_if(members.begin(), members.end(), [](const MemberView& known) { return known.member.role == Role::Admin; });
    if (patch->role && *patch->role != Role::Admin && found->member.role == Role::Admin && admins == 1)
        return problem(409, "the last admin can be neither removed nor lowered");
    if (patch->role)
        found->member.role = *patch->role;
    return jsonAnswer(200, toJson(*found));
}

/// Two entries a page.
FakeAnswer FakeWorkspace::auditCall(const FakeRequest& request) const
{
    if (!may(roleOf(request), Action::ReadAudit))
        return problem(403, std::string(requirement(Action::ReadAudit)));
    const std::size_t first = request.parameter(QStringLiteral("before")).toUInt();
    Json data = Json::array();
    for (std::size_t i = first; i < std::min(first + 2, audit.size()); ++i)
        data.push_back(Json::parse(audit[i]));
    Json next = nullptr;
    if (first + 2 < audit.size())
        next = base() + "/api/audit?before=" + std::to_string(first + 2);
    return jsonAnswer(200, {{"data", data}, {"next_page", next}});
}

FakeAnswer FakeWorkspace::weatherCall(const FakeRequest& request, const std::string& id)
{
    if (request.method == "GET")
        return jsonAnswer(200, listJson(weather));
    if (refusesWeather || !may(roleOf(request), Action::TestWeather))
        return problem(403, std::string(requirement(Action::TestWeather)));
    std::erase_if(weather, [&](const WeatherView& known) { return known.endpoint.text == id; });
    if (request.method == "DELETE")
        return {204, {}, "application/json", {}, false, {}};
    const auto draft = weatherDraftFrom(Json::parse(view(request.body)));
    if (!draft)
        return problem(400, draft.error().detail, draft.error().field);
    weatherLastsUs = draft->lastsUs;
    weather.push_back({EndpointId{id},
                       draft->weather,
                       Timestamp{now * 1'000'000 + draft->lastsUs.value_or(usualWeatherUs)},
                       {{now * 1'000'000}, "owner@localhost"}});
    return jsonAnswer(200, toJson(weather.back()));
}

FakeAnswer FakeWorkspace::corsCall(const FakeRequest& request)
{
    const auto tag = [this] { return QByteArray("\"v" + QByteArray::number(corsVersion) + "\""); };
    if (request.method == "GET")
        return jsonAnswer(200, toJson(CorsView{cors, {}}, WithRepairs::No), "ETag: " + tag() + "\r\n");
    if (!may(roleOf(request), Action::WriteCors))
        return problem(403, std::string(requirement(Action::WriteCors)));
    if (request.header("If-Match") != tag())
        return problem(412, "the list was changed by somebody else meanwhile");
    const auto draft = corsDraftFrom(Json::parse(view(request.body)));
    if (!draft)
        return problem(400, draft.error().detail, draft.error().field);
    cors = draft->origins;
    ++corsVersion;
    return jsonAnswer(200, toJson(CorsView{cors, draft->repairs}, WithRepairs::Yes), "ETag: " + tag() + "\r\n");
}

FakeAnswer FakeWorkspace::page(const FakeRequest& request, const std::string& id) const
{
    const auto found =
        std::find_if(endpoints.begin(), endpoints.end(), [&](const EndpointView& known) { return known.endpoint.id.text == id; });
    if (found == endpoints.end() || !found->endpoint.enabled)
        return problem(404, "there is no endpoint “" + id + "”");
    if (found->endpoint.requiredScope && request.header("Authorization").isEmpty())
        return problem(401, "an access token is needed");
    const int limit =
        request.parameter(QStringLiteral("limit")).isEmpty() ? 100 : request.parameter(QStringLiteral("limit")).toInt();
    const int first = request.parameter(QStringLiteral("cursor")).mid(1).toInt();
    std::string data;
    std::string times;
    const int end = std::min(first + limit, pagesOf);
    for (int n = first; n < end; ++n) {
        const std::string at = std::to_string(now - n);
        data += (n > first ? "," : "") + std::string("{\"at\":") + at + ",\"celsius\":17.2" + std::to_string(n % 10) +
                ",\"hpa\":1017.20,\"wind\":3.2,\"place\":\"Seattle\",\"wet\":false}";
        times += (n > first ? "," : "") + at;
    }
    const std::string next =
        end < pagesOf ? "\"" + found->url + "?limit=" + std::to_string(limit) + "&cursor=p" + std::to_string(end) + "\"" : "null";
    const std::string body = "{\"data\":[" + data + "],\"next_page\":" + next + ",\"times\":[" + times + "],\"live\":\"s1\"}";
    return {200, toBytes(body), "application/json", "Vary: Origin\r\n", false, {}};
}

} // namespace iotman::ui
