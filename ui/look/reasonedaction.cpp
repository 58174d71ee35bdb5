#include "ui/look/reasonedaction.h"

#include <QAction>
#include <QVariant>
#include <QWidget>

namespace iotman {
namespace {

constexpr char formerTip[] = "iotmanFormerTip";
constexpr char formerDescription[] = "iotmanFormerDescription";

/// Keeps what stands there before the first refusal, and only that.
void keep(QObject* object, const char* property, const QString& value)
{
    if (!object->property(property).isValid())
        object->setProperty(property, value);
}

/// What was kept, or nothing where the object was never refused.
QVariant takeBack(QObject* object, const char* property)
{
    const QVariant former = object->property(property);
    object->setProperty(property, QVariant());
    return former;
}

} // namespace

void setAllowed(QAction* action, bool allowed, const QString& reason)
{
    action->setEnabled(allowed);
    if (!allowed) {
        // An action without a tooltip of its own answers with its text; that must not be kept as if somebody had set it.
        const bool own = action->toolTip() != QAction(action->text()).toolTip();
        keep(action, formerTip, own ? action->toolTip() : QString());
        keep(action, formerDescription, action->statusTip());
        action->setToolTip(reason);
        action->setStatusTip(reason);
        return;
    }
    if (const QVariant tip = takeBack(action, formerTip); tip.isValid())
        action->setToolTip(tip.toString());
    if (const QVariant description = takeBack(action, formerDescription); description.isValid())
        action->setStatusTip(description.toString());
}

void setAllowed(QWidget* widget, bool allowed, const QString& reason)
{
    widget->setEnabled(allowed);
    if (!allowed) {
        keep(widget, formerTip, widget->toolTip());
        keep(widget, formerDescription, widget->accessibleDescription());
        widget->setToolTip(reason);
        widget->setAccessibleDescription(reason);
        return;
    }
    if (const QVariant tip = takeBack(widget, formerTip); tip.isValid())
        widget->setToolTip(tip.toString());
    if (const QVariant description = takeBack(widget, formerDescription); description.isValid())
        widget->setAccessibleDescription(description.toString());
}

} // namespace iotman
