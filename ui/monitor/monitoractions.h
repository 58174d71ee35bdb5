// What the Monitor offers to tool bar, menu and keyboard: one QAction each.
#pragma once

#include <QAction>
#include <QWidget>

namespace iotman {

class ChartBoard;

/// The actions of a board, kept in step with it. Following and being paused are the two sides of one state: every zoom and pan
/// pauses, and Pause then counts what has come since.
class MonitorActions : public QObject {
    Q_OBJECT

public:
    /// The actions are added to `page`, in the order of a tool bar, and work while it or a child has the focus.
    MonitorActions(ChartBoard* board, QWidget* page);

    /// So many items came over the stream.
    void came(std::size_t items);

    QAction* follow;
    QAction* pause;
    QAction* back;
    QAction* forward;
    QAction* fit;
    QAction* box;           ///< a drag with the left button draws a box to zoom into; once
    QAction* cursors;       ///< two times to measure between
    QAction* table;         ///< values as a table
    QAction* alarms;        ///< opens their list
    QAction* undo; ///< what was drawn before the last change of panes, lines, looks or alarms
    QAction* redo;
    QAction* layouts;       ///< opens the menu of layouts
    QAction* byUrl;         ///< asks for an endpoint elsewhere
    QAction* record;        ///< all that comes, into a file
    QAction* openRecording; ///< shows what such a file holds
    QAction* exportAll;     ///< opens the menu of what can be taken away

private:
    QAction* add(const QString& text, const QString& iconName, const QKeySequence& keys, const QString& tip);
    void separate();
    void showFollowing(bool following);
    void showNew();

    ChartBoard* board_;
    QWidget* page_;
    std::size_t new_ = 0; ///< items since it was paused
};

} // namespace iotman
