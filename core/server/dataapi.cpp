#include "core/server/dataapi.h"

#include "core/model/changes.h"
#include "core/model/encoding.h"
#include "core/server/cors.h"
#include "core/server/websocket.h"

namespace iotman::server {

namespace {

/// The rest of a page's URL: what the caller asked, from where the next page goes on.
std::string nextQuery(const PageRequest& asked, const Position& last, Sequence until, const EndpointId& endpoint)
{
    std::string query = "?";
    if (asked.from)
        query += "from=" + asked.from->seconds() + "&";
    query += "to=" + last.time.seconds() + "&limit=" + std::to_string(asked.limit);
    if (asked.times)
        query += "&times=1";
    return query + "&cursor=" + PageCursor{last, until}.text(endpoint);
}

/// Builds `{"data":[…],"next_page":…[,"times":[…],"live":…]}` item by item.
class PageWriter {
public:
    explicit PageWriter(const PageRequest& asked) : asked_(asked) { body_ = "{\"data\":["; }

    /// Whether there is room for a further item after this one. The item beyond the limit is not written: it only tells that more follow.
    bool take(const Position& position, std::string_view item)
    {
        if (count_ == asked_.limit || body_.size() + item.size() > mostPageBytes) {
            if (count_ > 0) {
                more_ = true;
                return false;
            }
        }
        if (count_ > 0)
            body_ += ',';
        body_ += item;
        if (asked_.times) {
            times_ += count_ > 0 ? "," : "";
            times_ += position.time.seconds();
        }
        last_ = position;
        ++count_;
        return true;
    }

    std::string finish(const std::string& url, const EndpointId& endpoint, const std::optional<StreamCursor>& live) &&
    {
        body_ += "],\"next_page\":";
        // The URL has no character that JSON would escape: host names, base URLs and cursors are checked.
        body_ += more_ ? "\"" + url + nextQuery(asked_, last_, live ? live->after : 0, endpoint) + "\"" : "null";
        if (live)
            body_ += ",\"times\":[" + times_ + "],\"live\":\"" + live->text(endpoint) + "\"";
        body_ += '}';
        return std::move(body_);
    }

private:
    const PageRequest& asked_;
    std::string body_;
    std::string times_;
    Position last_;
    int count_ = 0;
    bool more_ = false;
};

Expected<std::optional<Timestamp>> withQueryToken(Access& access, const Endpoint& endpoint, const RequestHead& head, const std::string& queryToken)
{
    Expected<std::string> token = Access::bearerToken(head);
    if (!token && endpoint.requiredScope)
        return fail(token.error());
    return access.mayRead(endpoint, token && !token->empty() ? *token : queryToken);
}

Response refusal(const Endpoint& endpoint, const Error& error)
{
    if (error.kind != Problem::Unauthorized && error.kind != Problem::Forbidden)
        return problemResponse(error);
    return challenge(error, endpoint.requiredScope ? std::string_view(endpoint.requiredScope->text) : std::string_view());
}

} // namespace

DataApi::DataApi(ServerContext& context, Access& access)
    : context_(context), access_(access), reader_(context.store.reader()), ingest_(context.pipeline, context.clock)
{
}

Expected<DataApi::Found> DataApi::find(const EndpointId& id) const
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const auto endpoint = catalog->endpoints.find(id);
    if (endpoint == catalog->endpoints.end())
        return fail(notFound("endpoint", id.text));
    if (!endpoint->second.enabled)
        return fail(Problem::NotFound, "the endpoint “" + id.text + "” is switched off");
    return Found{endpoint->second, catalog->outputs.at(endpoint->second.output).key};
}

Response DataApi::page(const HttpRequest& request, const EndpointId& id)
{
    const Expected<Found> found = find(id);
    if (!found)
        return problemResponse(found.error());
    const Expected<std::string> token = Access::bearerToken(request.head);
    const auto allowed = token || !found->endpoint.requiredScope ? access_.mayRead(found->endpoint, token.value_or(std::string()))
                                                                 : Expected<std::optional<Timestamp>>(fail(token.error()));
    if (!allowed)
        return refusal(found->endpoint, allowed.error());
    const Expected<PageRequest> asked = PageRequest::parse(QueryParameters::parse(request.head.query()), id);
    if (!asked)
        return problemResponse(asked.error());
    context_.usage.endpoints.used(id, context_.clock.now());
    return pageOf(request, *found, *asked);
}

Response DataApi::pageOf(const HttpRequest& request, const Found& found, const PageRequest& asked)
{
    std::optional<StreamCursor> live;
    if (asked.times) {
        // Read before the page: the walk ends where the stream begins, so that an item is in one of them and never in both.
        Expected<Sequence> last = asked.cursor && asked.cursor->until > 0 ? Expected<Sequence>(asked.cursor->until) : reader_->lastSequence();
        if (!last)
            return problemResponse(last.error());
        live = StreamCursor{*last, 0, {Timestamp::min(), 0}};
    }
    PageWriter writer(asked);
    const std::optional<Position> before = asked.cursor ? std::optional(asked.cursor->position) : std::nullopt;
    const auto read = reader_->newestFirst(found.output, asked.from.value_or(Timestamp::min()), asked.to.value_or(Timestamp::max()), before,
                                           [&](const Position& position, std::string_view item) {
                                               if (live && position.sequence > live->after)
                                                   return true;
                                               return writer.take(position, item);
                                           });
    if (!read)
        return problemResponse(read.error());
    const EndpointId& id = found.endpoint.id;
    const std::string url = context_.hosts.base(request.head, request.scheme) + "/data/out/" + id.text;
    Response response{200, {}, std::move(writer).finish(url, id, live)};
    response.with("Content-Type", "application/json").with("Cache-Control", "no-cache");
    return response;
}

