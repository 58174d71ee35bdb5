#include "ui/chart/canvas.h"

#include <QPainter>
#include <QPen>

#include <algorithm>

namespace iotman {

void Canvas::dashes(int y, int thick, int on, int off, QRgb color)
{
    for (int x = 0; x < width_; x += on + off)
        fill(x, y, std::min(on, width_ - x), thick, color);
}

// --- Pixels

void PixelCanvas::fill(int x, int y, int width, int height, QRgb color)
{
    const int left = std::clamp(x, 0, buffer_.width), right = std::clamp(x + width, left, buffer_.width);
    for (int row = std::max(y, 0); row < std::min(y + height, buffer_.height); ++row)
        std::fill(buffer_.row(row) + left, buffer_.row(row) + right, color);
}

void PixelCanvas::hatch(int x, int width, int spacing, int thick, std::int64_t phase, QRgb color)
{
    const int left = std::clamp(x, 0, buffer_.width), right = std::clamp(x + width, left, buffer_.width);
    for (int y = 0; y < buffer_.height; ++y) {
        const std::int64_t place = ((left + phase + y) % spacing + spacing) % spacing;
        for (int column = left; column < right; ++column)
            if ((place + column - left) % spacing < thick)
                buffer_.row(y)[column] = color;
    }
}

void PixelCanvas::line(const Trace&, const ValueScale&, const Stroke& stroke, QRgb color, Dash dash)
{
    stroke.paint(buffer_, color, dash);
}

// --- Shapes

/// While it lives, the painter is at the plot and cut at its edges.
class PainterCanvas::InPlot {
public:
    explicit InPlot(PainterCanvas& canvas)
        : painter_(canvas.painter_)
    {
        painter_.save();
        painter_.translate(canvas.plot_.topLeft());
        painter_.setClipRect(QRect({0, 0}, canvas.plot_.size()));
    }
    ~InPlot() { painter_.restore(); }
    InPlot(const InPlot&) = delete;
    InPlot& operator=(const InPlot&) = delete;

private:
    QPainter& painter_;
};

PainterCanvas::PainterCanvas(QPainter& painter, QRect plot)
    : Canvas(plot.width(), plot.height())
    , painter_(painter)
    , plot_(plot)
{
}

void PainterCanvas::fill(int x, int y, int width, int height, QRgb color)
{
    const InPlot inPlot(*this);
    painter_.fillRect(QRect(x, y, width, height), QColor::fromRgb(color));
}

void PainterCanvas::hatch(int x, int width, int spacing, int thick, std::int64_t, QRgb color)
{
    const InPlot inPlot(*this);
    painter_.setClipRect(QRect(x, 0, width, height()), Qt::IntersectClip);
    painter_.setPen(QPen(QColor::fromRgb(color), thick));
    for (int from = x - height(); from < x + width; from += spacing)
        painter_.drawLine(from, height(), from + height(), 0);
}

void PainterCanvas::line(const Trace& trace, const ValueScale& values, const Stroke& stroke, QRgb color, Dash dash)
{
    const InPlot inPlot(*this);
    QPen pen(QColor::fromRgb(color), stroke.lineWidth(), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    if (dash.off > 0) {
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern({dash.on / stroke.lineWidth(), dash.off / stroke.lineWidth()});
    }
    painter_.setPen(pen);
    painter_.setBrush(Qt::NoBrush);
    painter_.setRenderHint(QPainter::Antialiasing);
    for (const std::vector<PlotPlace>& piece : trace.polylines(values)) {
        QPolygonF polyline;
        for (const PlotPlace& place : piece)
            polyline.append(QPointF(place.x, place.y));
        if (polyline.size() == 1)
            painter_.drawPoint(polyline.front());
        else
            painter_.drawPolyline(polyline);
    }
}

} // namespace iotman
