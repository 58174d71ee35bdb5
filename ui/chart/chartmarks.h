// The eight markers that tell series apart without colour.
#pragma once

#include <QColor>
#include <QPointF>
#include <QRectF>

class QPainter;

namespace iotman {

/// Disc, square, triangle up, diamond, triangle down, plus, cross, bar: filled, with a thin rim of the background.
void drawMarker(QPainter& painter, int index, QPointF centre, qreal size, const QColor& color, const QColor& background);

/// A short piece of a series' line with its marker, for legends, trees and tables.
void drawSeriesSample(QPainter& painter, const QRectF& rect, int index, bool dashed, const QColor& color,
                      const QColor& background);

} // namespace iotman
