#include "core/server/epolldispatcher.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qsocketnotifier.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace iotman::server {

quint32 EpollDispatcher::Notifiers::events() const { return (read ? quint32(EPOLLIN) : 0U) | (write ? quint32(EPOLLOUT) : 0U); }

EpollDispatcher::EpollDispatcher() : epoll_(epoll_create1(EPOLL_CLOEXEC)), event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.fd = event_;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, event_, &wanted);
}

EpollDispatcher::~EpollDispatcher()
{
    close(event_);
    close(epoll_);
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    interrupted_ = false;
    Q_EMIT awake();
    QCoreApplication::sendPostedEvents();
    if (interrupted_)
        return false;

    const bool waits = flags.testFlag(QEventLoop::WaitForMoreEvents);
    if (waits)
        Q_EMIT aboutToBlock();
    constexpr int mostEvents = 128;
    std::array<epoll_event, mostEvents> events{};
    const int count = epoll_wait(epoll_, events.data(), mostEvents, waits ? timeout() : 0);
    if (waits)
        Q_EMIT awake();

    bool any = false;
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == event_) {
            std::uint64_t woken = 0;
            any = read(event_, &woken, sizeof woken) > 0 || any;
        } else if (!flags.testFlag(QEventLoop::ExcludeSocketNotifiers)) {
            any = activateSocket(event.data.fd, event.events) || any;
        }
    }
    return activateTimers() || any;
}

bool EpollDispatcher::activateSocket(int descriptor, quint32 events)
{
    QEvent activation(QEvent::SockAct);
    bool any = false;
    // A handler may unregister either notifier: each is looked up afresh.
    const quint32 readable = EPOLLIN | EPOLLHUP | EPOLLERR;
    if (QSocketNotifier* notifier = (events & readable) != 0 ? notifiers_.value(descriptor).read : nullptr)
        any = QCoreApplication::sendEvent(notifier, &activation) || any;
    const quint32 writable = EPOLLOUT | EPOLLHUP | EPOLLERR;
    if (QSocketNotifier* notifier = (events & writable) != 0 ? notifiers_.value(descriptor).write : nullptr)
        any = QCoreApplication::sendEvent(notifier, &activation) || any;
    return any;
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier* notifier)
{
    const int descriptor = static_cast<int>(notifier->socket());
    Notifiers& notifiers = notifiers_[descriptor];
    const quint32 before = notifiers.events();
    if (notifier->type() == QSocketNotifier::Read)
        notifiers.read = notifier;
    else if (notifier->type() == QSocketNotifier::Write)
        notifiers.write = notifier;
    update(descriptor, before);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier* notifier)
{
    const int descriptor = static_cast<int>(notifier->socket());
    const auto found = notifiers_.find(descriptor);
    if (found == notifiers_.end())
        return;
    const quint32 before = found->events();
    if (found->read == notifier)
        found->read = nullptr;
    if (found->write == notifier)
        found->write = nullptr;
    update(descriptor, before);
}

void EpollDispatcher::update(int descriptor, quint32 before)
{
    const quint32 now = notifiers_.value(descriptor).events();
    epoll_event wanted{};
    wanted.events = now;
    wanted.data.fd = descriptor;
    if (now == 0) {
        epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
        notifiers_.remove(descriptor);
    } else {
        epoll_ctl(epoll_, before == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &wanted);
    }
}

void EpollDispatcher::registerTimer(int id, qint64 interval, Qt::TimerType type, QObject* object)
{
    const std::chrono::milliseconds every(interval);
    timers_.append({id, every, type, object, std::chrono::steady_clock::now() + every});
}

bool EpollDispatcher::unregisterTimer(int id)
{
    return timers_.removeIf([id](const Timer& timer) { return timer.id == id; }) > 0;
}

bool EpollDispatcher::unregisterTimers(QObject* object)
{
    return timers_.removeIf([object](const Timer& timer) { return timer.object == object; }) > 0;
}

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject* object) const
{
    QList<TimerInfo> found;
    for (const Timer& timer : timers_) {
        if (timer.object == object)
            found.append(TimerInfo(timer.id, static_cast<int>(timer.interval.count()), timer.type));
    }
    return found;
}

int EpollDispatcher::remainingTime(int id)
{
    for (const Timer& timer : timers_) {
        if (timer.id == id) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(timer.due - std::chrono::steady_clock::now());
            return static_cast<int>(std::max<qint64>(0, left.count()));
        }
    }
    return -1;
}

int EpollDispatcher::timeout() const
{
    if (timers_.isEmpty())
        return -1;
    const auto next = std::min_element(timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) { return a.due < b.due; });
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next->due - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<qint64>(left.count(), 0, 60'000));
}

bool EpollDispatcher::activateTimers()
{
    const Moment now = std::chrono::steady_clock::now();
    QList<int> due;
    for (const Timer& timer : timers_) {
        if (timer.due <= now)
            due.append(timer.id);
    }
    for (const int id : due) {
        const auto timer = std::find_if(timers_.begin(), timers_.end(), [id](const Timer& candidate) { return candidate.id == id; });
        if (timer == timers_.end())
            continue; // an earlier one stopped it
        timer->due = now + timer->interval;
        QTimerEvent event(id);
        QCoreApplication::sendEvent(timer->object, &event);
    }
    return !due.isEmpty();
}

void EpollDispatcher::wakeUp()
{
    const std::uint64_t one = 1;
    (void)!write(event_, &one, sizeof one);
}

void EpollDispatcher::interrupt()
{
    interrupted_ = true;
    wakeUp();
}

} // namespace iotman::server
