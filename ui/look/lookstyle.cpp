#include "ui/look/lookstyle.h"

#include "ui/look/focusring.h"
#include "ui/look/icons.h"
#include "ui/look/metrics.h"

#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFocusFrame>
#include <QHeaderView>
#include <QLineEdit>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTreeView>

// What the style measures and answers. What it draws stands in lookstylebuttons, -inputs, -views and -frames.

namespace iotman {
namespace {

constexpr char smallProperty[] = "iotmanSmall";
constexpr char faultyProperty[] = "iotmanFaulty";

/// As high as the design says, and higher where a large font needs it.
int controlHeight(const QStyleOption* option, const QWidget* widget)
{
    const bool small = widget && widget->property(smallProperty).toBool();
    const int text = option ? option->fontMetrics.height() : 0;
    return qMax(small ? metrics::smallControlHeight : metrics::controlHeight, text + (small ? 4 : 6));
}

QString iconNameOf(QStyle::StandardPixmap pixmap)
{
    switch (pixmap) {
    case QStyle::SP_LineEditClearButton:
    case QStyle::SP_TitleBarCloseButton:
    case QStyle::SP_DockWidgetCloseButton:
    case QStyle::SP_DialogCloseButton:
        return QStringLiteral("close");
    case QStyle::SP_ToolBarHorizontalExtensionButton:
    case QStyle::SP_ToolBarVerticalExtensionButton:
        return QStringLiteral("more");
    case QStyle::SP_ArrowBack:
    case QStyle::SP_ArrowLeft:
        return QStringLiteral("back");
    case QStyle::SP_ArrowForward:
    case QStyle::SP_ArrowRight:
        return QStringLiteral("forward");
    case QStyle::SP_ArrowUp:
        return QStringLiteral("up");
    case QStyle::SP_ArrowDown:
        return QStringLiteral("down");
    case QStyle::SP_BrowserReload:
        return QStringLiteral("refresh");
    default:
        return {};
    }
}

/// The icons of message boxes keep their colours.
QIcon messageIcon(QStyle::StandardPixmap pixmap)
{
    switch (pixmap) {
    case QStyle::SP_MessageBoxInformation:
    case QStyle::SP_MessageBoxQuestion:
        return icon(u"info", &Extras::accent);
    case QStyle::SP_MessageBoxWarning:
        return icon(u"warning", &Extras::warning);
    case QStyle::SP_MessageBoxCritical:
        return icon(u"error", &Extras::danger);
    default:
        return {};
    }
}

} // namespace

LookStyle::LookStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{
}

LookStyle::~LookStyle() = default;

void LookStyle::polish(QApplication* app)
{
    QProxyStyle::polish(app);
    if (!focusRing_)
        focusRing_ = new FocusRing(this);
}

void LookStyle::unpolish(QApplication* app)
{
    delete focusRing_;
    focusRing_ = nullptr;
    QProxyStyle::unpolish(app);
}

void LookStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QLineEdit*>(widget) || qobject_cast<QHeaderView*>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

int LookStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_DefaultFrameWidth:
    case PM_ComboBoxFrameWidth:
    case PM_SpinBoxFrameWidth:
    case PM_MenuPanelWidth:
        return 1;
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return 32;
    case PM_ScrollView_ScrollBarSpacing:
    case PM_ScrollView_ScrollBarOverlap:
        return 0;
    case PM_SplitterWidth:
        return 5;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize:
    case PM_LineEditIconSize:
        return metrics::iconSize;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return metrics::smallSpace;
    case PM_ToolBarIconSize:
        return metrics::toolIconSize;
    case PM_MessageBoxIconSize:
        return 32;
    case PM_ToolBarItemSpacing:
        return metrics::tinySpace;
    case PM_ToolBarItemMargin:
    case PM_ToolBarFrameWidth:
        return 3;
    case PM_ToolBarSeparatorExtent:
        return 9;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return metrics::smallSpace;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return qobject_cast<const QDialog*>(widget) ? metrics::dialogMargin : metrics::pageMargin;
    case PM_HeaderMargin:
        return metrics::smallSpace;
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin:
        if (const auto* frame = qobject_cast<const QFocusFrame*>(widget))
            return FocusRing::marginOf(frame->widget());
        return QProxyStyle::pixelMetric(metric, option, widget);
    case PM_TabBarTabHSpace:
        return 32;
    case PM_TabBarTabOverlap:
    case PM_TabBarBaseOverlap:
        return 1;
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabShiftVertical:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_TreeViewIndentation:
        return metrics::largeSpace;
    case PM_MenuBarHMargin:
        return metrics::tinySpace;
    case PM_MenuBarVMargin:
    case PM_MenuBarPanelWidth:
    case PM_MenuBarItemSpacing:
        return 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int LookStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const
{
    switch (hint) {
    case SH_Widget_Animation_Duration:
        return proxy()->styleHint(SH_Widget_Animate, option, widget) ? metrics::fadeMs : 0;
    case SH_Widget_Animate:
        return motion_ == Motion::Full ? QProxyStyle::styleHint(hint, option, widget, data) : 0;
    case SH_ItemView_ShowDecorationSelected:
        return 1;
    case SH_ComboBox_Popup:
        return 0;
    case SH_DialogButtonLayout:
        return QDialogButtonBox::GnomeLayout; // the next step stands at the right
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    case SH_TabBar_ElideMode:
        return Qt::ElideNone;
    case SH_ToolTipLabel_Opacity:
        return 255;
    case SH_Table_GridLineColor:
        return static_cast<int>((option ? option->palette : QApplication::palette()).color(QPalette::Mid).rgb());
    case SH_FocusFrame_AboveWidget:
        return 1;
    case SH_FocusFrame_Mask:
        if (auto* mask = qstyleoption_cast<QStyleHintReturnMask*>(data); mask && option) {
            mask->region = QRegion(option->rect).subtracted(option->rect.adjusted(3, 3, -3, -3));
            return 1;
        }
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

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
    const QRect rect = option->rect;
    const auto visual = [option, rect](const QRect& logical) { return visualRect(option->direction, rect, logical); };
    if (control == CC_ComboBox) {
        const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        const bool editable = combo && combo->editable;
        if (part == SC_ComboBoxEditField)
            return visual(rect.adjusted(editable ? 6 : 7, 1, -24, -1));
        if (part == SC_ComboBoxArrow)
            return visual(QRect(rect.right() - 23, rect.top(), 24, rect.height()));
    }
    if (control == CC_SpinBox) {
        const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        const int buttons = spin && spin->buttonSymbols == QAbstractSpinBox::NoButtons ? 0 : 18;
        const int half = rect.height() / 2;
        if (part == SC_SpinBoxEditField)
            return visual(rect.adjusted(6, 1, -buttons - 1, -1));
        if (part == SC_SpinBoxUp)
            return buttons ? visual(QRect(rect.right() - buttons, rect.top() + 1, buttons, half - 1)) : QRect();
        if (part == SC_SpinBoxDown)
            return buttons ? visual(QRect(rect.right() - buttons, rect.top() + half, buttons, rect.height() - half - 1))
                           : QRect();
    }
    if (control == CC_ScrollBar) {
        const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (!bar)
            return {};
        const bool horizontal = bar->orientation == Qt::Horizontal;
        const int length = horizontal ? rect.width() : rect.height();
        const qint64 range = qint64(bar->maximum) - bar->minimum;
        int handle = length;
        if (range > 0) {
            const auto wanted = static_cast<int>(qint64(length) * bar->pageStep / (range + bar->pageStep));
            handle = qBound(qMin(pixelMetric(PM_ScrollBarSliderMin, option, widget), length), wanted, length);
        }
        const int start =
            sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
        const auto along = [&](int from, int size) {
            return horizontal ? visual(QRect(rect.x() + from, rect.y(), size, rect.height()))
                              : QRect(rect.x(), rect.y() + from, rect.width(), size);
        };
        switch (part) {
        case SC_ScrollBarGroove:
            return rect;
        case SC_ScrollBarSlider:
            return along(start, handle);
        case SC_ScrollBarSubPage:
            return along(0, start);
        case SC_ScrollBarAddPage:
            return along(start + handle, length - start - handle);
        default:
            return {}; // no arrows
        }
    }
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

QIcon LookStyle::standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const
{
    if (const QString name = iconNameOf(pixmap); !name.isEmpty())
        return icon(name);
    if (const QIcon coloured = messageIcon(pixmap); !coloured.isNull())
        return coloured;
    return QProxyStyle::standardIcon(pixmap, option, widget);
}

QPixmap LookStyle::standardPixmap(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const
{
    if (!iconNameOf(pixmap).isEmpty() || !messageIcon(pixmap).isNull()) {
        const int side = pixelMetric(messageIcon(pixmap).isNull() ? PM_SmallIconSize : PM_MessageBoxIconSize, option, widget);
        return standardIcon(pixmap, option, widget)
            .pixmap(QSize(side, side), widget ? widget->devicePixelRatioF() : qApp->devicePixelRatio());
    }
    return QProxyStyle::standardPixmap(pixmap, option, widget);
}

void makeSmall(QWidget* widget)
{
    widget->setProperty(smallProperty, true);
    widget->updateGeometry();
}

void setFaulty(QWidget* widget, bool faulty)
{
    widget->setProperty(faultyProperty, faulty);
    widget->update();
}

bool isFaulty(const QWidget* widget)
{
    return widget && widget->property(faultyProperty).toBool();
}

} // namespace iotman
