// Which line is drawn in which pane. Values only.
#pragma once

#include "core/model/names.h"
#include "core/series/seriesset.h"

#include <QString>

#include <set>
#include <string>
#include <vector>

namespace iotman {

/// A line wherever and whenever it is drawn.
struct LineKey {
    EndpointId endpoint;
    std::string path;  ///< of its field
    std::string group; ///< the text that lines of the field are split by; may be empty

    auto operator<=>(const LineKey&) const = default;
};

/// A line with what decides about its place.
struct PlacedLine {
    LineKey key;
    std::string unit;
    SeriesKind kind = SeriesKind::Number;
};

struct MonitorPane {
    QString title; ///< as a person named it; empty: by what it shows
    std::vector<LineKey> lines;
    std::set<std::string> logUnits;

    bool operator==(const MonitorPane&) const = default;
};

class Panes {
public:
    static constexpr std::size_t mostByItself = 4; ///< panes that come without being asked for

    const std::vector<MonitorPane>& panes() const { return panes_; }
    /// Its lines are awaited: they keep their places until they come.
    void set(std::vector<MonitorPane> panes);
    /// The lines of an endpoint are about to go and to come back.
    void await(const EndpointId& id);

    /// `lines` are all that are drawn now. One that is new goes to the first pane that has its unit (states and booleans: that
    /// has any of these), else to a new pane. Panes without lines go.
    void arrange(const std::vector<PlacedLine>& lines);
    /// Moves a line; `pane` may be the number of panes: then it gets one of its own.
    void move(const LineKey& line, std::size_t pane);
    void close(std::size_t pane);
    void setLog(std::size_t pane, const std::string& unit, bool on);
    void rename(std::size_t pane, const QString& title);

private:
    std::size_t placeFor(const PlacedLine& line, const std::vector<PlacedLine>& lines);

    std::vector<MonitorPane> panes_;
    std::vector<LineKey> awaited_;
};

} // namespace iotman
