// Line edits, combos, spin boxes.
#include "ui/look/lookstyle.h"
#include "ui/look/stylepaint.h"

#include <QPainter>
#include <QStyleOption>

namespace iotman {
namespace {

/// A field that takes text, with the border of its state: 2 wide with the focus or a fault.
void paintField(const QStyleOption* option, QPainter* painter, const QWidget* widget, const QBrush& fill)
{
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool focused = enabled && (option->state & QStyle::State_HasFocus);
    const bool faulty = isFaulty(widget);
    paintBox(painter, option->rect, enabled ? fill : QBrush(Qt::NoBrush), borderColor(option, widget, focused),
             focused || faulty ? 2 : 1);
}

} // namespace

bool LookStyle::drawInputPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                   const QWidget* widget) const
{
    if (element == PE_PanelLineEdit) {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        if (frame && frame->lineWidth > 0)
            paintField(option, painter, widget, option->palette.base());
        return true;
    }
    return element == PE_FrameLineEdit;
}

void LookStyle::drawComboBox(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (!combo)
        return;
    if (combo->frame) {
        QStyleOption look(*option);
        look.state &= ~State_On; // an open list is no checked button
        paintField(&look, painter, widget, combo->editable ? option->palette.base() : buttonFill(&look));
    }
    const QRect arrow = proxy()->subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
    paintChevron(painter, arrow, Qt::DownArrow, option->palette.color(QPalette::ButtonText));
}

void LookStyle::drawSpinBox(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    if (!spin)
        return;
    if (spin->frame)
        paintField(option, painter, widget, option->palette.base());
    if (spin->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;

    const Extras& extra = extras(option->palette);
    const QRect up = proxy()->subControlRect(CC_SpinBox, option, SC_SpinBoxUp, widget);
    const QRect down = proxy()->subControlRect(CC_SpinBox, option, SC_SpinBoxDown, widget);
    const bool leftToRight = option->direction == Qt::LeftToRight;
    const int x = leftToRight ? up.left() : up.right();
    painter->fillRect(QRect(x, option->rect.top() + 2, 1, option->rect.height() - 4), option->palette.mid());
    const auto button = [&](SubControl part, const QRect& rect, QAbstractSpinBox::StepEnabledFlag step, Qt::ArrowType arrow) {
        const bool usable = (option->state & State_Enabled) && (spin->stepEnabled & step);
        const bool pointed = usable && (option->activeSubControls & part) && (option->state & (State_MouseOver | State_Sunken));
        if (pointed)
            painter->fillRect(rect.adjusted(1, 1, -1, -1), option->state & State_Sunken ? extra.toolOn : extra.hover);
        const QRect place = rect.translated(0, arrow == Qt::UpArrow ? 2 : -2);
        paintChevron(painter, place, arrow, usable ? extra.dimText : extra.disabledText, 2.5);
    };
    button(SC_SpinBoxUp, up, QAbstractSpinBox::StepUpEnabled, Qt::UpArrow);
    button(SC_SpinBoxDown, down, QAbstractSpinBox::StepDownEnabled, Qt::DownArrow);
}

void LookStyle::drawSlider(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (!slider)
        return;
    if (slider->subControls & SC_SliderTickmarks) {
        QStyleOptionSlider ticks = *slider;
        ticks.subControls = SC_SliderTickmarks;
        QProxyStyle::drawComplexControl(CC_Slider, &ticks, painter, widget);
    }
    constexpr int thickness = 4;
    const bool horizontal = slider->orientation == Qt::Horizontal;
    const QRect handle = proxy()->subControlRect(CC_Slider, option, SC_SliderHandle, widget);
    const QRect groove = proxy()->subControlRect(CC_Slider, option, SC_SliderGroove, widget);
    const QPoint middle = handle.center();
    const QRect line = horizontal ? QRect(groove.left(), middle.y() - thickness / 2, groove.width(), thickness)
                                  : QRect(middle.x() - thickness / 2, groove.top(), thickness, groove.height());
    const bool enabled = option->state & State_Enabled;
    const bool fromEnd = horizontal ? slider->upsideDown : !slider->upsideDown;
    QRect chosen = line;
    if (horizontal)
        fromEnd ? chosen.setLeft(middle.x()) : chosen.setRight(middle.x());
    else
        fromEnd ? chosen.setTop(middle.y()) : chosen.setBottom(middle.y());
    const Extras& extra = extras(option->palette);
    paintBox(painter, line, option->palette.mid(), QColor(), 1, thickness / 2.0);
    paintBox(painter, chosen, enabled ? extra.accent : extra.disabledBorder, QColor(), 1, thickness / 2.0);

    const int side = qMin(handle.width(), handle.height());
    QRect knob(0, 0, side, side);
    knob.moveCenter(middle);
    const bool pointed = enabled && (option->activeSubControls & SC_SliderHandle);
    paintBox(painter, knob, enabled ? option->palette.button() : option->palette.window(),
             pointed ? extra.accent : borderColor(option, widget, false), pointed ? 2 : 1, side / 2.0);
}

} // namespace iotman
