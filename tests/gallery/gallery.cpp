// Writes a picture of every page and dialog, in light and dark: gallery DIR. For 200 % run it with QT_SCALE_FACTOR=2.
#include "tests/ui/workspace/workspacesurfaces.h"
#include "ui/look/look.h"

#include <cstdio>

using namespace iotman;
using namespace iotman::ui;

namespace {

constexpr QSize windowSize(1280, 800);
constexpr int settleTime = 300; // ms: an answer has come and is shown

/// The window with the dialogs that lie over it: offscreen, each window is grabbed by itself.
QImage pictureOf(MainWindow& window)
{
    QPixmap whole = window.grab();
    QPainter painter(&whole);
    for (QDialog* dialog : window.findChildren<QDialog*>()) {
        if (!dialog->isVisible())
            continue;
        const QPixmap over = dialog->grab();
        const QSizeF size = over.deviceIndependentSize();
        const QPointF at((window.width() - size.width()) / 2, (window.height() - size.height()) / 2);
        painter.setPen(dialog->palette().color(QPalette::Shadow));
        painter.drawPixmap(at, over);
        painter.drawRect(QRectF(at, size).adjusted(-1, -1, 0, 0));
    }
    painter.end();
    return whole.toImage();
}

bool write(const Surface& surface, Scheme scheme, const QString& folder)
{
    Desk desk;
    furnish(desk);
    applyLook(*qApp, scheme);
    desk.window->resize(windowSize);
    desk.window->session()->refresh();
    if (!desk.loaded())
        return false;
    QTest::qWait(settleTime);
    surface.open(desk);
    QTest::qWait(settleTime);
    const QString scale =
        qApp->devicePixelRatio() > 1 ? QStringLiteral("-%1").arg(qRound(qApp->devicePixelRatio() * 100)) : QString();
    const QString name =
        QStringLiteral("%1-%2%3.png")
            .arg(QLatin1String(surface.name), scheme == Scheme::Dark ? QStringLiteral("dark") : QStringLiteral("light"), scale);
    return pictureOf(*desk.window).save(folder + u'/' + name);
}

} // namespace

int main(int argc, char* argv[])
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 2) {
        std::fputs("Usage: gallery DIR [NAME…]\n", stderr);
        return 2;
    }
    QDir().mkpath(arguments[1]);
    int failed = 0;
    std::vector<Surface> all = surfaces();
    for (Surface& surface : workspaceSurfaces())
        all.push_back(std::move(surface));
    for (const Surface& surface : all) {
        if (arguments.size() > 2 && !arguments.mid(2).contains(QLatin1String(surface.name)))
            continue;
        for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
            if (!write(surface, scheme, arguments[1])) {
                std::fprintf(stderr, "gallery: %s failed\n", surface.name);
                ++failed;
            }
        }
    }
    return failed > 0 ? 1 : 0;
}
