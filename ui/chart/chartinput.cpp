// What mouse, wheel and keys do to a chart.
#include "ui/chart/chartview.h"

#include <QApplication>
#include <QGestureEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPinchGesture>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr double wheelStep = 0.8; ///< of the span, for each notch
constexpr double keyStep = 0.1;   ///< of the width, for each press
constexpr double keyZoom = 0.7;
constexpr int leastBox = 4; ///< pixels; less is a click
constexpr double cursorReach = 5;

} // namespace

void ChartView::wheelEvent(QWheelEvent* event)
{
    const ChartFrame& frame = painter_.frame();
    const QRect plot = frame.layout.plot;
    const QPoint delta = event->angleDelta();
    event->accept();
    if (plot.isEmpty() || delta.isNull())
        return;
    const double notches = (delta.y() != 0 ? delta.y() : delta.x()) / 120.0;
    const bool sideways = delta.y() == 0 || event->modifiers().testFlag(Qt::ShiftModifier);
    const QPointF at = event->position();
    if (sideways) {
        changeView(Rescale::Slowly, [&](Viewport& viewport) { viewport.pan(-notches * keyStep, clock_.elapsed()); });
        return;
    }
    changeView(Rescale::AtOnce, [&](Viewport& viewport) {
        const FrameAxis* axis = plot.contains(at.toPoint()) ? nullptr : axisAt(at);
        if (axis)
            viewport.zoomValues(idOf(*axis), axis->values.range(), std::pow(wheelStep, notches),
                                std::clamp(1 - (at.y() - plot.top()) / plot.height(), 0.0, 1.0), clock_.elapsed());
        else
            viewport.zoom(std::pow(wheelStep, notches), std::clamp((at.x() - plot.left()) / plot.width(), 0.0, 1.0),
                          clock_.elapsed());
    });
}

bool ChartView::event(QEvent* event)
{
    if (event->type() == QEvent::NativeGesture) { // of a touch pad
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() != Qt::ZoomNativeGesture)
            return QWidget::event(event);
        pinch(1 + gesture->value(), gesture->position());
        event->accept();
        return true;
    }
    if (event->type() == QEvent::Gesture) { // of a touch screen
        const auto* gestures = static_cast<QGestureEvent*>(event);
        if (const auto* two = static_cast<QPinchGesture*>(gestures->gesture(Qt::PinchGesture))) {
            pinch(two->scaleFactor(), mapFromGlobal(two->hotSpot()));
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

/// `factor`: how much farther apart the fingers are than just before; `at`: between them.
void ChartView::pinch(double factor, QPointF at)
{
    const QRect plot = painter_.frame().layout.plot;
    if (!(factor > 0) || plot.isEmpty())
        return;
    changeView(Rescale::AtOnce, [&](Viewport& viewport) {
        viewport.zoom(1 / factor, std::clamp((at.x() - plot.left()) / plot.width(), 0.0, 1.0), clock_.elapsed());
    });
}

void ChartView::mousePressEvent(QMouseEvent* event)
{
    if (!painter_.frame().layout.plot.contains(event->position().toPoint()))
        return;
    const bool box =
        event->button() == Qt::RightButton ||
        (event->button() == Qt::LeftButton && (event->modifiers().testFlag(Qt::ShiftModifier) || link_->isBoxDrag()));
    if (!box && event->button() != Qt::LeftButton)
        return;
    pressed_ = event->position().toPoint();
    const Drag cursor = box ? Drag::None : cursorAt(pressed_);
    drag_ = cursor != Drag::None ? cursor : box ? Drag::Box : Drag::Pan;
    pressedView_ = view();
    setCursor(cursor != Drag::None ? Qt::SplitHCursor : box ? Qt::CrossCursor : Qt::ClosedHandCursor);
    clearHover();
}

void ChartView::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    const QRect plot = painter_.frame().layout.plot;
    switch (drag_) {
    case Drag::None:
        pointer_ = at;
        updateHover(at);
        if (cursorAt(at) != Drag::None)
            setCursor(Qt::SplitHCursor);
        else
            unsetCursor();
        return;
    case Drag::CursorA:
    case Drag::CursorB:
        return dragCursor(at.x());
    case Drag::Pan:
        if (at != pressed_)
            changeView(Rescale::Slowly, [&](Viewport& viewport) {
                viewport.dragFrom(pressedView_, pane_, double(pressed_.x() - at.x()) / plot.width(),
                                  double(at.y() - pressed_.y()) / plot.height(), clock_.elapsed());
            });
        return;
    case Drag::Box:
        setBox(QRect(pressed_, at).normalized() & plot);
        return;
    }
}

void ChartView::mouseReleaseEvent(QMouseEvent* event)
{
    const bool isClick = (event->position().toPoint() - pressed_).manhattanLength() < QApplication::startDragDistance();
    if (drag_ == Drag::Box && isClick && event->button() == Qt::RightButton)
        Q_EMIT customContextMenuRequested(event->position().toPoint());
    else if (drag_ == Drag::Box)
        zoomToBox();
    if (drag_ == Drag::Box)
        link_->setBoxDrag(false);
    drag_ = Drag::None;
    setBox({});
    unsetCursor();
}

void ChartView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (painter_.frame().layout.plot.contains(event->position().toPoint()))
        fit();
    else if (const FrameAxis* axis = axisAt(event->position()))
        changeView(Rescale::AtOnce, [id = idOf(*axis)](Viewport& viewport) { viewport.setValues(id, std::nullopt); });
}

