// Which workspace a window is connected to, and how that goes: values, and the one function that decides.
#pragma once

#include "core/client/address.h"
#include "core/client/secret.h"
#include "core/client/tokensource.h"
#include "core/model/error.h"
#include "core/model/timestamp.h"

#include <QString>
#include <QUrl>

#include <optional>

namespace iotman::ui {

enum class Environment { Local, Test, Production };

enum class ConnectionKind {
    ThisComputer, ///< the embedded server; signed in by itself
    Server,       ///< an iotman-server elsewhere; a member signs in with e-mail and access key
    Endpoint,     ///< one endpoint known only by its address; read as the public does, or with a client's id and secret
};

/// Where the files of a client certificate are; see client::clientCertificateFrom.
struct CertificateFiles {
    QString certificate; ///< empty: there is none
    QString key;

    bool operator==(const CertificateFiles&) const = default;
};

/// How to reach a workspace or an endpoint, and as whom.
struct ConnectionInfo {
    QString name; ///< what people call it: “this computer”, “plant server”
    Environment environment = Environment::Local;
    QUrl url;      ///< of the server, as client::parseServerUrl gives it; of kind Endpoint: of its page
    QString email; ///< who signs in; of kind Endpoint: a client's id, or empty
    client::Secret key;
    ConnectionKind kind = ConnectionKind::ThisComputer;
    QString id = {};         ///< by which the list of connections knows it; empty: not in the list
    QUrl tokenEndpoint = {}; ///< of kind Endpoint, where it needs a token
    QByteArray pinned = {};  ///< see client::NetworkSettings
    CertificateFiles clientCertificate = {};

    /// What the paths /api, /data and /oauth are below.
    QUrl server() const;
    /// What tokens are asked for with, and where.
    client::Credentials credentials() const;
    /// A member or client has to sign in, and there is nothing to do it with.
    bool lacksSecret() const;
};

/// Where an endpoint lies whose address ends with /data/out/ID. Errors: BadRequest.
struct EndpointPlace {
    QUrl server;
    EndpointId id;
};
Expected<EndpointPlace> endpointPlace(const QUrl& page);

enum class Phase {
    Connecting,   ///< no answer yet
    Running,      ///< the last round of requests was answered
    Offline,      ///< no answer, or one that asks to wait: tried again by itself
    SignInNeeded, ///< the server does not accept e-mail and key, or there is none
    Failed,       ///< it answers, but not as the contract says: trying again by itself would not help
};

struct ConnectionState {
    Phase phase = Phase::Connecting;
    std::optional<Timestamp> since; ///< of being offline: when the first request went unanswered
    QString reason;                 ///< a sentence, where the phase has one

    bool operator==(const ConnectionState&) const = default;
};

/// What a round of requests that ended at `now` makes of `before`. `trouble` is the first error in it that is about the
/// connection, if there was one.
ConnectionState stateAfter(const ConnectionState& before, const std::optional<Error>& trouble, Timestamp now);

/// Whether `error` says something about the connection, and not only about the one thing that was asked.
bool isAboutConnection(const Error& error);

} // namespace iotman::ui
