#include "ui/look/taborder.h"

#include <QFormLayout>
#include <QGridLayout>
#include <QMainWindow>
#include <QScrollArea>
#include <QSplitter>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolBar>
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

/// The parts of a widget that only holds others, as they are read; those of a layout are none of them.
QWidgetList partsInOrder(QWidget& widget)
{
    QWidgetList parts;
    if (auto* splitter = qobject_cast<QSplitter*>(&widget)) {
        for (int i = 0; i < splitter->count(); ++i)
            parts.append(splitter->widget(i));
    } else if (auto* tabs = qobject_cast<QTabWidget*>(&widget)) {
        parts = {tabs->cornerWidget(Qt::TopLeftCorner), tabs->tabBar(), tabs->cornerWidget(Qt::TopRightCorner)};
        for (int i = 0; i < tabs->count(); ++i)
            parts.append(tabs->widget(i));
    } else if (auto* window = qobject_cast<QMainWindow*>(&widget)) {
        for (auto* bar : window->findChildren<QToolBar*>(QString(), Qt::FindDirectChildrenOnly))
            parts.append(bar);
        parts.append(window->centralWidget());
        parts.append(window->findChild<QStatusBar*>(QString(), Qt::FindDirectChildrenOnly));
    } else if (!widget.layout()) {
        for (QObject* child : widget.children())
            if (auto* part = qobject_cast<QWidget*>(child); part && !part->isWindow())
                parts.append(part);
    }
    parts.removeAll(nullptr);
    return parts;
}

void collectStops(QWidget& widget, QWidgetList& stops)
{
    const bool isStop = (widget.focusPolicy() & Qt::TabFocus) != 0;
    if (isStop)
        stops.append(&widget);
    // What has the focus itself keeps its own parts in order; these two only hold others.
    if (isStop && !qobject_cast<QScrollArea*>(&widget) && !qobject_cast<QTabWidget*>(&widget))
        return;
    if (const QWidgetList parts = partsInOrder(widget); !parts.isEmpty()) {
        for (QWidget* part : parts)
            collectStops(*part, stops);
    } else if (widget.layout()) {
        collectStops(*widget.layout(), stops);
    }
}

} // namespace

void tabThroughLayouts(QWidget& window)
{
    QWidgetList stops;
    collectStops(window, stops);
    for (qsizetype i = 1; i < stops.size(); ++i)
        QWidget::setTabOrder(stops[i - 1], stops[i]);
}

} // namespace iotman
