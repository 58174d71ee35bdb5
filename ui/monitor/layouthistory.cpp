#include "ui/monitor/layouthistory.h"

#include <utility>

namespace iotman {

void LayoutHistory::note(const MonitorLayout& layout)
{
    MonitorLayout drawn = layout;
    drawn.range.reset();
    drawn.spanUs = 0;
    if (!done_.empty() && done_.back() == drawn)
        return;
    undone_.clear();
    if (done_.size() > mostSteps)
        done_.erase(done_.begin());
    done_.push_back(std::move(drawn));
}

std::optional<MonitorLayout> LayoutHistory::undo()
{
    if (!canUndo())
        return std::nullopt;
    undone_.push_back(std::move(done_.back()));
    done_.pop_back();
    return done_.back();
}

std::optional<MonitorLayout> LayoutHistory::redo()
{
    if (!canRedo())
        return std::nullopt;
    done_.push_back(std::move(undone_.back()));
    undone_.pop_back();
    return done_.back();
}

void LayoutHistory::clear()
{
    done_.clear();
    undone_.clear();
}

} // namespace iotman
