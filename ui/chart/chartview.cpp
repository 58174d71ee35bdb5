#include "ui/chart/chartview.h"

#include "ui/chart/valuetext.h"
#include "ui/chart/zonetext.h"

#include <QPaintEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr int frameMs = 16;      ///< 60 frames a second at most
constexpr int calmFrameMs = 100; ///< where a pixel is longer than this, live data needs no more frames
constexpr int describeMs = 1000;

/// Live data moves the picture by whole pixels: a frame per pixel is enough.
int liveFrameMs(double usPerPx)
{
    return std::clamp(static_cast<int>(std::min(usPerPx / 1000, 1e6)), frameMs, calmFrameMs);
}

} // namespace

ChartView::ChartView(QWidget* parent)
    : QWidget(parent)
    , zone_(QTimeZone::systemTimeZone())
    , link_(std::make_shared<ChartLink>())
    , pane_(link_->addPane())
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setAttribute(Qt::WA_AcceptTouchEvents);
    grabGesture(Qt::PinchGesture);
    clock_.start();
    repaint_.setSingleShot(true);
    repaint_.setTimerType(Qt::PreciseTimer);
    connect(&repaint_, &QTimer::timeout, this, &ChartView::newFrame);
    describing_.setSingleShot(true);
    connect(&describing_, &QTimer::timeout, this, &ChartView::describe);
    connectLink();
    describe();
}

ChartView::~ChartView()
{
    disconnect(link_.get(), nullptr, this, nullptr);
    link_->removePane(pane_);
}

void ChartView::setLink(std::shared_ptr<ChartLink> link)
{
    disconnect(link_.get(), nullptr, this, nullptr);
    link_->removePane(pane_);
    link_ = std::move(link);
    pane_ = link_->addPane();
    connectLink();
    dataChanged();
}

void ChartView::connectLink()
{
    ChartLink* link = link_.get();
    connect(link, &ChartLink::viewChanged, this, [this](const View& view, Rescale rescale) {
        viewMoved(rescale);
        Q_EMIT viewChanged(view);
    });
    connect(link, &ChartLink::followChanged, this, &ChartView::followChanged);
    connect(link, &ChartLink::historyChanged, this, &ChartView::historyChanged);
    connect(link, &ChartLink::cursorsChanged, this, [this] { changed(frameMs); });
    connect(link, &ChartLink::originChanged, this, [this] { changed(frameMs); });
    connect(link, &ChartLink::roomChanged, this, [this] {
        if (painter_.usedRoom() != link_->room())
            changed(frameMs);
    });
    connect(link, &ChartLink::pointerChanged, this, &ChartView::movePointer);
}

void ChartView::setSeries(std::shared_ptr<const SeriesSet> set)
{
    set_ = std::move(set);
    painter_.reset();
    dataChanged();
    describe();
}

void ChartView::setShown(std::vector<SeriesId> ids)
{
    if (shown_ == ids)
        return;
    shown_ = std::move(ids);
    painter_.reset();
    dataChanged();
    describe();
}

void ChartView::setStyle(SeriesId id, SeriesStyle style)
{
    if (const auto known = styles_.find(id); known != styles_.end() && known->second == style)
        return;
    styles_[id] = style;
    painter_.rescale();
    dataChanged();
}

void ChartView::setTitle(const QString& title)
{
    if (title == title_)
        return;
    title_ = title;
    changed(frameMs);
    describe();
}

void ChartView::setTimeZone(const QTimeZone& zone)
{
    zone_ = zone;
    changed(frameMs);
}

void ChartView::setRoom(ChartRoom room)
{
    if (room == room_)
        return;
    room_ = room;
    changed(frameMs);
}

void ChartView::setMarks(std::vector<ChartMark> marks)
{
    if (marks == marks_)
        return;
    marks_ = std::move(marks);
    changed(frameMs);
}

void ChartView::setLimits(std::vector<ChartLimit> limits)
{
    if (limits == limits_)
        return;
    limits_ = std::move(limits);
    changed(frameMs);
}

void ChartView::setLogUnits(std::set<std::string> units)
{
    if (units == logUnits_)
        return;
    logUnits_ = std::move(units);
    painter_.rescale();
    changed(frameMs);
}

std::vector<std::string> ChartView::axisUnits() const
{
    std::vector<std::string> units;
    for (const FrameAxis& axis : painter_.frame().axes)
        units.push_back(axis.unit);
    return units;
}

// --- Data and frames

std::vector<FrameSeries> ChartView::frameSeries() const
{
    std::vector<FrameSeries> series;
    if (!set_)
        return series;
    int place = 0;
    for (const SeriesId id : shown_ ? *shown_ : set_->ids()) {
        if (!set_->contains(id))
            continue;
        const auto own = styles_.find(id);
        const SeriesStyle style = own == styles_.end() ? SeriesStyle{place} : own->second;
        ++place;
        if (style.visible)
            series.push_back({id, &set_->info(id), &set_->series(id), style.colorIndex, style.derived, style.dash, style.width});
    }
    return series;
}

