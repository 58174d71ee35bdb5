#include "ui/chart/chartboard.h"

#include "ui/chart/drophint.h"
#include "ui/chart/panebox.h"

#include <QMenu>
#include <QPainter>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman {

ChartBoard::ChartBoard(QWidget* parent)
    : QWidget(parent)
    , link_(std::make_shared<ChartLink>())
    , splitter_(new QSplitter(Qt::Vertical, this))
    , dropHint_(new DropHint(this))
{
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(splitter_);
    splitter_->setChildrenCollapsible(false);
    setPanes({});
}

ChartBoard::~ChartBoard() = default;

void ChartBoard::addView()
{
    auto* view = new ChartView;
    view->setLink(link_);
    view->setTimeZone(zone_);
    view->setSeries(set_);
    view->setShown({});
    view->setMarks(marks_);
    for (const auto& [id, style] : styles_)
        view->setStyle(id, style);

    auto* box = new PaneBox(view);
    connect(box, &PaneBox::fitWanted, this, [this, view] { fitValues(view); });
    connect(box, &PaneBox::menuWanted, this, [this, view, box] { showMenu(view, box->menuPlace()); });
    connect(box, &PaneBox::closeWanted, this, [this, view] { Q_EMIT closeWanted(placeOf(view)); });
    connect(view, &QWidget::customContextMenuRequested, this,
            [this, view](const QPoint& at) { showMenu(view, view->mapToGlobal(at)); });
    splitter_->addWidget(box);
    views_.push_back(view);
    boxes_.push_back(box);
}

/// The first pane keeps its place in the window.
void ChartBoard::orderTabs()
{
    QWidgetList stops;
    for (const PaneBox* box : boxes_)
        stops += box->stops();
    for (qsizetype i = 1; i < stops.size(); ++i)
        setTabOrder(stops[i - 1], stops[i]);
}

void ChartBoard::setSeries(std::shared_ptr<const SeriesSet> set)
{
    set_ = std::move(set);
    for (ChartView* view : views_)
        view->setSeries(set_);
    showPanes();
}

void ChartBoard::setPanes(const std::vector<BoardPane>& panes)
{
    panes_ = panes;
    if (panes_.empty())
        panes_.emplace_back();
    // A pane that stays keeps its widget, and so its focus and height.
    while (views_.size() > panes_.size()) {
        delete boxes_.back();
        boxes_.pop_back();
        views_.pop_back();
    }
    while (views_.size() < panes_.size())
        addView();
    orderTabs();
    showPanes();
}

void ChartBoard::showPanes()
{
    for (std::size_t i = 0; i < panes_.size(); ++i) {
        ChartView* view = views_[i];
        const bool isLast = i + 1 == panes_.size();
        view->setTitle(panes_[i].title);
        view->setShown(panes_[i].series);
        view->setLogUnits(panes_[i].logUnits);
        view->setLimits(panes_[i].limits);
        view->setRoom({PaneBox::toolsWidth(), isLast});
    }
}

void ChartBoard::setStyle(SeriesId id, SeriesStyle style)
{
    styles_[id] = style;
    for (ChartView* view : views_)
        view->setStyle(id, style);
}

void ChartBoard::setMarks(const std::vector<ChartMark>& marks)
{
    marks_ = marks;
    for (ChartView* view : views_)
        view->setMarks(marks_);
}

void ChartBoard::setTimeZone(const QTimeZone& zone)
{
    zone_ = zone;
    for (ChartView* view : views_)
        view->setTimeZone(zone);
}

void ChartBoard::dataChanged()
{
    for (ChartView* view : views_)
        view->dataChanged();
}

ChartView* ChartBoard::current() const
{
    const auto focused = std::find_if(views_.begin(), views_.end(), [](const ChartView* view) { return view->hasFocus(); });
    return focused == views_.end() ? views_.front() : *focused;
}

std::uint64_t ChartBoard::frames() const
{
    std::uint64_t frames = 0;
    for (const ChartView* view : views_)
        frames += view->frames();
    return frames;
}

std::size_t ChartBoard::placeOf(const ChartView* view) const
{
    return static_cast<std::size_t>(std::find(views_.begin(), views_.end(), view) - views_.begin());
}

void ChartBoard::fitValues(ChartView* view)
{
    link_->changeView(Rescale::AtOnce, [&](Viewport& viewport) {
        for (const std::string& unit : view->axisUnits())
            viewport.setValues({view->pane(), unit}, std::nullopt);
    });
}

void ChartBoard::showMenu(ChartView* view, QPoint at)
{
    QMenu menu(this);
    Q_EMIT menuWanted(placeOf(view), &menu);
    if (!menu.isEmpty())
        menu.exec(at);
}

// --- Pictures

QSize ChartBoard::contentSize() const
{
    QSize size;
    for (const ChartView* view : views_)
        size = {std::max(size.width(), view->width()), size.height() + view->height()};
    return size;
}

QImage ChartBoard::picture(qreal pixelRatio) const
{
    QImage whole((QSizeF(contentSize()) * pixelRatio).toSize().expandedTo({1, 1}), QImage::Format_RGB32);
    whole.setDevicePixelRatio(pixelRatio);
    QPainter painter(&whole);
    int top = 0;
    for (ChartView* view : views_) {
        painter.drawImage(QPoint(0, top), view->picture(pixelRatio));
        top += view->height();
    }
    return whole;
}

void ChartBoard::drawOn(QPainter& painter) const
{
    for (ChartView* view : views_) {
        painter.save();
        view->drawOn(painter);
        painter.restore();
        painter.translate(0, view->height());
    }
}

} // namespace iotman
