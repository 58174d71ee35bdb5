// What becomes of a workspace when an earlier state of it is restored.
#pragma once

#include "core/model/catalog.h"

namespace iotman {

/// What of a state comes back with it.
enum class Extent {
    Data,          ///< sources, outputs, endpoints and origins, with their data
    DataAndAccess, ///< scopes and clients too: what a workspace file says
};

/// `then`'s sources, outputs, endpoints and origins, and where `extent` says so its scopes and clients; the rest is `now`'s: name
/// and members are never rolled back. A source or an endpoint whose scope is gone comes back switched off: it keeps asking for
/// that scope, so nobody reads it by accident. Keys that were given out stay given out.
Catalog restored(const Catalog& now, const Catalog& then, Extent extent);

} // namespace iotman