std::variant<StreamStart, Response> DataApi::stream(const HttpRequest& request, const EndpointId& id, StreamProtocol protocol)
{
    const Expected<Found> found = find(id);
    if (!found)
        return problemResponse(found.error());
    if (protocol == StreamProtocol::WebSocket) {
        // A WebSocket has no preflight: any page could read, if the Origin were not checked here.
        const std::string own = context_.hosts.origin(request.head, request.scheme);
        if (judgeOrigin(request.head, context_.store.catalog()->cors, own) == OriginVerdict::Foreign)
            return problemResponse({Problem::Forbidden, "this origin is not on the CORS allowlist of the workspace"});
        if (!asksForWebSocket(request.head)) {
            Response response = problemResponse({Problem::UpgradeRequired, "this is a WebSocket; plain HTTP readers use /events"});
            response.with("Upgrade", "websocket").with("Sec-WebSocket-Version", "13");
            return response;
        }
        if (auto handshake = checkHandshake(request.head); !handshake) {
            Response response = problemResponse(handshake.error());
            if (handshake.error().kind == Problem::UpgradeRequired)
                response.with("Upgrade", "websocket").with("Sec-WebSocket-Version", "13");
            return response;
        }
    }
    const Expected<StreamRequest> asked = StreamRequest::parse(QueryParameters::parse(request.head.query()), id);
    const auto allowed = withQueryToken(access_, found->endpoint, request.head, asked ? asked->accessToken : std::string());
    if (!allowed)
        return refusal(found->endpoint, allowed.error());
    if (!asked)
        return problemResponse(asked.error());

    const Expected<Sequence> last = reader_->lastSequence();
    if (!last)
        return problemResponse(last.error());
    StreamStart start;
    start.framing = {protocol, id, asked->times};
    start.output = found->output;
    start.scope = found->endpoint.requiredScope;
    start.expiresAt = *allowed;
    start.cursor = {*last, 0, {Timestamp::min(), 0}};
    if (asked->cursor)
        start.cursor = *asked->cursor;
    else if (asked->from)
        start.cursor = {0, *last, Position::before(*asked->from)};
    if (protocol == StreamProtocol::Events) {
        if (const auto lastId = request.head.header("last-event-id"); lastId && !lastId->empty()) {
            const Expected<StreamCursor> cursor = StreamCursor::parse(*lastId, id);
            if (!cursor)
                return problemResponse(cursor.error().at("Last-Event-ID"));
            start.cursor = *cursor;
        }
    }
    context_.usage.endpoints.used(id, context_.clock.now());
    return start;
}

Response DataApi::preflight(const HttpRequest& request) const
{
    Response response = emptyResponse(204);
    for (Header& header : preflightHeaders(request.head, context_.store.catalog()->cors, context_.hosts.origin(request.head, request.scheme)))
        response.headers.push_back(std::move(header));
    response.with("Allow", "GET, HEAD, OPTIONS");
    return response;
}

void DataApi::addCors(const HttpRequest& request, Response& response) const
{
    for (Header& header : corsHeaders(request.head, context_.store.catalog()->cors, context_.hosts.origin(request.head, request.scheme)))
        response.headers.push_back(std::move(header));
}

void DataApi::ingest(const HttpRequest& request, const SourceName& name, Reply reply)
{
    // A page on the web can post without a preflight; only pages of our own origin may.
    const std::string own = context_.hosts.origin(request.head, request.scheme);
    if (judgeOrigin(request.head, {}, own) == OriginVerdict::Foreign) {
        reply(problemResponse({Problem::Forbidden, "pages of other origins cannot send datapoints"}));
        return;
    }
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const auto source = catalog->sources.find(name);
    if (source != catalog->sources.end() && source->second.requiredScope) {
        const ScopeName& scope = *source->second.requiredScope;
        const Expected<Identity> identity =
            Access::bearerToken(request.head).and_then([&](const std::string& token) { return access_.identify(token); });
        if (!identity) {
            reply(challenge(identity.error(), scope.text));
            return;
        }
        if (!identity->claims.grants(scope)) {
            reply(challenge({Problem::Forbidden, "the access token lacks the scope “" + scope.text + "”"}, scope.text));
            return;
        }
        context_.usage.clients.used(ClientId{identity->claims.subject}, context_.clock.now());
    }
    ingest_.take(name, request.body, [reply = std::move(reply)](const Expected<std::size_t>& accepted) {
        reply(accepted ? jsonResponse(200, {{"accepted", *accepted}}) : problemResponse(accepted.error()));
    });
}

} // namespace iotman::server
