#include "core/series/seriesset.h"

#include <utility>

namespace iotman {

template <class Change>
void SeriesSet::change(SeriesId id, Change apply)
{
    Series& series = series_.at(id).series;
    const std::size_t before = series.bytes();
    apply(series);
    bytes_ += series.bytes() - before;
    ++revision_;
    if (bytes_ > budget_)
        keepBudget();
}

SeriesId SeriesSet::add(SeriesInfo info)
{
    ++revision_;
    series_.emplace(next_, Member{std::move(info), {}});
    return next_++;
}

void SeriesSet::remove(SeriesId id)
{
    const auto at = series_.find(id);
    if (at == series_.end())
        return;
    bytes_ -= at->second.series.bytes();
    series_.erase(at);
    ++revision_;
}

std::vector<SeriesId> SeriesSet::ids() const
{
    std::vector<SeriesId> ids;
    ids.reserve(series_.size());
    for (const auto& [id, member] : series_)
        ids.push_back(id);
    return ids;
}

void SeriesSet::setInfo(SeriesId id, SeriesInfo info)
{
    series_.at(id).info = std::move(info);
    ++revision_;
}

void SeriesSet::append(SeriesId id, Timestamp time, double value)
{
    change(id, [&](Series& series) { series.append(time, value); });
}

void SeriesSet::breakAt(SeriesId id, Timestamp time)
{
    change(id, [&](Series& series) { series.breakAt(time); });
}

void SeriesSet::clearRange(SeriesId id, TimeRange range)
{
    change(id, [&](Series& series) { series.clearRange(range); });
}

void SeriesSet::clear(SeriesId id)
{
    change(id, [](Series& series) { series.clear(); });
}

void SeriesSet::setGapFactor(SeriesId id, double factor)
{
    change(id, [&](Series& series) { series.setGapFactor(factor); });
}

void SeriesSet::setBudget(std::size_t bytes)
{
    budget_ = bytes;
    ++revision_;
    keepBudget();
}

/// Drops the chunk that starts first, until the rest fits. The last chunk of a series stays, so that none loses its newest value.
void SeriesSet::keepBudget()
{
    while (bytes_ > budget_) {
        Series* oldest = nullptr;
        for (auto& [id, member] : series_)
            if (member.series.chunks() > 1 && (!oldest || member.series.firstTime() < oldest->firstTime()))
                oldest = &member.series;
        if (!oldest)
            return;
        bytes_ -= oldest->bytes();
        dropped_ += oldest->dropOldest();
        bytes_ += oldest->bytes();
    }
}

} // namespace iotman
