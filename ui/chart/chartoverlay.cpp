// What is painted over a frame: the sample under the pointer.
#include "ui/chart/chartmarks.h"
#include "ui/chart/chartview.h"
#include "ui/chart/valuetext.h"
#include "ui/chart/zonetext.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace iotman {

namespace {

constexpr int ring = 5; ///< radius around the sample
constexpr int padding = 8;
constexpr int boxDistance = 14; ///< from the sample to its box

} // namespace

struct ChartView::HoverBox {
    QPointF centre;
    QRect box;
    QString name, value, time;
    QColor color;
    int marker = 0;
};

ChartView::HoverBox ChartView::hoverBox() const
{
    HoverBox hover;
    const ChartFrame& frame = painter_.frame();
    const QRect plot = frame.layout.plot;
    const FrameAxis* axis = frame.axis(hovered_->id);
    const ValueScale values = axis ? axis->values : ValueScale();
    const QPointF pixel(frame.time.x(hovered_->time), std::clamp<qreal>(values.y(hovered_->value), 0, values.height()));
    hover.centre = QPointF(plot.topLeft()) + pixel / frame.pixelRatio;
    if (hovered_->held && pointer_) // anywhere in its stretch
        hover.centre = *pointer_;
    for (const FrameSeries& series : frameSeries()) {
        if (series.id != hovered_->id)
            continue;
        hover.name = QString::fromStdString(series.info->name);
        hover.value = exactValueText(*series.info, hovered_->value);
        hover.color = ChartColors::of(palette()).seriesColor(series.colorIndex);
        hover.marker = series.colorIndex;
    }
    if (hovered_->values > 1)
        hover.value += QLatin1Char(' ') + tr("(one of %n values at this time)", nullptr, static_cast<int>(hovered_->values));
    hover.time = momentText(hovered_->time, zone_, locale());
    if (hovered_->held) {
        const TimeRange span = hovered_->held->span;
        hover.time = hovered_->held->isOpen
                         ? tr("since %1, %2 so far").arg(hover.time, durationText(span.span()))
                         : tr("%1 to %2, %3").arg(hover.time, momentText(span.to, zone_, locale()), durationText(span.span()));
    }

    const QFontMetrics plain(font()), bold(chartBoldFont(font()));
    const int width = std::max({plain.horizontalAdvance(hover.name) + 16, bold.horizontalAdvance(hover.value),
                                plain.horizontalAdvance(hover.time)}) +
                      2 * padding;
    const int height = 3 * plain.height() + 2 * padding;
    QPoint corner(qRound(hover.centre.x()) + boxDistance, qRound(hover.centre.y()) - height - boxDistance);
    if (corner.x() + width > plot.right())
        corner.setX(qRound(hover.centre.x()) - boxDistance - width);
    if (corner.y() < plot.top())
        corner.setY(qRound(hover.centre.y()) + boxDistance);
    corner.setX(std::max(corner.x(), 2));
    hover.box = QRect(corner, QSize(width, height));
    return hover;
}

/// The line that shows where the pointer is, in this pane or another.
QRect ChartView::pointerRect() const
{
    const ChartFrame& frame = painter_.frame();
    const QRect plot = frame.layout.plot;
    if (!link_->pointer() || plot.isEmpty())
        return {};
    const double x = plot.left() + frame.time.x(*link_->pointer()) / frame.pixelRatio;
    if (x < plot.left() || x > plot.right())
        return {};
    return {static_cast<int>(x), plot.top(), 1, plot.height()};
}

void ChartView::movePointer()
{
    const QRect now = pointerRect();
    if (now == pointerRect_)
        return;
    update(pointerRect_);
    update(now);
}

QRect ChartView::hoverRect() const
{
    const HoverBox hover = hoverBox();
    const QRect circle(hover.centre.toPoint() - QPoint(ring + 2, ring + 2), QSize(2 * ring + 4, 2 * ring + 4));
    return hover.box.united(circle);
}

void ChartView::paintHover(QPainter& painter) const
{
    const HoverBox hover = hoverBox();
    const ChartColors& colors = ChartColors::of(palette());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hover.color, 2));
    painter.setBrush(colors.background);
    if (!hovered_->held)
        painter.drawEllipse(hover.centre, ring - 1, ring - 1);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::ToolTipBase));
    painter.drawRoundedRect(hover.box, 3, 3);

    const QFontMetrics plain(font());
    QRect line = hover.box.adjusted(padding, padding, -padding, -padding);
    line.setHeight(plain.height());
    const QColor ink = palette().color(QPalette::ToolTipText);
    drawMarker(painter, hover.marker, QPointF(line.left() + 5, line.center().y() + 0.5), 8, hover.color,
               palette().color(QPalette::ToolTipBase));
    painter.setPen(ink);
    painter.setFont(font());
    painter.drawText(line.adjusted(16, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, hover.name);
    line.translate(0, plain.height());
    painter.setFont(chartBoldFont(font()));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, hover.value);
    line.translate(0, plain.height());
    painter.setFont(font());
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, hover.time);
    painter.restore();
}

} // namespace iotman
