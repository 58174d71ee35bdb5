#include "ui/monitor/endpointseries.h"

#include "ui/monitor/measureunit.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

namespace iotman {

namespace {

/// What is worked out needs no more than six digits to be read.
std::string plainText(double value)
{
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), value, std::chars_format::general, 6).ptr;
    return {text, end};
}

} // namespace

EndpointSeries::EndpointSeries(SeriesSet& set, ReadingRule rule)
    : set_(set)
    , rule_(std::move(rule))
{
    for (std::size_t i = 0; i < rule_.derived.size(); ++i) {
        const DerivedField& derived = rule_.derived[i];
        if (derived.kind != DerivedField::Kind::Rule) {
            const auto kind = static_cast<Derivation::Kind>(derived.kind);
            bySeries_.push_back({firstDerived + i, Derivation(kind, std::max<std::int64_t>(derived.windowUs, 1)), {}});
        } else if (auto transform = rules::Transform::compile({}, derived.rule)) {
            byRule_.push_back({firstDerived + i, std::move(*transform)});
        }
    }
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
    if (arrival && newest_ && *time < *newest_)
        ++faults_.late;
    newest_ = std::max(newest_.value_or(*time), *time);
    const std::size_t group = groupOfItem();
    for (std::size_t field = 0; field < fields_.size(); ++field)
        if (const FieldValue* value = fields_.value(field); value && field != splitField_)
            addValue(field, group, *time, *value);
    if (!byRule_.empty())
        addByRules(item, group, *time);
}

// ---- Derived fields

const std::string& EndpointSeries::path(const EndpointLine& line) const
{
    return isDerived(line) ? rule_.derived[line.field - firstDerived].name : fields_.path(line.field);
}

const EndpointLine* EndpointSeries::lineCalled(const std::string& path, const std::string& group) const
{
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const EndpointLine& line) {
        return this->path(line) == path && groups_[line.group] == group;
    });
    return found == lines_.end() || !found->series ? nullptr : &*found;
}

/// A result that is no number breaks the line, and is counted unless it is null.
void EndpointSeries::addByRules(std::string_view item, std::size_t group, Timestamp time)
{
    if (!payload_.parse(item))
        return;
    const rules::Variables variables{time, {}, {}};
    for (const ByRule& derived : byRule_) {
        EndpointLine& target = line(derived.field, group);
        if (!target.series)
            target.series = set_.add({path(target), {}, SeriesKind::Number, {}});
        result_.clear();
        std::string_view digits;
        Error error;
        double number = std::numeric_limits<double>::quiet_NaN();
        if (derived.transform.run(payload_, variables, result_, error) != rules::Transform::Outcome::Item)
            result_ = error.detail;
        else if (result_ == "true" || result_ == "false")
            number = result_ == "true" ? 1 : 0;
        else
            std::from_chars(result_.data(), result_.data() + result_.size(), number);
        if (std::isfinite(number) && result_ != "true" && result_ != "false") {
            digits = digitsBeyond(number, result_);
        } else if (!std::isfinite(number)) {
            number = std::numeric_limits<double>::quiet_NaN();
            if (result_ != "null" && faults_.unusable++ == 0)
                faults_.firstUnusable = path(target) + ": " + result_.substr(0, 80);
        }
        if (!target.lastTime || time >= *target.lastTime) {
            target.lastTime = time;
            target.lastText = result_.substr(0, 80);
        }
        set_.append(*target.series, time, number, digits);
    }
}

void EndpointSeries::derive()
{
    for (BySeries& derived : bySeries_)
        bringInStep(derived);
}

