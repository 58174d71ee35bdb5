#include "app/server/serve.h"

#include "app/server/signals.h"
#include "app/server/verbs.h"
#include "core/model/shown.h"

#include <QtCore/qcoreapplication.h>

#include <unistd.h>

#include <cstdio>

namespace iotman {

Expected<int> serve(server::ServiceOptions options)
{
    // The folder stands in the first line that is printed.
    if (options.dataFolder && inOneLine(options.dataFolder->string()) != options.dataFolder->string())
        return fail(Problem::BadRequest, "expected a data folder without control characters in its name, but got “" + options.dataFolder->string() + "”");
    const SystemClock clock;
    SystemRandom random;
    TerminationSignals signals;
    QObject::connect(&signals, &TerminationSignals::received, QCoreApplication::instance(), &QCoreApplication::quit);
    signals.listen();

    // A key on a terminal is read by the person in front of it; anywhere else it would end in a journal.
    options.adminKeyInFile = options.dataFolder.has_value() && isatty(STDOUT_FILENO) == 0;
    options.log = [](std::string line) {
        hideByLooks(line);
        std::fprintf(stderr, "%s\n", inOneLine(line).c_str());
    };
    const auto service = server::Service::start(std::move(options), clock, random);
    if (!service)
        return fail(service.error());
    // At once, so that whoever waits for the first line only may leave. Unsaid, nobody would have the key or know the port.
    std::string told;
    if (const auto& admin = (*service)->firstAdmin())
        told = "admin " + admin->email + " " + admin->key + "\n";
    for (const std::string& url : (*service)->urls())
        told += "ready " + url + "\n";
    if (auto printed = printText(told); !printed)
        return fail(printed.error());
    signals.started();
    return QCoreApplication::exec();
}

} // namespace iotman
