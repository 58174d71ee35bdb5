// A layout of the Monitor as a file: what is drawn where, what is watched.
#pragma once

#include "core/model/error.h"
#include "ui/monitor/alarm.h"
#include "ui/monitor/endpointshape.h"
#include "ui/monitor/linelook.h"

#include <QByteArray>

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace iotman {

struct MonitorLayout {
    static constexpr int mostBytes = 1024 * 1024; ///< of a file
    static constexpr std::size_t mostPanes = 64, mostLines = 1000, mostAlarms = 1000;

    QString name; ///< for people; may be empty
    std::vector<MonitorPane> panes;
    LineLooks looks;                ///< of lines in `panes`
    LineColors colors;              ///< of lines in `panes` whose look has none
    std::int64_t spanUs = 0;        ///< follows with this span; 0: all there is
    std::optional<TimeRange> range; ///< shows exactly this instead
    std::vector<Alarm> alarms;
    std::map<EndpointId, QString> urls;      ///< of endpoints elsewhere; without a secret
    std::map<EndpointId, ReadingRule> rules; ///< of endpoints that are read otherwise than by themselves

    bool operator==(const MonitorLayout&) const = default;
};

/// What it draws lines of.
std::set<EndpointId> endpointsIn(const MonitorLayout& layout);

/// The colour of every line whose look has none: what the layout says, else the next that is free, in its order.
LineColors colorsIn(const MonitorLayout& layout);

/// JSON, indented, with a member that says what it is.
QByteArray layoutJson(const MonitorLayout& layout);

/// Reads what `layoutJson` wrote; members that are not known are skipped. Errors: BadRequest, one sentence that names the member.
Expected<MonitorLayout> layoutFrom(const QByteArray& json);

} // namespace iotman
