// All that can be done from the keyboard, on one page.
#pragma once

#include <QDialog>

#include <vector>

class QAction;
class QMenuBar;

namespace iotman::ui {

struct Shortcut {
    QString group; ///< the menu's name
    QString what;
    QString keys;

    bool operator==(const Shortcut&) const = default;
};

/// The actions of a menu bar that have keys, menu by menu, and those that widgets have by themselves.
std::vector<Shortcut> shortcutsOf(const QMenuBar& bar);

class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutsDialog(const std::vector<Shortcut>& shortcuts, QWidget* parent = nullptr);
};

} // namespace iotman::ui
