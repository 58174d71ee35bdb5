// What the panes of a chart share: the stretch of time, back and forward, cursors and where the pointer is.
#pragma once

#include "ui/chart/viewport.h"

#include <QObject>

#include <functional>
#include <map>
#include <optional>

namespace iotman {

/// Two times to measure between.
struct Cursors {
    Timestamp a, b;

    bool operator==(const Cursors&) const = default;
    /// From the earlier to the later, both included.
    TimeRange between() const { return a < b ? TimeRange{a, {b.us + 1}} : TimeRange{b, {a.us + 1}}; }
};

/// Whether value axes follow a change of the view at once, or as they do with live data.
enum class Rescale { AtOnce, Slowly };

/// GUI thread.
class ChartLink : public QObject {
    Q_OBJECT

public:
    const Viewport& viewport() const { return viewport_; }
    const View& view() const { return viewport_.view(); }

    /// A number that no other pane of this link has had.
    int addPane() { return nextPane_++; }
    void removePane(int pane);
    /// The samples that a pane has now. Moves the view if it follows.
    void setData(int pane, std::optional<TimeRange> data);

    /// Runs a change of the view and tells what has become of it.
    void changeView(Rescale rescale, const std::function<void(Viewport&)>& change);

    const std::optional<Cursors>& cursors() const { return cursors_; }
    /// At a third and two thirds of the view; or none.
    void showCursors(bool on);
    void setCursors(std::optional<Cursors> cursors);

    /// Times are counted from here, in seconds, instead of told by clocks.
    const std::optional<Timestamp>& origin() const { return origin_; }
    void setOrigin(std::optional<Timestamp> origin);

    /// The time that the pointer is at, in whichever pane.
    const std::optional<Timestamp>& pointer() const { return pointer_; }
    void setPointer(std::optional<Timestamp> time);

    /// The next drag with the left button draws a box to zoom into, in whichever pane.
    bool isBoxDrag() const { return boxDrag_; }
    void setBoxDrag(bool on);

    /// Room for labels beside the plots, in logical pixels: the most that any pane needs, so that all plots are in line.
    struct Room {
        int left = 0, right = 0;
        bool operator==(const Room&) const = default;
    };
    const Room& room() const { return room_; }
    void needRoom(int pane, Room room);

Q_SIGNALS:
    void viewChanged(const iotman::View& view, iotman::Rescale rescale);
    void followChanged(bool following);
    void historyChanged(bool canGoBack, bool canGoForward);
    void cursorsChanged();
    void pointerChanged();
    void originChanged();
    void roomChanged();
    void boxDragChanged(bool on);

private:
    void updateData();

    Viewport viewport_;
    int nextPane_ = 0;
    std::map<int, TimeRange> data_;
    std::map<int, Room> rooms_;
    Room room_;
    std::optional<Cursors> cursors_;
    std::optional<Timestamp> origin_;
    std::optional<Timestamp> pointer_;
    bool boxDrag_ = false;
};

} // namespace iotman
