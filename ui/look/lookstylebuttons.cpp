// Push buttons, tool buttons, check boxes, radio buttons.
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"

#include <QAbstractButton>
#include <QPainter>
#include <QStyleOption>

namespace iotman {
namespace {

bool isFilled(const QStyleOptionButton* button)
{
    return button && (button->features & QStyleOptionButton::DefaultButton) && (button->state & QStyle::State_Enabled) &&
           !(button->features & QStyleOptionButton::Flat);
}

void paintPushButton(const QStyleOption* option, QPainter* painter, const QWidget* widget)
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    const Extras& extra = extras(option->palette);
    const bool active = option->state & (QStyle::State_Sunken | QStyle::State_On | QStyle::State_MouseOver);
    if (isFilled(button)) {
        QColor fill = extra.accent;
        if (option->state & QStyle::State_Sunken)
            fill = fill.darker(112);
        else if (option->state & QStyle::State_MouseOver)
            fill = fill.lighter(110);
        paintBox(painter, option->rect, fill, fill);
    } else if (!button || !(button->features & QStyleOptionButton::Flat) || active) {
        const bool on = option->state & QStyle::State_On;
        paintBox(painter, option->rect, buttonFill(option), on ? extra.accent : borderColor(option, widget, false));
    }
}

void paintToolButton(const QStyleOption* option, QPainter* painter, const QWidget* widget)
{
    const Extras& extra = extras(option->palette);
    const bool enabled = option->state & QStyle::State_Enabled;
    const QStyle::State state = option->state;
    if (state & QStyle::State_On)
        paintBox(painter, option->rect, extra.toolOn, enabled ? extra.accent : extra.disabledBorder);
    else if (enabled && (state & (QStyle::State_Sunken | QStyle::State_MouseOver)))
        paintBox(painter, option->rect, buttonFill(option), extra.outline);
    else if (!(state & QStyle::State_AutoRaise))
        paintBox(painter, option->rect, buttonFill(option), borderColor(option, widget, false));
}

void paintCheckBox(const QStyleOption* option, QPainter* painter, const QWidget* widget)
{
    const Extras& extra = extras(option->palette);
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool marked = option->state & (QStyle::State_On | QStyle::State_NoChange);
    const int side = qMin(option->rect.width(), option->rect.height());
    QRect box(0, 0, side, side);
    box.moveCenter(option->rect.center());
    if (!marked) {
        const QColor fill = enabled ? option->palette.base().color() : Qt::transparent;
        paintBox(painter, box, fill, borderColor(option, widget, option->state & QStyle::State_MouseOver));
        return;
    }
    const QColor fill = enabled ? extra.accent : extra.disabledBorder;
    paintBox(painter, box, fill, fill);
    const QColor mark = enabled ? extra.accentText : extra.disabledText;
    if (option->state & QStyle::State_NoChange)
        painter->fillRect(QRect(box.x() + 4, box.center().y(), box.width() - 8, 2), mark);
    else
        paintIcon(painter, box.adjusted(1, 1, -1, -1), u"check", mark);
}

void paintRadioButton(const QStyleOption* option, QPainter* painter, const QWidget* widget)
{
    const Extras& extra = extras(option->palette);
    const bool enabled = option->state & QStyle::State_Enabled;
    const int side = qMin(option->rect.width(), option->rect.height());
    QRect circle(0, 0, side, side);
    circle.moveCenter(option->rect.center());
    const bool on = option->state & QStyle::State_On;
    const QColor fill = on ? (enabled ? extra.accent : extra.disabledBorder)
                           : (enabled ? option->palette.base().color() : QColor(Qt::transparent));
    paintBox(painter, circle, fill, on ? fill : borderColor(option, widget, option->state & QStyle::State_MouseOver), 1,
             side / 2.0);
    if (on)
        paintBox(painter, circle.adjusted(5, 5, -5, -5), enabled ? extra.accentText : extra.disabledText, QColor(), 1,
                 (side - 10) / 2.0);
}

} // namespace

