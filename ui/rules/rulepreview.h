// What a rule would make of datapoints that came in.
#pragma once

#include "ui/rules/recentdatapoints.h"

#include <QString>

#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace iotman::ui {

struct PreviewRow {
    enum class Outcome { Item, Filtered, Failed };

    RecentDatapoint datapoint;
    Outcome outcome = Outcome::Item;
    std::string item; ///< JSON text
    QString reason;   ///< why there is none

    bool isItem() const { return outcome == Outcome::Item; }
};

struct Preview {
    std::vector<PreviewRow> rows; ///< of the first datapoints
    int items = 0, filtered = 0, failed = 0;
    bool complete = true; ///< all datapoints were looked at within the time

    int total() const { return items + filtered + failed; }
};

/// Runs filter and rule, which must compile, over `datapoints` and keeps the first `rows` outcomes. Stops when `cancelled` is
/// set, and after `time`. Any thread.
Preview preview(const std::string& filter, const std::string& rule, std::span<const RecentDatapoint> datapoints, std::size_t rows,
                std::chrono::milliseconds time, const std::atomic<bool>& cancelled);

/// Why a filter left a datapoint out: “The filter is false: $.weather is "fog".” Names at most three values it looks at.
QString filteredReason(const std::string& filter, const std::string& payload);

} // namespace iotman::ui
