#include "ui/monitor/layoutkeeper.h"

#include "ui/monitor/monitorpage.h"

#include <QSettings>

namespace iotman {

LayoutKeeper::LayoutKeeper(MonitorPage& page, QSettings& settings)
    : QObject(&page)
    , page_(page)
    , settings_(settings)
{
    connect(&page_, &MonitorPage::layoutChanged, this, &LayoutKeeper::save);
}

QString LayoutKeeper::key() const
{
    return QStringLiteral("monitor/layouts/") + workspace_;
}

void LayoutKeeper::keep(const QString& workspaceId)
{
    if (workspaceId.isEmpty() || workspaceId == workspace_)
        return;
    workspace_ = workspaceId;
    // One that was damaged is as good as none: the page opens what is live by itself.
    const auto layout = layoutFrom(settings_.value(key()).toByteArray());
    if (layout && !layout->panes.empty())
        page_.setLayout(*layout);
}

void LayoutKeeper::save()
{
    if (!workspace_.isEmpty())
        settings_.setValue(key(), layoutJson(page_.layout()));
}

} // namespace iotman
