#include "ui/monitor/endpointshape.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace iotman {

namespace {

constexpr std::size_t enoughForConstant = 20; ///< fewer equal values in a row prove nothing
constexpr double leastTime = 1e8;             ///< 1973 in seconds; smaller numbers are rarely times

/// The values of one field in the sample, item by item.
struct FieldColumn {
    struct Cell {
        std::size_t item = 0;
        FieldType type = FieldType::Empty;
        double number = 0;
        std::string text;

        FieldValue value() const { return {type, number, text}; }
    };
    std::vector<Cell> cells;
};

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

bool isOneOf(const std::string& name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool endsInOneOf(const std::string& name, std::initializer_list<std::string_view> ends)
{
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return name.ends_with(end); });
}

bool isCalledTime(std::string_view path)
{
    const std::string name = lowerCase(lastName(path));
    return isOneOf(name, {"time", "timestamp", "ts", "at", "date", "datetime", "epoch", "when"}) ||
           endsInOneOf(name, {"_at", "_ts", "_time", "_date", "timestamp"});
}

bool isCalledId(std::string_view path)
{
    const std::string name = lowerCase(lastName(path));
    return isOneOf(name, {"id", "uuid", "seq", "sequence", "index", "serial"}) ||
           endsInOneOf(name, {"_id", "_uuid", "_seq", "_no"});
}

bool isWhole(const FieldColumn::Cell& cell)
{
    return cell.text.find_first_of(".eE") == std::string::npos;
}

double largest(const FieldColumn& column)
{
    double size = 0;
    for (const FieldColumn::Cell& cell : column.cells)
        if (cell.type == FieldType::Number && std::abs(cell.number) > size)
            size = std::abs(cell.number);
    return size;
}

bool isServersTime(const FieldColumn& column, EpochUnit unit, const std::vector<client::Item>& sample)
{
    return std::all_of(column.cells.begin(), column.cells.end(), [&](const FieldColumn::Cell& cell) {
        return sample[cell.item].time && timeFrom(cell.value(), unit) == sample[cell.item].time;
    });
}

bool isTime(const FieldShape& field, const FieldColumn& column, const std::vector<client::Item>& sample)
{
    if (column.cells.empty())
        return false;
    if (isServersTime(column, field.unit, sample))
        return true;
    if (!isCalledTime(field.path))
        return false;
    return std::all_of(column.cells.begin(), column.cells.end(), [&](const FieldColumn::Cell& cell) {
        return timeFrom(cell.value(), field.unit) && (cell.type == FieldType::Text || std::abs(cell.number) >= leastTime);
    });
}

bool isCounter(const FieldColumn& column)
{
    if (column.cells.size() < enoughForConstant)
        return false;
    const double step = column.cells[1].number - column.cells[0].number;
    for (std::size_t i = 1; i < column.cells.size(); ++i)
        if (!isWhole(column.cells[i]) || column.cells[i].number - column.cells[i - 1].number != step)
            return false;
    return step != 0;
}

bool isId(const FieldShape& field, const FieldColumn& column)
{
    const bool isWholeThroughout = std::all_of(column.cells.begin(), column.cells.end(), isWhole);
    return isWholeThroughout && (isCalledId(field.path) || largest(column) >= 1e15 || isCounter(column));
}

bool isConstant(const FieldColumn& column)
{
    return column.cells.size() >= enoughForConstant &&
           std::all_of(column.cells.begin(), column.cells.end(),
                       [&](const FieldColumn::Cell& cell) { return cell.text == column.cells.front().text; });
}

FieldRole roleOf(const FieldShape& field, const FieldColumn& column, const std::vector<client::Item>& sample)
{
    if (isTime(field, column, sample))
        return FieldRole::Time;
    if (field.type == FieldType::Text || field.type == FieldType::Empty)
        return FieldRole::State;
    if (field.type == FieldType::Number && isId(field, column))
        return FieldRole::Id;
    return isConstant(column) ? FieldRole::Constant : FieldRole::Measurement;
}

std::size_t differentTexts(const FieldColumn& column)
{
    std::set<std::string_view> texts;
    for (const FieldColumn::Cell& cell : column.cells) {
        texts.insert(cell.text);
        if (texts.size() > mostSplitValues)
            break;
    }
    return texts.size();
}

