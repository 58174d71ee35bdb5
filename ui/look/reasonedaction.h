// A control that may not be used stays visible and says why.
#pragma once

#include <QString>

class QAction;
class QWidget;

namespace iotman {

/// Enables `action`, or disables it and shows `reason` ("Requires Editor or Admin role.") as its tooltip and status tip.
/// Buttons and menu items of the action follow by themselves. Allowed again, it has its former texts back, however often it
/// was refused meanwhile and for whatever reasons.
void setAllowed(QAction* action, bool allowed, const QString& reason);

/// The same for a widget: tooltip and accessible description become `reason`.
void setAllowed(QWidget* widget, bool allowed, const QString& reason);

} // namespace iotman
