#include "tests/ui/pages/fakeworkspace.h"

#include "core/client/text.h"
#include "core/model/problem.h"

#include <algorithm>

namespace iotman::ui {

using client::FakeAnswer;
using client::FakeRequest;
using client::toBytes;
using client::view;

namespace {

FakeAnswer jsonAnswer(int status, const Json& json, const QByteArray& headers = {})
{
    return {status, toBytes(jsonText(json)), "application/json", headers, false, {}};
}

FakeAnswer problem(int status, const std::string& detail, const std::string& field = {})
{
    Json json{{"type", "about:blank"}, {"title", "refused"}, {"status", status}, {"detail", detail}};
    if (!field.empty())
        json["field"] = field;
    return {status, toBytes(jsonText(json)), "application/problem+json", {}, false, {}};
}

} // namespace

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

void FakeWorkspace::addOutput(const std::string& name, const std::string& rule, std::int64_t items)
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
}

void FakeWorkspace::addScope(const std::string& name, const std::string& description, const std::vector<std::string>& clients)
{
    ScopeView made;
    made.scope = {ScopeName{name}, description, {{now * 1'000'000}, "owner@localhost"}};
    made.clients = clients;
    scopes.push_back(made);
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

FakeAnswer FakeWorkspace::answer(const FakeRequest& request)
{
    if (down)
        return problem(503, "the server is shutting down");
    const QByteArray path = request.path();
    if (path == "/oauth/token")
        return token(request);
    if (path.startsWith("/data/out/"))
        return page(request, path.mid(10).toStdString());
    if (path == "/api/me") {
        Me me;
        me.email.text = "owner@localhost";
        me.role = roleOf(request);
        me.workspaceId = "6f1c2a34-0000-4000-8000-1f1c3a7d2e40";
        me.slug.text = "demo";
        me.workspaceName = "Demo weather";
        return jsonAnswer(200, toJson(me));
    }
    if (path == "/api/outputs")
        return jsonAnswer(200, listJson(outputs));
    if (path == "/api/scopes")
        return jsonAnswer(200, listJson(scopes));
    if (path == "/api/cors")
        return corsCall(request);
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
