// How a connection's server is reached: the choices for all of them, what the connection has of its own, and the vault's secrets.
#pragma once

#include "ui/pages/connections.h"

#include <functional>
#include <vector>

namespace iotman::ui {

/// What of it can't be used.
struct WayTrouble {
    QString lead;     ///< “The client certificate can’t be used:”
    QString sentence; ///< why
};

struct NetworkWay {
    client::NetworkSettings settings; ///< with all that can be used
    std::vector<WayTrouble> troubles;
};

/// Asks the vault for what is needed, and only for that; where that is nothing and no file is named, it replies at once. Never after
/// `context` has gone.
void findWay(Connections& connections, const ConnectionInfo& connection, QObject* context,
             std::function<void(const NetworkWay&)> reply);

} // namespace iotman::ui
