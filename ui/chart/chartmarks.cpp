#include "ui/chart/chartmarks.h"

#include <QPainter>
#include <QPainterPath>

namespace iotman {

namespace {

QPainterPath polygon(std::initializer_list<QPointF> points)
{
    QPainterPath path;
    path.addPolygon(QPolygonF(QList<QPointF>(points)));
    path.closeSubpath();
    return path;
}

/// Around the origin, about two units high and wide.
QPainterPath shape(int index)
{
    QPainterPath path;
    constexpr qreal arm = 0.36;
    switch (index % 8) {
    case 0:
        path.addEllipse(QPointF(0, 0), 1, 1);
        return path;
    case 1:
        path.addRect(-0.88, -0.88, 1.76, 1.76);
        return path;
    case 2:
        return polygon({{0, -1.1}, {1.1, 0.9}, {-1.1, 0.9}});
    case 3:
        return polygon({{0, -1.25}, {1.25, 0}, {0, 1.25}, {-1.25, 0}});
    case 4:
        return polygon({{0, 1.1}, {1.1, -0.9}, {-1.1, -0.9}});
    case 5:
    case 6:
        path = polygon({{-arm, -1.2},
                        {arm, -1.2},
                        {arm, -arm},
                        {1.2, -arm},
                        {1.2, arm},
                        {arm, arm},
                        {arm, 1.2},
                        {-arm, 1.2},
                        {-arm, arm},
                        {-1.2, arm},
                        {-1.2, -arm},
                        {-arm, -arm}});
        return index % 8 == 5 ? path : QTransform().rotate(45).map(path);
    default:
        path.addRect(-0.45, -1.25, 0.9, 2.5);
        return path;
    }
}

} // namespace

void drawMarker(QPainter& painter, int index, QPointF centre, qreal size, const QColor& color, const QColor& background)
{
    const QPainterPath path = QTransform::fromTranslate(centre.x(), centre.y()).scale(size / 2, size / 2).map(shape(index));
    painter.setRenderHint(QPainter::Antialiasing);
    // The rim is the same shape, drawn first and larger: no wide pens.
    const QPainterPath rim =
        QTransform::fromTranslate(centre.x(), centre.y()).scale(size / 2 + 1, size / 2 + 1).map(shape(index));
    painter.fillPath(rim, background);
    painter.fillPath(path, color);
}

void drawSeriesSample(QPainter& painter, const QRectF& rect, int index, bool dashed, const QColor& color,
                      const QColor& background)
{
    const QPointF centre = rect.center();
    constexpr qreal thick = 2;
    const qreal top = centre.y() - thick / 2;
    if (dashed) {
        for (qreal x = rect.left(); x < rect.right(); x += 9)
            painter.fillRect(QRectF(x, top, qMin(6.0, rect.right() - x), thick), color);
    } else {
        painter.fillRect(QRectF(rect.left(), top, rect.width(), thick), color);
    }
    drawMarker(painter, index, centre, 7, color, background);
}

} // namespace iotman
