// Where the parts of controls lie and how large controls are.
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"

#include <QStyleOption>
#include <QTreeView>

namespace iotman {
namespace {

/// As high as the design says, and higher where a large font needs it.
int controlHeight(const QStyleOption* option, const QWidget* widget)
{
    const bool small = widget && widget->property(LookStyle::smallProperty).toBool();
    const int text = option ? option->fontMetrics.height() : 0;
    return qMax(small ? metrics::smallControlHeight : metrics::controlHeight, text + (small ? 4 : 6));
}

QString menuText(const QStyleOption* option)
{
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    return item ? item->text : QString();
}

QRect comboRect(const QStyleOptionComboBox* combo, QStyle::SubControl part)
{
    const QRect rect = combo->rect;
    if (part == QStyle::SC_ComboBoxArrow)
        return {rect.right() - 23, rect.top(), 24, rect.height()};
    // The line edit of an editable combo keeps 2 pixels left of its text, a plain one's text 1.
    return rect.adjusted(combo->editable ? 6 : 7, 1, -24, -1);
}

QRect spinRect(const QStyleOptionSpinBox* spin, QStyle::SubControl part)
{
    const QRect rect = spin->rect;
    const int buttons = spin->buttonSymbols == QAbstractSpinBox::NoButtons ? 0 : 18;
    const int half = rect.height() / 2;
    if (part == QStyle::SC_SpinBoxEditField)
        return rect.adjusted(6, 1, -buttons - 1, -1);
    if (!buttons)
        return {};
    if (part == QStyle::SC_SpinBoxUp)
        return {rect.right() - buttons, rect.top() + 1, buttons, half - 1};
    return {rect.right() - buttons, rect.top() + half, buttons, rect.height() - half - 1};
}

/// The title stands above the frame.
QRect groupBoxRect(const QStyleOptionGroupBox* box, QStyle::SubControl part)
{
    const QRect rect = box->rect;
    const bool checkable = box->subControls & QStyle::SC_GroupBoxCheckBox;
    const int title = checkable || !box->text.isEmpty() ? box->fontMetrics.height() + metrics::tinySpace : 0;
    const int check = checkable ? metrics::iconSize + metrics::smallSpace : 0;
    const QRect frame = rect.adjusted(0, title, 0, 0);
    if (part == QStyle::SC_GroupBoxFrame)
        return frame;
    if (part == QStyle::SC_GroupBoxContents)
        return frame.adjusted(1, 1, -1, -1);
    if (part == QStyle::SC_GroupBoxCheckBox)
        return {rect.left(), rect.top() + (title - metrics::iconSize) / 2, metrics::iconSize, metrics::iconSize};
    return {rect.left() + check, rect.top(), rect.width() - check, title};
}

/// A bar without arrows: its handle and what lies before and behind it.
QRect scrollBarRect(const QStyleOptionSlider* bar, QStyle::SubControl part, int leastHandle)
{
    const QRect rect = bar->rect;
    const bool horizontal = bar->orientation == Qt::Horizontal;
    const int length = horizontal ? rect.width() : rect.height();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    int handle = length;
    if (range > 0) {
        const auto wanted = static_cast<int>(qint64(length) * bar->pageStep / (range + bar->pageStep));
        handle = qBound(qMin(leastHandle, length), wanted, length);
    }
    const int start =
        QStyle::sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto along = [&](int from, int size) {
        return horizontal ? QRect(rect.x() + from, rect.y(), size, rect.height())
                          : QRect(rect.x(), rect.y() + from, rect.width(), size);
    };
    switch (part) {
    case QStyle::SC_ScrollBarGroove:
        return rect;
    case QStyle::SC_ScrollBarSlider:
        return along(start, handle);
    case QStyle::SC_ScrollBarSubPage:
        return along(0, start);
    case QStyle::SC_ScrollBarAddPage:
        return along(start + handle, length - start - handle);
    default:
        return {};
    }
}

} // namespace

QRect LookStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    if (element == SE_LineEditContents) {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        // The line edit itself keeps 2 pixels left and right of its text.
        return frame && frame->lineWidth > 0 ? option->rect.adjusted(6, 1, -6, -1) : option->rect;
    }
    if (element == SE_TabWidgetTabBar) {
        QRect rect = QProxyStyle::subElementRect(element, option, widget);
        const auto* tabs = qstyleoption_cast<const QStyleOptionTabWidgetFrame*>(option);
        if (tabs && tabs->shape == QTabBar::RoundedNorth) { // a little in from the corner of the pane
            const int shift = qMin(6, qMax(0, option->rect.width() - rect.width()));
            rect.translate(option->direction == Qt::RightToLeft ? -shift : shift, 0);
        }
        return rect;
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect LookStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                const QWidget* widget) const
{
    const auto visual = [option](const QRect& logical) { return visualRect(option->direction, option->rect, logical); };
    if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        combo && control == CC_ComboBox && (part == SC_ComboBoxArrow || part == SC_ComboBoxEditField))
        return visual(comboRect(combo, part));
    if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        spin && control == CC_SpinBox && part != SC_SpinBoxFrame)
        return visual(spinRect(spin, part));
    if (const auto* box = qstyleoption_cast<const QStyleOptionGroupBox*>(option); box && control == CC_GroupBox)
        return visual(groupBoxRect(box, part));
    if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option); bar && control == CC_ScrollBar)
        return visual(scrollBarRect(bar, part, pixelMetric(PM_ScrollBarSliderMin, option, widget)));
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QSize LookStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                                  const QWidget* widget) const
{
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    switch (type) {
    case CT_PushButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        if (!button)
            break;
        int width = button->text.isEmpty() ? 0 : option->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
        if (!button->icon.isNull())
            width += button->iconSize.width() + (width ? metrics::smallSpace : 0);
        if (button->features & QStyleOptionButton::HasMenu)
            width += metrics::largeSpace;
        return {width + 2 * (button->text.isEmpty() ? 6 : metrics::mediumSpace) + 2, controlHeight(option, widget)};
    }
    case CT_ComboBox:
        size = {contents.width() + 2 * 8 + 24, controlHeight(option, widget)};
        break;
    case CT_SpinBox: {
        const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        const bool buttons = spin && spin->buttonSymbols != QAbstractSpinBox::NoButtons;
        size = {contents.width() + 12 + (buttons ? 18 : 0), controlHeight(option, widget)};
        break;
    }
    case CT_LineEdit: {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        if (frame && frame->lineWidth > 0)
            size = {contents.width() + 14, controlHeight(option, widget)};
        break;
    }
    case CT_ToolButton:
        if (const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
            button && button->toolButtonStyle == Qt::ToolButtonTextBesideIcon && !button->icon.isNull())
            size.rwidth() += metrics::tinySpace;
        size.setHeight(qMax(size.height(), controlHeight(option, widget)));
        size.setWidth(qMax(size.width(), size.height()));
        break;
    case CT_TabBarTab:
        // Three more than a tab is high: the selected one rises by them.
        size.setHeight(qMax(31, option->fontMetrics.height() + 12));
        break;
    case CT_HeaderSection:
        size.setHeight(qMax(metrics::headerHeight, option->fontMetrics.height() + 8));
        break;
    case CT_ItemViewItem: {
        const bool tree = qobject_cast<const QTreeView*>(widget);
        size.setHeight(qMax(size.height(), tree ? metrics::treeRowHeight : metrics::denseRowHeight));
        break;
    }
    case CT_MenuItem: {
        const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
        if (item && item->menuItemType != QStyleOptionMenuItem::Separator)
            size.setHeight(qMax(metrics::barHeight, option->fontMetrics.height() + 6));
        break;
    }
    case CT_MenuBarItem:
        size.setWidth(option->fontMetrics.size(Qt::TextShowMnemonic, menuText(option)).width() + 2 * metrics::smallSpace);
        size.setHeight(qMax(metrics::barHeight, option->fontMetrics.height() + 6));
        break;
    case CT_CheckBox:
    case CT_RadioButton:
        size.setHeight(qMax(size.height(), option->fontMetrics.height() + 4));
        break;
    default:
        break;
    }
    return size;
}

} // namespace iotman
