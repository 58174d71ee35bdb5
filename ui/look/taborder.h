// Tab goes through a window as it is read.
#pragma once

class QWidget;

namespace iotman {

/// Puts what Tab reaches in `window` into the order of its layouts: rows of a form from above, cells of a grid row by row, boxes
/// and splitters as they were filled, tabs before their pages, and in a main window tool bars, centre, status bar. Without it the
/// order is the one in which widgets were made. GUI thread; call it once the window is laid out.
void tabThroughLayouts(QWidget& window);

} // namespace iotman
