// What a monitor's feeds are doing, as one state for the strip. Values only.
#pragma once

#include "ui/monitor/statestrip.h"

#include <QTimeZone>

#include <vector>

namespace iotman {

/// A feed with its endpoint's name for people.
struct NamedFeed {
    QString name;
    EndpointFeed* feed = nullptr;
};

/// The state of the feed that needs someone most, and the sums of all. `delay` is the greatest that is less than an hour: what is
/// older is not late but of another time.
StripState stripStateOf(const std::vector<NamedFeed>& feeds, const SeriesSet& set, Timestamp now, const QTimeZone& zone);

/// `Offline 93 s, 93 items filled`, as it stands in a chart.
QString offlineText(const LostLink& link, Timestamp now);

/// `Offline 14:02:31 to 14:04:04 (93 s), 93 items filled`.
QString lostLinkText(const LostLink& link, const QTimeZone& zone);

} // namespace iotman
