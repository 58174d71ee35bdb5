// What mouse, wheel and keys do to a chart.
#include "ui/chart/chartview.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>

namespace iotman {

namespace {

constexpr double wheelStep = 0.8; ///< of the span, for each notch
constexpr double keyStep = 0.1;   ///< of the width, for each press
constexpr double keyZoom = 0.7;
constexpr int leastBox = 4; ///< pixels; less is a click

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
        changeView(Scale::Slowly, [&] { viewport_.pan(-notches * keyStep, clock_.elapsed()); });
        return;
    }
    changeView(Scale::Again, [&] {
        if (at.x() < plot.left())
            viewport_.zoomValues(frame.values.range(), std::pow(wheelStep, notches),
                                 std::clamp(1 - (at.y() - plot.top()) / plot.height(), 0.0, 1.0), clock_.elapsed());
        else
            viewport_.zoom(std::pow(wheelStep, notches), std::clamp((at.x() - plot.left()) / plot.width(), 0.0, 1.0),
                           clock_.elapsed());
    });
}

void ChartView::mousePressEvent(QMouseEvent* event)
{
    if (!painter_.frame().layout.plot.contains(event->position().toPoint()))
        return;
    const bool box = event->button() == Qt::RightButton ||
                     (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
    if (!box && event->button() != Qt::LeftButton)
        return;
    drag_ = box ? Drag::Box : Drag::Pan;
    pressed_ = event->position().toPoint();
    pressedView_ = viewport_.view();
    setCursor(box ? Qt::CrossCursor : Qt::ClosedHandCursor);
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
        return;
    case Drag::Pan:
        if (at != pressed_)
            changeView(Scale::Slowly, [&] {
                viewport_.dragFrom(pressedView_, double(pressed_.x() - at.x()) / plot.width(),
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
    drag_ = Drag::None;
    setBox({});
    unsetCursor();
}

void ChartView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && painter_.frame().layout.plot.contains(event->position().toPoint()))
        fit();
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
    view.values = ValueRange{frame.values.value(last.y()), frame.values.value(first.y())};
    setView(view);
}

void ChartView::keyPressEvent(QKeyEvent* event)
{
    const std::int64_t now = clock_.elapsed();
    const bool alt = event->modifiers().testFlag(Qt::AltModifier);
    switch (event->key()) {
    case Qt::Key_Left:
        alt ? back() : changeView(Scale::Slowly, [&] { viewport_.pan(-keyStep, now); });
        return;
    case Qt::Key_Right:
        alt ? forward() : changeView(Scale::Slowly, [&] { viewport_.pan(keyStep, now); });
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        changeView(Scale::Again, [&] { viewport_.zoom(keyZoom, 0.5, now); });
        return;
    case Qt::Key_Minus:
        changeView(Scale::Again, [&] { viewport_.zoom(1 / keyZoom, 0.5, now); });
        return;
    case Qt::Key_Up:
        changeView(Scale::Again, [&] { viewport_.zoomValues(painter_.frame().values.range(), keyZoom, 0.5, now); });
        return;
    case Qt::Key_Down:
        changeView(Scale::Again, [&] { viewport_.zoomValues(painter_.frame().values.range(), 1 / keyZoom, 0.5, now); });
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
        if (drag_ == Drag::Box) {
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
