#include "core/client/management.h"

#include "core/client/address.h"
#include "core/client/jsonscanner.h"
#include "core/client/refusal.h"
#include "core/client/text.h"
#include "core/model/encoding.h"
#include "core/model/problem.h"

#include <algorithm>

namespace iotman::client {

namespace {

constexpr std::size_t mostListPages = 1000;
constexpr qint64 mostAnswerBytes = 4LL << 20;

ApiRequest get(std::string path)
{
    return {"GET", std::move(path), {}, {}};
}
ApiRequest post(std::string path, const Json& body = Json::object())
{
    return {"POST", std::move(path), jsonText(body), {}};
}
ApiRequest patch(std::string path, const Json& body, std::string etag)
{
    return {"PATCH", std::move(path), jsonText(body), std::move(etag)};
}
ApiRequest remove(std::string path)
{
    return {"DELETE", std::move(path), {}, {}};
}

template <class Name>
std::string below(const char* resource, const Name& name)
{
    return std::string(resource) + "/" + percentEncoded(name.text);
}

Expected<Json> jsonOf(const Document& document)
{
    return parseJson(document.text).or_else([](const Error& error) -> Expected<Json> {
        return fail(Problem::Internal, "The server's answer is not usable: " + error.detail);
    });
}

/// Reads a resource out of an answer. What the contract does not know is the server's fault, not that of the one who asked.
template <class T>
Expected<T> readAs(const Document& document, Expected<T> (*read)(const Json&))
{
    return jsonOf(document).and_then([&](const Json& json) {
        return read(json).or_else([](Error error) -> Expected<T> {
            return fail(Problem::Internal, "The server's answer is not what the contract says: " + error.detail);
        });
    });
}

/// The body of a rule's try. The payload goes in as text: no number of it is read and written again.
Expected<std::string> testBody(const RuleTest& test)
{
    JsonScanner scanner(test.payload);
    const auto payload = scanner.value();
    if (const auto done = scanner.finish(); !done || !payload)
        return fail(Problem::BadRequest, done ? "Expected a payload." : done.error().detail, "payload");
    Json rest{{"rule", test.rule}, {"filter", test.filter.empty() ? Json(nullptr) : Json(test.filter)}, {"source", test.source}};
    std::string body = jsonText(rest);
    body.pop_back();
    if (test.time)
        body += ",\"ts\":" + test.time->seconds();
    return body + ",\"payload\":" + std::string(*payload) + "}";
}

Expected<std::string> keyIdFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    const std::string kid = reader.requiredText("kid");
    return reader.finish().map([&] { return kid; });
}

Expected<RuleOutcome> outcomeFrom(const std::string& text)
{
    RuleOutcome outcome;
    JsonScanner scanner(text);
    bool isObject = scanner.enterObject();
    bool hasVerdict = false;
    while (const auto name = isObject ? scanner.member() : std::nullopt) {
        const auto value = scanner.value();
        if (!value || *value == "null")
            continue;
        if (*name == "passes") {
            hasVerdict = true;
            outcome.passes = *value == "true";
        } else if (*name == "item") {
            outcome.item = *value;
        } else if (*name == "error") {
            outcome.error = errorFrom(httpStatus(Problem::BadRequest), *value);
        }
    }
    if (!isObject || !hasVerdict || !scanner.finish())
        return fail(Problem::Internal, "Expected the outcome of a rule with “passes”, but got something else.");
    return outcome;
}

} // namespace

Management::Management(Network& network, TokenSource& tokens, const Clock& clock, QUrl server, QObject* parent)
    : QObject(parent)
    , clock_(clock)
    , server_(std::move(server))
    , http_(network, &tokens)
{
}

// ---- The calls under the typed ones

QUrl Management::urlOf(const QUrl& server, const std::string& path) const
{
    const QString text = toQt(path);
    QUrl url = server;
    url.setPath(server.path() + QStringLiteral("/api/") + text.section(u'?', 0, 0), QUrl::TolerantMode);
    url.setQuery(text.contains(u'?') ? text.section(u'?', 1) : QString());
    return url;
}

