#include "ui/monitor/medians.h"

#include "core/series/statistics.h"
#include "ui/look/aside.h"

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

} // namespace

Medians::Medians(std::shared_ptr<const SeriesSet> set, QObject* parent)
    : QObject(parent)
    , set_(std::move(set))
{
    taking_.callOnTimeout(this, &Medians::takePart);
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
        taking_.stop();
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
    return static_cast<int>(std::min<std::size_t>(job_->values.size() * 100 / job_->content.count, 100));
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
    if (!changedOne)
        return;
    job_ = Job{*changedOne, contentOf(*changedOne), partsOf(*set_, {*changedOne}, range_, inTurn), {}, {}};
    job_->values.reserve(job_->content.count);
    job_->spent.start();
    ++jobs_;
    taking_.start(0);
}

void Medians::takePart()
{
    if (!job_ || !set_->contains(job_->series)) {
        taking_.stop();
        job_.reset();
        return next();
    }
    if (!job_->parts.empty()) {
        const std::vector<double> values = set_->series(job_->series).values(job_->parts.back());
        job_->values.insert(job_->values.end(), values.begin(), values.end());
        job_->parts.pop_back();
        if (!known_.contains(job_->series))
            Q_EMIT changed();
        if (!job_->parts.empty())
            return;
    }
    taking_.stop();
    // What came at the end meanwhile came into the last part. Where anything else did, the parts do not belong together.
    const Content content = contentOf(job_->series);
    if (content.past != job_->content.past || content.count != job_->values.size()) {
        resting_.start(restAfter(job_->spent.elapsed()));
        job_.reset();
        return;
    }
    job_->content = content;
    aside(
        this, [values = std::move(job_->values)]() mutable { return medianOf(values); },
        [this, job = jobs_](double median) {
            if (job_ && job == jobs_)
                arrived(median);
        });
}

void Medians::arrived(double median)
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
