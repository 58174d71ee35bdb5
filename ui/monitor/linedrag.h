// Fields on their way from the tree to a pane.
#pragma once

#include "ui/monitor/panes.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace iotman {

/// What is dragged: single lines, and endpoints with all that they measure.
struct DraggedLines {
    std::vector<EndpointId> endpoints;
    std::vector<LineKey> lines;

    bool operator==(const DraggedLines&) const = default;
    QByteArray text() const;
    /// Empty where the text is none of ours.
    static DraggedLines from(const QByteArray& text);
};

/// The MIME type of that text.
QString draggedLinesType();

} // namespace iotman
