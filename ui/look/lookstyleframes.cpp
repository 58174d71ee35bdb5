// Frames, bars, splitters, and the dispatch of everything the style draws.
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"

#include <QAbstractScrollArea>
#include <QFocusFrame>
#include <QPainter>
#include <QStyleOption>

namespace iotman {
namespace {

void paintTab(const QStyleOption* option, QPainter* painter)
{
    const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
    const QPalette& palette = option->palette;
    const Extras& extra = extras(palette);
    const bool selected = option->state & QStyle::State_Selected;
    QRect rect = option->rect;
    const QColor window = palette.window().color();
    if (!selected) {
        rect.adjust(0, 3, 0, -1);
        const bool hovered = (option->state & QStyle::State_MouseOver) && (option->state & QStyle::State_Enabled);
        const QColor fill = hovered ? extra.hover : window.darker(isDark(palette) ? 112 : 103);
        painter->fillRect(rect, fill);
    } else {
        painter->fillRect(rect, extra.pane);
    }
    const QColor mid = palette.mid().color();
    painter->fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), mid);
    painter->fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), mid);
    // Each tab closes at its right; the first and the selected one open at their left.
    const bool first = tab && (tab->position == QStyleOptionTab::Beginning || tab->position == QStyleOptionTab::OnlyOneTab);
    if (selected || first)
        painter->fillRect(QRect(rect.left(), rect.top(), 1, rect.height()), mid);
    if (selected) {
        const QColor accent = option->state & QStyle::State_Enabled ? extra.accent : extra.disabledBorder;
        painter->fillRect(QRect(rect.left(), rect.top(), rect.width(), 2), accent);
    }
}

void paintScrollBar(const QStyle* style, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget)
{
    const Extras& extra = extras(option->palette);
    painter->fillRect(option->rect, option->palette.base());
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (!bar || bar->maximum <= bar->minimum)
        return;
    const QRect handle =
        style->subControlRect(QStyle::CC_ScrollBar, option, QStyle::SC_ScrollBarSlider, widget).adjusted(2, 2, -2, -2);
    const bool pointed = (option->activeSubControls & QStyle::SC_ScrollBarSlider) && (option->state & QStyle::State_MouseOver);
    QColor color = option->state & QStyle::State_Enabled ? extra.outline : extra.disabledBorder;
    if (pointed || (option->state & QStyle::State_Sunken))
        color = extra.dimText;
    paintBox(painter, handle, color, QColor());
}

void paintPanel(const QStyleOption* option, QPainter* painter, const QBrush& fill)
{
    painter->fillRect(option->rect, option->palette.mid());
    painter->fillRect(option->rect.adjusted(1, 1, -1, -1), fill);
}

void paintEdges(const QRect& rect, QPainter* painter, const QBrush& color)
{
    painter->fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), color);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color);
    painter->fillRect(QRect(rect.left(), rect.top(), 1, rect.height()), color);
    painter->fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), color);
}

} // namespace

bool LookStyle::drawFramePrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                   const QWidget* widget) const
{
    const QPalette& palette = option->palette;
    switch (element) {
    case PE_Frame:
        if (isFaulty(widget))
            paintEdges(option->rect, painter, extras(palette).danger);
        else
            paintEdges(option->rect, painter, palette.mid());
        return true;
    case PE_FrameTabWidget:
        paintPanel(option, painter, extras(palette).pane);
        return true;
    case PE_FrameTabBarBase:
        if (const auto* base = qstyleoption_cast<const QStyleOptionTabBarBase*>(option);
            base && base->shape == QTabBar::RoundedNorth)
            painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), palette.mid());
        return true;
    case PE_FrameGroupBox:
        paintBox(painter, option->rect, Qt::NoBrush, palette.mid().color());
        return true;
    case PE_PanelMenu:
        paintPanel(option, painter, isDark(palette) ? palette.window() : palette.base());
        return true;
    case PE_FrameMenu:
        paintEdges(option->rect, painter, extras(palette).outline);
        return true;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, palette.toolTipBase());
        return true;
    case PE_PanelStatusBar:
        painter->fillRect(QRect(option->rect.left(), option->rect.top(), option->rect.width(), 1), extras(palette).line);
        return true;
    case PE_FrameStatusBarItem:
    case PE_IndicatorToolBarHandle:
        return true;
    case PE_IndicatorToolBarSeparator: {
        const bool upright = option->state & State_Horizontal;
        const QPoint middle = option->rect.center();
        const QRect line = upright ? QRect(middle.x(), option->rect.top() + 6, 1, option->rect.height() - 12)
                                   : QRect(option->rect.left() + 6, middle.y(), option->rect.width() - 12, 1);
        painter->fillRect(line, palette.mid());
        return true;
    }
    case PE_IndicatorArrowDown:
        paintChevron(painter, option->rect, Qt::DownArrow, palette.color(QPalette::ButtonText));
        return true;
    case PE_IndicatorArrowUp:
        paintChevron(painter, option->rect, Qt::UpArrow, palette.color(QPalette::ButtonText));
        return true;
    case PE_IndicatorArrowLeft:
        paintChevron(painter, option->rect, Qt::LeftArrow, palette.color(QPalette::ButtonText));
        return true;
    case PE_IndicatorArrowRight:
        paintChevron(painter, option->rect, Qt::RightArrow, palette.color(QPalette::ButtonText));
        return true;
    default:
        return false;
    }
}

