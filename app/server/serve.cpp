#include "app/server/serve.h"

#include <QtCore/qcoreapplication.h>

#include <unistd.h>

#include "app/server/signals.h"
#include "app/server/verbs.h"

namespace iotman {

Expected<int> serve(server::ServiceOptions options)
{
    const SystemClock clock;
    SystemRandom random;
    TerminationSignals signals;
    QObject::connect(&signals, &TerminationSignals::received, QCoreApplication::instance(), &QCoreApplication::quit);

    // A key on a terminal is read by the person in front of it; anywhere else it would end in a journal.
    options.adminKeyInFile = options.dataFolder.has_value() && isatty(STDOUT_FILENO) == 0;
    const auto service = server::Service::start(std::move(options), clock, random);
    if (!service)
        return fail(service.error());
    // Nobody may be listening to these lines; that is no reason not to serve.
    if (const auto& admin = (*service)->firstAdmin())
        (void)printLine("admin " + admin->email + " " + admin->key);
    for (const std::string& url : (*service)->urls())
        (void)printLine("ready " + url);
    return QCoreApplication::exec();
}

} // namespace iotman
