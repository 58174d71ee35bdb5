#include "core/series/seriesset.h"

#include <utility>

namespace iotman {

template <class Change>
void SeriesSet::change(SeriesId id, Change apply)
{
    Series& series = member(id).series;
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
    members_.push_back(std::make_unique<Member>(Member{std::move(info), Series(*spent_)}));
    return static_cast<SeriesId>(members_.size()) - 1;
}

void SeriesSet::remove(SeriesId id)
{
    if (!contains(id))
        return;
    bytes_ -= member(id).series.bytes();
    members_[static_cast<std::size_t>(id)].reset();
    ++revision_;
}

std::vector<SeriesId> SeriesSet::ids() const
{
    std::vector<SeriesId> ids;
    for (std::size_t i = 0; i < members_.size(); ++i)
        if (members_[i])
            ids.push_back(static_cast<SeriesId>(i));
    return ids;
}

void SeriesSet::setInfo(SeriesId id, SeriesInfo info)
{
    member(id).info = std::move(info);
    ++revision_;
}

void SeriesSet::append(SeriesId id, Timestamp time, double value, std::string_view written)
{
    change(id, [&](Series& series) { series.append(time, value, written); });
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
        for (const auto& each : members_)
            if (each && each->series.chunks() > 1 && (!oldest || each->series.firstTime() < oldest->firstTime()))
                oldest = &each->series;
        if (oldest) {
            bytes_ -= oldest->bytes();
            dropped_ += oldest->dropOldest();
            bytes_ += oldest->bytes();
        } else if (!coarsenOne()) {
            return;
        }
        while (remnantBytes() > budget_ / remnantShare && coarsenOne()) {
        }
    }
}

std::size_t SeriesSet::remnantBytes() const
{
    std::size_t bytes = 0;
    for (const auto& each : members_)
        bytes += each ? each->series.remnants().bytes() : 0;
    return bytes;
}

/// Halves what is left of the series that has the most of it; false where no series has two runs.
bool SeriesSet::coarsenOne()
{
    Series* finest = nullptr;
    for (const auto& each : members_)
        if (each && each->series.remnants().runs().size() > 1 &&
            (!finest || each->series.remnants().bytes() > finest->remnants().bytes()))
            finest = &each->series;
    if (!finest)
        return false;
    bytes_ -= finest->bytes();
    finest->coarsen();
    bytes_ += finest->bytes();
    return true;
}

std::vector<TimeRange> partsOf(const SeriesSet& set, const std::vector<SeriesId>& series, TimeRange range, std::size_t most)
{
    std::vector<TimeRange> parts, open{range};
    while (!open.empty()) {
        const TimeRange part = open.back();
        open.pop_back();
        std::size_t samples = 0;
        for (const SeriesId id : series)
            samples += set.series(id).count(part);
        if (samples == 0)
            continue;
        if (samples <= most || part.span() < 2) {
            parts.push_back(part);
            continue;
        }
        const Timestamp middle{part.from.us + part.span() / 2};
        open.push_back({part.from, middle});
        open.push_back({middle, part.to});
    }
    return parts;
}

} // namespace iotman