/// The time each item of the sample is drawn at.
std::vector<std::optional<Timestamp>> timesOf(const std::vector<client::Item>& sample, const FieldColumn* timeColumn,
                                              EpochUnit unit)
{
    std::vector<std::optional<Timestamp>> times(sample.size());
    for (std::size_t i = 0; i < sample.size(); ++i)
        times[i] = sample[i].time;
    if (timeColumn)
        for (const FieldColumn::Cell& cell : timeColumn->cells)
            times[cell.item] = timeFrom(cell.value(), unit);
    return times;
}

bool mostSharedTime(const std::vector<std::optional<Timestamp>>& times)
{
    std::map<Timestamp, std::size_t> counts;
    for (const auto& time : times)
        if (time)
            ++counts[*time];
    std::size_t shared = 0;
    for (const auto& [time, count] : counts)
        shared += count > 1 ? count : 0;
    return shared > 0 && 2 * shared >= times.size();
}

bool tellsApart(const FieldColumn& column, const std::vector<std::optional<Timestamp>>& times)
{
    std::set<std::pair<Timestamp, std::string_view>> seen;
    return column.cells.size() == times.size() &&
           std::all_of(column.cells.begin(), column.cells.end(), [&](const FieldColumn::Cell& cell) {
               return times[cell.item] && seen.emplace(*times[cell.item], cell.text).second;
           });
}

std::int64_t typicalIntervalOf(const std::vector<std::optional<Timestamp>>& times)
{
    std::set<Timestamp> different;
    for (const auto& time : times)
        if (time)
            different.insert(*time);
    std::vector<std::int64_t> intervals;
    for (auto at = different.begin(); at != different.end() && std::next(at) != different.end(); ++at)
        intervals.push_back(std::next(at)->us - at->us);
    if (intervals.empty())
        return 0;
    const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(intervals.size() / 2);
    std::nth_element(intervals.begin(), middle, intervals.end());
    return *middle;
}

std::vector<FieldColumn> columnsOf(const std::vector<client::Item>& sample, ItemFields& fields)
{
    std::vector<FieldColumn> columns;
    for (std::size_t item = 0; item < sample.size(); ++item) {
        if (!fields.read(sample[item].json))
            continue;
        columns.resize(fields.size());
        for (std::size_t field = 0; field < fields.size(); ++field)
            if (const FieldValue* value = fields.value(field); value && value->type != FieldType::Empty)
                columns[field].cells.push_back({item, value->type, value->number, std::string(value->text)});
    }
    return columns;
}

} // namespace

const FieldShape* EndpointShape::field(std::string_view path) const
{
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldShape& each) { return each.path == path; });
    return found == fields.end() ? nullptr : &*found;
}

EndpointShape shapeOf(const std::vector<client::Item>& sample)
{
    EndpointShape shape;
    ItemFields fields;
    const std::vector<FieldColumn> columns = columnsOf(sample, fields);
    shape.tellsTimes = std::any_of(sample.begin(), sample.end(), [](const client::Item& item) { return item.time.has_value(); });

    const FieldColumn* timeColumn = nullptr;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        FieldShape field{fields.path(i), fields.type(i), FieldRole::Measurement, epochUnitOf(largest(columns[i]))};
        field.role = roleOf(field, columns[i], sample);
        if (field.role == FieldRole::Time && shape.rule.timeField.empty()) {
            shape.rule.timeField = field.path;
            shape.rule.timeUnit = field.unit;
            timeColumn = &columns[i];
        }
        shape.fields.push_back(std::move(field));
    }
    if (shape.tellsTimes)
        timeColumn = nullptr;
    shape.rule.time = shape.tellsTimes ? TimeSource::Datapoint : timeColumn ? TimeSource::Field : TimeSource::Arrival;

    const auto times = timesOf(sample, timeColumn, shape.rule.timeUnit);
    shape.typicalInterval = typicalIntervalOf(times);
    const bool share = mostSharedTime(times);
    std::size_t fewest = mostSplitValues + 1;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::size_t texts = shape.fields[i].role == FieldRole::State ? differentTexts(columns[i]) : 0;
        if (texts < 2 || texts > mostSplitValues)
            continue;
        shape.splitFields.push_back(shape.fields[i].path);
        if (share && texts < fewest && tellsApart(columns[i], times)) {
            fewest = texts;
            shape.rule.splitField = shape.fields[i].path;
        }
    }
    return shape;
}

} // namespace iotman
