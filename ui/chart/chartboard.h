// Panes of one chart below each other.
#pragma once

#include "ui/chart/chartview.h"

#include <QWidget>

#include <memory>
#include <set>
#include <string>
#include <vector>

class QMenu;
class QSplitter;

namespace iotman {

class DropHint;
class PaneBox;

/// What one pane shows.
struct BoardPane {
    QString title;
    std::vector<SeriesId> series;
    std::set<std::string> logUnits;
    std::vector<ChartLimit> limits;

    bool operator==(const BoardPane&) const = default;
};

/// Panes over one SeriesSet that share time, cursors and pointer (ChartLink), with buttons of their own (panebox.h). Tab goes
/// through each pane and its buttons. GUI thread.
class ChartBoard : public QWidget {
    Q_OBJECT

public:
    explicit ChartBoard(QWidget* parent = nullptr);
    ~ChartBoard() override;

    void setSeries(std::shared_ptr<const SeriesSet> set);
    /// One pane at the least: of no panes there is an empty one.
    void setPanes(const std::vector<BoardPane>& panes);
    const std::vector<BoardPane>& panes() const { return panes_; }
    void setStyle(SeriesId id, SeriesStyle style);
    void setMarks(const std::vector<ChartMark>& marks);
    void setTimeZone(const QTimeZone& zone);

    /// What may be dropped here; empty: nothing.
    void setDropType(const QString& mimeType);

    ChartLink& link() const { return *link_; }
    ChartView* view(std::size_t pane) const { return views_[pane]; }
    std::size_t size() const { return views_.size(); }
    /// The pane that has or last had the focus.
    ChartView* current() const;
    std::uint64_t frames() const;

    /// All panes as they are, at `pixelRatio` device pixels a logical one.
    QImage picture(qreal pixelRatio) const;
    /// The same as shapes at the painter's origin, contentSize() large.
    void drawOn(QPainter& painter) const;
    QSize contentSize() const;

    QSize sizeHint() const override { return {720, 420}; }

public Q_SLOTS:
    void dataChanged();
    void setFollow(bool on) { views_.front()->setFollow(on); }
    void fit() { views_.front()->fit(); }
    void back() { views_.front()->back(); }
    void forward() { views_.front()->forward(); }

Q_SIGNALS:
    /// The menu of a pane is about to be shown, to be filled.
    void menuWanted(std::size_t pane, QMenu* menu);
    void closeWanted(std::size_t pane);
    /// Something of the accepted type was dropped onto a pane, or below all of them: then `pane` is size().
    void dropped(const QByteArray& data, std::size_t pane);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void addView();
    void orderTabs();
    void showPanes();
    void showMenu(ChartView* view, QPoint at);
    void fitValues(ChartView* view);
    std::size_t placeOf(const ChartView* view) const;
    std::size_t dropPlace(QPoint at) const;
    void showDropPlace(std::optional<std::size_t> pane);

    std::shared_ptr<ChartLink> link_;
    std::shared_ptr<const SeriesSet> set_;
    std::vector<BoardPane> panes_;
    std::map<SeriesId, SeriesStyle> styles_;
    std::vector<ChartMark> marks_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    QSplitter* splitter_;
    QString dropType_;
    DropHint* dropHint_;
    std::vector<ChartView*> views_;
    std::vector<PaneBox*> boxes_; ///< around them
};

} // namespace iotman
