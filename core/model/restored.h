// What becomes of a workspace when an earlier state of it is restored.
#pragma once

#include "core/model/catalog.h"

namespace iotman {

/// `then`'s sources, outputs, endpoints and origins; `now`'s name, scopes, clients and members, which are never rolled back. A
/// source or an endpoint whose scope is gone comes back switched off: it keeps asking for that scope, so nobody reads it by
/// accident. Keys that were given out stay given out.
Catalog restored(const Catalog& now, const Catalog& then);

} // namespace iotman