std::vector<HoverCandidate> ChartView::hoverCandidates() const
{
    std::vector<HoverCandidate> candidates;
    for (const FrameSeries& series : frameSeries())
        if (const FrameAxis* axis = painter_.frame().axis(series.id))
            candidates.push_back({series.id, series.series, axis->values});
    return candidates;
}

std::optional<TimeRange> ChartView::dataRange() const
{
    std::optional<TimeRange> range;
    for (const FrameSeries& series : frameSeries()) {
        if (series.series->isEmpty())
            continue;
        const TimeRange own = series.series->span();
        range = range ? TimeRange{std::min(range->from, own.from), std::max(range->to, own.to)} : own;
    }
    return range;
}

FrameInput ChartView::frameInput(qreal pixelRatio) const
{
    FrameInput input;
    input.size = size();
    input.pixelRatio = pixelRatio;
    input.font = font();
    input.colors = ChartColors::of(palette());
    input.title = title_;
    input.series = frameSeries();
    input.pane = pane_;
    input.view = view();
    input.logUnits = logUnits_;
    input.origin = link_->origin();
    input.cursors = link_->cursors();
    input.marks = marks_;
    input.limits = limits_;
    input.leastRoom = link_->room();
    input.room = room_;
    input.zone = zone_;
    input.locale = locale();
    input.nowMs = clock_.elapsed();
    return input;
}

void ChartView::dataChanged()
{
    changed(liveFrameMs(painter_.frame().time.usPerPx()));
    if (visible_ && !describing_.isActive())
        describing_.start(describeMs);
}

/// A frame is due `intervalMs` after the last one; a sooner one stays due.
void ChartView::changed(std::int64_t intervalMs)
{
    frameIsOld_ = frameIsOld_ || !visible_;
    const int wait = static_cast<int>(std::max<std::int64_t>(lastFrameMs_ + intervalMs - clock_.elapsed(), 0));
    if (visible_ && (!repaint_.isActive() || repaint_.remainingTime() > wait))
        repaint_.start(wait);
}

/// Moves the view with the data if it follows.
void ChartView::moveOn()
{
    link_->setData(pane_, dataRange());
}

void ChartView::newFrame()
{
    moveOn();
    repaint_.stop(); // for what has just moved
    frameIsOld_ = true;
    update();
}

void ChartView::renderNow()
{
    newFrame();
    repaint();
    repaint_.stop();
}

void ChartView::paintFrame()
{
    const bool wasBlank = painter_.frame().isBlank;
    painter_.paint(frameInput(devicePixelRatioF()));
    if (painter_.frame().isBlank != wasBlank)
        Q_EMIT blankChanged(!wasBlank);
    frameIsOld_ = false;
    ++frames_;
    lastFrameMs_ = clock_.elapsed();
    link_->needRoom(pane_, painter_.neededRoom());
    if (const auto next = painter_.nextChangeMs())
        changed(std::max<std::int64_t>(*next - lastFrameMs_, frameMs));
    if (pointer_ && drag_ == Drag::None)
        updateHover(*pointer_);
}

QImage ChartView::picture(qreal pixelRatio)
{
    moveOn();
    FramePainter painter;
    return painter.paint(frameInput(pixelRatio)).image;
}

void ChartView::drawOn(QPainter& painter)
{
    moveOn();
    FramePainter shapes;
    shapes.paintOn(painter, frameInput(1));
}

void ChartView::paintEvent(QPaintEvent* event)
{
    if (frameIsOld_ || painter_.frame().pixelRatio != devicePixelRatioF() || painter_.frame().image.isNull())
        paintFrame();
    QPainter painter(this);
    const QImage& image = painter_.frame().image;
    const qreal ratio = image.devicePixelRatio();
    const QRect dirty = event->rect();
    painter.drawImage(QRectF(dirty), image,
                      QRectF(dirty.x() * ratio, dirty.y() * ratio, dirty.width() * ratio, dirty.height() * ratio));
    const ChartColors& colors = ChartColors::of(palette());
    if (!box_.isNull()) {
        QColor fill = colors.accent;
        fill.setAlpha(40);
        painter.fillRect(box_, fill);
        painter.setPen(colors.accent);
        painter.drawRect(box_.adjusted(0, 0, -1, -1));
    }
    pointerRect_ = pointerRect();
    painter.fillRect(pointerRect_, colors.axis);
    if (hovered_)
        paintHover(painter);
    if (hasFocus()) {
        for (const QRect& edge : {QRect(0, 0, width(), 2), QRect(0, height() - 2, width(), 2), QRect(0, 0, 2, height()),
                                  QRect(width() - 2, 0, 2, height())})
            painter.fillRect(edge, colors.accent);
    }
}

