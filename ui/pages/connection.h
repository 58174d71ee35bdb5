// Which workspace a window is connected to, and how that goes: values, and the one function that decides.
#pragma once

#include "core/client/secret.h"
#include "core/model/error.h"
#include "core/model/timestamp.h"

#include <QString>
#include <QUrl>

#include <optional>

namespace iotman::ui {

enum class Environment { Local, Test, Production };

/// How to reach a workspace, and as whom.
struct ConnectionInfo {
    QString name; ///< what people call it: “this computer”, “plant server”
    Environment environment = Environment::Local;
    QUrl url; ///< of the server, as client::parseServerUrl gives it
    QString email;
    client::Secret key;
};

enum class Phase {
    Connecting,   ///< no answer yet
    Running,      ///< the last round of requests was answered
    Offline,      ///< no answer, or one that asks to wait: tried again by itself
    SignInNeeded, ///< the server does not accept e-mail and key
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
