#include "ui/monitor/medians.h"

#include "core/series/statistics.h"

#include <algorithm>
#include <utility>

namespace iotman {

namespace {

/// After work of this many milliseconds, before the same is done again.
int restAfter(qint64 spent)
{
    constexpr qint64 factor = 5, most = 5000;
    return static_cast<int>(std::min(spent * factor, most));
}

constexpr std::size_t stretchCount = 8192;
constexpr std::size_t mostTaken = 100'000; ///< values

/// The stretch of [low, high] that `value` lies in: the first one for low, the last one for high, never falling as `value` rises.
/// low < high.
std::size_t stretchOf(double value, double low, double high)
{
    // The difference of two doubles may be beyond all of them.
    const long double part = (static_cast<long double>(value) - low) / (static_cast<long double>(high) - low);
    return std::min(static_cast<std::size_t>(part * stretchCount), stretchCount - 1);
}

double mean(double a, double b)
{
    return a / 2 + b / 2;
}

/// Of the values that stand at `first` and `second`, of which the one may be the other, when all are in order.
double middle(std::vector<double>& values, std::size_t first, std::size_t second)
{
    const auto at = [&](std::size_t place) {
        const auto where = values.begin() + static_cast<std::ptrdiff_t>(place);
        std::nth_element(values.begin(), where, values.end());
        return *where;
    };
    const double one = at(first);
    return first == second ? one : mean(one, at(second));
}

} // namespace

Medians::Medians(std::shared_ptr<const SeriesSet> set, QObject* parent)
    : QObject(parent)
    , set_(std::move(set))
{
    reading_.callOnTimeout(this, &Medians::readPart);
    resting_.setSingleShot(true);
    resting_.callOnTimeout(this, &Medians::next);
}

void Medians::want(std::vector<SeriesId> series, TimeRange range)
{
    wanted_ = std::move(series);
    const bool isOther = std::exchange(range_, range) != range;
    if (isOther)
        known_.clear();
    if (job_ && (isOther || std::find(wanted_.begin(), wanted_.end(), job_->series) == wanted_.end())) {
        job_.reset();
        reading_.stop();
    }
    if (isOther)
        resting_.stop();
    for (const SeriesId id : wanted_) {
        const Content content = contentOf(id);
        if (content.count == 0) {
            known_.erase(id);
        } else if (const auto found = known_.find(id);
                   content.count <= atOnce && (found == known_.end() || found->second.content != content)) {
            std::vector<double> values = set_->series(id).values(range_);
            known_[id] = {medianOf(values), content};
        }
    }
    if (!resting_.isActive())
        next();
}

std::optional<double> Medians::median(SeriesId series) const
{
    const auto found = known_.find(series);
    return found == known_.end() ? std::nullopt : std::optional(found->second.median);
}

int Medians::percent(SeriesId series) const
{
    if (!job_ || job_->series != series || job_->content.count == 0)
        return 0;
    return static_cast<int>(std::min<std::size_t>(job_->read * 100 / job_->content.count, 100));
}

/// Without values, where there is no median.
Medians::Content Medians::contentOf(SeriesId series) const
{
    if (!set_->contains(series) || !set_->series(series).isWhole(range_))
        return {};
    return {set_->series(series).statistics(range_).count, set_->series(series).past()};
}

/// Begins with a series whose median is not known, else with one whose values have changed.
void Medians::next()
{
    if (job_)
        return;
    std::optional<SeriesId> changedOne;
    for (const SeriesId id : wanted_) {
        const Content content = contentOf(id);
        const auto found = known_.find(id);
        if (content.count == 0 || (found != known_.end() && found->second.content == content))
            continue;
        changedOne = id;
        if (found == known_.end())
            break;
    }
    if (changedOne)
        begin(*changedOne, contentOf(*changedOne));
}

void Medians::begin(SeriesId series, const Content& content)
{
    job_ = Job{};
    job_->series = series;
    job_->content = content;
    job_->range = {range_.from, std::min(range_.to, Timestamp{set_->series(series).lastTime().us + 1})};
    const Statistics statistics = set_->series(series).statistics(job_->range);
    job_->low = statistics.min;
    job_->high = statistics.max;
    job_->spent.start();
    if (job_->low == job_->high)
        return found(job_->low);
    beginReading();
}

void Medians::beginReading()
{
    job_->parts = partsOf(*set_, {job_->series}, job_->range, inTurn);
    job_->read = 0;
    job_->stretches.assign(job_->isTaking ? 0 : stretchCount, {});
    reading_.start(0);
}

void Medians::readPart()
{
    if (!job_ || !set_->contains(job_->series)) {
        reading_.stop();
        job_.reset();
        return next();
    }
    if (!job_->parts.empty()) {
        const std::vector<double> values = set_->series(job_->series).values(job_->parts.back());
        job_->parts.pop_back();
        job_->read += values.size();
        for (const double value : values) {
            if (value < job_->low || value > job_->high)
                continue;
            if (job_->isTaking) {
                job_->taken.push_back(value);
                continue;
            }
            Stretch& stretch = job_->stretches[stretchOf(value, job_->low, job_->high)];
            stretch.least = stretch.count == 0 ? value : std::min(stretch.least, value);
            stretch.greatest = stretch.count == 0 ? value : std::max(stretch.greatest, value);
            ++stretch.count;
        }
        if (!known_.contains(job_->series))
            Q_EMIT changed();
    }
    if (job_->parts.empty())
        endReading();
}

void Medians::endReading()
{
    reading_.stop();
    // What came or went among what was read: the parts and the readings do not belong together.
    if (job_->read != job_->content.count || contentOf(job_->series).past != job_->content.past)
        return giveUp();
    // Of an even number two are in the middle.
    const std::size_t second = job_->content.count / 2 - job_->below;
    const std::size_t first = (job_->content.count - 1) / 2 - job_->below;
    if (job_->isTaking)
        return found(middle(job_->taken, first, second));
    std::size_t at = 0, before = 0;
    while (before + job_->stretches[at].count <= first)
        before += job_->stretches[at++].count;
    const Stretch& stretch = job_->stretches[at];
    if (before + stretch.count <= second) {
        // The one is the last of its stretch, the other the first of the next that has any.
        const auto next = std::find_if(job_->stretches.begin() + static_cast<std::ptrdiff_t>(at) + 1, job_->stretches.end(),
                                       [](const Stretch& each) { return each.count > 0; });
        return found(mean(stretch.greatest, next->least));
    }
    if (stretch.least == stretch.greatest)
        return found(stretch.least);
    job_->below += before;
    job_->isTaking = stretch.count <= mostTaken;
    job_->low = stretch.least;
    job_->high = stretch.greatest;
    beginReading();
}

void Medians::giveUp()
{
    resting_.start(restAfter(job_->spent.elapsed()));
    job_.reset();
}

void Medians::found(double median)
{
    const bool isFirst = !known_.contains(job_->series);
    known_[job_->series] = {median, job_->content};
    const auto spent = job_->spent.elapsed();
    job_.reset();
    Q_EMIT changed();
    const bool isMissing = std::any_of(wanted_.begin(), wanted_.end(),
                                       [this](SeriesId id) { return !known_.contains(id) && contentOf(id).count > 0; });
    resting_.start(isFirst && isMissing ? 0 : restAfter(spent));
}

} // namespace iotman
