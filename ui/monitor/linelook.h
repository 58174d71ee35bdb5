// How a person wants a line to be called and drawn. Values only.
#pragma once

#include "ui/chart/chartframe.h"
#include "ui/monitor/panes.h"

#include <QString>

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace iotman {

struct LineLook {
    static constexpr int mostName = 200; ///< characters
    static constexpr int colors = 8;
    static constexpr double leastWidth = 1, mostWidth = 6; ///< logical pixels

    QString name;             ///< empty: by its field
    std::optional<int> color; ///< 0 to colors - 1; nothing: the one that it got by itself
    LineDash dash = LineDash::ByItself;
    double width = 0; ///< 0: as wide as lines are

    bool operator==(const LineLook&) const = default;
};

/// The colours that lines got by themselves, so that they have them again when they come back.
using LineColors = std::map<LineKey, int>;

/// The looks of lines that have one, wherever and whenever they are drawn.
class LineLooks {
public:
    const LineLook& of(const LineKey& key) const;
    /// A look that says nothing is forgotten.
    void set(const LineKey& key, const LineLook& look);
    const std::vector<std::pair<LineKey, LineLook>>& all() const { return looks_; }

    bool operator==(const LineLooks&) const = default;

private:
    std::vector<std::pair<LineKey, LineLook>> looks_;
};

} // namespace iotman
