#include "ui/monitor/endpointseries.h"

#include "ui/monitor/measureunit.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace iotman {

EndpointSeries::EndpointSeries(SeriesSet& set, ReadingRule rule)
    : set_(set)
    , rule_(std::move(rule))
{
}

EndpointSeries::~EndpointSeries()
{
    for (const EndpointLine& line : lines_)
        if (line.series)
            set_.remove(*line.series);
}

void EndpointSeries::add(std::string_view item, std::optional<Timestamp> told, std::optional<Timestamp> arrival)
{
    ++items_;
    if (!fields_.read(item)) {
        ++faults_.unreadable;
        return;
    }
    if (rule_.time == TimeSource::Field)
        fieldCalled(rule_.timeField, timeField_);
    const std::optional<Timestamp> time = timeOf(told, arrival);
    if (!time || !isUsable(*time)) {
        ++faults_.timeless;
        return;
    }
    const std::size_t group = groupOfItem();
    for (std::size_t field = 0; field < fields_.size(); ++field)
        if (const FieldValue* value = fields_.value(field); value && field != splitField_)
            addValue(field, group, *time, *value);
}

std::optional<Timestamp> EndpointSeries::timeOf(std::optional<Timestamp> told, std::optional<Timestamp> arrival) const
{
    switch (rule_.time) {
    case TimeSource::Datapoint:
        return told;
    case TimeSource::Field:
        if (const FieldValue* value = timeField_ ? fields_.value(*timeField_) : nullptr)
            return timeFrom(*value, rule_.timeUnit);
        return std::nullopt;
    case TimeSource::Arrival:
        return arrival;
    }
    return std::nullopt;
}

std::optional<std::size_t> EndpointSeries::fieldCalled(const std::string& path, std::optional<std::size_t>& known)
{
    for (std::size_t field = 0; !known && field < fields_.size(); ++field)
        if (fields_.path(field) == path)
            known = field;
    return known;
}

std::size_t EndpointSeries::groupOfItem()
{
    std::string_view text;
    if (!rule_.splitField.empty() && fieldCalled(rule_.splitField, splitField_))
        if (const FieldValue* value = fields_.value(*splitField_))
            text = value->text;
    if (const auto known = groupOf_.find(text); known != groupOf_.end())
        return known->second;
    if (groups_.size() == mostGroups)
        return mostGroups - 1;
    groupOf_.emplace(text, groups_.size());
    groups_.emplace_back(text);
    lineAt_.emplace_back();
    return groups_.size() - 1;
}

EndpointLine& EndpointSeries::line(std::size_t field, std::size_t group)
{
    std::vector<std::size_t>& places = lineAt_[group];
    if (places.size() <= field)
        places.resize(fields_.size(), 0);
    if (places[field] == 0) {
        lines_.push_back({field, group, std::nullopt, std::nullopt, {}});
        places[field] = lines_.size();
    }
    return lines_[places[field] - 1];
}

void EndpointSeries::addValue(std::size_t field, std::size_t group, Timestamp time, const FieldValue& value)
{
    if (fields_.type(field) == FieldType::Empty)
        return;
    EndpointLine& line = this->line(field, group);
    if (!line.lastTime || time >= *line.lastTime) {
        line.lastTime = time;
        line.lastText = value.type == FieldType::Empty ? "null" : value.text;
    }
    if (fields_.type(field) != FieldType::Text)
        plot(line, time, value);
}

void EndpointSeries::plot(EndpointLine& line, Timestamp time, const FieldValue& value)
{
    const SeriesKind kind = fields_.type(line.field) == FieldType::Boolean ? SeriesKind::Boolean : SeriesKind::Number;
    if (!line.series) {
        const std::string& path = fields_.path(line.field);
        line.series = set_.add({path, std::string(measureUnitOf(lastName(path))), kind});
    } else if (set_.info(*line.series).kind != kind) { // a boolean that has become a number
        SeriesInfo info = set_.info(*line.series);
        info.kind = kind;
        set_.setInfo(*line.series, std::move(info));
    }
    if (value.isUnusable() || value.type == FieldType::Text)
        countUnusable(line.field, value);
    set_.append(*line.series, time, value.number);
}

void EndpointSeries::countUnusable(std::size_t field, const FieldValue& value)
{
    if (faults_.unusable++ == 0)
        faults_.firstUnusable = fields_.path(field) + ": " + std::string(value.text.substr(0, 80));
}

void EndpointSeries::breakAt(Timestamp time)
{
    for (const EndpointLine& line : lines_)
        if (line.series)
            set_.breakAt(*line.series, time);
}

void EndpointSeries::clearBefore(Timestamp time)
{
    for (const EndpointLine& line : lines_)
        if (line.series)
            set_.clearRange(*line.series, {{-farthestTime}, time});
}

std::optional<TimeRange> EndpointSeries::range() const
{
    std::optional<TimeRange> range;
    for (const EndpointLine& line : lines_) {
        if (!line.series || set_.series(*line.series).isEmpty())
            continue;
        const Series& series = set_.series(*line.series);
        const TimeRange own{series.firstTime(), {series.lastTime().us + 1}};
        range = range ? TimeRange{std::min(range->from, own.from), std::max(range->to, own.to)} : own;
    }
    return range;
}

} // namespace iotman
