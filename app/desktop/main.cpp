#include "app/desktop/arguments.h"
#include "app/desktop/charttask.h"
#include "app/desktop/desktop.h"
#include "app/desktop/singleinstance.h"
#include "app/server/processwide.h"
#include "core/client/keychain.h"
#include "core/model/shown.h"
#include "ui/look/look.h"
#include "ui/pages/connectiontexts.h"

#include <QtCore/qloggingcategory.h>
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

/// Windows are drawn into memory, by a platform that warns of all that it leaves out: stderr is for what went wrong.
void drawNowhere()
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QLoggingCategory::setFilterRules(QStringLiteral("default.warning=false"));
}

int failed(const Error& error, int code)
{
    std::fprintf(stderr, "iotman-desktop: %s\n", inOneLine(error.detail).c_str());
    return code;
}

/// `layout`: what is to be drawn instead of a window.
int run(int argc, char* argv[], const DesktopArguments& arguments, const std::optional<MonitorLayout>& layout)
{
    QApplication application(argc, argv);
    // The plural forms of English first; another language lies over it where it has a text.
    QTranslator english;
    QTranslator own;
    if (english.load(QStringLiteral(":/i18n/iotman_en.qm")))
        QCoreApplication::installTranslator(&english);
    if (own.load(QLocale(), QStringLiteral("iotman"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        QCoreApplication::installTranslator(&own);
    QGuiApplication::setDesktopFileName(QStringLiteral("org.iotman.Desktop"));
    QApplication::setApplicationDisplayName(QStringLiteral("IoTMan Desktop"));
    const SystemClock clock;
    SystemRandom random;
    QSettings settings;
    const std::filesystem::path demo =
        QString(QCoreApplication::applicationDirPath() + QStringLiteral("/../share/iotman/demo/workspace.json")).toStdString();
    client::Keychain keychain(QStringLiteral("IoTMan Desktop"));
    if (layout) {
        applyLook(application, Scheme::Light);
        const auto drawn =
            drawChart({*layout, QString::fromStdString(arguments.picture), arguments.connectTo, arguments.dataFolder, demo},
                      clock, random, settings, keychain);
        return drawn ? 0 : failed(drawn.error(), 1);
    }
    SingleInstance instance(QString::fromStdString(arguments.dataFolder.string()));
    if (arguments.screenshot.empty()) {
        if (instance.handOver(QString::fromStdString(arguments.connectTo)))
            return 0;
        instance.listen();
    }
    Desktop desktop({arguments.dataFolder, demo, arguments.connectTo}, clock, random, settings, keychain);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &desktop, &Desktop::raise);
    QObject::connect(&instance, &SingleInstance::connectRequested, &desktop, &Desktop::open);
    desktop.show();
    if (!arguments.screenshot.empty())
        desktop.saveScreenshot(QString::fromStdString(arguments.screenshot));
    return QApplication::exec();
}

} // namespace

int main(int argc, char* argv[])
{
    forbidCoreFiles();
    giveMemoryBack();
    keepOpenSslToTheEnd();
    QCoreApplication::setOrganizationName(QStringLiteral("iotman"));
    QCoreApplication::setApplicationName(QStringLiteral("iotman-desktop"));
    QCoreApplication::setApplicationVersion(QStringLiteral(IOTMAN_VERSION));
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/iotman");
    const auto arguments = parseDesktopArguments(std::vector<std::string>(argv + 1, argv + argc), folder.toStdString());
    if (!arguments)
        return failed(arguments.error(), 2);
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
    std::optional<MonitorLayout> layout;
    if (!arguments->chart.empty()) {
        const auto read = readLayout(QString::fromStdString(arguments->chart), arguments->range);
        if (!read)
            return failed(read.error(), 1);
        layout = *read;
    }
    if (!hasDisplay() && arguments->needsDisplay()) {
        std::fputs("iotman-desktop: there is no display; iotman-server serve offers the same data API without one\n", stderr);
        return 1;
    }
    if (layout || !hasDisplay())
        drawNowhere();
    return run(argc, argv, *arguments, layout);
}
