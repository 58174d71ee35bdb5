#include "app/server/arguments.h"
#include "app/server/processwide.h"
#include "app/server/serve.h"
#include "app/server/verbs.h"
#include "core/model/shown.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qstandardpaths.h>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>
#include <system_error>

namespace {

using namespace iotman;

/// An error about a line of a file stands as compilers write it, `FILE:LINE: what was expected`; others say who speaks.
void printError(const Error& error)
{
    std::fprintf(stderr, "%s%s\n", error.line > 0 ? "" : "iotman-server: ", inOneLine(error.detail).c_str());
}

/// A standard stream that was closed would be the next file that is opened, and what is printed would land in that. Stdout
/// becomes one that cannot be written: what is lost is told.
void keepStandardStreams()
{
    constexpr const char* stand[] = {"/dev/null", "/dev/full", "/dev/null"};
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
        if (fcntl(stream, F_GETFD) < 0)
            (void)open(stand[stream], stream == STDIN_FILENO ? O_RDONLY : O_WRONLY); // it takes the lowest number that is free
    }
}

/// Of a thread that had no way left to tell: what was answered is stored, and a service manager starts the program anew.
[[noreturn]] void endPlainly()
{
    try {
        if (const std::exception_ptr thrown = std::current_exception())
            std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        constexpr std::string_view line = "iotman-server: the system gives no more memory\n";
        (void)!write(STDERR_FILENO, line.data(), line.size());
        _exit(exitFailed);
    } catch (...) {
    }
    std::abort();
}

struct Run {
    World world;

    Expected<int> operator()(const ServeArguments& arguments) const { return serve(arguments.options); }
    Expected<int> operator()(const ApplyArguments& arguments) const { return apply(arguments, world); }
    Expected<int> operator()(const ExportArguments& arguments) const { return exportFile(arguments, world); }
    Expected<int> operator()(const ImportArguments& arguments) const { return importRows(arguments, world); }
    Expected<int> operator()(const MemberArguments& arguments) const { return addMember(arguments, world); }
    Expected<int> operator()(const TokenArguments& arguments) const { return mintToken(arguments, world); }
    Expected<int> operator()(const SnapshotArguments& arguments) const { return snapshot(arguments, world); }
    Expected<int> operator()(const ReplayArguments& arguments) const { return replay(arguments, world); }
    Expected<int> operator()(const ContractArguments& arguments) const { return contract(arguments, world); }
    Expected<int> operator()(const CheckArguments& arguments) const { return check(arguments); }
    Expected<int> operator()(const HelpArguments&) const
    {
        return printText(helpText()).map([] { return exitDone; });
    }
    Expected<int> operator()(const VersionArguments&) const
    {
        return printLine("iotman-server " IOTMAN_VERSION).map([] { return exitDone; });
    }
};

} // namespace

int main(int argc, char* argv[])
{
    keepStandardStreams();
    std::set_terminate(endPlainly);
    std::signal(SIGPIPE, SIG_IGN); // a pipe that nobody reads is an error to be told
    forbidCoreFiles();
    giveMemoryBack();
    keepOpenSslToTheEnd();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("iotman"));
    QCoreApplication::setApplicationVersion(QStringLiteral(IOTMAN_VERSION));
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/iotman");
    const auto arguments = parseArguments(std::vector<std::string>(argv + 1, argv + argc), folder.toStdString());
    if (!arguments) {
        printError(arguments.error());
        return exitWrongUsage;
    }
    const SystemClock clock;
    SystemRandom random;
    const Expected<int> code = [&]() -> Expected<int> {
        try {
            return std::visit(Run{{clock, random}}, *arguments);
        } catch (const std::system_error&) { // of threads
            return fail(Problem::Internal, "the system gives no more threads or memory");
        } catch (const std::bad_alloc&) {
            return fail(Problem::Internal, "the system gives no more memory");
        }
    }();
    if (!code)
        printError(code.error());
    return code.value_or(exitFailed);
}