bool LookStyle::drawButtonPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                    const QWidget* widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_PanelButtonBevel:
        paintPushButton(option, painter, widget);
        return true;
    case PE_FrameDefaultButton:
    case PE_FrameButtonTool:
    case PE_FrameButtonBevel:
        return true;
    case PE_PanelButtonTool:
        paintToolButton(option, painter, widget);
        return true;
    case PE_IndicatorButtonDropDown:
        paintToolButton(option, painter, widget);
        paintChevron(painter, option->rect, Qt::DownArrow, option->palette.buttonText().color());
        return true;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        paintCheckBox(option, painter, widget);
        return true;
    case PE_IndicatorRadioButton:
        paintRadioButton(option, painter, widget);
        return true;
    case PE_IndicatorTabClose:
        paintToolButton(option, painter, widget);
        paintIcon(painter, option->rect.adjusted(2, 2, -2, -2), u"close", option->palette.buttonText().color());
        return true;
    default:
        return false;
    }
}

void LookStyle::drawPushButtonLabel(const QStyleOption* option, QPainter* painter, const QWidget*) const
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    if (!button)
        return;
    const bool enabled = option->state & State_Enabled;
    QColor color = option->palette.color(QPalette::ButtonText);
    if (isFilled(button))
        color = extras(option->palette).accentText;

    QRect rect = option->rect.adjusted(2, 1, -2, -1);
    if (button->features & QStyleOptionButton::HasMenu) {
        const QRect arrow(rect.right() - metrics::largeSpace, rect.top(), metrics::largeSpace, rect.height());
        paintChevron(painter, visualRect(option->direction, option->rect, arrow), Qt::DownArrow, color);
        rect.adjust(0, 0, -metrics::largeSpace, 0);
        rect = visualRect(option->direction, option->rect, rect);
    }
    const QSize text = button->text.isEmpty() ? QSize(0, 0) : option->fontMetrics.size(Qt::TextShowMnemonic, button->text);
    const int iconWidth = button->icon.isNull() ? 0 : button->iconSize.width();
    const int gap = iconWidth && text.width() ? metrics::smallSpace : 0;
    QRect content(0, 0, qMin(rect.width(), iconWidth + gap + text.width()), rect.height());
    content.moveCenter(rect.center());
    if (iconWidth) {
        const QRect place = visualRect(option->direction, content, QRect(content.x(), content.y(), iconWidth, content.height()));
        if (isFilled(button))
            paintIcon(painter, QRect(place.x(), place.center().y() - iconWidth / 2, iconWidth, iconWidth), button->icon, color);
        else
            button->icon.paint(painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled,
                               option->state & State_On ? QIcon::On : QIcon::Off);
    }
    QPalette palette = option->palette;
    palette.setColor(QPalette::ButtonText, color);
    const QRect place = visualRect(option->direction, content, content.adjusted(iconWidth + gap, 0, 0, 0));
    const int mnemonic = proxy()->styleHint(SH_UnderlineShortcut, option) ? Qt::TextShowMnemonic : Qt::TextHideMnemonic;
    proxy()->drawItemText(painter, place, Qt::AlignCenter | mnemonic, palette, enabled, button->text, QPalette::ButtonText);
}

void LookStyle::drawToolButtonLabel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
    if (!button)
        return;
    if (button->toolButtonStyle != Qt::ToolButtonTextBesideIcon || button->icon.isNull())
        return QProxyStyle::drawControl(CE_ToolButtonLabel, option, painter, widget);

    const bool enabled = option->state & State_Enabled;
    const QRect rect = option->rect.adjusted(metrics::smallSpace, 0, -metrics::tinySpace, 0);
    const QRect icon(rect.left(), rect.top(), button->iconSize.width(), rect.height());
    button->icon.paint(painter, visualRect(option->direction, option->rect, icon), Qt::AlignCenter,
                       enabled ? QIcon::Normal : QIcon::Disabled, option->state & State_On ? QIcon::On : QIcon::Off);
    const QRect text = rect.adjusted(icon.width() + metrics::smallSpace, 0, 0, 0);
    const int mnemonic = proxy()->styleHint(SH_UnderlineShortcut, option) ? Qt::TextShowMnemonic : Qt::TextHideMnemonic;
    painter->setFont(button->font);
    proxy()->drawItemText(painter, visualRect(option->direction, option->rect, text),
                          int(visualAlignment(option->direction, Qt::AlignLeft | Qt::AlignVCenter)) | mnemonic, option->palette,
                          enabled, button->text, QPalette::ButtonText);
}

} // namespace iotman