Call Management::request(const ApiRequest& request, QObject* context, Reply<Document> reply)
{
    HttpRequest wire{
        request.method, urlOf(server_, request.path), {{"Accept", "application/json"}}, toBytes(request.body), mostAnswerBytes};
    if (!request.body.empty())
        wire.headers.emplaceBack("Content-Type", "application/json");
    if (!request.ifMatch.empty())
        wire.headers.emplaceBack("If-Match", toBytes(request.ifMatch));
    const Pending<Document> pending(this, context, std::move(reply));
    pending.step(http_.send(wire, this, [pending](Expected<HttpAnswer> answer) {
        if (!answer)
            return pending.finish(fail(answer.error()));
        if (!answer->isSuccess())
            return pending.finish(fail(refusal(*answer)));
        const QByteArray start = answer->body.trimmed().left(1);
        if (answer->status != 204 && start != "{" && start != "[")
            return pending.finish(fail(notTheContract(*answer, "JSON")));
        pending.finish(Document{answer->body.toStdString(), answer->header("ETag").toStdString()});
    }));
    return pending.call();
}

template <class T>
Call Management::one(const ApiRequest& asked, Read<T> read, QObject* context, Reply<Tagged<T>> reply)
{
    return request(asked, context, [read, reply = std::move(reply)](Expected<Document> document) {
        reply(document.and_then([read](const Document& got) {
            return readAs(got, read).map([&](T value) { return Tagged<T>{std::move(value), got.etag}; });
        }));
    });
}

template <class T>
Call Management::plain(const ApiRequest& asked, Read<T> read, QObject* context, Reply<T> reply)
{
    return request(asked, context, [read, reply = std::move(reply)](Expected<Document> document) {
        reply(document.and_then([read](const Document& got) { return readAs(got, read); }));
    });
}

/// Answers without asking the server.
template <class T>
Call Management::refused(const Error& error, QObject* context, Reply<T> reply)
{
    const Pending<T> pending(this, context, std::move(reply));
    QMetaObject::invokeMethod(
        this, [pending, error] { pending.finish(fail(error)); }, Qt::QueuedConnection);
    return pending.call();
}

Call Management::nothing(const ApiRequest& asked, QObject* context, Reply<void> reply)
{
    return request(asked, context, [reply = std::move(reply)](Expected<Document> document) {
        reply(document ? Expected<void>() : Expected<void>(fail(document.error())));
    });
}

Expected<std::string> Management::nextPath(const std::string& path, const std::string& link) const
{
    QUrl here = urlOf(server_, path);
    const QUrl publicHere = public_.isEmpty() ? QUrl() : urlOf(public_, path);
    return followed(link, here, here, publicHere).map([&](const QUrl& url) {
        return path.substr(0, path.find('?')) + "?" + fromQt(url.query(QUrl::FullyEncoded));
    });
}

template <class T>
struct Management::Gathering {
    Read<T> read;
    Pending<std::vector<T>> pending;
    std::vector<T> views;
    std::vector<std::string> visited;
};

template <class T>
Call Management::all(const std::string& path, Read<T> read, QObject* context, ReplyList<T> reply)
{
    const Pending<std::vector<T>> pending(this, context, std::move(reply));
    gather(path, std::make_shared<Gathering<T>>(Gathering<T>{read, pending, {}, {}}));
    return pending.call();
}

template <class T>
void Management::gather(const std::string& path, const std::shared_ptr<Gathering<T>>& list)
{
    list->visited.push_back(path);
    list->pending.step(request(get(path), this, [this, path, list](Expected<Document> document) {
        Expected<ListOf<T>> page = document.and_then(jsonOf).and_then([&](const Json& json) {
            return listFrom(json, list->read).map_error([](const Error& error) {
                return Error{Problem::Internal, "The server's list is not what the contract says: " + error.detail, {}, 0, {}, 0};
            });
        });
        if (!page)
            return list->pending.finish(fail(page.error()));
        std::move(page->data.begin(), page->data.end(), std::back_inserter(list->views));
        if (!page->nextPage)
            return list->pending.finish(std::move(list->views));
        const Expected<std::string> next = nextPath(path, *page->nextPage);
        if (!next)
            return list->pending.finish(fail(next.error()));
        const auto& visited = list->visited;
        if (visited.size() >= mostListPages || std::find(visited.begin(), visited.end(), *next) != visited.end())
            return list->pending.finish(fail(Problem::Internal, "The server's list does not end."));
        gather(*next, list);
    }));
}

// ---- Workspace

Call Management::me(QObject* context, Reply<Me> reply)
{
    return plain(get("me"), &meFrom, context, std::move(reply));
}

