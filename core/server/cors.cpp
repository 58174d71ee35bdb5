#include "core/server/cors.h"

#include "core/server/hosts.h"

namespace iotman::server {

namespace {

bool granted(OriginVerdict verdict) { return verdict == OriginVerdict::Allowed || verdict == OriginVerdict::Own; }

} // namespace

OriginVerdict judgeOrigin(const RequestHead& head, const CorsOrigins& allowed, const std::string& own)
{
    if (head.count("origin") == 0)
        return OriginVerdict::Absent;
    const std::optional<std::string_view> origin = head.header("origin");
    if (!origin)
        return OriginVerdict::Foreign; // several
    if (allowed.allows(*origin))
        return OriginVerdict::Allowed;
    return plainOrigin(*origin) == own ? OriginVerdict::Own : OriginVerdict::Foreign;
}

void addCorsHeaders(const RequestHead& head, const CorsOrigins& allowed, const std::string& own, std::vector<Header>& headers)
{
    // With `*` the answer is the same for everyone, whether they say who they are or not; else a cache must tell origins apart,
    // whether this one is allowed or not.
    if (!allowed.any)
        headers.push_back({"Vary", "Origin"});
    if (!allowed.any && !granted(judgeOrigin(head, allowed, own)))
        return;
    headers.push_back({"Access-Control-Allow-Origin", allowed.any ? std::string("*") : std::string(*head.header("origin"))});
    headers.push_back({"Access-Control-Expose-Headers", "WWW-Authenticate, Link"});
}

void addPreflightHeaders(const RequestHead& head, const CorsOrigins& allowed, const std::string& own, Contract contract, std::vector<Header>& headers)
{
    addCorsHeaders(head, allowed, own, headers);
    if (!granted(judgeOrigin(head, allowed, own)))
        return;
    // GET is granted whatever was asked: a page that wanted another method sees that it is not among them.
    headers.push_back({"Access-Control-Allow-Methods", "GET, HEAD"});
    headers.push_back({"Access-Control-Allow-Headers", contract == Contract::Extended ? "Authorization, Last-Event-ID" : "Authorization"});
    headers.push_back({"Access-Control-Max-Age", "600"});
    // https://wicg.github.io/private-network-access/
    if (head.header("access-control-request-private-network") == std::string_view("true"))
        headers.push_back({"Access-Control-Allow-Private-Network", "true"});
}

} // namespace iotman::server
