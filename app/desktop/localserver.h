// This computer's workspace: a server in threads of its own, which the desktop reaches like any other over HTTP.
#pragma once

#include "core/model/clock.h"
#include "core/model/error.h"

#include <QtCore/qobject.h>
#include <QtCore/qurl.h>

#include <filesystem>
#include <string>
#include <thread>

namespace iotman {

struct LocalServerOptions {
    std::filesystem::path dataFolder;
    std::filesystem::path demo; ///< the workspace file that a new data folder starts with
    std::string ownerKey;       ///< what the desktop signs in with, made afresh at each start
};

/// Lives on the GUI thread and never makes it wait: starting and serving happen elsewhere.
class LocalServer final : public QObject {
    Q_OBJECT

public:
    /// `clock` and `random` must outlive it.
    LocalServer(LocalServerOptions options, const Clock& clock, Random& random);
    /// Ends the server; returns once what was accepted is durable.
    ~LocalServer() override;

    void start();

Q_SIGNALS:
    void ready(const QUrl& url);
    void failed(const iotman::Error& error);

private:
    void run(const std::stop_token& stop);

    const LocalServerOptions options_;
    const Clock& clock_;
    Random& random_;
    std::jthread thread_;
};

} // namespace iotman
