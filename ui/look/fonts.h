// The fonts of the program: the system's, in the few sizes that pages use.
#pragma once

#include <QFont>

namespace iotman {

/// The system's fixed font at 0.92 of its size: URLs, code, JSON, scopes, log times.
QFont monospaceFont();

/// A page's title: the application's font, 1.15 of its size, bold.
QFont titleFont();

/// Heads of sections and columns that must stand out: the application's font, bold.
QFont headFont();

/// Notes under fields and beside titles: 0.9 of the application's font.
QFont noteFont();

/// `font` at `factor` of its size, whether that is given in points or in pixels.
QFont scaledFont(QFont font, double factor);

} // namespace iotman
