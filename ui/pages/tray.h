// The window in the desktop's tray: off unless somebody wants it, and away where a desktop has none.
#pragma once

#include <QMenu>
#include <QSystemTrayIcon>

class QAction;
class QSettings;
class QWidget;

namespace iotman::ui {

class Tray : public QObject {
    Q_OBJECT

public:
    /// `quit` is the action that ends the program. `settings` remembers whether it is wanted.
    Tray(QWidget* window, QAction* quit, QSettings& settings);

    /// “Keep running in the tray”, disabled with its reason where there is no tray.
    QAction* action() const { return wanted_; }
    /// Closing the window hides it, and the program goes on.
    bool isOn() const { return icon_.isVisible(); }
    void showMessage(const QString& title, const QString& text);
    void showWindow();
    void setText(const QString& text); ///< what the icon stands for, as its tooltip

Q_SIGNALS:
    void changed(); ///< isOn has another value

private:
    void update();

    QWidget* window_;
    QSettings& settings_;
    QAction* wanted_;
    QSystemTrayIcon icon_;
    QMenu menu_;
};

} // namespace iotman::ui
