#include "ui/pages/shortcutsdialog.h"

#include "ui/look/filterbox.h"
#include "ui/look/metrics.h"
#include "ui/pages/listpane.h"
#include "ui/pages/words.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

void collect(const QString& group, const QMenu& menu, std::vector<Shortcut>& found)
{
    for (const QAction* action : menu.actions()) {
        if (const QMenu* inner = action->menu()) {
            collect(group, *inner, found);
            continue;
        }
        QStringList keys;
        for (const QKeySequence& key : action->shortcuts())
            keys << key.toString(QKeySequence::NativeText);
        if (!keys.isEmpty())
            found.push_back({group, QString(action->text()).remove(u'&').remove(u'\u2026'), keys.join(QStringLiteral(", "))});
    }
}

} // namespace

std::vector<Shortcut> shortcutsOf(const QMenuBar& bar)
{
    std::vector<Shortcut> found;
    for (const QAction* action : bar.actions()) {
        if (action->menu() && action->isVisible())
            collect(QString(action->text()).remove(u'&'), *action->menu(), found);
    }
    const QString tables = ShortcutsDialog::tr("Tables");
    const auto text = [](int key) { return QKeySequence(key).toString(QKeySequence::NativeText); };
    found.push_back({tables, ShortcutsDialog::tr("Open, change or show the row"), text(Qt::Key_Return)});
    found.push_back({tables, ShortcutsDialog::tr("Leave the table"), text(Qt::Key_Tab)});
    found.push_back({tables, ShortcutsDialog::tr("Menu of the row"), text(Qt::Key_Menu)});
    found.push_back({ShortcutsDialog::tr("Filter boxes"), ShortcutsDialog::tr("Show everything again"), text(Qt::Key_Escape)});
    return found;
}

ShortcutsDialog::ShortcutsDialog(const std::vector<Shortcut>& shortcuts, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    auto* model = new RowsModel(
        {{tr("Where"), CellKind::Text, 130}, {tr("What"), CellKind::Text, 240}, {tr("Keys"), CellKind::Text, 130}}, this);
    std::vector<TableRow> rows;
    for (const Shortcut& shortcut : shortcuts)
        rows.push_back(
            {QString::number(rows.size()), {{shortcut.group, {}, {}, {}, Tone::Dim}, {shortcut.what}, {shortcut.keys}}});
    model->setRows(std::move(rows));
    auto* proxy = new QSortFilterProxyModel(this);
    proxy->setSourceModel(model);
    proxy->setFilterKeyColumn(-1);
    proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);

    auto* filter = new FilterBox(tr("Filter shortcuts"), this);
    auto* table = new QTableView(this);
    prepareTable(table, RowSize::Dense);
    table->setModel(proxy);
    table->setAccessibleName(tr("Keyboard shortcuts"));
    for (std::size_t column = 0; column < model->columns().size(); ++column)
        table->horizontalHeader()->resizeSection(static_cast<int>(column), model->columns()[column].width);
    table->horizontalHeader()->setStretchLastSection(true);
    auto* close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addWidget(filter, 0, Qt::AlignRight);
    column->addWidget(table, 1);
    column->addLayout(buttons);
    resize(560, 520);
    connect(filter, &QLineEdit::textChanged, proxy, &QSortFilterProxyModel::setFilterFixedString);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    filter->setFocus();
}

} // namespace iotman::ui
