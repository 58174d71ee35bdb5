#include "ui/pages/pageactions.h"

#include "ui/look/icons.h"

#include <QTableView>

#include <algorithm>

namespace iotman::ui {

QAction* addPageAction(QWidget* owner, const QString& text, const QString& iconName, const std::function<void()>& triggered)
{
    auto* action = new QAction(text, owner);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    else
        action->setPriority(QAction::LowPriority);
    QObject::connect(action, &QAction::triggered, owner, triggered);
    owner->addAction(action);
    return action;
}

void addPageSeparator(QWidget* owner)
{
    auto* separator = new QAction(owner);
    separator->setSeparator(true);
    owner->addAction(separator);
}

QModelIndex chosenRow(const QTableView& table)
{
    const QItemSelectionModel* selection = table.selectionModel();
    if (const QModelIndex index = table.currentIndex(); index.isValid() && selection->isRowSelected(index.row()))
        return index;
    const QModelIndexList rows = selection->selectedRows();
    const auto first = std::min_element(rows.begin(), rows.end());
    return first == rows.end() ? QModelIndex() : *first;
}

} // namespace iotman::ui
