// An event dispatcher for worker threads on Linux whose cost does not grow with idle connections, as poll's does.
#pragma once

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qhash.h>
#include <QtCore/qlist.h>

#include <chrono>

namespace iotman::server {

/// For QThread::setEventDispatcher; not for the GUI thread. Socket notifiers and timers belong to its thread, `wakeUp` to any.
class EpollDispatcher final : public QAbstractEventDispatcher {
public:
    EpollDispatcher();
    ~EpollDispatcher() override;

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;
    void registerSocketNotifier(QSocketNotifier* notifier) override;
    void unregisterSocketNotifier(QSocketNotifier* notifier) override;
    void registerTimer(int id, qint64 interval, Qt::TimerType type, QObject* object) override;
    bool unregisterTimer(int id) override;
    bool unregisterTimers(QObject* object) override;
    QList<TimerInfo> registeredTimers(QObject* object) const override;
    int remainingTime(int id) override;
    void wakeUp() override;
    void interrupt() override;

private:
    using Moment = std::chrono::steady_clock::time_point;
    struct Notifiers {
        QSocketNotifier* read = nullptr;
        QSocketNotifier* write = nullptr;
        quint32 events() const;
    };
    struct Timer {
        int id = 0;
        std::chrono::milliseconds interval{0};
        Qt::TimerType type = Qt::CoarseTimer;
        QObject* object = nullptr;
        Moment due;
    };

    void update(int descriptor, quint32 before);
    int timeout() const;
    bool activateSocket(int descriptor, quint32 events);
    bool activateTimers();

    int epoll_ = -1;
    int event_ = -1;
    std::atomic<bool> interrupted_ = false;
    QHash<int, Notifiers> notifiers_;
    QList<Timer> timers_;
};

} // namespace iotman::server
