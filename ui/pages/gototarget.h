// A place that “go to anything” finds.
#pragma once

#include <QString>

#include <functional>

namespace iotman::ui {

struct GotoTarget {
    QString text; ///< “Seattle hourly · seattle-hourly”
    QString iconName;
    std::function<void()> follow; ///< goes there

    /// Whether all words of `typed` stand somewhere in the text, in whatever case and order.
    bool matches(const QString& typed) const;
};

} // namespace iotman::ui
