#include "tests/bench/chart/bench.h"
#include "ui/chart/chartview.h"

#include <QCoreApplication>

namespace bench {

namespace {

using namespace iotman;

Timestamp at(double seconds)
{
    return {static_cast<std::int64_t>(seconds * 1e6)};
}

class OwnChart : public Chart {
public:
    OwnChart()
    {
        for (int i = 0; i < seriesCount; ++i)
            ids_.push_back(set_->add({"series " + std::to_string(i), "", SeriesKind::Number}));
        view_.setSeries(set_);
        view_.resize(width, height);
        view_.show();
        QCoreApplication::processEvents();
    }
    void append(const Data& data, std::int64_t from, std::int64_t to) override
    {
        for (int s = 0; s < seriesCount; ++s)
            for (std::int64_t i = from; i < to; ++i)
                set_->append(ids_[static_cast<std::size_t>(s)], at(static_cast<double>(i) * data.interval), data.value(s, i));
    }
    void frame(double from, double to) override
    {
        view_.setView({{at(from), at(to)}, {}});
        view_.renderNow();
    }
    double bytesPerSample() const override
    {
        std::size_t samples = 0;
        for (const SeriesId id : ids_)
            samples += set_->series(id).size();
        return static_cast<double>(set_->bytes()) / static_cast<double>(samples);
    }

private:
    std::shared_ptr<SeriesSet> set_ = std::make_shared<SeriesSet>(std::size_t{8} << 30);
    std::vector<SeriesId> ids_;
    ChartView view_;
};

} // namespace

std::unique_ptr<Chart> ownChart()
{
    return std::make_unique<OwnChart>();
}

} // namespace bench
