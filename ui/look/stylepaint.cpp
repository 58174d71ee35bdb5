#include "ui/look/stylepaint.h"

#include "ui/look/lookstyle.h"

#include <QLinearGradient>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QToolBar>

#include <cmath>

namespace iotman {

void paintBox(QPainter* painter, const QRect& rect, const QBrush& fill, const QColor& border, qreal width, qreal radius)
{
    const qreal ratio = painter->device()->devicePixelRatioF();
    const qreal pen = qMax(1.0, std::floor(width * ratio)) / ratio;
    const QRectF box = QRectF(rect).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill);
    painter->setPen(border.isValid() ? QPen(border, pen) : QPen(Qt::NoPen));
    painter->drawRoundedRect(border.isValid() ? box : QRectF(rect), radius - pen / 2, radius - pen / 2);
    painter->restore();
}

void paintChevron(QPainter* painter, const QRect& rect, Qt::ArrowType direction, const QColor& color, qreal reach)
{
    constexpr int turns[] = {0, 2, 0, 1, 3}; // by Qt::ArrowType: quarter turns of an angle that points down
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->translate(QRectF(rect).center());
    painter->rotate(90 * turns[direction]);
    painter->drawPolyline(QPolygonF({QPointF(-reach, -reach / 2), QPointF(0, reach / 2), QPointF(reach, -reach / 2)}));
    painter->restore();
}

int widthOf(const QFontMetrics& font, const QString& text)
{
    return text.isEmpty() ? 0 : font.horizontalAdvance(text) + 1;
}

void paintGrip(QPainter* painter, const QRect& rect, Qt::Orientation handle, const QColor& color)
{
    const QPoint middle = rect.center();
    for (int i = 0; i < 4; ++i) {
        const int along = -9 + 6 * i;
        const QPoint at = handle == Qt::Vertical ? middle + QPoint(0, along) : middle + QPoint(along, 0);
        painter->fillRect(QRect(at, QSize(2, 2)), color);
    }
}

void paintFocus(QPainter* painter, const QRect& rect, const QColor& color)
{
    paintBox(painter, rect, Qt::NoBrush, color, 2, 4);
}

QBrush buttonFill(const QStyleOption* option)
{
    const QColor button = option->palette.button().color();
    if (!(option->state & QStyle::State_Enabled))
        return Qt::NoBrush;
    if (option->state & (QStyle::State_Sunken | QStyle::State_On))
        return extras(option->palette).toolOn;
    const bool hovered = option->state & QStyle::State_MouseOver;
    QLinearGradient gradient(option->rect.topLeft(), option->rect.bottomLeft());
    gradient.setColorAt(0, button.lighter(hovered ? 122 : 112));
    gradient.setColorAt(1, hovered ? button : button.darker(103));
    return gradient;
}

QColor borderColor(const QStyleOption* option, const QWidget* widget, bool focused)
{
    const Extras& extra = extras(option->palette);
    if (isFaulty(widget))
        return extra.danger;
    if (!(option->state & QStyle::State_Enabled))
        return extra.disabledBorder;
    return focused ? extra.accent : extra.outline;
}

bool isInToolBar(const QWidget* widget)
{
    return widget && qobject_cast<const QToolBar*>(widget->parentWidget());
}

} // namespace iotman
