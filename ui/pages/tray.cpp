#include "ui/pages/tray.h"

#include "ui/look/icons.h"
#include "ui/look/reasonedaction.h"

#include <QAction>
#include <QSettings>
#include <QWidget>

namespace iotman::ui {

namespace {

const QString trayKey = QStringLiteral("window/tray");

} // namespace

Tray::Tray(QWidget* window, QAction* quit, QSettings& settings)
    : QObject(window)
    , window_(window)
    , settings_(settings)
    , wanted_(new QAction(tr("Keep running in the &tray"), this))
    , icon_(icon(u"monitor"))
{
    wanted_->setCheckable(true);
    wanted_->setChecked(settings.value(trayKey, false).toBool());
    connect(wanted_, &QAction::toggled, this, [this](bool on) {
        settings_.setValue(trayKey, on);
        update();
    });
    menu_.addAction(tr("Show the window"), this, &Tray::showWindow);
    menu_.addSeparator();
    menu_.addAction(quit);
    icon_.setContextMenu(&menu_);
    connect(&icon_, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger)
            showWindow();
    });
    connect(&icon_, &QSystemTrayIcon::messageClicked, this, &Tray::showWindow);
    update();
}

void Tray::update()
{
    const bool available = QSystemTrayIcon::isSystemTrayAvailable();
    setAllowed(wanted_, available, tr("This desktop has no tray."));
    icon_.setVisible(available && wanted_->isChecked());
    Q_EMIT changed();
}

void Tray::showMessage(const QString& title, const QString& text)
{
    icon_.showMessage(title, text, icon_.icon());
}

void Tray::setText(const QString& text)
{
    icon_.setToolTip(text);
}

void Tray::showWindow()
{
    window_->setWindowState(window_->windowState() & ~Qt::WindowMinimized);
    window_->show();
    window_->raise();
    window_->activateWindow();
}

} // namespace iotman::ui
