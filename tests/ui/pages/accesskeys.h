// Which access keys lead to two things at once.
#pragma once

#include <QtWidgets>

#include <map>

namespace iotman::ui {

/// By key: the texts that have it.
using AccessKeys = std::map<QString, QStringList>;

inline void noteKey(AccessKeys& keys, const QString& text)
{
    if (const QKeySequence key = QKeySequence::mnemonic(text); !key.isEmpty())
        keys[key.toString()] << text;
}

inline void noteDoubled(const AccessKeys& keys, QStringList& doubled)
{
    for (const auto& [key, texts] : keys) {
        if (texts.size() > 1)
            doubled << key + u": " + texts.join(QStringLiteral(" | "));
    }
}

inline void noteDoubledIn(const QMenu& menu, QStringList& doubled)
{
    AccessKeys keys;
    for (const QAction* action : menu.actions()) {
        if (action->isVisible())
            noteKey(keys, action->text());
        if (action->menu())
            noteDoubledIn(*action->menu(), doubled);
    }
    noteDoubled(keys, doubled);
}

/// What is seen in `window` itself, without the dialogs over it.
inline QStringList doubledKeys(const QWidget* window)
{
    AccessKeys keys;
    QStringList doubled;
    if (const auto* main = qobject_cast<const QMainWindow*>(window)) {
        for (const QAction* action : main->menuBar()->actions()) {
            if (!action->isVisible())
                continue;
            noteKey(keys, action->text());
            noteDoubledIn(*action->menu(), doubled);
        }
    }
    for (const QWidget* widget : window->findChildren<QWidget*>()) {
        if (widget->window() != window || !widget->isVisible())
            continue;
        if (const auto* label = qobject_cast<const QLabel*>(widget); label && label->buddy())
            noteKey(keys, label->text());
        else if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
            noteKey(keys, button->text());
        else if (const auto* bar = qobject_cast<const QTabBar*>(widget)) {
            for (int tab = 0; tab < bar->count(); ++tab)
                noteKey(keys, bar->tabText(tab));
        }
    }
    noteDoubled(keys, doubled);
    return doubled;
}

/// The same, on every tab that there is in it.
inline QStringList doubledKeysOfAllTabs(QWidget* window)
{
    QStringList doubled = doubledKeys(window);
    for (auto* tabs : window->findChildren<QTabWidget*>()) {
        const int before = tabs->currentIndex();
        for (int tab = 0; tab < tabs->count() && tabs->isVisible(); ++tab) {
            tabs->setCurrentIndex(tab);
            doubled += doubledKeys(window);
        }
        tabs->setCurrentIndex(before);
    }
    doubled.removeDuplicates();
    return doubled;
}

} // namespace iotman::ui
