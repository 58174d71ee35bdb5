// SIGTERM and SIGINT as a Qt signal.
#pragma once

#include <QtCore/qobject.h>

#include <csignal>

#include <atomic>
#include <thread>

namespace iotman {

/// Blocks both signals for the whole process; make it before the first thread. Who asks a second time, a second later at least, or
/// while the program does not get to its event loop, ends it at once: what was answered is stored.
class TerminationSignals final : public QObject {
    Q_OBJECT

public:
    TerminationSignals();
    ~TerminationSignals() override;

    /// Begins to hear them: once `received` is connected.
    void listen();
    /// From now on the event loop is near.
    void started() { started_ = true; }

Q_SIGNALS:
    /// On a thread of its own.
    void received();

private:
    void wait();
    /// The number of the next signal; `none` when so many milliseconds have passed (-1: never), `atEnd` when this object goes.
    static constexpr int none = 0, atEnd = -1;
    int next(int timeout) const;
    [[noreturn]] void end(int signal) const;

    sigset_t wanted_{};
    int signals_ = -1;
    int ended_ = -1; ///< readable once this object goes
    std::atomic<bool> started_ = false;
    std::thread thread_;
};

} // namespace iotman
