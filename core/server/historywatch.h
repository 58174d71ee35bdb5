// Whose history changed with a change of the catalog.
#pragma once

#include "core/model/catalog.h"

#include <vector>

namespace iotman::server {

/// Endpoints that serve other items than before: their output was remade, was applied to what is stored, or is another one.
std::vector<EndpointId> endpointsRemade(const Catalog& before, const Catalog& after);

/// Endpoints that serve what comes from `source`.
std::vector<EndpointId> endpointsOf(const Catalog& catalog, const SourceName& source);

} // namespace iotman::server
