// What the handlers of /api share.
#pragma once

#include "core/server/management.h"

namespace iotman::server {

inline std::string baseOf(const ServerContext& context, const ManagementCall& call)
{
    return context.hosts.base(call.request.head, call.request.scheme);
}

inline Response withTag(Response response, const Json& stored)
{
    response.with("ETag", entityTag(stored));
    return response;
}

inline Response created(const std::string& location, const Json& json)
{
    Response response = jsonResponse(201, json);
    response.with("Location", location);
    return response;
}

/// Answers that hold a secret stay out of every cache.
inline Response uncached(Response response)
{
    response.with("Cache-Control", "no-store");
    return response;
}

/// RFC 9110 §13.1.1: a change is for the version that the caller saw. A value, so that it can be asked on the writer thread.
class IfMatch {
public:
    explicit IfMatch(const ManagementCall& call)
    {
        if (const auto given = call.request.head.header("if-match"))
            wanted_ = *given;
    }
    Expected<void> check(const Json& stored) const
    {
        if (wanted_.empty() || wanted_ == "*" || wanted_ == entityTag(stored))
            return {};
        return fail(Problem::PreconditionFailed, "somebody else changed this meanwhile; load it again");
    }

private:
    std::string wanted_;
};

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
Expected<void> checkVersion(const IfMatch& ifMatch, const Map& resources, std::string_view kind, const std::string& id)
{
    const auto found = resources.find(typename Map::key_type{id});
    if (found == resources.end())
        return fail(notFound(kind, id));
    return ifMatch.check(storedJson(found->second));
}

} // namespace iotman::server
