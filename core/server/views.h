// Resources as /api shows them: the catalog's values with what is known at the moment. Any thread.
#pragma once

#include "core/server/servercontext.h"

namespace iotman::server {

ScopeView viewOf(const Catalog& catalog, const Scope& scope);
SourceView viewOf(const ServerContext& context, const Source& source, const std::string& base);
OutputView viewOf(const ServerContext& context, const Output& output);
EndpointView viewOf(const ServerContext& context, const Catalog& catalog, const Endpoint& endpoint, const std::string& base);
ClientView viewOf(const ServerContext& context, const Client& client);
MemberView viewOf(const ServerContext& context, const Member& member);

} // namespace iotman::server