void LookStyle::drawProgress(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option);
    if (!bar)
        return;
    constexpr int thickness = 6;
    const bool horizontal = bar->state & State_Horizontal;
    const QRect rect =
        horizontal ? QRect(option->rect.left(), option->rect.center().y() - thickness / 2 + 1, option->rect.width(), thickness)
                   : QRect(option->rect.center().x() - thickness / 2 + 1, option->rect.top(), thickness, option->rect.height());
    if (bar->maximum <= bar->minimum) { // nobody knows how much it is: Fusion moves its pattern along
        QStyleOptionProgressBar busy = *bar;
        busy.rect = rect;
        QProxyStyle::drawControl(CE_ProgressBarGroove, &busy, painter, widget);
        QProxyStyle::drawControl(CE_ProgressBarContents, &busy, painter, widget);
        return;
    }
    const Extras& extra = extras(option->palette);
    paintBox(painter, rect, option->palette.mid(), QColor());
    const double part = double(qint64(bar->progress) - bar->minimum) / double(qint64(bar->maximum) - bar->minimum);
    QRect done = rect;
    if (horizontal)
        done.setWidth(qRound(rect.width() * qBound(0.0, part, 1.0)));
    else
        done.setTop(rect.bottom() + 1 - qRound(rect.height() * qBound(0.0, part, 1.0)));
    const bool mirrored = horizontal && ((option->direction == Qt::RightToLeft) != bar->invertedAppearance);
    if (!done.isEmpty())
        paintBox(painter, mirrored ? visualRect(Qt::RightToLeft, rect, done) : done,
                 option->state & State_Enabled ? extra.accent : extra.outline, QColor());
}

void LookStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const
{
    if (!drawButtonPrimitive(element, option, painter, widget) && !drawInputPrimitive(element, option, painter, widget) &&
        !drawViewPrimitive(element, option, painter, widget) && !drawFramePrimitive(element, option, painter, widget))
        QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void LookStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    switch (element) {
    case CE_PushButtonLabel:
        return drawPushButtonLabel(option, painter, widget);
    case CE_PushButtonBevel:
        return proxy()->drawPrimitive(PE_PanelButtonCommand, option, painter, widget);
    case CE_Header:
        return drawHeader(option, painter);
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, option->palette.window());
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), option->palette.mid());
        return;
    case CE_ItemViewItem:
        return drawItem(option, painter, widget);
    case CE_TabBarTabShape:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option); tab && tab->shape == QTabBar::RoundedNorth)
            return paintTab(option, painter);
        break;
    case CE_TabBarTabLabel:
        return drawTabLabel(option, painter, widget);
    case CE_MenuItem:
        return drawMenuItem(option, painter, widget);
    case CE_MenuBarItem:
        return drawMenuBarItem(option, painter);
    case CE_ToolButtonLabel:
        return drawToolButtonLabel(option, painter, widget);
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, option->palette.window());
        return;
    case CE_Splitter:
        painter->fillRect(option->rect, option->palette.window());
        paintGrip(painter, option->rect, option->state & State_Horizontal ? Qt::Vertical : Qt::Horizontal,
                  extras(option->palette).outline);
        return;
    case CE_ToolBar:
        painter->fillRect(option->rect, option->palette.window());
        if (!isInToolBar(widget))
            painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                              extras(option->palette).line);
        return;
    case CE_ProgressBar:
        return drawProgress(option, painter, widget);
    case CE_FocusFrame: {
        const auto* frame = qobject_cast<const QFocusFrame*>(widget);
        const QWidget* target = frame ? frame->widget() : nullptr;
        const QRect& rect = option->rect;
        paintFocus(painter, rect, isFaulty(target) ? extras(option->palette).danger : extras(option->palette).accent);
        return;
    }
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void LookStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                   const QWidget* widget) const
{
    switch (control) {
    case CC_ComboBox:
        return drawComboBox(option, painter, widget);
    case CC_SpinBox:
        return drawSpinBox(option, painter, widget);
    case CC_Slider:
        return drawSlider(option, painter, widget);
    case CC_ScrollBar:
        return paintScrollBar(proxy(), option, painter, widget);
    default:
        QProxyStyle::drawComplexControl(control, option, painter, widget);
    }
}

} // namespace iotman
