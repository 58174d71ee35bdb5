#include "app/server/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace iotman {

namespace {

/// How long a start that was asked to end may take to get where it ends in good order.
constexpr int startGrace = 3000;
/// Signals that come together are one.
constexpr auto sameAsking = std::chrono::seconds(1);

} // namespace

TerminationSignals::TerminationSignals()
{
    sigemptyset(&wanted_);
    sigaddset(&wanted_, SIGTERM);
    sigaddset(&wanted_, SIGINT);
    // A terminal that is closed ends the server in good order as well, unless who started it (nohup) wants it to go on.
    struct sigaction hangUp {};
    if (sigaction(SIGHUP, nullptr, &hangUp) == 0 && hangUp.sa_handler != SIG_IGN)
        sigaddset(&wanted_, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &wanted_, nullptr);
    signals_ = signalfd(-1, &wanted_, SFD_CLOEXEC | SFD_NONBLOCK);
    ended_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void TerminationSignals::listen()
{
    thread_ = std::thread([this] { wait(); });
}

TerminationSignals::~TerminationSignals()
{
    eventfd_write(ended_, 1);
    if (thread_.joinable())
        thread_.join();
    close(signals_);
    close(ended_);
}

void TerminationSignals::wait()
{
    const int first = next(-1);
    if (first == atEnd)
        return;
    Q_EMIT received();
    // What tells a group of processes and each of them says it twice.
    const auto told = std::chrono::steady_clock::now();
    int second = none;
    do {
        second = next(startGrace);
    } while (second > none && std::chrono::steady_clock::now() - told < sameAsking);
    if (second == none)
        second = started_ ? next(-1) : first;
    if (second != atEnd)
        end(second);
}

int TerminationSignals::next(int timeout) const
{
    std::array<pollfd, 2> waited{pollfd{signals_, POLLIN, 0}, pollfd{ended_, POLLIN, 0}};
    int got = 0;
    do {
        got = poll(waited.data(), waited.size(), timeout);
    } while (got < 0 && errno == EINTR);
    if (got == 0)
        return none;
    signalfd_siginfo info{};
    if (waited[1].revents != 0 || read(signals_, &info, sizeof info) != sizeof info)
        return atEnd;
    return static_cast<int>(info.ssi_signo);
}

/// As a program ends that does nothing about signals: whoever started it is told so.
void TerminationSignals::end(int signal) const
{
    constexpr int bySignal = 128;
    std::signal(signal, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &wanted_, nullptr);
    (void)raise(signal);
    _exit(bySignal + signal);
}

} // namespace iotman
