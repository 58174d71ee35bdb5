// What the handlers of /api share.
#pragma once

#include "core/model/encoding.h"
#include "core/server/management.h"
#include "core/server/preconditions.h"

namespace iotman::server {

inline std::string baseOf(const ServerContext& context, const ManagementCall& call)
{
    return context.hosts.base(call.request.head, call.request.scheme);
}

inline Response withTag(Response response, const Json& stored)
{
    response.with("ETag", tagOfAnswer(entityTag(stored), response.body));
    return response;
}

inline Response created(const std::string& location, const Json& json)
{
    Response response = jsonResponse(201, json);
    response.with("Location", location);
    return response;
}

/// With the entity tag of what was stored.
inline Response created(const std::string& location, const Json& json, const Json& stored) { return withTag(created(location, json), stored); }

/// Answers that hold a secret stay out of every cache.
inline Response uncached(Response response)
{
    response.with("Cache-Control", "no-store");
    return response;
}

/// Where the background has no room.
inline Response busy()
{
    Error error{Problem::Unavailable, "too much is being done at the moment"};
    error.retryAfter = 1;
    return problemResponse(error);
}

/// RFC 9110 §13.1: a change is for the version that the caller saw. A value, so that it can be asked on the writer thread.
class Preconditions {
public:
    explicit Preconditions(const ManagementCall& call) : wanted_(call.request.head, "if-match"), unwanted_(call.request.head, "if-none-match") {}
    bool given() const { return wanted_.given() || unwanted_.given(); }
    /// That there is something.
    bool wantOne() const { return wanted_.given(); }
    Expected<void> check(const Json& stored) const
    {
        if (unwanted_.given() && unwanted_.holdVersionWeakly(entityTag(stored)))
            return fail(Problem::PreconditionFailed, "it is there as If-None-Match says; nothing was changed");
        if (!wanted_.given() || wanted_.holdVersion(entityTag(stored)))
            return {};
        return fail(Problem::PreconditionFailed, "somebody else changed this meanwhile; load it again");
    }

private:
    EntityTags wanted_;
    EntityTags unwanted_;
};

/// Errors: BadRequest where a mirror's settings name an endpoint of this very server, at which it would never end.
Expected<void> checkMirrorUrl(const Json& settings, const std::function<bool(const HttpAddress&)>& isOwn);

/// A parameter that is a whole number, where it is given. Errors: BadRequest, naming it.
Expected<std::optional<std::int64_t>> wholeNumber(const QueryParameters& query, std::string_view name, std::int64_t least, std::int64_t most);

/// What a list is asked for, `?limit=&after=`. A value: it may be answered on another thread.
struct ListRequest {
    static constexpr int usual = 1000; ///< also the most
    std::string url;                   ///< of the list
    int limit = usual;
    std::string after; ///< the key that the page before ended with; empty: from the start

    /// Errors: BadRequest, field is the parameter.
    static Expected<ListRequest> parse(const ServerContext& context, const ManagementCall& call);
};

/// What a list is ordered by: the ids of resources, or texts.
template <class Named>
const std::string& keyText(const Named& id)
{
    return id.text;
}
inline const std::string& keyText(const std::string& key)
{
    return key;
}

/// One page of a list, in the order of its keys. `view` turns a resource into what /api shows of it.
template <class Map, class View>
Response listAnswer(const ListRequest& asked, const Map& resources, const View& view)
{
    auto at = asked.after.empty() ? resources.begin() : resources.upper_bound(typename Map::key_type{asked.after});
    Json data = Json::array();
    std::string last;
    for (int count = 0; at != resources.end() && count < asked.limit; ++count, ++at) {
        data.push_back(view(at->second));
        last = keyText(at->first);
    }
    Json next = nullptr;
    if (at != resources.end())
        next = asked.url + "?limit=" + std::to_string(asked.limit) + "&after=" + percentEncoded(last);
    return jsonResponse(200, {{"data", std::move(data)}, {"next_page", std::move(next)}});
}

/// The same of what the catalog holds, answered at once.
template <class Map, class View>
void answerList(const ServerContext& context, const ManagementCall& call, const Map& resources, const View& view)
{
    const Expected<ListRequest> asked = ListRequest::parse(context, call);
    call.reply(asked ? listAnswer(*asked, resources, [&](const auto& resource) { return toJson(view(resource)); })
                     : problemResponse(asked.error()));
}

/// The key of what is listed by when it was made, oldest first or newest first; a page goes on from it whatever goes meanwhile.
enum class Listed { OldestFirst, NewestFirst };
std::string listKey(Listed order, Timestamp madeAt, const std::string& id);

/// Finds a resource by its id, or answers 404.
template <class Map>
const typename Map::mapped_type* findOrAnswer(const Map& resources, std::string_view kind, const ManagementCall& call)
{
    const auto found = resources.find(typename Map::key_type{call.id});
    if (found != resources.end())
        return &found->second;
    call.reply(problemResponse(notFound(kind, call.id)));
    return nullptr;
}

/// Checks `If-Match` against a resource of the catalog that is being changed; NotFound when it is not there.
template <class Map>
Expected<void> checkVersion(const Preconditions& preconditions, const Map& resources, std::string_view kind, const std::string& id)
{
    const auto found = resources.find(typename Map::key_type{id});
    if (found == resources.end())
        return fail(notFound(kind, id));
    return preconditions.check(storedJson(found->second));
}

/// The change that deletes what the call names, where that is the version that the caller saw.
template <class Map>
auto deletion(const ManagementCall& call, Map Catalog::*resources, std::string_view kind, Expected<void> (*erase)(Catalog&, const typename Map::key_type&))
{
    return [=, id = typename Map::key_type{call.id}, preconditions = Preconditions(call)](Catalog& catalog, Sequence, const Author&) {
        return checkVersion(preconditions, catalog.*resources, kind, id.text).and_then([&] { return erase(catalog, id); });
    };
}

inline Response gone(const Catalog&) { return emptyResponse(204); }

} // namespace iotman::server
