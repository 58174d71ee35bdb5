#include "core/server/management.h"

#include "core/model/encoding.h"
#include "core/model/shown.h"
#include "core/server/contentcoding.h"
#include "core/server/managementanswers.h"
#include "core/server/methods.h"

#include <array>
#include <charconv>

namespace iotman::server {

namespace {

using M = Management;

} // namespace

std::size_t mostManagementBodyBytes(std::string_view path)
{
    constexpr std::size_t mostWorkspaceFileBytes = 16 * mostManagementBytes;
    constexpr std::size_t mostRowsBytes = 32 * mostManagementBytes;
    if (path == "workspace/file")
        return mostWorkspaceFileBytes;
    return path.starts_with("imports/") && path.ends_with("/rows") ? mostRowsBytes : mostManagementBytes;
}

std::span<const Management::Route> Management::routes()
{
    static constexpr std::array rows{
        Route{"GET", "me", Action::Read, &M::me},
        Route{"GET", "workspace", Action::Read, &M::getWorkspace},
        Route{"PATCH", "workspace", Action::ChangeWorkspace, &M::patchWorkspace},
        Route{"GET", "workspace/file", Action::ChangeWorkspace, &M::getWorkspaceFile},
        Route{"PUT", "workspace/file", Action::ChangeWorkspace, &M::putWorkspaceFile},
        Route{"GET", "scopes", Action::Read, &M::listScopes},
        Route{"POST", "scopes", Action::WriteScopes, &M::postScope},
        Route{"GET", "scopes/{id}", Action::Read, &M::getScope},
        Route{"DELETE", "scopes/{id}", Action::WriteScopes, &M::deleteScope},
        Route{"GET", "sources", Action::Read, &M::listSources},
        Route{"POST", "sources", Action::WriteSources, &M::postSource},
        Route{"GET", "sources/{id}", Action::Read, &M::getSource},
        Route{"PATCH", "sources/{id}", Action::WriteSources, &M::patchSource},
        Route{"DELETE", "sources/{id}", Action::WriteSources, &M::deleteSource},
        Route{"GET", "sources/{id}/datapoints", Action::WriteOutputs, &M::listDatapoints},
        Route{"GET", "sources/{id}/replay", Action::Read, &M::getReplay},
        Route{"POST", "sources/{id}/replay/step", Action::WriteSources, &M::stepReplay},
        Route{"GET", "sources/{id}/mirror", Action::Read, &M::getMirror},
        Route{"GET", "outputs", Action::Read, &M::listOutputs},
        Route{"POST", "outputs", Action::WriteOutputs, &M::postOutput},
        Route{"POST", "outputs/test", Action::TryRules, &M::testOutput},
        Route{"GET", "outputs/{id}", Action::Read, &M::getOutput},
        Route{"PATCH", "outputs/{id}", Action::WriteOutputs, &M::patchOutput},
        Route{"DELETE", "outputs/{id}", Action::WriteOutputs, &M::deleteOutput},
        Route{"DELETE", "outputs/{id}/applying", Action::WriteOutputs, &M::cancelApplying},
        Route{"GET", "endpoints", Action::Read, &M::listEndpoints},
        Route{"POST", "endpoints", Action::WriteEndpoints, &M::postEndpoint},
        Route{"GET", "endpoints/{id}", Action::Read, &M::getEndpoint},
        Route{"PATCH", "endpoints/{id}", Action::WriteEndpoints, &M::patchEndpoint},
        Route{"DELETE", "endpoints/{id}", Action::WriteEndpoints, &M::deleteEndpoint},
        Route{"GET", "clients", Action::Read, &M::listClients},
        Route{"POST", "clients", Action::WriteClients, &M::postClient},
        Route{"GET", "clients/{id}", Action::Read, &M::getClient},
        Route{"PATCH", "clients/{id}", Action::WriteClients, &M::patchClient},
        Route{"DELETE", "clients/{id}", Action::WriteClients, &M::deleteClient},
        Route{"POST", "clients/{id}/secret", Action::WriteClients, &M::postClientSecret, Takes::Nothing},
        Route{"POST", "clients/{id}/token", Action::MintTokens, &M::postClientToken, Takes::Nothing},
        Route{"GET", "members", Action::Read, &M::listMembers},
        Route{"POST", "members", Action::WriteMembers, &M::postMember},
        Route{"GET", "members/{id}", Action::Read, &M::getMember},
        Route{"PATCH", "members/{id}", Action::WriteMembers, &M::patchMember},
        Route{"DELETE", "members/{id}", Action::WriteMembers, &M::deleteMember},
        Route{"POST", "members/{id}/key", Action::WriteMembers, &M::postMemberKey, Takes::Nothing},
        Route{"POST", "members/{id}/token", Action::MintTokens, &M::postMemberToken, Takes::Nothing},
        Route{"GET", "cors", Action::Read, &M::getCors},
        Route{"PUT", "cors", Action::WriteCors, &M::putCors},
        Route{"GET", "weather", Action::Read, &M::listWeather},
        Route{"GET", "weather/{id}", Action::Read, &M::getWeather},
        Route{"PUT", "weather/{id}", Action::TestWeather, &M::putWeather},
        Route{"DELETE", "weather/{id}", Action::TestWeather, &M::deleteWeather, Takes::Nothing},
        Route{"GET", "activity", Action::Read, &M::getActivity},
        Route{"GET", "activity/streams", Action::Read, &M::getStreams},
        Route{"GET", "imports", Action::Read, &M::listImports},
        Route{"POST", "imports", Action::Import, &M::postImport},
        Route{"GET", "imports/{id}", Action::Read, &M::getImport},
        Route{"POST", "imports/{id}/rows", Action::Import, &M::postImportRows},
        Route{"POST", "imports/{id}/commit", Action::Import, &M::commitImport, Takes::Nothing},
        Route{"DELETE", "imports/{id}", Action::Import, &M::deleteImport},
        Route{"GET", "snapshots", Action::Read, &M::listSnapshots},
        Route{"POST", "snapshots", Action::SaveSnapshots, &M::postSnapshot},
        Route{"POST", "snapshots/reset", Action::RestoreSnapshots, &M::resetWorkspace, Takes::Nothing},
        Route{"GET", "snapshots/{id}", Action::Read, &M::getSnapshot},
        Route{"DELETE", "snapshots/{id}", Action::SaveSnapshots, &M::deleteSnapshot},
        Route{"POST", "snapshots/{id}/restore", Action::RestoreSnapshots, &M::restoreSnapshot, Takes::Nothing},
        Route{"GET", "audit", Action::ReadAudit, &M::getAudit},
        Route{"POST", "keys/rotate", Action::RotateKeys, &M::rotateKeys, Takes::Nothing},
    };
    return rows;
}

namespace {

/// Whether `path` has the shape of `pattern`; `id` gets the segment that stands for `{id}`.
bool matchesPath(std::string_view pattern, std::string_view path, std::string& id)
{
    while (true) {
        const std::string_view wanted = pattern.substr(0, pattern.find('/'));
        const std::string_view given = path.substr(0, path.find('/'));
        if (wanted == "{id}") {
            const std::optional<std::string> decoded = percentDecoded(given, Plus::Literal);
            if (!decoded || decoded->empty())
                return false;
            id = *decoded;
        } else if (wanted != given) {
            return false;
        }
        if (wanted.size() == pattern.size() || given.size() == path.size())
            return wanted.size() == pattern.size() && given.size() == path.size();
        pattern.remove_prefix(wanted.size() + 1);
        path.remove_prefix(given.size() + 1);
    }
}

/// Errors: UnsupportedMedia; BadRequest, naming the first member that was given to a route that takes none.
Expected<void> checkBody(const HttpRequest& request, Management::Takes takes)
{
    const Expected<void> plain = checkCoding(request);
    if (!plain || takes == Management::Takes::Members || request.body.empty())
        return plain;
    return parseJson(request.body).and_then([](const Json& json) { return ObjectReader(json).finish(); });
}

/// A fixed path counts before one with `{id}`: `outputs/test` is no output.
const Management::Route* routeOf(std::string_view method, std::string_view path, std::string& id, std::string& allowed)
{
    const Management::Route* found = nullptr;
    for (const Management::Route& route : Management::routes()) {
        std::string segment;
        if (!matchesPath(route.path, path, segment))
            continue;
        allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
        if (route.method == "GET")
            allowed += ", HEAD";
        const bool head = method == "HEAD" && route.method == "GET";
        if ((route.method == method || head) && (!found || segment.empty())) {
            found = &route;
            id = segment;
        }
    }
    return found;
}

std::string_view entityTagOf(const Response& response)
{
    const auto tag = std::find_if(response.headers.begin(), response.headers.end(),
                                  [](const Header& header) { return header.name == "ETag"; });
    return tag == response.headers.end() ? std::string_view() : std::string_view(tag->value);
}

/// RFC 9110 §13.1.2.
bool isUnchanged(const Response& response, const EntityTags& known)
{
    const std::string tag(entityTagOf(response));
    return response.status == 200 && !tag.empty() && known.holdWeakly(tag);
}

/// RFC 9110 §13.1.1, of what has a version.
bool isAnother(const Response& response, const EntityTags& wanted)
{
    const std::string tag(entityTagOf(response));
    return response.status == 200 && !tag.empty() && wanted.given() && !wanted.holdStrongly(tag);
}

/// An admin reads in the activity list what others are not told: then it can stand in the answer, too.
void tellAdmin(Response& response)
{
    if (response.status != httpStatus(Problem::Internal) || response.trace.reason.empty())
        return;
    Json problem = parseJson(response.body).value_or(Json::object());
    problem["detail"] = response.trace.reason;
    response.body = jsonText(problem);
}

Response notModified(const Response& response)
{
    Response unchanged = emptyResponse(304);
    unchanged.with("ETag", std::string(entityTagOf(response)));
    return unchanged;
}

} // namespace

Management::Management(ServerContext& context, Access& access)
    : context_(context)
    , access_(access)
    , reader_(context.store.retainedReader(context.keeping))
{
}

std::variant<Management::Target, Response> Management::targetOf(const HttpRequest& request, std::string_view path)
{
    Target target;
    std::string allowed;
    target.route = routeOf(request.head.method, path, target.id, allowed);
    if (!target.route && allowed.empty())
        return problemResponse({Problem::NotFound, "there is nothing at this path"});
    if (!target.route)
        return otherMethod(request.head, allowed);
    Expected<Identity> identity = access_.identify(request.head);
    if (!identity)
        return challenge(identity.error());
    if (!identity->role || !may(*identity->role, target.route->action))
        return challenge(forbidden(target.route->action));
    target.identity = std::move(*identity);
    // Much of what is managed lies in files beside the database.
    if (const auto there = context_.store.inPlace(); !there)
        return problemResponse(there.error());
    if (const auto taken = checkBody(request, target.route->takes); !taken)
        return problemResponse(taken.error());
    return target;
}

std::optional<Response> Management::refusal(const HttpRequest& request, std::string_view path)
{
    auto decided = targetOf(request, path);
    auto* refused = std::get_if<Response>(&decided);
    return refused ? std::optional(std::move(*refused)) : std::nullopt;
}

void Management::handle(const HttpRequest& request, std::string_view path, Reply reply)
{
    auto decided = targetOf(request, path);
    if (auto* refused = std::get_if<Response>(&decided)) {
        reply(std::move(*refused));
        return;
    }
    auto& [route, id, identity] = std::get<Target>(decided);
    // The activity list tells who it was, whatever the handler answers.
    Reply traced = [reply = std::move(reply), who = identity.who, known = EntityTags(request.head, "if-none-match"),
                    wanted = EntityTags(request.head, "if-match"), reads = route->method == "GET", isAdmin = identity.role == Role::Admin,
                    base = context_.hosts.baseUrl()](Response response) {
        for (Header& header : response.headers) {
            if (header.name == "Location")
                header.value.insert(0, base);
        }
        if (isAdmin)
            tellAdmin(response);
        if (reads && isAnother(response, wanted))
            response = problemResponse({Problem::PreconditionFailed, "it is not the version that If-Match names"});
        else if (reads && isUnchanged(response, known))
            response = notModified(response);
        response.trace.caller = who;
        reply(std::move(response));
    };
    const ManagementCall call{request, std::move(identity), std::move(id), std::move(traced)};
    (this->*route->handler)(call);
}

Expected<ListRequest> ListRequest::parse(const ServerContext& context, const ManagementCall& call)
{
    const RequestHead& head = call.request.head;
    const QueryParameters parameters = QueryParameters::parse(head.query());
    ListRequest request;
    request.url = baseOf(context, call) + std::string(head.path());
    const auto limit = wholeNumber(parameters, "limit", 1, usual);
    const auto after = parameters.once("after");
    if (!limit)
        return fail(limit.error());
    if (!after)
        return fail(after.error());
    request.limit = static_cast<int>(limit->value_or(usual));
    request.after = after->value_or(std::string());
    return request;
}

std::string listKey(Listed order, Timestamp madeAt, const std::string& id)
{
    // In the order of texts: from the greatest time down to 0, or up from the least one, always in as many digits.
    constexpr std::size_t digits = 20;
    constexpr std::uint64_t half = std::uint64_t{1} << 63;
    const std::uint64_t rising = static_cast<std::uint64_t>(madeAt.us) + half;
    const std::string number = std::to_string(order == Listed::OldestFirst ? rising : UINT64_MAX - rising);
    return std::string(digits - number.size(), '0') + number + "-" + id;
}

Expected<std::optional<std::int64_t>> wholeNumber(const QueryParameters& query, std::string_view name, std::int64_t least,
                                                  std::int64_t most)
{
    const auto text = query.once(name);
    if (!text)
        return fail(text.error());
    if (!*text)
        return std::optional<std::int64_t>();
    std::int64_t number = 0;
    const std::string& given = **text;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size() || number < least || number > most)
        return fail(Problem::BadRequest,
                    std::string(name) + ": expected a whole number from " + std::to_string(least) + " to " +
                        std::to_string(most) + ", but got " + shown(given),
                    std::string(name));
    return std::optional(number);
}

