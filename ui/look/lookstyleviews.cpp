// Item views and their headers, tabs, menus.
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"

#include <QAbstractItemView>
#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QStyleOption>
#include <QTableView>
#include <QTreeView>

namespace iotman {
namespace {

/// Whether a cell's or a row's rectangle begins where the whole row begins: there the accent bar stands.
bool beginsRow(const QStyleOptionViewItem* item)
{
    const auto* view = qobject_cast<const QAbstractItemView*>(item->widget);
    if (!view)
        return true;
    int offset = 0;
    if (const auto* table = qobject_cast<const QTableView*>(view))
        offset = table->horizontalHeader()->offset();
    else if (const auto* tree = qobject_cast<const QTreeView*>(view))
        offset = tree->header()->offset();
    else
        return true;
    if (item->direction == Qt::RightToLeft)
        return item->rect.right() >= view->viewport()->width() - 1 + offset;
    return item->rect.left() <= -offset;
}

void paintRow(const QStyleOptionViewItem* item, QPainter* painter, bool withBar)
{
    const Extras& extra = extras(item->palette);
    if (item->state & QStyle::State_Selected) {
        // Views call themselves active only with the focus; the design means the window.
        const bool active = (item->widget ? item->widget->isActiveWindow() : bool(item->state & QStyle::State_Active)) &&
                            (item->state & QStyle::State_Enabled);
        painter->fillRect(item->rect, active ? extra.sel : extra.selInactive);
        if (withBar && beginsRow(item)) {
            const QRect bar(item->rect.topLeft(), QSize(metrics::accentBarWidth, item->rect.height()));
            painter->fillRect(QStyle::visualRect(item->direction, item->rect, bar), active ? extra.accent : extra.outline);
        }
    } else if (item->backgroundBrush.style() != Qt::NoBrush) {
        painter->fillRect(item->rect, item->backgroundBrush);
    } else if ((item->state & QStyle::State_MouseOver) && (item->state & QStyle::State_Enabled)) {
        painter->fillRect(item->rect, extra.hover);
    }
}

Qt::ArrowType branchArrow(const QStyleOption* option)
{
    if (option->state & QStyle::State_Open)
        return Qt::DownArrow;
    return option->direction == Qt::RightToLeft ? Qt::LeftArrow : Qt::RightArrow;
}

} // namespace

bool LookStyle::drawViewPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                  const QWidget* widget) const
{
    const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option);
    switch (element) {
    case PE_PanelItemViewRow:
    case PE_PanelItemViewItem:
        if (item)
            paintRow(item, painter, element == PE_PanelItemViewItem || qobject_cast<const QTreeView*>(widget));
        return true;
    case PE_IndicatorBranch:
        if (option->state & State_Children)
            paintChevron(painter, option->rect, branchArrow(option), extras(option->palette).dimText);
        return true;
    case PE_IndicatorHeaderArrow:
        return true; // drawn beside the text by drawHeader
    case PE_FrameFocusRect:
        if (qobject_cast<const QAbstractItemView*>(widget)) {
            const auto* focus = qstyleoption_cast<const QStyleOptionFocusRect*>(option);
            if (focus && (option->state & State_KeyboardFocusChange || option->state & State_HasFocus))
                paintBox(painter, option->rect, Qt::NoBrush, extras(option->palette).accent);
        } else if (!widget || !widget->inherits("QAbstractButton")) {
            paintFocus(painter, option->rect, extras(option->palette).accent);
        }
        return true;
    default:
        return false;
    }
}

/// Text and icon of a selected row keep their colours on its tint, so the row is drawn first and the rest as if not selected.
void LookStyle::drawItem(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option);
    if (!item)
        return;
    proxy()->drawPrimitive(PE_PanelItemViewItem, option, painter, widget);
    QStyleOptionViewItem content = *item;
    const bool marked = (item->state & State_HasFocus) && !(item->state & State_Selected);
    content.state &= ~(State_Selected | State_MouseOver | State_HasFocus);
    content.backgroundBrush = Qt::NoBrush;
    QProxyStyle::drawControl(CE_ItemViewItem, &content, painter, widget);
    if (marked) // the current cell of a view where several can be selected
        paintBox(painter, item->rect, Qt::NoBrush, extras(item->palette).accent);
}

