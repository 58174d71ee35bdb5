// The real window at a fake workspace, and how tests look at it.
#pragma once

#include "tests/core/client/fakevault.h"
#include "tests/ui/pages/fakeworkspace.h"
#include "ui/pages/accesspage.h"
#include "ui/pages/connections.h"
#include "ui/pages/corspage.h"
#include "ui/pages/endpointspage.h"
#include "ui/pages/mainwindow.h"
#include "ui/pages/outputspage.h"

#include <QtTest/QtTest>
#include <QtWidgets>

namespace iotman::ui {

/// The real window at a fake workspace.
struct Desk {
    FakeWorkspace workspace;
    client::FakeClock clock;
    client::FakeRandom random{255};
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    client::FakeVault vault;
    Connections connections{settings, vault};
    std::unique_ptr<MainWindow> window;

    explicit Desk(Role own = Role::Admin)
    {
        workspace.own = own;
        workspace.addOutput("Seattle", "{ at: $ts }", 3);
        workspace.addOutput("New York", "{ at: $ts }", 5);
        workspace.addScope("sensor:read", "Read sensor data", {"grafana"});
        workspace.addClient("grafana", "Grafana", {"sensor:read"});
        workspace.addMember("owner@localhost", Role::Admin);
        workspace.addEndpoint("Seattle", "seattle").streams = 2;
        workspace.addEndpoint("New York", "new-york", "sensor:read");
        workspace.cors.list = {CorsOrigin::parse("https://dash.example").value()};
        open();
    }

    void open(Environment environment = Environment::Local)
    {
        window = std::make_unique<MainWindow>(clock, random, settings, connections);
        window->show();
        window->connectTo(workspace.connection(environment));
    }
    bool loaded()
    {
        return QTest::qWaitFor([this] { return window->session()->isLoaded(); });
    }

    EndpointsPage* endpoints() { return qobject_cast<EndpointsPage*>(window->page(PageId::Endpoints)); }
    AccessPage* access() { return qobject_cast<AccessPage*>(window->page(PageId::Access)); }
    OutputsPage* outputs() { return qobject_cast<OutputsPage*>(window->page(PageId::Outputs)); }
    CorsPage* cors() { return qobject_cast<CorsPage*>(window->page(PageId::Cors)); }
    template <class T>
    T* dialog()
    {
        T* found = nullptr;
        return QTest::qWaitFor([&] { return (found = window->findChild<T*>()) != nullptr && found->isVisible(); }) ? found
                                                                                                                   : nullptr;
    }
};

inline QPushButton* defaultButton(QWidget* parent)
{
    for (auto* button : parent->findChildren<QPushButton*>()) {
        if (button->isDefault() && button->isVisible())
            return button;
    }
    return nullptr;
}

/// What the first column shows, from top to bottom.
inline QString outputsOf(const QTableView* table)
{
    QStringList names;
    for (int row = 0; row < table->model()->rowCount(); ++row)
        names << table->model()->index(row, 0).data().toString();
    return names.join(u',');
}

/// What can be reached with the keyboard and has nothing to read out.
inline QStringList nameless(QWidget* window)
{
    QStringList found;
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy())
            continue;
        // Parts of compound widgets are read out with the whole.
        if (widget->parentWidget()->inherits("QAbstractSpinBox") || widget->inherits("QStackedWidget"))
            continue;
        const QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(widget);
        if (accessible && accessible->text(QAccessible::Name).isEmpty())
            found << QString::fromLatin1(widget->metaObject()->className()) + u" in " +
                         QString::fromLatin1(widget->parentWidget()->metaObject()->className());
    }
    return found;
}

/// The enabled button with this text (without “&”), in `parent`.
inline QAbstractButton* buttonNamed(const QWidget* parent, const QString& text)
{
    for (QAbstractButton* button : parent->findChildren<QAbstractButton*>()) {
        if (QString(button->text()).remove(u'&') == text && button->isVisibleTo(parent))
            return button;
    }
    return nullptr;
}

} // namespace iotman::ui
