#include "ui/look/lookstyle.h"

#include "ui/look/focusring.h"
#include "ui/look/icons.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"
#include "ui/look/taborder.h"

#include <QApplication>
#include <QCalendarWidget>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFocusFrame>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QStyleOption>
#include <QTextCharFormat>

// What the style answers. Its geometry stands in lookstylegeometry, what it draws in lookstylebuttons, -inputs, -views and
// -frames.

namespace iotman {
namespace {

constexpr char faultyProperty[] = "iotmanFaulty";

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
    if (qobject_cast<QPushButton*>(widget))
        widget->installEventFilter(this);
    // Of dialogs that are ours: Qt's own know better.
    if (qobject_cast<QDialog*>(widget) && QByteArrayView(widget->metaObject()->className()).startsWith("iotman::"))
        tabThroughLayouts(*widget);
    if (auto* calendar = qobject_cast<QCalendarWidget*>(widget)) {
        // Its red cannot be read on a dark ground.
        for (const Qt::DayOfWeek day : {Qt::Saturday, Qt::Sunday})
            if (calendar->weekdayTextFormat(day).foreground().color() == QColor(Qt::red))
                calendar->setWeekdayTextFormat(day, QTextCharFormat());
    }
}

/// Enter presses the button that has the focus, also one that never takes the place of a dialog's default button.
bool LookStyle::eventFilter(QObject* watched, QEvent* event)
{
    auto* button = event->type() == QEvent::KeyPress ? qobject_cast<QPushButton*>(watched) : nullptr;
    if (button && button->isEnabled() && !button->autoDefault() && !button->isDefault()) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            button->click();
            return true;
        }
    }
    return QProxyStyle::eventFilter(watched, event);
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
        return isInToolBar(widget) ? 0 : 3;
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
        // QFocusFrame asks without a widget.
        if (const auto* frame = qobject_cast<const QFocusFrame*>(option ? option->styleObject : nullptr))
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

QIcon LookStyle::standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const
{
    if (const QString name = iconNameOf(pixmap); !name.isEmpty()) {
        // The arrows of a calendar stand on its highlighted bar.
        const bool onHighlight = qobject_cast<const QCalendarWidget*>(widget);
        return onHighlight ? QIcon(icon(name).pixmap(QSize(64, 64), 1.0, QIcon::Selected)) : icon(name);
    }
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
    widget->setProperty(LookStyle::smallProperty, true);
    QEvent change(QEvent::StyleChange); // several widgets keep the size they once worked out
    QCoreApplication::sendEvent(widget, &change);
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
