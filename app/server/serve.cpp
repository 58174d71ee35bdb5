#include "app/server/serve.h"

#include "app/server/signals.h"
#include "app/server/verbs.h"

#include <QtCore/qcoreapplication.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace iotman {

namespace {

Expected<void> expectReadable(const char* option, const std::filesystem::path& file)
{
    if (::access(file.c_str(), R_OK) != 0)
        return fail(Problem::Internal, std::string(option) + ": “" + file.string() + "” cannot be read: " + std::strerror(errno));
    return {};
}

} // namespace

Expected<int> serve(server::ServiceOptions options)
{
    const SystemClock clock;
    SystemRandom random;
    TerminationSignals signals;
    QObject::connect(&signals, &TerminationSignals::received, QCoreApplication::instance(), &QCoreApplication::quit);

    // A key on a terminal is read by the person in front of it; anywhere else it would end in a journal.
    options.adminKeyInFile = options.dataFolder.has_value() && isatty(STDOUT_FILENO) == 0;
    if (options.tls) {
        const Expected<void> readable = expectReadable("--tls-cert", options.tls->certificate).and_then([&] {
            return expectReadable("--tls-key", options.tls->key);
        });
        if (!readable)
            return fail(readable.error());
    }
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
    return QCoreApplication::exec();
}

} // namespace iotman
