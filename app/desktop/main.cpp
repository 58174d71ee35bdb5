#include "app/desktop/arguments.h"
#include "app/desktop/desktop.h"
#include "app/desktop/singleinstance.h"
#include "core/client/keychain.h"
#include "ui/look/look.h"
#include "ui/pages/connectiontexts.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qsettings.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtranslator.h>
#include <QtWidgets/qapplication.h>

#include <cstdio>

namespace {

using namespace iotman;

bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

int run(int argc, char* argv[], const DesktopArguments& arguments)
{
    QApplication application(argc, argv);
    // The plural forms of English first; another language lies over it where it has a text.
    QTranslator english;
    QTranslator own;
    if (english.load(QStringLiteral(":/i18n/iotman_en.qm")))
        QCoreApplication::installTranslator(&english);
    if (own.load(QLocale(), QStringLiteral("iotman"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        QCoreApplication::installTranslator(&own);
    QApplication::setApplicationDisplayName(QStringLiteral("IoTMan Desktop"));
    SingleInstance instance(QString::fromStdString(arguments.dataFolder.string()));
    if (arguments.screenshot.empty()) {
        if (instance.raiseOther())
            return 0;
        instance.listen();
    }
    const SystemClock clock;
    SystemRandom random;
    QSettings settings;
    const QString demo = QCoreApplication::applicationDirPath() + QStringLiteral("/../share/iotman/demo/workspace.json");
    client::Keychain keychain(QStringLiteral("IoTMan Desktop"));
    Desktop desktop({arguments.dataFolder, demo.toStdString(), arguments.connectTo}, clock, random, settings, keychain);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &desktop, &Desktop::raise);
    desktop.show();
    if (!arguments.screenshot.empty())
        desktop.saveScreenshot(QString::fromStdString(arguments.screenshot));
    return QApplication::exec();
}

} // namespace

int main(int argc, char* argv[])
{
    QCoreApplication::setOrganizationName(QStringLiteral("iotman"));
    QCoreApplication::setApplicationName(QStringLiteral("iotman-desktop"));
    QCoreApplication::setApplicationVersion(QStringLiteral(IOTMAN_VERSION));
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/iotman");
    const auto arguments = parseDesktopArguments(std::vector<std::string>(argv + 1, argv + argc), folder.toStdString());
    if (!arguments) {
        std::fprintf(stderr, "iotman-desktop: %s\n", arguments.error().detail.c_str());
        return 2;
    }
    if (arguments->action == DesktopArguments::Action::Help) {
        std::fputs(std::string(desktopHelp()).c_str(), stdout);
        return 0;
    }
    if (arguments->action == DesktopArguments::Action::Version) {
        std::puts("iotman-desktop " IOTMAN_VERSION);
        return 0;
    }
    if (!arguments->connectTo.empty()) {
        const auto wanted = ui::connectionOf(QString::fromStdString(arguments->connectTo));
        if (!wanted) {
            std::fprintf(stderr, "iotman-desktop: --connect: %s\n", wanted.error().detail.c_str());
            return 2;
        }
    }
    if (!hasDisplay()) {
        if (arguments->needsDisplay()) {
            std::fputs("iotman-desktop: there is no display; iotman-server serve offers the same data API without one\n", stderr);
            return 1;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    return run(argc, argv, *arguments);
}
