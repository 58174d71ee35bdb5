#include "app/server/arguments.h"
#include "app/server/serve.h"
#include "core/store/check.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qstandardpaths.h>

#include <cstdio>

namespace {

using namespace iotman;

struct Run {
    int operator()(const ServeArguments& arguments) const { return serve(arguments.options); }
    int operator()(const CheckArguments& arguments) const
    {
        const auto report = store::check(arguments.folder);
        if (!report) {
            std::fprintf(stderr, "iotman-server: %s\n", report.error().detail.c_str());
            return 1;
        }
        std::printf("ok %lld datapoints %lld items\n", static_cast<long long>(report->datapoints), static_cast<long long>(report->items));
        return 0;
    }
    int operator()(const HelpArguments&) const
    {
        std::fputs(std::string(helpText()).c_str(), stdout);
        return 0;
    }
    int operator()(const VersionArguments&) const
    {
        std::puts("iotman-server " IOTMAN_VERSION);
        return 0;
    }
};

} // namespace

int main(int argc, char* argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("iotman"));
    QCoreApplication::setApplicationVersion(QStringLiteral(IOTMAN_VERSION));
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/iotman");
    const auto arguments = parseArguments(std::vector<std::string>(argv + 1, argv + argc), folder.toStdString());
    if (!arguments) {
        std::fprintf(stderr, "iotman-server: %s\n", arguments.error().detail.c_str());
        return 2;
    }
    return std::visit(Run{}, *arguments);
}