Expected<Json> Management::bodyOf(const ManagementCall& call)
{
    if (call.request.body.empty())
        return fail(Problem::BadRequest, "expected a JSON object as the body, but it is empty");
    return parseJson(call.request.body);
}

void Management::change(const ManagementCall& call, Change change, Answer answer, GivenSecrets secrets)
{
    // What a large body takes when it is parsed; a small one is never in the way.
    constexpr std::size_t small = 64 * 1024;
    constexpr std::size_t parsedTimes = 4;
    const std::size_t body = call.request.body.size();
    const Timestamp now = context_.clock.now();
    context_.store.change(
        call.identity.who, now,
        [&context = context_, who = call.identity.who, now, change = std::move(change)](Catalog& catalog, Sequence last) {
            return change(catalog, last, Author{who, now, context.random});
        },
        [&context = context_, who = call.identity.who, now, reply = call.reply, answer = std::move(answer),
         secrets = std::move(secrets)](const Expected<void>& done) {
            const std::vector<std::string> given = done && secrets ? secrets() : std::vector<std::string>();
            // Now: with the next job what was changed may be gone.
            const Response response = done ? answer(*context.store.catalog()) : problemResponse(done.error());
            if (given.empty())
                return reply(response);
            context.store.journal(who, now, {"secret", given.front(), {}, jsonText({{"given_for", given}})}, [reply, response](const Expected<void>& noted) {
                reply(noted ? response : problemResponse(noted.error()));
            });
        },
        body > small ? parsedTimes * body : 0);
}

} // namespace iotman::server