void ChartView::leaveEvent(QEvent*)
{
    clearHover();
}

void ChartView::setBox(QRect box)
{
    if (box == box_)
        return;
    update(box_.united(box).adjusted(-1, -1, 1, 1));
    box_ = box;
}

void ChartView::zoomToBox()
{
    if (box_.width() < leastBox || box_.height() < leastBox)
        return;
    const ChartFrame& frame = painter_.frame();
    const QPointF first = inPlot(box_.topLeft()), last = inPlot(QPointF(box_.right() + 1, box_.bottom() + 1));
    View view;
    view.time = {frame.time.time(first.x()), frame.time.time(last.x())};
    view.values = this->view().values;
    for (const FrameAxis& axis : frame.axes)
        view.values[idOf(axis)] = {axis.values.value(last.y()), axis.values.value(first.y())};
    setView(view);
}

// --- Axes and cursors

AxisId ChartView::idOf(const FrameAxis& axis) const
{
    return {pane_, axis.unit};
}

const FrameAxis* ChartView::axisAt(QPointF pointer) const
{
    const ChartFrame& frame = painter_.frame();
    const QRect plot = frame.layout.plot;
    if (frame.axes.empty() || pointer.y() < plot.top() || pointer.y() > plot.bottom())
        return nullptr;
    for (std::size_t i = 1; i < frame.axes.size(); ++i)
        if (pointer.x() >= frame.axes[i].x && pointer.x() < frame.axes[i].x + frame.axes[i].width)
            return &frame.axes[i];
    return pointer.x() <= plot.right() ? &frame.axes.front() : nullptr;
}

ChartView::Drag ChartView::cursorAt(QPoint pointer) const
{
    const ChartFrame& frame = painter_.frame();
    if (!link_->cursors() || !frame.layout.plot.contains(pointer))
        return Drag::None;
    const auto distance = [&](Timestamp time) {
        return std::abs(frame.layout.plot.left() + frame.time.x(time) / frame.pixelRatio - pointer.x());
    };
    const double a = distance(link_->cursors()->a), b = distance(link_->cursors()->b);
    if (std::min(a, b) > cursorReach)
        return Drag::None;
    return a <= b ? Drag::CursorA : Drag::CursorB;
}

void ChartView::dragCursor(int x)
{
    const QRect plot = painter_.frame().layout.plot;
    Cursors cursors = *link_->cursors();
    const Timestamp time = painter_.frame().time.time(inPlot(QPointF(std::clamp(x, plot.left(), plot.right()), 0)).x());
    (drag_ == Drag::CursorA ? cursors.a : cursors.b) = time;
    link_->setCursors(cursors);
}

/// By a pixel, so that it can stand wherever a pointer can.
void ChartView::stepCursor(bool isB, int direction)
{
    if (!link_->cursors())
        link_->showCursors(true);
    Cursors cursors = *link_->cursors();
    Timestamp& time = isB ? cursors.b : cursors.a;
    const double step = std::max(painter_.frame().time.usPerPx() * painter_.frame().pixelRatio, 1.0);
    time.us += direction * static_cast<std::int64_t>(step);
    link_->setCursors(cursors);
}

void ChartView::keyPressEvent(QKeyEvent* event)
{
    const std::int64_t now = clock_.elapsed();
    const bool alt = event->modifiers().testFlag(Qt::AltModifier);
    if (event->modifiers().testFlag(Qt::ControlModifier) && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right))
        return stepCursor(event->modifiers().testFlag(Qt::ShiftModifier), event->key() == Qt::Key_Left ? -1 : 1);
    switch (event->key()) {
    case Qt::Key_Left:
        alt ? back() : changeView(Rescale::Slowly, [&](Viewport& viewport) { viewport.pan(-keyStep, now); });
        return;
    case Qt::Key_Right:
        alt ? forward() : changeView(Rescale::Slowly, [&](Viewport& viewport) { viewport.pan(keyStep, now); });
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        changeView(Rescale::AtOnce, [&](Viewport& viewport) { viewport.zoom(keyZoom, 0.5, now); });
        return;
    case Qt::Key_Minus:
        changeView(Rescale::AtOnce, [&](Viewport& viewport) { viewport.zoom(1 / keyZoom, 0.5, now); });
        return;
    case Qt::Key_Up:
        zoomAxes(keyZoom);
        return;
    case Qt::Key_Down:
        zoomAxes(1 / keyZoom);
        return;
    case Qt::Key_Home:
        fit();
        return;
    case Qt::Key_End:
        setFollow(true);
        return;
    case Qt::Key_Backspace:
        back();
        return;
    case Qt::Key_Menu:
        Q_EMIT customContextMenuRequested(painter_.frame().layout.plot.center());
        return;
    case Qt::Key_Escape:
        if (drag_ != Drag::None) {
            drag_ = Drag::None;
            setBox({});
            unsetCursor();
            return;
        }
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void ChartView::zoomAxes(double factor)
{
    changeView(Rescale::AtOnce, [&](Viewport& viewport) {
        for (const FrameAxis& axis : painter_.frame().axes)
            viewport.zoomValues(idOf(axis), axis.values.range(), factor, 0.5, clock_.elapsed());
    });
}

void ChartView::focusInEvent(QFocusEvent* event)
{
    update();
    QWidget::focusInEvent(event);
}

void ChartView::focusOutEvent(QFocusEvent* event)
{
    update();
    QWidget::focusOutEvent(event);
}

} // namespace iotman
