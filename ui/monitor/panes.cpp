#include "ui/monitor/panes.h"

#include <algorithm>

namespace iotman {

namespace {

/// Lines that belong together: of one unit, or with a lane each.
bool areAlike(const PlacedLine& a, const PlacedLine& b)
{
    const bool aHasLane = a.kind != SeriesKind::Number, bHasLane = b.kind != SeriesKind::Number;
    return aHasLane == bHasLane && (aHasLane || a.unit == b.unit);
}

bool has(const MonitorPane& pane, const LineKey& key)
{
    return std::find(pane.lines.begin(), pane.lines.end(), key) != pane.lines.end();
}

} // namespace

std::size_t Panes::placeFor(const PlacedLine& line, const std::vector<PlacedLine>& lines)
{
    for (std::size_t i = 0; i < panes_.size(); ++i)
        for (const PlacedLine& other : lines)
            if (has(panes_[i], other.key) && areAlike(line, other))
                return i;
    if (panes_.size() >= mostByItself)
        return panes_.size() - 1;
    panes_.emplace_back();
    return panes_.size() - 1;
}

void Panes::set(std::vector<MonitorPane> panes)
{
    panes_ = std::move(panes);
    awaited_.clear();
    for (const MonitorPane& pane : panes_)
        awaited_.insert(awaited_.end(), pane.lines.begin(), pane.lines.end());
}

void Panes::await(const EndpointId& id)
{
    for (const MonitorPane& pane : panes_)
        for (const LineKey& key : pane.lines)
            if (key.endpoint == id)
                awaited_.push_back(key);
}

void Panes::arrange(const std::vector<PlacedLine>& lines)
{
    const auto isDrawn = [&](const LineKey& key) {
        return std::any_of(lines.begin(), lines.end(), [&](const PlacedLine& line) { return line.key == key; });
    };
    std::erase_if(awaited_, isDrawn);
    for (MonitorPane& pane : panes_)
        std::erase_if(pane.lines, [&](const LineKey& key) {
            return !isDrawn(key) && std::find(awaited_.begin(), awaited_.end(), key) == awaited_.end();
        });
    std::erase_if(panes_, [](const MonitorPane& pane) { return pane.lines.empty(); });
    for (const PlacedLine& line : lines) {
        const bool isPlaced = std::any_of(panes_.begin(), panes_.end(), [&](const auto& pane) { return has(pane, line.key); });
        if (!isPlaced)
            panes_[placeFor(line, lines)].lines.push_back(line.key);
    }
}

void Panes::move(const LineKey& line, std::size_t pane)
{
    for (MonitorPane& each : panes_)
        std::erase(each.lines, line);
    if (pane >= panes_.size())
        panes_.emplace_back().lines.push_back(line);
    else
        panes_[pane].lines.push_back(line);
    std::erase_if(panes_, [](const MonitorPane& each) { return each.lines.empty(); });
}

void Panes::close(std::size_t pane)
{
    if (pane < panes_.size())
        panes_.erase(panes_.begin() + static_cast<std::ptrdiff_t>(pane));
}

void Panes::setLog(std::size_t pane, const std::string& unit, bool on)
{
    if (on)
        panes_[pane].logUnits.insert(unit);
    else
        panes_[pane].logUnits.erase(unit);
}

void Panes::rename(std::size_t pane, const QString& title)
{
    panes_[pane].title = title;
}

} // namespace iotman
