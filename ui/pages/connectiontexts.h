// What is said of a connection while it is typed.
#pragma once

#include "ui/pages/connection.h"

namespace iotman::ui {

/// As typed.
struct ConnectionFields {
    ConnectionKind kind = ConnectionKind::Server;
    QString name;
    QString url;
    Environment environment = Environment::Test;
    QString user;
    QString key;
    QString tokenEndpoint;
};

struct ConnectionCheck {
    std::optional<ConnectionInfo> connection; ///< with its key, if one was typed
    QString urlError;
    QString tokenEndpointError;
    QString userError;
    QString urlNote; ///< what the address means: an unprotected one, or one that was completed
    bool isUnprotected = false;
    QString missing; ///< why there is no connection, for the disabled button
};

ConnectionCheck checkConnection(const ConnectionFields& fields);

/// What can be known of an address alone: an endpoint's or a server's, its name, and the careful choice of an environment.
/// Errors: BadRequest.
Expected<ConnectionInfo> connectionOf(const QString& url);

} // namespace iotman::ui
