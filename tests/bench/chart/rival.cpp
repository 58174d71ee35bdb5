// QCustomPlot's header is written with Qt's keywords and conversions.
#undef QT_NO_KEYWORDS
#undef QT_NO_CAST_FROM_ASCII
#undef QT_NO_FOREACH
#include "tests/bench/chart/bench.h"

#include <QCoreApplication>
#include <qcustomplot.h>

namespace bench {

namespace {

class RivalChart : public Chart {
public:
    RivalChart(double penWidth, bool antialiased)
    {
        for (int i = 0; i < seriesCount; ++i) {
            QCPGraph* graph = plot_.addGraph();
            graph->setPen(QPen(QColor::fromHsv(i * 40, 200, 200), penWidth));
            graph->setAntialiased(antialiased);
        }
        plot_.yAxis->setRange(0, 1.1);
        plot_.resize(width, height);
        plot_.show();
        QCoreApplication::processEvents();
    }
    void append(const Data& data, std::int64_t from, std::int64_t to) override
    {
        for (int s = 0; s < seriesCount; ++s) {
            QVector<double> keys, values;
            for (std::int64_t i = from; i < to; ++i) {
                keys.append(static_cast<double>(i) * data.interval);
                values.append(data.value(s, i));
            }
            plot_.graph(s)->addData(keys, values, true);
        }
    }
    void frame(double from, double to) override
    {
        plot_.xAxis->setRange(from, to);
        plot_.replot(QCustomPlot::rpImmediateRefresh);
    }
    double bytesPerSample() const override { return sizeof(QCPGraphData); }

private:
    QCustomPlot plot_;
};

} // namespace

std::unique_ptr<Chart> rivalChart(double penWidth, bool antialiased)
{
    return std::make_unique<RivalChart>(penWidth, antialiased);
}

} // namespace bench
