#include "app/server/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace iotman {

TerminationSignals::TerminationSignals()
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    // A terminal that is closed ends the server in good order as well, unless who started it (nohup) wants it to go on.
    struct sigaction hangUp {};
    if (sigaction(SIGHUP, nullptr, &hangUp) == 0 && hangUp.sa_handler != SIG_IGN)
        sigaddset(&wanted, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
    descriptor_ = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    notifier_ = new QSocketNotifier(descriptor_, QSocketNotifier::Read, this);
    connect(notifier_, &QSocketNotifier::activated, this, [this] {
        signalfd_siginfo info{};
        if (read(descriptor_, &info, sizeof info) == sizeof info)
            Q_EMIT received();
    });
}

TerminationSignals::~TerminationSignals()
{
    delete notifier_;
    close(descriptor_);
}

} // namespace iotman
