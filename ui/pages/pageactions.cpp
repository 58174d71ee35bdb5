#include "ui/pages/pageactions.h"

#include "ui/look/icons.h"

namespace iotman::ui {

QAction* addPageAction(QWidget* owner, const QString& text, const QString& iconName, const std::function<void()>& triggered)
{
    auto* action = new QAction(text, owner);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    else
        action->setPriority(QAction::LowPriority);
    QObject::connect(action, &QAction::triggered, owner, triggered);
    owner->addAction(action);
    return action;
}

void addPageSeparator(QWidget* owner)
{
    auto* separator = new QAction(owner);
    separator->setSeparator(true);
    owner->addAction(separator);
}

} // namespace iotman::ui
