#include "app/server/serve.h"

#include "app/server/signals.h"

#include <QtCore/qcoreapplication.h>

#include <cstdio>
#include <unistd.h>

namespace iotman {

namespace {

void printLine(const std::string& line)
{
    std::fputs((line + "\n").c_str(), stdout);
    std::fflush(stdout);
}

} // namespace

int serve(server::ServiceOptions options)
{
    const SystemClock clock;
    SystemRandom random;
    TerminationSignals signals;
    QObject::connect(&signals, &TerminationSignals::received, QCoreApplication::instance(), &QCoreApplication::quit);

    // A key on a terminal is read by the person in front of it; anywhere else it would end in a journal.
    options.adminKeyInFile = options.dataFolder.has_value() && isatty(STDOUT_FILENO) == 0;
    const auto service = server::Service::start(std::move(options), clock, random);
    if (!service) {
        std::fprintf(stderr, "iotman-server: %s\n", service.error().detail.c_str());
        return 1;
    }
    if (const auto& admin = (*service)->firstAdmin())
        printLine("admin " + admin->email + " " + admin->key);
    for (const std::string& url : (*service)->urls())
        printLine("ready " + url);
    return QCoreApplication::exec();
}

} // namespace iotman
