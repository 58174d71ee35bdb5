#include "ui/monitor/layoutmenu.h"

#include "ui/monitor/monitorpage.h"

#include <QCursor>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QSaveFile>

#include <algorithm>

namespace iotman {

namespace {

Expected<MonitorLayout> readLayout(const QString& name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(
            Error{Problem::NotFound, LayoutMenu::tr("%1 cannot be read: %2").arg(name, file.errorString()).toStdString()});
    return layoutFrom(file.read(MonitorLayout::mostBytes + 1));
}

bool hasEndpoints(const FieldsModel& fields, const MonitorLayout& layout)
{
    return std::all_of(layout.panes.begin(), layout.panes.end(), [&](const MonitorPane& pane) {
        return std::all_of(pane.lines.begin(), pane.lines.end(),
                           [&](const LineKey& key) { return fields.endpoint(key.endpoint); });
    });
}

} // namespace

LayoutMenu::LayoutMenu(MonitorPage& page)
    : QObject(&page)
    , page_(page)
{
}

void LayoutMenu::show()
{
    auto* menu = new QMenu(&page_);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fill(*menu);
    menu->popup(QCursor::pos());
}

void LayoutMenu::fill(QMenu& menu)
{
    addKnown(menu);
    menu.addAction(tr("Open layout…"), this, &LayoutMenu::askToOpen);
    menu.addAction(tr("Save layout…"), this, &LayoutMenu::askToSave);
}

void LayoutMenu::addKnown(QMenu& menu)
{
    if (folder_.isEmpty())
        return;
    const QDir folder(folder_);
    for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        const auto layout = readLayout(folder.filePath(name));
        if (layout && hasEndpoints(*page_.fields(), *layout))
            menu.addAction(layout->name.isEmpty() ? name : layout->name, this,
                           [this, layout = *layout] { page_.setLayout(layout); });
    }
    if (!menu.isEmpty())
        menu.addSeparator();
}

QString LayoutMenu::open(const QString& file)
{
    const auto layout = readLayout(file);
    if (!layout)
        return QString::fromStdString(layout.error().detail);
    page_.setLayout(*layout);
    return {};
}

QString LayoutMenu::save(const QString& file) const
{
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(layoutJson(page_.layout())) < 0 || !target.commit())
        return tr("%1 cannot be written: %2").arg(file, target.errorString());
    return {};
}

void LayoutMenu::askToOpen()
{
    const QString file = QFileDialog::getOpenFileName(&page_, tr("Open layout"), {}, tr("Layouts (*.json);;All files (*)"));
    if (file.isEmpty())
        return;
    if (const QString error = open(file); !error.isEmpty())
        page_.tellFailure(error);
}

void LayoutMenu::askToSave()
{
    const QString file =
        QFileDialog::getSaveFileName(&page_, tr("Save layout"), QStringLiteral("layout.json"), tr("Layouts (*.json)"));
    if (file.isEmpty())
        return;
    if (const QString error = save(file); !error.isEmpty())
        page_.tellFailure(error);
}

} // namespace iotman
