#include "core/server/dataapi.h"

#include "core/mirror/mirrorsources.h"
#include "core/model/changes.h"
#include "core/model/encoding.h"
#include "core/server/contentcoding.h"
#include "core/server/cors.h"
#include "core/server/lasteventid.h"
#include "core/server/websocket.h"

#include <algorithm>
#include <functional>

namespace iotman::server {

namespace {

/// Of a link to the next page; a longer one grows.
constexpr std::size_t usualUrlBytes = 192;

/// The rest of a page's URL, behind the server's base: what the caller asked, from where the next page goes on.
void appendNext(std::string& url, const PageRequest& asked, const PageCursor& next, const EndpointId& endpoint)
{
    url.append("/data/out/").append(endpoint.text).append("?");
    if (asked.from)
        url.append("from=").append(asked.from->seconds()).append("&");
    url.append("to=").append(next.position.time.seconds()).append("&limit=").append(std::to_string(asked.limit));
    if (asked.times)
        url.append("&times=1");
    url.append("&cursor=").append(next.text(endpoint));
}

Expected<Admission> withQueryToken(Access& access, const Endpoint& endpoint, const RequestHead& head, const std::string& queryToken)
{
    Expected<std::string> token = Access::bearerToken(head);
    if (!token && endpoint.requiredScope)
        return fail(token.error());
    // RFC 6750 §2: in one way alone. It would not be known which of them counts.
    if (endpoint.requiredScope && token && !token->empty() && !queryToken.empty())
        return fail(Problem::BadRequest, "access_token: expected the token in the header Authorization or in the URL, but it is in both", "access_token");
    return access.mayRead(endpoint, token && !token->empty() ? *token : queryToken);
}

/// Why a page is refused: a token in its URL is not looked at.
Error withoutUrlToken(Error error, const RequestHead& head)
{
    const auto inUrl = QueryParameters::parse(head.query()).once("access_token");
    if (isTokenMissing(error) && (!inUrl || *inUrl))
        error.detail += "; access_token in the URL is for streams alone";
    return error;
}

Response traced(Response response, const Trace& trace)
{
    response.trace = trace;
    return response;
}

Response refusal(const Endpoint& endpoint, const Error& error)
{
    const bool isOfToken = error.kind == Problem::Unauthorized || error.kind == Problem::Forbidden || error.field == "access_token";
    if (!isOfToken)
        return problemResponse(error);
    return challenge(error, endpoint.requiredScope ? std::string_view(endpoint.requiredScope->text) : std::string_view());
}

Response expiredByWeather(const Endpoint& endpoint)
{
    Response response = refusal(endpoint, tokenExpired());
    response.trace.reason = "test weather: its token counts as expired";
    return response;
}

} // namespace

DataApi::DataApi(ServerContext& context, Access& access)
    : context_(context), access_(access), reader_(context.store.retainedReader(context.keeping)), ingest_(context.pipeline, context.clock)
{
}

Expected<DataApi::Found> DataApi::find(const EndpointId& id) const
{
    std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const auto endpoint = catalog->endpoints.find(id);
    if (endpoint == catalog->endpoints.end())
        return fail(notFound("endpoint", id.text));
    if (!endpoint->second.enabled)
        return fail(Problem::NotFound, "the endpoint “" + id.text + "” is switched off");
    const OutputKey output = catalog->outputs.at(endpoint->second.output).key;
    return Found{std::move(catalog), endpoint->second, output};
}

Response DataApi::page(const HttpRequest& request, const EndpointId& id)
{
    const Expected<Found> found = find(id);
    if (!found)
        return problemResponse(found.error());
    const Expected<std::string> token = Access::bearerToken(request.head);
    const auto allowed = token || !found->endpoint.requiredScope ? access_.mayRead(found->endpoint, token.value_or(std::string()))
                                                                 : Expected<Admission>(fail(token.error()));
    if (allowed && request.tokenExpired && found->endpoint.requiredScope)
        return expiredByWeather(found->endpoint);
    if (!allowed)
        return refusal(found->endpoint, withoutUrlToken(allowed.error(), request.head));
    const Expected<PageRequest> asked = PageRequest::parse(QueryParameters::parse(request.head.query()), id, context_.contract);
    if (!asked)
        return problemResponse(asked.error());
    context_.usage.endpoints.used(id, context_.clock.now());
    const PageFormat format = isExtended() ? pageFormat(request.head) : PageFormat::Json;
    Response response = isCacheable(*found, *asked) ? newestPage(request, *found, *asked, format) : pageOf(request, *found, *asked, format);
    if (response.status == httpStatus(Problem::Unavailable) && isReplaced(*found))
        return page(request, id);
    response.trace.caller = allowed->who;
    return response;
}

bool DataApi::isReplaced(const Found& found) const
{
    const Expected<Found> now = find(found.endpoint.id);
    return !now || now->output != found.output;
}

bool DataApi::isCacheable(const Found& found, const PageRequest& asked) const
{
    const bool isNewest = !asked.from && !asked.to && !asked.cursor && !asked.times;
    // What a source keeps for a time goes without a commit.
    return isNewest && !context_.keeping.ofOutput(found.output);
}

Response DataApi::newestPage(const HttpRequest& request, const Found& found, const PageRequest& asked, PageFormat format)
{
    newestKey_.clear();
    for (const std::int64_t number : {found.output, std::int64_t(asked.limit), std::int64_t(format)})
        newestKey_.append(std::to_string(number)).push_back(' ');
    newestKey_.append(found.endpoint.id.text).push_back(' ');
    context_.hosts.appendBase(request.head, request.scheme, newestKey_);
    const std::uint64_t revision = context_.store.revision(found.output);
    Response response;
    if (const Response* kept = newest_.find(newestKey_, revision)) {
        response.headers.reserve(kept->headers.size() + mostCorsHeaders);
        response = *kept;
        return response;
    }
    response = pageOf(request, found, asked, format);
    if (response.status == 200)
        newest_.keep(newestKey_, revision, response);
    return response;
}

Response DataApi::pageOf(const HttpRequest& request, const Found& found, const PageRequest& asked, PageFormat format)
{
    std::optional<StreamCursor> live;
    if (asked.times) {
        // Read before the page: the walk ends where the stream begins, so that an item is in one of them and never in both.
        Expected<Sequence> last = asked.cursor && asked.cursor->until > 0 ? Expected<Sequence>(asked.cursor->until) : reader_->lastSequence();
        if (!last)
            return problemResponse(last.error());
        live = StreamCursor{*last, 0, {Timestamp::min(), 0}};
    }
    const std::unique_ptr<PageWriter> writer = pageWriter(format, asked.times ? Times::Written : Times::LeftOut, pageRoom_.take());
    const std::optional<Position> before = asked.cursor ? std::optional(asked.cursor->position) : std::nullopt;
    auto room = static_cast<std::size_t>(asked.limit);
    bool more = false;
    Position last;
    const store::ItemsVisitor add = [&](const store::ItemRun& items) {
        const std::size_t added = writer->add(items.first(std::min(items.size(), room)));
        room -= added;
        if (added > 0)
            last = items[added - 1].position;
        // What is beyond the limit only tells that more follow.
        more = added < items.size();
        return !more;
    };
    const store::ItemsVisitor addUntilLive = [&](const store::ItemRun& items) {
        const auto isLive = [&](const store::Item& item) { return item.position.sequence > live->after; };
        if (items.all(std::not_fn(isLive)))
            return add(items);
        return items.all([&](const store::Item& item) { return isLive(item) || add(store::ItemRun({&item, 1})); });
    };
    // Among what has expired and is not removed yet, the walk goes on until there is something; an empty page with a next one is none.
    constexpr int mostPortions = 50;
    std::optional<Position> start = before;
    for (int portion = 0;; ++portion) {
        const auto read = reader_->newestFirst(found.output, asked.from.value_or(Timestamp::min()), asked.to.value_or(Timestamp::max()), start,
                                               live ? addUntilLive : add);
        if (!read)
            return problemResponse(read.error());
        start = reader_->brokenOff();
        if (!start || more)
            break;
        if (room < static_cast<std::size_t>(asked.limit)) {
            more = true; // the page is short; what is behind comes with the next one
            last = *start;
            break;
        }
        if (portion == mostPortions) {
            Error error{Problem::Unavailable, "what has expired here is being removed"};
            error.retryAfter = 1;
            return problemResponse(error);
        }
    }
    const EndpointId& id = found.endpoint.id;
    PageEnd end;
    if (more) {
        std::string& next = end.next.emplace();
        next.reserve(usualUrlBytes);
        context_.hosts.appendBase(request.head, request.scheme, next);
        appendNext(next, asked, PageCursor{last, live ? live->after : 0}, id);
    }
    if (live)
        end.live = live->text(id);
    Response response = writer->finish(end);
    if (asked.times && context_.mirrors)
        response.with(mirror::provenanceHeader, context_.mirrors->provenance().through(*found.catalog, found.endpoint));
    if (isExtended())
        response.with("Vary", "Accept");
    response.trace.extension = asked.times || format != PageFormat::Json;
    return response;
}

std::variant<StreamStart, Response> DataApi::stream(const HttpRequest& request, const EndpointId& id, StreamProtocol protocol)
{
    const Expected<Found> found = find(id);
    if (!found)
        return problemResponse(found.error());
    const OriginVerdict origin = judgeOrigin(request.head, context_.store.catalog()->cors, ownOrigin(request));
    if (protocol == StreamProtocol::WebSocket) {
        // A WebSocket has no preflight: any page could read, if the Origin were not checked here.
        if (origin == OriginVerdict::Foreign)
            return problemResponse({Problem::Forbidden, "this origin is not on the CORS allowlist of the workspace"});
        if (!asksForWebSocket(request.head)) {
            Response response =
                problemResponse({Problem::UpgradeRequired,
                                 std::string("this is a WebSocket") + (isExtended() ? "; plain HTTP readers use /events" : "")});
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
    const Expected<StreamRequest> asked = StreamRequest::parse(QueryParameters::parse(request.head.query()), id, context_.contract);
    // A token that cannot be told is no missing one.
    if (!asked && asked.error().field == "access_token")
        return challenge(asked.error());
    const auto allowed = withQueryToken(access_, found->endpoint, request.head, asked ? asked->accessToken : std::string());
    if (allowed && request.tokenExpired && found->endpoint.requiredScope)
        return expiredByWeather(found->endpoint);
    if (!allowed)
        return refusal(found->endpoint, allowed.error());
    if (!asked)
        return problemResponse(asked.error());

    const Expected<LiveCount> count = context_.fanOut.liveCount(found->output, *reader_);
    if (!count && count.error().kind == Problem::Unavailable && isReplaced(*found))
        return stream(request, id, protocol);
    if (!count)
        return problemResponse(count.error());
    StreamStart start;
    start.count = *count;
    start.framing = {protocol, id, asked->times};
    start.output = found->output;
    start.scope = found->endpoint.requiredScope;
    start.member = allowed->member;
    start.keyId = allowed->keyId;
    start.trust = allowed->trust;
    if (origin == OriginVerdict::Allowed)
        start.origin = *request.head.header("origin");
    start.expiresAt = allowed->until;
    start.trace.caller = allowed->who;
    start.trace.extension = protocol == StreamProtocol::Events || asked->times || asked->from || asked->cursor;
    start.cursor = {count->upTo, 0, {Timestamp::min(), 0}};
    if (asked->cursor)
        start.cursor = *asked->cursor;
    else if (asked->from)
        start.cursor = {0, count->upTo, Position::before(*asked->from)};
    if (protocol == StreamProtocol::Events) {
        const Expected<std::optional<StreamCursor>> last = lastEventId(request.head, id);
        if (!last)
            return problemResponse(last.error());
        // A browser goes on by itself, also where it has seen more than there is: that was another life of this store, which was made anew
        // or put back.
        if (*last && std::max((*last)->after, (*last)->until) > count->upTo)
            start.cursor = {context_.fanOut.beganEmpty() ? 0 : count->upTo, 0, {Timestamp::min(), 0}};
        else
            start.cursor = last->value_or(start.cursor);
    }
    context_.usage.endpoints.used(id, context_.clock.now());
    return start;
}

std::string DataApi::ownOrigin(const HttpRequest& request) const
{
    return request.head.count("origin") > 0 ? context_.hosts.origin(request.head, request.scheme) : std::string();
}

bool DataApi::isForeign(const HttpRequest& request) const
{
    return judgeOrigin(request.head, {}, ownOrigin(request)) == OriginVerdict::Foreign;
}

void DataApi::addPreflight(const HttpRequest& request, Response& response) const
{
    addPreflightHeaders(request.head, context_.store.catalog()->cors, ownOrigin(request), context_.contract, response.headers);
}

void DataApi::addCors(const HttpRequest& request, Response& response) const
{
    addCorsHeaders(request.head, context_.store.catalog()->cors, ownOrigin(request), response.headers);
}

std::variant<DataApi::Sender, Response> DataApi::senderOf(const HttpRequest& request, const SourceName& name)
{
    // A page on the web can post without a preflight; only pages of our own origin may.
    if (isForeign(request))
        return problemResponse({Problem::Forbidden, "pages of other origins cannot send datapoints"});
    if (const auto plain = checkCoding(request); !plain)
        return problemResponse(plain.error());
    std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const auto source = catalog->sources.find(name);
    if (source == catalog->sources.end())
        return problemResponse(notFound("source", name.text));
    const std::optional<ScopeName>& scope = source->second.requiredScope;
    Expected<Identity> identity = access_.identify(request.head);
    if (scope && !identity)
        return challenge(identity.error(), scope->text);
    if (scope && !identity->claims.grants(*scope))
        return challenge({Problem::Forbidden, "the access token lacks the scope “" + scope->text + "”"}, scope->text);
    return Sender{std::move(catalog), source->second, std::move(identity)};
}

std::optional<Response> DataApi::ingestRefusal(const HttpRequest& request, const SourceName& name)
{
    auto decided = senderOf(request, name);
    auto* refusal = std::get_if<Response>(&decided);
    return refusal ? std::optional(std::move(*refusal)) : std::nullopt;
}

void DataApi::ingest(const HttpRequest& request, const SourceName& name, Reply reply)
{
    auto decided = senderOf(request, name);
    if (auto* refusal = std::get_if<Response>(&decided)) {
        reply(std::move(*refusal));
        return;
    }
    const Sender& sender = std::get<Sender>(decided);
    if (sender.source.requiredScope)
        context_.usage.clients.used(ClientId{sender.identity->claims.subject}, context_.clock.now());
    Identity caller = sender.identity.value_or(Identity{});
    // A request is the same when it is sent again, also after its token has expired.
    if (!sender.identity && request.head.count("idempotency-key") > 0)
        caller.claims.subject = Access::bearerToken(request.head).map([&](const std::string& token) { return access_.signedFor(token); }).value_or(std::string());
    take(request, sender.source, caller, std::move(reply));
}

void DataApi::take(const HttpRequest& request, const Source& source, const Identity& identity, Reply reply)
{
    Expected<std::optional<store::RequestIdentity>> known =
        isExtended() ? requestIdentity(request.head, identity.claims.subject, request.body, context_.clock.now()) : std::optional<store::RequestIdentity>();
    if (!known) {
        reply(problemResponse(known.error()));
        return;
    }
    Trace trace{identity.who, {}, known->has_value()};
    std::shared_ptr<RequestsInFlight::Flight> flight;
    if (*known) {
        flight = context_.requestsInFlight.begin(source.key, (*known)->identity);
        if (!flight) {
            Error again{Problem::Conflict, "a request with this Idempotency-Key is being stored at the moment", "Idempotency-Key"};
            again.retryAfter = 1;
            reply(problemResponse(again));
            return;
        }
        const Timestamp since{(*known)->at.us - store::requestMemoryUs};
        const auto first = reader_->answered(source.key, (*known)->identity, since).and_then([&](const std::optional<store::Answered>& answered) {
            return firstAnswer(answered, **known);
        });
        if (!first || *first) {
            flight->land();
            reply(first ? traced(jsonResponse(200, {{"accepted", **first}}), trace) : problemResponse(first.error()));
            return;
        }
    }
    ingest_.take(source.name, request.body, std::move(*known),
                 [reply = std::move(reply), flight, trace = std::move(trace)](const Expected<std::size_t>& accepted) {
                     if (flight)
                         flight->land();
                     reply(accepted ? traced(jsonResponse(200, {{"accepted", *accepted}}), trace) : problemResponse(accepted.error()));
                 });
}

} // namespace iotman::server
