#include "ui/monitor/chartpicture.h"

#include "ui/monitor/monitorpage.h"
#include "ui/monitor/valuesexport.h"

#include <algorithm>
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

/// It has been read as far back as is looked at. An endpoint that holds nothing is read at once.
bool ChartPicture::isRead(const EndpointFeed& feed) const
{
    if (feed.isReadingHistory())
        return false;
    if (!layout_.range || feed.hasAllHistory() || feed.historyError())
        return feed.series() || feed.hasAllHistory();
    const auto range = feed.series() ? feed.series()->range() : std::nullopt;
    return range && range->from <= layout_.range->from;
}

bool ChartPicture::isComplete() const
{
    const std::set<EndpointId> ids = endpointsIn(layout_);
    return std::all_of(ids.begin(), ids.end(), [this](const EndpointId& id) {
        const EndpointFeed* feed = page_.feed(id);
        return feed && isRead(*feed);
    });
}

/// Why an endpoint of the layout is not read: because its server has refused, or, once patience is over, whatever keeps it.
/// Empty: there is nothing of that kind.
QString ChartPicture::refusal() const
{
    for (const EndpointId& id : endpointsIn(layout_)) {
        const EndpointFeed* feed = page_.feed(id);
        if (!feed || feed->series() || !feed->state().why)
            continue;
        if (feed->state().phase != FeedPhase::Waiting || looks_ >= mostLooks)
            return tr("The endpoint %1 cannot be read: %2")
                .arg(QString::fromStdString(id.text), QString::fromStdString(feed->state().why->detail));
    }
    return {};
}

void ChartPicture::look()
{
    ++looks_;
    if (const QString refused = refusal(); !refused.isEmpty())
        return end(refused);
    if (!isComplete() && looks_ < mostLooks)
        return;
    if (!isComplete())
        return end(tr("The endpoints of the layout could not be read within a minute."));
    const auto saved = page_.exporter()->savePicture(file_, PictureFormat::Png);
    end(saved ? QString() : QString::fromStdString(saved.error().detail));
}

void ChartPicture::end(const QString& error)
{
    looking_.stop();
    Q_EMIT finished(error);
}

} // namespace iotman
