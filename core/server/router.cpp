#include "core/server/router.h"

#include "core/model/encoding.h"
#include "core/server/methods.h"
#include "core/server/oauth.h"
#include "core/server/openapi.h"

namespace iotman::server {

namespace {

constexpr std::string_view outPath = "/data/out/";
constexpr std::string_view inPath = "/data/in/";
constexpr std::string_view apiPath = "/api/";
constexpr std::string_view activityEventsPath = "/api/activity/events";
constexpr std::string_view tokenPath = "/oauth/token";
constexpr std::string_view metadataPath = "/.well-known/oauth-authorization-server";
constexpr std::size_t mostOtherBytes = 64 * 1024;

Response nothingHere() { return problemResponse({Problem::NotFound, "there is nothing at this path"}); }

/// One path segment as a name; NotFound when it cannot be one.
template <class Named>
Expected<Named> segment(std::string_view text, std::string_view kind)
{
    const std::optional<std::string> decoded = percentDecoded(text, Plus::Literal);
    if (decoded) {
        if (Expected<Named> name = Named::parse(*decoded, "id"))
            return name;
    }
    return fail(Problem::NotFound, "there is no " + std::string(kind) + " with this name");
}

bool isRead(const RequestHead& head) { return head.method == "GET" || head.method == "HEAD"; }

/// To what asks a stream's path, but is no request for the stream: that is a GET or HEAD, and it has no body.
Response streamTakes(const RequestHead& head)
{
    if (isRead(head))
        return problemResponse({Problem::BadRequest, "expected a request for a stream to come without a body"});
    return otherMethod(head, "GET, HEAD");
}

} // namespace

std::size_t mostBodyBytes(std::string_view path)
{
    if (path.starts_with(inPath))
        return mostIngestBytes;
    if (path.starts_with(apiPath))
        return mostManagementBodyBytes(path.substr(apiPath.size()));
    if (path == tokenPath)
        return mostTokenRequestBytes;
    return mostOtherBytes;
}

Router::OutPath Router::splitOut(std::string_view path)
{
    const std::string_view rest = path.substr(outPath.size());
    const std::size_t slash = rest.find('/');
    return {rest.substr(0, slash), slash == std::string_view::npos ? std::string_view() : rest.substr(slash)};
}

Router::Router(ServerContext& context)
    : context_(context), reader_(context.store.retainedReader(context.keeping)), access_(context), data_(context, access_), management_(context, access_) {}

bool Router::isStream(const RequestHead& head) const
{
    return head.method == "GET" && !head.hasBody() && isOfStream(head);
}

bool Router::isOfStream(const RequestHead& head) const
{
    if (head.path() == activityEventsPath)
        return true;
    if (!head.path().starts_with(outPath))
        return false;
    const OutPath out = splitOut(head.path());
    return out.tail == "/stream" || (out.tail == "/events" && context_.contract == Contract::Extended);
}

std::optional<EndpointId> Router::endpointRead(const RequestHead& head) const
{
    if (!isRead(head) || !head.path().starts_with(outPath))
        return std::nullopt;
    const OutPath out = splitOut(head.path());
    const Expected<EndpointId> id = segment<EndpointId>(out.id, "endpoint");
    return id && (out.tail.empty() || isStream(head)) ? std::optional(*id) : std::nullopt;
}

std::variant<StreamStart, Response> Router::stream(const HttpRequest& request)
{
    if (request.head.path() == activityEventsPath)
        return management_.streamActivity(request);
    const OutPath out = splitOut(request.head.path());
    const Expected<EndpointId> id = segment<EndpointId>(out.id, "endpoint");
    auto decided = id ? data_.stream(request, *id, out.tail == "/stream" ? StreamProtocol::WebSocket : StreamProtocol::Events)
                      : std::variant<StreamStart, Response>(problemResponse(id.error()));
    if (auto* response = std::get_if<Response>(&decided))
        data_.addCors(request, *response);
    return decided;
}

Response Router::eventsHead(const HttpRequest& request) const
{
    Response head;
    head.isEndless = true;
    head.with("Content-Type", "text/event-stream").with("Cache-Control", "no-store");
    head.with("X-Accel-Buffering", "no"); // nginx would collect events until a buffer of its own is full
    if (request.head.path().starts_with(outPath))
        data_.addCors(request, head);
    return head;
}

/// What a GET would be answered, without the stream (RFC 9110 §9.3.2).
Response Router::streamHead(const HttpRequest& request)
{
    auto decided = stream(request);
    if (auto* response = std::get_if<Response>(&decided))
        return std::move(*response);
    return eventsHead(request);
}

/// RFC 8414 §3.1: an issuer's path stands behind the well-known one. What stands in front may have taken its own path away.
bool Router::isIssuersPath(std::string_view path) const
{
    return path.empty() || path == context_.hosts.basePath();
}

void Router::handle(const HttpRequest& request, Reply reply)
{
    const std::string_view path = request.head.path();
    if (request.head.method == "HEAD" && !request.head.hasBody() && isOfStream(request.head)) {
        reply(streamHead(request));
    } else if (path.starts_with(outPath)) {
        handleOut(request, path, reply);
    } else if (path.starts_with(inPath)) {
        handleIn(request, path.substr(inPath.size()), std::move(reply));
    } else if (path == activityEventsPath) {
        reply(streamTakes(request.head));
    } else if (path.starts_with(apiPath)) {
        management_.handle(request, path.substr(apiPath.size()), std::move(reply));
    } else if (path == tokenPath) {
        reply(request.head.method != "POST" ? otherMethod(request.head, "POST")
              : data_.isForeign(request)
                  ? tokenRefusal({Problem::Forbidden, "pages of other origins cannot ask for tokens"}) // they would lock out others
                  : tokenAnswer(context_, request));
    } else if (path == "/.well-known/jwks.json") {
        reply(isRead(request.head) ? keySetAnswer(context_) : otherMethod(request.head, "GET, HEAD"));
    } else if (path.starts_with(metadataPath) && isIssuersPath(path.substr(metadataPath.size()))) {
        reply(isRead(request.head) ? metadataAnswer(context_, request) : otherMethod(request.head, "GET, HEAD"));
    } else if (path == "*") {
        // RFC 9110 §9.3.7: about the server as a whole.
        Response response = emptyResponse(204);
        reply(std::move(response.with("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")));
    } else if (path == "/metrics") {
        reply(isRead(request.head) ? metrics(request) : otherMethod(request.head, "GET, HEAD"));
    } else if (path == "/openapi.json") {
        reply(isRead(request.head) ? openApi(request) : otherMethod(request.head, "GET, HEAD"));
    } else if (path == "/healthz") {
        reply(isRead(request.head) ? health() : otherMethod(request.head, "GET, HEAD"));
    } else {
        reply(nothingHere());
    }
}

Response Router::refusalOf(const RequestHead& head, const Error& error)
{
    const bool isForToken = head.path() == tokenPath && head.method == "POST" && error.kind != Problem::Misdirected;
    return isForToken ? tokenRefusal(error) : problemResponse(error);
}

std::optional<Response> Router::refusalByHead(const HttpRequest& request)
{
    const std::string_view path = request.head.path();
    if (path.starts_with(apiPath) && path != activityEventsPath)
        return management_.refusal(request, path.substr(apiPath.size()));
    if (path.starts_with(inPath) && request.head.method == "POST") {
        const Expected<SourceName> source = segment<SourceName>(path.substr(inPath.size()), "source");
        return source ? data_.ingestRefusal(request, *source) : problemResponse(source.error());
    }
    if (path == tokenPath && request.head.method == "POST" && !data_.isForeign(request))
        return std::nullopt;
    // Nobody else has a use for a body: the answer is what it is.
    std::optional<Response> refusal;
    handle(request, [&](Response&& response) { refusal = std::move(response); });
    return refusal;
}

void Router::handleOut(const HttpRequest& request, std::string_view path, const Reply& reply)
{
    Response response = answerOut(request, splitOut(path));
    // A preflight is granted at any path: of one that is not there, the page shall read so.
    if (request.head.method == "OPTIONS")
        data_.addPreflight(request, response);
    else
        data_.addCors(request, response);
    reply(std::move(response));
}

Response Router::answerOut(const HttpRequest& request, const OutPath& out)
{
    const bool known = out.tail.empty() || out.tail == "/stream" || (out.tail == "/events" && context_.contract == Contract::Extended);
    if (known && !out.tail.empty()) // its GET and HEAD without a body are answered elsewhere
        return streamTakes(request.head);
    if (request.head.method == "OPTIONS" || (known && !isRead(request.head)))
        return otherMethod(request.head, "GET, HEAD");
    if (!known)
        return nothingHere();
    const Expected<EndpointId> id = segment<EndpointId>(out.id, "endpoint");
    return id ? data_.page(request, *id) : problemResponse(id.error());
}

void Router::handleIn(const HttpRequest& request, std::string_view rest, Reply reply)
{
    const Expected<SourceName> source = segment<SourceName>(rest, "source");
    if (!source)
        reply(problemResponse(source.error()));
    else if (request.head.method != "POST")
        reply(otherMethod(request.head, "POST"));
    else
        data_.ingest(request, *source, std::move(reply));
}

Response Router::metrics(const HttpRequest& request)
{
    // A scraper on this machine needs no token; behind a proxy everyone seems to be on this machine.
    if (!request.peer.loopback || request.peer.proxied) {
        const Expected<Identity> identity = access_.identify(request.head);
        if (!identity)
            return challenge(identity.error());
        if (!identity->role)
            return challenge({Problem::Forbidden, "the metrics are for members of the workspace"});
    }
    Response response{200, {}, metricsText(context_)};
    response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8").with("Cache-Control", "no-store");
    return response;
}

Response Router::openApi(const HttpRequest& request)
{
    const Expected<std::string> token = Access::bearerToken(request.head);
    if (!token)
        return challenge(token.error());
    if (token->empty())
        return describe(request, false);
    const Expected<Identity> identity = access_.identify(*token);
    return identity ? describe(request, identity->role.has_value()) : challenge(identity.error());
}

Response Router::describe(const HttpRequest& request, bool toMember)
{
    constexpr std::int64_t keptUs = 5'000'000;
    const Timestamp now = context_.clock.now();
    // Made once for everyone, under whatever name they ask.
    constexpr std::string_view anyBase = "https://base.invalid";
    const std::string of = std::to_string(context_.store.catalog()->version) + (toMember ? " member" : " everyone");
    if (described_.of != of || now.us - described_.at.us > keptUs)
        described_ = {of, now, openApiAnswer(context_, *reader_, std::string(anyBase), toMember ? Reads::Member : Reads::Everyone)};
    Response response = described_.response;
    const std::string base = context_.hosts.base(request.head, request.scheme);
    std::string& body = response.body;
    for (std::size_t at = body.find(anyBase); at != std::string::npos; at = body.find(anyBase, at + base.size()))
        body.replace(at, anyBase.size(), base);
    return response;
}

Response Router::health()
{
    const std::optional<Error> problem = context_.store.trouble();
    if (!problem)
        return jsonResponse(200, {{"status", "ok"}});
    // Where nobody writes because of this answer, it would never be found out that writing works again.
    constexpr auto tryEvery = std::chrono::seconds(1);
    const auto now = std::chrono::steady_clock::now();
    if (now - triedAt_ >= tryEvery && !context_.triesToWrite->exchange(true)) {
        triedAt_ = now;
        store::tryToWrite(context_.store, [underWay = context_.triesToWrite] { *underWay = false; });
    }
    return jsonResponse(503, {{"status", "degraded"}, {"detail", outward(*problem).detail}});
}

} // namespace iotman::server
