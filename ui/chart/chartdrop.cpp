// What is dropped onto a board, and where it would go.
#include "ui/chart/chartboard.h"
#include "ui/chart/drophint.h"

#include <QDropEvent>
#include <QMimeData>

namespace iotman {

namespace {

constexpr int newPaneHeight = 48; ///< logical pixels at the bottom that mean a pane of its own

} // namespace

void ChartBoard::setDropType(const QString& mimeType)
{
    dropType_ = mimeType;
    setAcceptDrops(!mimeType.isEmpty());
}

/// The pane at `at`; size() at the bottom, where there is something above to be apart from.
std::size_t ChartBoard::dropPlace(QPoint at) const
{
    const bool isEmpty = panes_.size() == 1 && panes_.front().series.empty();
    if (!isEmpty && at.y() >= height() - newPaneHeight)
        return views_.size();
    std::size_t place = 0;
    while (place + 1 < views_.size() && at.y() >= views_[place + 1]->mapTo(this, QPoint()).y())
        ++place;
    return place;
}

void ChartBoard::showDropPlace(std::optional<std::size_t> pane)
{
    if (!pane)
        return dropHint_->hide();
    if (*pane == views_.size())
        return dropHint_->showAt({0, height() - newPaneHeight, width(), newPaneHeight}, tr("Draw in a new pane"));
    const ChartView* view = views_[*pane];
    dropHint_->showAt(QRect(view->mapTo(this, QPoint()), view->size()),
                      view->title().isEmpty() ? tr("Draw here") : tr("Draw in “%1”").arg(view->title()));
}

void ChartBoard::dragEnterEvent(QDragEnterEvent* event)
{
    if (!event->mimeData()->hasFormat(dropType_))
        return;
    event->acceptProposedAction();
    showDropPlace(dropPlace(event->position().toPoint()));
}

void ChartBoard::dragMoveEvent(QDragMoveEvent* event)
{
    event->acceptProposedAction();
    showDropPlace(dropPlace(event->position().toPoint()));
}

void ChartBoard::dragLeaveEvent(QDragLeaveEvent*)
{
    showDropPlace(std::nullopt);
}

void ChartBoard::dropEvent(QDropEvent* event)
{
    showDropPlace(std::nullopt);
    event->acceptProposedAction();
    Q_EMIT dropped(event->mimeData()->data(dropType_), dropPlace(event->position().toPoint()));
}

} // namespace iotman