Call Management::workspace(QObject* context, Reply<Tagged<WorkspaceView>> reply)
{
    return one(get("workspace"), &workspaceViewFrom, context, std::move(reply));
}

Call Management::changeWorkspace(const WorkspacePatch& change, const std::string& etag, QObject* context,
                                 Reply<Tagged<WorkspaceView>> reply)
{
    return one(patch("workspace", patchJson(change), etag), &workspaceViewFrom, context, std::move(reply));
}

// ---- Scopes

Call Management::scopes(QObject* context, ReplyList<ScopeView> reply)
{
    return all("scopes", &scopeViewFrom, context, std::move(reply));
}

Call Management::createScope(const ScopeDraft& draft, QObject* context, Reply<ScopeView> reply)
{
    return plain(post("scopes", toJson(draft)), &scopeViewFrom, context, std::move(reply));
}

Call Management::deleteScope(const ScopeName& name, QObject* context, Reply<void> reply)
{
    return nothing(remove(below("scopes", name)), context, std::move(reply));
}

// ---- Sources

Call Management::sources(QObject* context, ReplyList<SourceView> reply)
{
    return all("sources", &sourceViewFrom, context, std::move(reply));
}

Call Management::createSource(const SourceDraft& draft, QObject* context, Reply<SourceView> reply)
{
    return plain(post("sources", toJson(draft)), &sourceViewFrom, context, std::move(reply));
}

Call Management::changeSource(const SourceName& name, const SourcePatch& change, const std::string& etag, QObject* context,
                              Reply<SourceView> reply)
{
    return plain(patch(below("sources", name), patchJson(change), etag), &sourceViewFrom, context, std::move(reply));
}

Call Management::deleteSource(const SourceName& name, QObject* context, Reply<void> reply)
{
    return nothing(remove(below("sources", name)), context, std::move(reply));
}

// ---- Outputs

Call Management::outputs(QObject* context, ReplyList<OutputView> reply)
{
    return all("outputs", &outputViewFrom, context, std::move(reply));
}

Call Management::createOutput(const OutputDraft& draft, QObject* context, Reply<OutputView> reply)
{
    return plain(post("outputs", toJson(draft)), &outputViewFrom, context, std::move(reply));
}

Call Management::changeOutput(const OutputId& id, const OutputPatch& change, const std::string& etag, QObject* context,
                              Reply<OutputView> reply)
{
    return plain(patch(below("outputs", id), patchJson(change), etag), &outputViewFrom, context, std::move(reply));
}

Call Management::deleteOutput(const OutputId& id, QObject* context, Reply<void> reply)
{
    return nothing(remove(below("outputs", id)), context, std::move(reply));
}

Call Management::cancelApplying(const OutputId& id, QObject* context, Reply<void> reply)
{
    return nothing(remove(below("outputs", id) + "/applying"), context, std::move(reply));
}

Call Management::testRule(const RuleTest& test, QObject* context, Reply<RuleOutcome> reply)
{
    const Expected<std::string> body = testBody(test);
    if (!body)
        return refused(body.error(), context, std::move(reply));
    return request({"POST", "outputs/test", *body, {}}, context, [reply = std::move(reply)](Expected<Document> document) {
        reply(document.and_then([](const Document& got) { return outcomeFrom(got.text); }));
    });
}

// ---- Endpoints

Call Management::endpoints(QObject* context, ReplyList<EndpointView> reply)
{
    return all("endpoints", &endpointViewFrom, context, std::move(reply));
}

Call Management::endpoint(const EndpointId& id, QObject* context, Reply<Tagged<EndpointView>> reply)
{
    return one(get(below("endpoints", id)), &endpointViewFrom, context, std::move(reply));
}

Call Management::createEndpoint(const EndpointDraft& draft, QObject* context, Reply<EndpointView> reply)
{
    return plain(post("endpoints", toJson(draft)), &endpointViewFrom, context, std::move(reply));
}

Call Management::changeEndpoint(const EndpointId& id, const EndpointPatch& change, const std::string& etag, QObject* context,
                                Reply<EndpointView> reply)
{
    return plain(patch(below("endpoints", id), patchJson(change), etag), &endpointViewFrom, context, std::move(reply));
}

Call Management::deleteEndpoint(const EndpointId& id, QObject* context, Reply<void> reply)
{
    return nothing(remove(below("endpoints", id)), context, std::move(reply));
}

