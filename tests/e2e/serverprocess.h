// A real iotman-server, started and stopped by a test.
#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>

namespace iotman::test {

class ServerProcess {
public:
    /// Starts `iotman-server serve` with these arguments and a free port on 127.0.0.1.
    explicit ServerProcess(const QStringList& arguments,
                           const QProcessEnvironment& variables = QProcessEnvironment::systemEnvironment());
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    /// Waits for the `ready` line, or for that of each address; false when the process ended before.
    bool waitUntilReady(int addresses = 1);
    int port() const { return port_; } ///< of the first
    QByteArray adminKey() const { return adminKey_; }
    QList<QByteArray> lines() const { return lines_; } ///< of stdout so far
    /// All that it said on stderr so far.
    QByteArray errors() { return errors_ += process_.readAllStandardError(); }

    void kill();      ///< SIGKILL
    bool terminate(); ///< SIGTERM; false when it does not end soon, or not well
    bool hangUp();    ///< SIGHUP, as a terminal that is closed sends it; else as `terminate`
    bool waitForEnd();
    qint64 processId() const { return process_.processId(); }
    int exitCode() const { return process_.exitCode(); }

private:
    bool endsWell();

    QProcess process_;
    QByteArray errors_;
    QList<QByteArray> lines_;
    QByteArray adminKey_;
    int port_ = 0;
    int ready_ = 0; ///< addresses
};

/// Runs iotman-server to its end. `output` gets stdout and stderr.
int runServer(const QStringList& arguments, QByteArray& output,
              const QProcessEnvironment& variables = QProcessEnvironment::systemEnvironment());

/// The same with `--data FOLDER`; `code` gets how it ended.
QByteArray runOn(const QString& folder, const QStringList& arguments, int& code);

} // namespace iotman::test
