// One pane of the live chart: several series, their history and what arrives.
#pragma once

#include "core/series/seriesset.h"
#include "ui/chart/chartframe.h"
#include "ui/chart/chartlink.h"
#include "ui/chart/hover.h"
#include "ui/chart/viewport.h"

#include <QElapsedTimer>
#include <QTimeZone>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace iotman {

/// How one series is drawn. The colour index selects colour and marker (chartcolors.h); from the 9th on dashes tell them apart.
struct SeriesStyle {
    int colorIndex = 0;
    bool visible = true;
    bool derived = false; ///< computed here from other series: dashed by itself
    LineDash dash = LineDash::ByItself;
    double width = 0; ///< logical pixels; 0: as wide as lines are

    bool operator==(const SeriesStyle&) const = default;
};

/// Draws a SeriesSet. The owner appends to the set on the GUI thread and calls dataChanged(); the view repaints at most 60
/// times a second, only when something changed, and never while hidden.
///
/// Panes that share a ChartLink show the same stretch of time, the same cursors and the same pointer.
///
/// Two fingers that spread or pinch zoom in time. Mouse: wheel zooms around the pointer (over a value axis: its values), drag
/// pans or moves a cursor, Shift or right drag zooms into a box, double click shows everything (over a value axis: scales it by
/// itself again). Keys: Ctrl+arrows move cursor A, with Shift cursor B; arrows pan, + and - zoom, Home everything, End follow,
/// Backspace and Alt+arrows back and forward. A right click without a drag, or the menu key, asks for a context menu
/// (QWidget::customContextMenuRequested). Zoom and pan stop following, so that live data never takes a view away.
class ChartView : public QWidget {
    Q_OBJECT

public:
    explicit ChartView(QWidget* parent = nullptr);
    ~ChartView() override;

    /// Shows this set, every series in its order unless setShown() chooses. Null: an empty chart.
    void setSeries(std::shared_ptr<const SeriesSet> set);
    /// The time and the cursors of this link from now on. A chart begins with a link of its own.
    void setLink(std::shared_ptr<ChartLink> link);
    ChartLink& link() const { return *link_; }
    /// Names the pane's axes in views of its link.
    int pane() const { return pane_; }
    /// Only these series, in this order. Ids that are not in the set are skipped.
    void setShown(std::vector<SeriesId> ids);
    /// Without a style of its own a series has the colour of its place.
    void setStyle(SeriesId id, SeriesStyle style);
    void setTitle(const QString& title);
    const QString& title() const { return title_; }
    /// Room for buttons at the right of the legend; whether this pane has the labels of the time axis.
    void setRoom(ChartRoom room);
    void setMarks(std::vector<ChartMark> marks);
    void setLimits(std::vector<ChartLimit> limits);
    /// Units whose axis is logarithmic.
    void setLogUnits(std::set<std::string> units);
    const std::set<std::string>& logUnits() const { return logUnits_; }
    /// The units that have an axis now.
    std::vector<std::string> axisUnits() const;
    /// The zone of all times here; it is named below the axis. The system's unless set.
    void setTimeZone(const QTimeZone& zone);

    bool isFollowing() const { return link_->viewport().isFollowing(); }
    const View& view() const { return link_->view(); }
    bool canGoBack() const { return link_->viewport().canGoBack(); }
    bool canGoForward() const { return link_->viewport().canGoForward(); }
    /// Leaves following.
    void setView(const View& view);
    /// Follows, with this span (µs).
    void showLast(std::int64_t spanUs);

    /// The chart as it would be painted now, at `pixelRatio` device pixels per logical one.
    QImage picture(qreal pixelRatio);
    /// Draws it as shapes at the painter's origin, size() large.
    void drawOn(QPainter& painter);
    /// Paints what is due now instead of with the next frame. For measuring.
    void renderNow();
    /// The last frame that was painted.
    const ChartFrame& frame() const { return painter_.frame(); }
    /// How many frames were painted so far.
    std::uint64_t frames() const { return frames_; }
    /// The sample under the pointer.
    const std::optional<Hovered>& hoveredSample() const { return hovered_; }

    QSize sizeHint() const override { return {720, 320}; }
    QSize minimumSizeHint() const override { return {200, 140}; }

public Q_SLOTS:
    /// The set has changed: values, series or their names.
    void dataChanged();
    void setFollow(bool on);
    void fit();
    void back();
    void forward();

Q_SIGNALS:
    void followChanged(bool following);
    void viewChanged(const iotman::View& view);
    void historyChanged(bool canGoBack, bool canGoForward);
    void hoverChanged();
    /// A frame was painted that has values in view where the one before had none, or the other way round.
    void blankChanged(bool isBlank);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Drag { None, Pan, Box, CursorA, CursorB };

    FrameInput frameInput(qreal pixelRatio) const;
    std::vector<FrameSeries> frameSeries() const;
    std::vector<HoverCandidate> hoverCandidates() const;
    std::optional<TimeRange> dataRange() const;
    void changed(std::int64_t intervalMs);
    void moveOn();
    void newFrame();
    void paintFrame();
    /// Runs a change of the view that the link's panes share.
    void changeView(Rescale rescale, const std::function<void(Viewport&)>& change);
    void viewMoved(Rescale rescale);
    void connectLink();
    /// The value axis whose labels are at `pointer`; the first one within the plot.
    const FrameAxis* axisAt(QPointF pointer) const;
    AxisId idOf(const FrameAxis& axis) const;
    void zoomAxes(double factor);
    Drag cursorAt(QPoint pointer) const;
    void dragCursor(int x);
    void stepCursor(bool isB, int direction);
    QRect pointerRect() const;
    void movePointer();
    void updateHover(QPoint pointer);
    std::optional<Hovered> hoveredLane(QPointF at) const;
    void pinch(double factor, QPointF at);
    void clearHover();
    struct HoverBox;
    HoverBox hoverBox() const;
    QRect hoverRect() const;
    void paintHover(QPainter& painter) const;
    void setBox(QRect box);
    void zoomToBox();
    QPointF inPlot(QPointF pointer) const;
    void describe();

    std::shared_ptr<const SeriesSet> set_;
    std::optional<std::vector<SeriesId>> shown_;
    std::map<SeriesId, SeriesStyle> styles_;
    QString title_;
    QTimeZone zone_;
    std::shared_ptr<ChartLink> link_;
    int pane_ = 0;
    ChartRoom room_;
    std::vector<ChartMark> marks_;
    std::vector<ChartLimit> limits_;
    std::set<std::string> logUnits_;
    FramePainter painter_;
    QElapsedTimer clock_;
    QTimer repaint_;
    QTimer describing_;
    std::uint64_t frames_ = 0;
    std::int64_t lastFrameMs_ = -1000;
    bool visible_ = false;
    bool frameIsOld_ = true;

    Drag drag_ = Drag::None;
    QPoint pressed_;
    View pressedView_;
    QRect box_;
    std::optional<QPoint> pointer_;
    QRect pointerRect_; ///< where the pointer of another pane was painted
    std::optional<Hovered> hovered_;
};

} // namespace iotman
