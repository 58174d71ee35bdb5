// OpenAPI 3.1 of the data API of this very workspace.
#pragma once

#include "core/server/httprequest.h"
#include "core/server/servercontext.h"

namespace iotman::server {

/// Who reads the description: everyone sees public endpoints and sources, a member all of them, with the newest item as an
/// example.
enum class Reads { Everyone, Member };

/// `reader` is asked for the newest items, whose shapes become schemas. What the contract leaves out is left out.
/// `base`: where the API is, for links.
Response openApiAnswer(const ServerContext& context, store::Reader& reader, const std::string& base, Reads reads);

} // namespace iotman::server