void ChartView::resizeEvent(QResizeEvent*)
{
    frameIsOld_ = true;
}

void ChartView::showEvent(QShowEvent*)
{
    visible_ = true;
    newFrame();
    describe();
}

void ChartView::hideEvent(QHideEvent*)
{
    visible_ = false;
    repaint_.stop();
    describing_.stop();
    clearHover();
}

void ChartView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::LocaleChange)
        changed(frameMs);
    QWidget::changeEvent(event);
}

// --- View

void ChartView::changeView(Rescale rescale, const std::function<void(Viewport&)>& change)
{
    moveOn();
    link_->changeView(rescale, change);
}

void ChartView::viewMoved(Rescale rescale)
{
    if (rescale == Rescale::AtOnce)
        painter_.rescale();
    changed(frameMs);
    if (visible_ && !describing_.isActive())
        describing_.start(describeMs);
}

void ChartView::setView(const View& view)
{
    changeView(Rescale::AtOnce, [&](Viewport& viewport) { viewport.show(view); });
}

void ChartView::showLast(std::int64_t spanUs)
{
    changeView(Rescale::AtOnce, [&](Viewport& viewport) { viewport.showLast(spanUs); });
}

void ChartView::setFollow(bool on)
{
    changeView(Rescale::AtOnce, [&](Viewport& viewport) { viewport.setFollowing(on); });
}

void ChartView::fit()
{
    changeView(Rescale::AtOnce, [](Viewport& viewport) { viewport.fit(); });
}

void ChartView::back()
{
    changeView(Rescale::AtOnce, [](Viewport& viewport) { viewport.back(); });
}

void ChartView::forward()
{
    changeView(Rescale::AtOnce, [](Viewport& viewport) { viewport.forward(); });
}

// --- The sample under the pointer

QPointF ChartView::inPlot(QPointF pointer) const
{
    const ChartFrame& frame = painter_.frame();
    return (pointer - QPointF(frame.layout.plot.topLeft())) * frame.pixelRatio;
}

/// What holds in the lane at this place.
std::optional<Hovered> ChartView::hoveredLane(QPointF at) const
{
    const ChartFrame& frame = painter_.frame();
    for (const FrameSeries& series : frameSeries()) {
        const auto lane = frame.laneOf.find(series.id);
        if (lane == frame.laneOf.end() || static_cast<int>(at.y() - frame.lanesTop) / frame.laneHeight != lane->second ||
            at.y() < frame.lanesTop)
            continue;
        if (const auto held = series.series->held(frame.time.time(at.x())))
            return Hovered{series.id, held->span.from, held->value, 1, held};
    }
    return {};
}

void ChartView::updateHover(QPoint pointer)
{
    const ChartFrame& frame = painter_.frame();
    std::optional<Hovered> found;
    if (frame.layout.plot.contains(pointer)) {
        const QPointF at = inPlot(pointer);
        found = hoveredLane(at);
        if (!found)
            found = hovered(hoverCandidates(), frame.time, at.x(), at.y(), 3 * frame.pixelRatio);
        link_->setPointer(frame.time.time(at.x()));
    } else {
        link_->setPointer(std::nullopt);
    }
    const QRect before = hovered_ ? hoverRect() : QRect();
    const bool isNew = found != hovered_;
    hovered_ = found;
    const QRect after = hovered_ ? hoverRect() : QRect();
    if (!isNew && before == after)
        return;
    update(before.adjusted(-1, -1, 1, 1));
    update(after.adjusted(-1, -1, 1, 1));
    if (isNew)
        Q_EMIT hoverChanged();
}

void ChartView::clearHover()
{
    if (pointer_)
        link_->setPointer(std::nullopt);
    pointer_.reset();
    if (!hovered_)
        return;
    update(hoverRect().adjusted(-1, -1, 1, 1));
    hovered_.reset();
    Q_EMIT hoverChanged();
}

void ChartView::describe()
{
    moveOn();
    QStringList values;
    QStringList names;
    for (const FrameSeries& series : frameSeries()) {
        const QString name = QString::fromStdString(series.info->name);
        names.append(name);
        if (const auto last = series.series->last())
            values.append(tr("%1: %2").arg(name, exactValueText(*series.info, last->value)));
        else
            values.append(tr("%1: no value yet").arg(name));
    }
    setAccessibleName(title_.isEmpty() ? tr("Chart") : tr("Chart “%1”").arg(title_));
    if (names.isEmpty()) {
        setAccessibleDescription(tr("No series."));
        return;
    }
    const TimeRange range = view().time;
    setAccessibleDescription(tr("%1. From %2 to %3, %4.")
                                 .arg(values.join(QStringLiteral("; ")), momentText(range.from, zone_, locale()),
                                      momentText({range.to.us - 1}, zone_, locale()),
                                      isFollowing() ? tr("following") : tr("paused")));
}

} // namespace iotman