// ---- Test weather

Call Management::weather(QObject* context, ReplyList<WeatherView> reply)
{
    return all("weather", &weatherViewFrom, context, std::move(reply));
}

Call Management::startWeather(const EndpointId& endpoint, const WeatherDraft& draft, QObject* context, Reply<WeatherView> reply)
{
    return plain({"PUT", below("weather", endpoint), jsonText(toJson(draft)), {}}, &weatherViewFrom, context, std::move(reply));
}

Call Management::endWeather(const EndpointId& endpoint, QObject* context, Reply<void> reply)
{
    return nothing(remove(below("weather", endpoint)), context, std::move(reply));
}

// ---- Clients

Call Management::clients(QObject* context, ReplyList<ClientView> reply)
{
    return all("clients", &clientViewFrom, context, std::move(reply));
}

Call Management::createClient(const ClientDraft& draft, QObject* context, Reply<ClientView> reply)
{
    return plain(post("clients", toJson(draft)), &clientViewFrom, context, std::move(reply));
}

Call Management::changeClient(const ClientId& id, const ClientPatch& change, const std::string& etag, QObject* context,
                              Reply<ClientView> reply)
{
    return plain(patch(below("clients", id), patchJson(change), etag), &clientViewFrom, context, std::move(reply));
}

Call Management::deleteClient(const ClientId& id, QObject* context, Reply<void> reply)
{
    return nothing(remove(below("clients", id)), context, std::move(reply));
}

Call Management::renewSecret(const ClientId& id, QObject* context, Reply<ClientView> reply)
{
    return plain(post(below("clients", id) + "/secret"), &clientViewFrom, context, std::move(reply));
}

Call Management::mintToken(const ClientId& id, QObject* context, Reply<MintedToken> reply)
{
    const Timestamp asked = clock_.now();
    return request(post(below("clients", id) + "/token"), context,
                   [asked, reply = std::move(reply)](Expected<Document> document) {
                       reply(document.and_then([asked](const Document& got) {
                           return tokenFrom(HttpAnswer{200, {}, {}, toBytes(got.text), {}}, asked).map([](const Token& token) {
                               return MintedToken{token.text, token.expiresAt};
                           });
                       }));
                   });
}

// ---- Members

Call Management::members(QObject* context, ReplyList<MemberView> reply)
{
    return all("members", &memberViewFrom, context, std::move(reply));
}

Call Management::createMember(const MemberDraft& draft, QObject* context, Reply<MemberView> reply)
{
    return plain(post("members", draftJson(draft)), &memberViewFrom, context, std::move(reply));
}

Call Management::changeMember(const MemberId& id, const MemberPatch& change, const std::string& etag, QObject* context,
                              Reply<MemberView> reply)
{
    return plain(patch(below("members", id), patchJson(change), etag), &memberViewFrom, context, std::move(reply));
}

Call Management::deleteMember(const MemberId& id, QObject* context, Reply<void> reply)
{
    return nothing(remove(below("members", id)), context, std::move(reply));
}

Call Management::renewKey(const MemberId& id, QObject* context, Reply<MemberView> reply)
{
    return plain(post(below("members", id) + "/key"), &memberViewFrom, context, std::move(reply));
}

// ---- CORS

Call Management::cors(QObject* context, Reply<Tagged<CorsView>> reply)
{
    return one(get("cors"), &corsViewFrom, context, std::move(reply));
}

Call Management::saveCors(const std::vector<std::string>& origins, const std::string& etag, QObject* context,
                          Reply<Tagged<CorsView>> reply)
{
    return one({"PUT", "cors", jsonText(Json::object({{"origins", origins}})), etag}, &corsViewFrom, context, std::move(reply));
}

// ---- Audit log and keys

Call Management::audit(const std::optional<std::string>& nextPage, QObject* context, Reply<AuditPage> reply)
{
    const Expected<std::string> path = nextPage ? nextPath("audit", *nextPage) : Expected<std::string>("audit");
    if (!path)
        return refused<AuditPage>(path.error(), context, std::move(reply));
    return plain(get(*path), &auditPageFrom, context, std::move(reply));
}

Call Management::rotateKeys(QObject* context, Reply<std::string> reply)
{
    return plain<std::string>(post("keys/rotate"), &keyIdFrom, context, std::move(reply));
}

} // namespace iotman::client