void EndpointSeries::bringInStep(BySeries& derived)
{
    const DerivedField& field = rule_.derived[derived.field - firstDerived];
    const EndpointLine* source = lineCalled(field.source, field.group);
    const EndpointLine* other =
        field.kind == DerivedField::Kind::Difference ? lineCalled(field.other, field.otherGroup) : nullptr;
    if (!source || (field.kind == DerivedField::Kind::Difference && !other))
        return;
    const SeriesId from = *source->series;
    const std::optional<SeriesId> less = other ? other->series : std::nullopt;
    if (!derived.line) {
        const std::string unit = set_.info(from).unit;
        EndpointLine added{derived.field, source->group, std::nullopt, std::nullopt, {}};
        const bool isRate = field.kind == DerivedField::Kind::Rate;
        added.series = set_.add({field.name, isRate && !unit.empty() ? unit + "/s" : unit, SeriesKind::Number, {}});
        derived.line = lines_.size();
        lines_.push_back(std::move(added));
    }
    EndpointLine& target = lines_[*derived.line];
    derived.derivation.update(set_, from, less, *target.series);
    if (const auto last = set_.series(*target.series).last()) {
        target.lastTime = last->time;
        target.lastText = plainText(last->value);
    }
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
    const std::size_t place = field < firstDerived ? field : ItemFields::mostFields + (field - firstDerived);
    std::vector<std::size_t>& places = lineAt_[group];
    if (places.size() <= place)
        places.resize(place + 1, 0);
    if (places[place] == 0) {
        lines_.push_back({field, group, std::nullopt, std::nullopt, {}});
        places[place] = lines_.size();
    }
    return lines_[places[place] - 1];
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
    if (fields_.type(field) == FieldType::Text)
        plotState(line, time, value);
    else
        plot(line, time, value);
}

/// The series of a line. One that was of states until a number came begins anew.
SeriesId EndpointSeries::seriesOf(EndpointLine& line, SeriesKind kind)
{
    if (!line.series) {
        const std::string& path = fields_.path(line.field);
        const std::string unit = kind == SeriesKind::State ? std::string() : std::string(measureUnitOf(lastName(path)));
        line.series = set_.add({path, unit, kind, {}});
    } else if (set_.info(*line.series).kind != kind) { // a boolean that has become a number, a text among numbers
        SeriesInfo info = set_.info(*line.series);
        if (info.kind == SeriesKind::State)
            set_.clear(*line.series);
        info.kind = kind;
        info.states.clear();
        set_.setInfo(*line.series, std::move(info));
    }
    return *line.series;
}

void EndpointSeries::plot(EndpointLine& line, Timestamp time, const FieldValue& value)
{
    const bool isBoolean = fields_.type(line.field) == FieldType::Boolean;
    const SeriesId series = seriesOf(line, isBoolean ? SeriesKind::Boolean : SeriesKind::Number);
    if (value.isUnusable() || value.type == FieldType::Text)
        countUnusable(line.field, value);
    const bool isNumber = value.type == FieldType::Number && !value.isUnusable();
    set_.append(series, time, value.number, isNumber ? digitsBeyond(value.number, value.text) : std::string_view());
}

void EndpointSeries::plotState(EndpointLine& line, Timestamp time, const FieldValue& value)
{
    States& states = states_[static_cast<std::size_t>(&line - lines_.data())];
    if (states.areTooMany)
        return;
    if (value.type != FieldType::Text) {
        if (line.series)
            set_.append(*line.series, time, std::numeric_limits<double>::quiet_NaN());
        return;
    }
    auto code = states.codeOf.find(value.text);
    if (code == states.codeOf.end() && states.codeOf.size() == mostStates) {
        // Names of things rather than states: a lane of them would say nothing.
        states.areTooMany = true;
        set_.clear(*line.series);
        return;
    }
    const SeriesId series = seriesOf(line, SeriesKind::State);
    if (code == states.codeOf.end()) {
        code = states.codeOf.emplace(value.text, states.codeOf.size()).first;
        SeriesInfo info = set_.info(series);
        info.states.emplace_back(value.text);
        set_.setInfo(series, std::move(info));
    }
    set_.append(series, time, static_cast<double>(code->second));
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

void EndpointSeries::clearRange(TimeRange range)
{
    for (const EndpointLine& line : lines_)
        if (line.series)
            set_.clearRange(*line.series, range);
}

std::optional<TimeRange> EndpointSeries::range() const
{
    std::optional<TimeRange> range;
    for (const EndpointLine& line : lines_) {
        if (!line.series || set_.series(*line.series).isEmpty())
            continue;
        const TimeRange own = set_.series(*line.series).span();
        range = range ? TimeRange{std::min(range->from, own.from), std::max(range->to, own.to)} : own;
    }
    return range;
}

} // namespace iotman
