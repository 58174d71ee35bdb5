// Strokes that several parts of the style share. For ui/look alone.
#pragma once

#include <QBrush>
#include <QColor>
#include <QRect>

class QFontMetrics;
class QPainter;
class QString;
class QPalette;
class QStyleOption;
class QWidget;

namespace iotman {

/// A rounded box of `fill` with a border of `width` inside of `rect`; the border lies on whole device pixels.
void paintBox(QPainter*, const QRect& rect, const QBrush& fill, const QColor& border, qreal width = 1, qreal radius = 3);

/// An angle in the middle of `rect` that reaches `reach` to both sides.
void paintChevron(QPainter*, const QRect& rect, Qt::ArrowType direction, const QColor&, qreal reach = 3);

/// The room that `text` needs in one line. Advances are rounded; one pixel less than the truth and the text would be cut.
int widthOf(const QFontMetrics&, const QString& text);

/// Dots along the middle of a splitter's handle.
void paintGrip(QPainter*, const QRect& rect, Qt::Orientation, const QColor&);

/// The ring or border of a focused widget: 2 wide, inside of `rect`.
void paintFocus(QPainter*, const QRect& rect, const QColor&);

/// What a button is filled with, by its state.
QBrush buttonFill(const QStyleOption*);

/// The border of a control: focus and fault first.
QColor borderColor(const QStyleOption*, const QWidget*, bool focused);

/// A tool bar inside another is a part of it: without margins and line of its own.
bool isInToolBar(const QWidget*);

} // namespace iotman
