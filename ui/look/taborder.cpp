#include "ui/look/taborder.h"

#include <QFormLayout>
#include <QGridLayout>
#include <QScrollArea>
#include <QTabWidget>
#include <QWidget>

#include <algorithm>
#include <utility>
#include <vector>

namespace iotman {

namespace {

void collectStops(QWidget& widget, QWidgetList& stops);

/// The items of a layout as they are read.
std::vector<QLayoutItem*> itemsInOrder(QLayout& layout)
{
    std::vector<QLayoutItem*> items;
    if (auto* form = qobject_cast<QFormLayout*>(&layout)) {
        for (int row = 0; row < form->rowCount(); ++row)
            for (const auto role : {QFormLayout::LabelRole, QFormLayout::FieldRole, QFormLayout::SpanningRole})
                if (QLayoutItem* item = form->itemAt(row, role); item && (items.empty() || items.back() != item))
                    items.push_back(item);
        return items;
    }
    for (int i = 0; i < layout.count(); ++i)
        items.push_back(layout.itemAt(i));
    if (auto* grid = qobject_cast<QGridLayout*>(&layout)) {
        std::vector<std::pair<int, int>> cells;
        for (int i = 0; i < layout.count(); ++i) {
            int row = 0, column = 0, rows = 0, columns = 0;
            grid->getItemPosition(i, &row, &column, &rows, &columns);
            cells.emplace_back(row, column);
        }
        std::vector<std::size_t> order(items.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return cells[a] < cells[b]; });
        std::vector<QLayoutItem*> sorted;
        for (const std::size_t i : order)
            sorted.push_back(items[i]);
        return sorted;
    }
    return items;
}

void collectStops(QLayout& layout, QWidgetList& stops)
{
    for (QLayoutItem* item : itemsInOrder(layout)) {
        if (item->widget())
            collectStops(*item->widget(), stops);
        else if (item->layout())
            collectStops(*item->layout(), stops);
    }
}

void collectStops(QWidget& widget, QWidgetList& stops)
{
    const bool isStop = (widget.focusPolicy() & Qt::TabFocus) != 0;
    if (isStop)
        stops.append(&widget);
    // What has the focus itself keeps its own parts in order; these two only hold others.
    if (isStop && !qobject_cast<QScrollArea*>(&widget) && !qobject_cast<QTabWidget*>(&widget))
        return;
    if (widget.layout())
        return collectStops(*widget.layout(), stops);
    for (QObject* child : widget.children())
        if (auto* part = qobject_cast<QWidget*>(child); part && !part->isWindow())
            collectStops(*part, stops);
}

} // namespace

void tabThroughLayouts(QWidget& window)
{
    QWidgetList stops;
    if (window.layout())
        collectStops(*window.layout(), stops);
    for (qsizetype i = 1; i < stops.size(); ++i)
        QWidget::setTabOrder(stops[i - 1], stops[i]);
}

} // namespace iotman
