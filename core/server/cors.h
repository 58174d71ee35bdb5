// What a browser page of another origin gets (Fetch standard, "CORS protocol"). Decided from values alone.
#pragma once

#include "core/model/corsorigin.h"
#include "core/model/query.h"
#include "core/server/requesthead.h"

#include <string>
#include <vector>

namespace iotman::server {

enum class OriginVerdict {
    Absent,  ///< no Origin: not a browser's cross-origin request
    Own,     ///< the server's own origin
    Allowed, ///< on the allowlist
    Foreign, ///< neither: no data, no stream
};

/// `own` is the server's origin as this request addresses it (scheme://host[:port], default port dropped).
OriginVerdict judgeOrigin(const RequestHead& head, const CorsOrigins& allowed, const std::string& own);

/// How many headers an answer that is no preflight's gets here.
inline constexpr std::size_t mostCorsHeaders = 3;

/// Adds to `headers` what every answer on /data/out/… carries, errors included.
void addCorsHeaders(const RequestHead& head, const CorsOrigins& allowed, const std::string& own, std::vector<Header>& headers);

/// What the answer to a preflight carries: what is granted of what was asked, for an allowed origin only.
void addPreflightHeaders(const RequestHead& head, const CorsOrigins& allowed, const std::string& own, Contract contract, std::vector<Header>& headers);

} // namespace iotman::server
