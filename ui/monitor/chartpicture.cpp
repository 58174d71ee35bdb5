#include "ui/monitor/chartpicture.h"

#include "ui/monitor/monitorpage.h"
#include "ui/monitor/valuesexport.h"

#include <set>

namespace iotman {

namespace {

constexpr int lookMs = 100;
constexpr int mostLooks = 600; ///< a minute

} // namespace

ChartPicture::ChartPicture(MonitorPage& page, const MonitorLayout& layout, const QString& file)
    : QObject(&page)
    , page_(page)
    , layout_(layout)
    , file_(file)
{
    page_.setAttribute(Qt::WA_DontShowOnScreen);
    page_.showOnlyPanes();
    page_.resize(size);
    page_.show();
    page_.setLayout(layout_);
    looking_.callOnTimeout(this, &ChartPicture::look);
    looking_.start(lookMs);
}

/// Every endpoint of the layout has been read as far back as is looked at.
bool ChartPicture::isComplete() const
{
    std::set<EndpointId> ids;
    for (const MonitorPane& pane : layout_.panes)
        for (const LineKey& key : pane.lines)
            ids.insert(key.endpoint);
    for (const EndpointId& id : ids) {
        const EndpointFeed* feed = page_.feed(id);
        if (!feed || !feed->series() || feed->isReadingHistory())
            return false;
        const auto range = feed->series()->range();
        const bool reaches = layout_.range && range && range->from <= layout_.range->from;
        if (layout_.range && !reaches && !feed->hasAllHistory() && !feed->historyError())
            return false;
    }
    return !ids.empty();
}

void ChartPicture::look()
{
    if (!isComplete() && ++looks_ < mostLooks)
        return;
    if (!isComplete())
        return end(tr("The endpoints of the layout could not be read within a minute."));
    const auto saved = page_.exporter()->savePicture(file_);
    end(saved ? QString() : QString::fromStdString(saved.error().detail));
}

void ChartPicture::end(const QString& error)
{
    looking_.stop();
    Q_EMIT finished(error);
}

} // namespace iotman
