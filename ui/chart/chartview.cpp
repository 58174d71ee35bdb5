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
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setContextMenuPolicy(Qt::PreventContextMenu);
    clock_.start();
    repaint_.setSingleShot(true);
    repaint_.setTimerType(Qt::PreciseTimer);
    connect(&repaint_, &QTimer::timeout, this, &ChartView::newFrame);
    describing_.setSingleShot(true);
    connect(&describing_, &QTimer::timeout, this, &ChartView::describe);
    describe();
}

ChartView::~ChartView() = default;

void ChartView::setSeries(std::shared_ptr<const SeriesSet> set)
{
    set_ = std::move(set);
    painter_.reset();
    dataChanged();
    describe();
}

void ChartView::setShown(std::vector<SeriesId> ids)
{
    shown_ = std::move(ids);
    painter_.reset();
    dataChanged();
    describe();
}

void ChartView::setStyle(SeriesId id, SeriesStyle style)
{
    styles_[id] = style;
    painter_.rescale();
    dataChanged();
}

void ChartView::setTitle(const QString& title)
{
    title_ = title;
    changed(frameMs);
    describe();
}

void ChartView::setTimeZone(const QTimeZone& zone)
{
    zone_ = zone;
    changed(frameMs);
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
        const SeriesStyle style = own == styles_.end() ? SeriesStyle{place, true, false} : own->second;
        ++place;
        if (style.visible)
            series.push_back({id, &set_->info(id), &set_->series(id), style.colorIndex, style.derived});
    }
    return series;
}

std::vector<HoverCandidate> ChartView::hoverCandidates() const
{
    std::vector<HoverCandidate> candidates;
    for (const FrameSeries& series : frameSeries())
        candidates.push_back({series.id, series.series});
    return candidates;
}

std::optional<TimeRange> ChartView::dataRange() const
{
    std::optional<TimeRange> range;
    for (const FrameSeries& series : frameSeries()) {
        if (series.series->isEmpty())
            continue;
        const TimeRange own{series.series->firstTime(), {series.series->lastTime().us + 1}};
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
    input.view = viewport_.view();
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
    const View before = viewport_.view();
    viewport_.setData(dataRange());
    if (viewport_.view() != before)
        Q_EMIT viewChanged(viewport_.view());
}

void ChartView::newFrame()
{
    moveOn();
    frameIsOld_ = true;
    update();
}

void ChartView::paintFrame()
{
    painter_.paint(frameInput(devicePixelRatioF()));
    frameIsOld_ = false;
    ++frames_;
    lastFrameMs_ = clock_.elapsed();
    if (const auto next = painter_.nextChangeMs())
        changed(std::max<std::int64_t>(*next - lastFrameMs_, frameMs));
    if (pointer_ && drag_ == Drag::None)
        updateHover(*pointer_);
}

QImage ChartView::picture(qreal pixelRatio)
{
    viewport_.setData(dataRange());
    FramePainter painter;
    return painter.paint(frameInput(pixelRatio)).image;
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

void ChartView::changeView(Scale scale, const std::function<void()>& change)
{
    const View before = viewport_.view();
    const bool followed = isFollowing(), couldGoBack = canGoBack(), couldGoForward = canGoForward();
    viewport_.setData(dataRange());
    change();
    if (isFollowing() != followed)
        Q_EMIT followChanged(isFollowing());
    if (canGoBack() != couldGoBack || canGoForward() != couldGoForward)
        Q_EMIT historyChanged(canGoBack(), canGoForward());
    if (viewport_.view() == before)
        return;
    if (scale == Scale::Again)
        painter_.rescale();
    changed(frameMs);
    Q_EMIT viewChanged(viewport_.view());
    if (visible_ && !describing_.isActive())
        describing_.start(describeMs);
}

void ChartView::setView(const View& view)
{
    changeView(Scale::Again, [&] { viewport_.show(view); });
}

void ChartView::showLast(std::int64_t spanUs)
{
    changeView(Scale::Again, [&] { viewport_.showLast(spanUs); });
}

void ChartView::setFollow(bool on)
{
    changeView(Scale::Again, [&] { viewport_.setFollowing(on); });
}

void ChartView::fit()
{
    changeView(Scale::Again, [&] { viewport_.fit(); });
}

void ChartView::back()
{
    changeView(Scale::Again, [&] { viewport_.back(); });
}

void ChartView::forward()
{
    changeView(Scale::Again, [&] { viewport_.forward(); });
}

// --- The sample under the pointer

QPointF ChartView::inPlot(QPointF pointer) const
{
    const ChartFrame& frame = painter_.frame();
    return (pointer - QPointF(frame.layout.plot.topLeft())) * frame.pixelRatio;
}

void ChartView::updateHover(QPoint pointer)
{
    const ChartFrame& frame = painter_.frame();
    std::optional<Hovered> found;
    if (frame.layout.plot.contains(pointer)) {
        const QPointF at = inPlot(pointer);
        found = hovered(hoverCandidates(), frame.time, frame.values, at.x(), at.y(), 3 * frame.pixelRatio);
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
    const TimeRange range = viewport_.view().time;
    setAccessibleDescription(tr("%1. From %2 to %3, %4.")
                                 .arg(values.join(QStringLiteral("; ")), momentText(range.from, zone_, locale()),
                                      momentText({range.to.us - 1}, zone_, locale()),
                                      isFollowing() ? tr("following") : tr("paused")));
}

} // namespace iotman
