// The program's own icons: line drawings that take the colour of the palette in use whenever they are painted.
#pragma once

#include "ui/look/look.h"

#include <QIcon>
#include <QStringList>

class QPainter;

namespace iotman {

/// The names that icon() knows, sorted.
QStringList iconNames();

/// The icon called `name` ("copy", "endpoints"). It is drawn in ButtonText, in the disabled text colour where it is disabled
/// and in HighlightedText where it is selected, sharp at every size and scale, and follows a switch between light and dark
/// by itself. An unknown name gives a null icon.
QIcon icon(QStringView name);

/// The same drawn in one of the extra colours, for an icon that tells a state: icon(u"ok", &Extras::success).
QIcon icon(QStringView name, QColor Extras::*color);

/// `source`, whose drawing has one colour, painted in `color` at the middle of `rect`, as large as fits.
void paintIcon(QPainter* painter, const QRect& rect, const QIcon& source, const QColor& color);

/// The icon called `name` painted in `color` at the middle of `rect`, as large as fits.
void paintIcon(QPainter* painter, const QRect& rect, QStringView name, const QColor& color);

} // namespace iotman