void LookStyle::drawHeader(const QStyleOption* option, QPainter* painter) const
{
    const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
    if (!header)
        return;
    const QPalette& palette = option->palette;
    const Extras& extra = extras(palette);
    const QRect rect = option->rect;
    painter->fillRect(rect, option->state & State_Sunken ? extra.toolOn : palette.window().color());
    const bool horizontal = header->orientation == Qt::Horizontal;
    if (horizontal)
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), palette.mid());
    else
        painter->fillRect(QRect(option->direction == Qt::LeftToRight ? rect.right() : rect.left(), rect.top(), 1, rect.height()),
                          palette.mid());
    const bool last = header->position == QStyleOptionHeader::End || header->position == QStyleOptionHeader::OnlyOneSection;
    if (horizontal && !last) {
        const QRect divider(rect.right(), rect.top() + 6, 1, rect.height() - 12);
        painter->fillRect(visualRect(option->direction, rect, divider), palette.mid());
    }

    QRect content = rect.adjusted(metrics::smallSpace, 0, -metrics::smallSpace, -1);
    const bool sorted = header->sortIndicator != QStyleOptionHeader::None;
    constexpr int arrowWidth = 14;
    const int room = content.width() - (sorted ? arrowWidth : 0);
    const QString text = option->fontMetrics.elidedText(header->text, Qt::ElideRight, room);
    const int iconWidth = header->icon.isNull() ? 0 : metrics::iconSize;
    if (iconWidth) {
        header->icon.paint(
            painter, alignedRect(option->direction, Qt::AlignLeft | Qt::AlignVCenter, QSize(iconWidth, iconWidth), content));
        content.adjust(iconWidth + metrics::tinySpace, 0, 0, 0);
    }
    const int textWidth = widthOf(option->fontMetrics, text);
    const Qt::Alignment alignment = visualAlignment(option->direction, header->textAlignment | Qt::AlignVCenter);
    const QRect block =
        alignedRect(Qt::LeftToRight, alignment, QSize(textWidth + (sorted ? arrowWidth : 0), content.height()), content);
    const bool enabled = option->state & State_Enabled;
    painter->setPen(!enabled ? extra.disabledText : sorted ? palette.color(QPalette::WindowText) : extra.dimText);
    painter->drawText(visualRect(option->direction, block, block.adjusted(0, 0, sorted ? -arrowWidth : 0, 0)),
                      Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, text);
    if (sorted) {
        // Qt calls the ascending order SortDown; its arrow points to where the small values stand.
        const Qt::ArrowType arrow = header->sortIndicator == QStyleOptionHeader::SortDown ? Qt::UpArrow : Qt::DownArrow;
        const QRect place(block.right() - arrowWidth + 3, block.top(), arrowWidth, block.height());
        paintChevron(painter, visualRect(option->direction, block, place), arrow, palette.color(QPalette::WindowText), 2.5);
    }
}

void LookStyle::drawTabLabel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
    if (!tab)
        return;
    QStyleOptionTab label = *tab;
    const bool focused = label.state & State_HasFocus;
    label.state &= ~State_HasFocus;
    if (!(label.state & State_Selected)) {
        const QColor color = extras(tab->palette).dimText;
        label.palette.setColor(QPalette::Active, QPalette::WindowText, color);
        label.palette.setColor(QPalette::Inactive, QPalette::WindowText, color);
        if (tab->shape == QTabBar::RoundedNorth)
            label.rect.adjust(0, 3, 0, 0);
    }
    QProxyStyle::drawControl(CE_TabBarTabLabel, &label, painter, widget);
    if (focused)
        paintFocus(painter, tab->rect.adjusted(4, 5, -4, -4), extras(tab->palette).accent);
}

/// A chosen menu item is tinted like a selected row: text, icon and check mark keep their colours on it.
void LookStyle::drawMenuItem(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    if (!item)
        return;
    const Extras& extra = extras(option->palette);
    if (item->menuItemType == QStyleOptionMenuItem::Separator && item->text.isEmpty()) {
        const QRect& rect = option->rect;
        painter->fillRect(QRect(rect.left() + metrics::smallSpace, rect.center().y(), rect.width() - 2 * metrics::smallSpace, 1),
                          extra.line);
        return;
    }
    if ((option->state & State_Selected) && (option->state & State_Enabled))
        painter->fillRect(option->rect, extra.sel);
    QStyleOptionMenuItem look = *item;
    for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
        look.palette.setColor(group, QPalette::Highlight, Qt::transparent); // filled above, without Fusion's frame
        look.palette.setColor(group, QPalette::HighlightedText, option->palette.color(group, QPalette::Text));
    }
    QProxyStyle::drawControl(CE_MenuItem, &look, painter, widget);
}

void LookStyle::drawMenuBarItem(const QStyleOption* option, QPainter* painter) const
{
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    if (!item)
        return;
    painter->fillRect(option->rect, option->palette.window());
    const bool enabled = option->state & State_Enabled;
    if (enabled && (option->state & (State_Selected | State_Sunken)))
        paintBox(painter, option->rect.adjusted(0, 1, 0, -1), extras(option->palette).sel, QColor());
    const int mnemonic = proxy()->styleHint(SH_UnderlineShortcut, option) ? Qt::TextShowMnemonic : Qt::TextHideMnemonic;
    proxy()->drawItemText(painter, option->rect, Qt::AlignCenter | Qt::TextSingleLine | mnemonic, option->palette, enabled,
                          item->text, QPalette::WindowText);
}

} // namespace iotman
