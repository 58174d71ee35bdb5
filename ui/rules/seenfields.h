// Which fields recent datapoints have, and a rule that their shape suggests.
#pragma once

#include "ui/rules/recentdatapoints.h"

#include <QString>
#include <QStringList>

#include <span>
#include <vector>

namespace iotman::ui {

struct SeenField {
    QString path;   ///< `$.gps.lat`, `$.list[*].t`
    QString type;   ///< number, text, boolean, null, array, object; several: `number, null`
    QString latest; ///< the newest value as it is spelled, long ones cut

    bool operator==(const SeenField&) const = default;
};

/// The fields of `datapoints`, newest first, in the order of the newest one that has them; nested ones below theirs. At most 500.
std::vector<SeenField> seenFields(std::span<const RecentDatapoint> datapoints);

/// The keys of all objects in them, each once, in that order. At most 500.
QStringList seenKeys(std::span<const RecentDatapoint> datapoints);

/// A constructor with one member for each member of the payload, nested objects likewise, the datapoint's time in front:
/// what one starts from. `{ at: $ts }` where the payload is no object.
QString proposedRule(const std::string& payload);

} // namespace iotman::ui
