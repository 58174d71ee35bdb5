// What was drawn before, for undo and redo. Values only.
#pragma once

#include "ui/monitor/monitorlayout.h"

#include <optional>
#include <vector>

namespace iotman {

/// Layouts in the order they were seen. The time that is looked at belongs to none of them: views have a history of their own.
class LayoutHistory {
public:
    static constexpr std::size_t mostSteps = 100;

    /// What is drawn now. The same as before changes nothing; anything new ends what could be redone.
    void note(const MonitorLayout& layout);
    /// What was drawn before the last change, which can be redone then; nothing when there is no more.
    std::optional<MonitorLayout> undo();
    std::optional<MonitorLayout> redo();
    bool canUndo() const { return done_.size() > 1; }
    bool canRedo() const { return !undone_.empty(); }
    void clear();

private:
    std::vector<MonitorLayout> done_; ///< the last one is drawn
    std::vector<MonitorLayout> undone_;
};

} // namespace iotman
