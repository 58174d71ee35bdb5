#include "ui/monitor/valuesmodel.h"

#include "ui/chart/valuetext.h"
#include "ui/chart/zonetext.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <map>

namespace iotman {

namespace {

/// The end of `range` that holds about `most` samples of `series`, found by halving: counting reads summaries only.
TimeRange newestPart(const Series& series, TimeRange range, std::size_t most)
{
    if (series.count(range) <= most)
        return range;
    Timestamp tooMany = range.from, few = range.to;
    while (few.us - tooMany.us > 1) {
        const Timestamp middle{tooMany.us + (few.us - tooMany.us) / 2};
        (series.count({middle, range.to}) > most ? tooMany : few) = middle;
    }
    return {few, range.to};
}

} // namespace

ValuesModel::ValuesModel(std::shared_ptr<const SeriesSet> set, QObject* parent)
    : QAbstractTableModel(parent)
    , set_(std::move(set))
{
}

void ValuesModel::setLines(std::vector<TickedLine> lines)
{
    if (lines == lines_)
        return;
    beginResetModel();
    lines_ = std::move(lines);
    rows_.clear();
    endResetModel();
}

void ValuesModel::setTimeZone(const QTimeZone& zone)
{
    zone_ = zone;
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, 0);
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0));
}

std::vector<ValuesModel::Row> ValuesModel::rowsIn(TimeRange range) const
{
    std::map<Timestamp, Row, std::greater<>> rows;
    for (std::size_t column = 0; column < lines_.size(); ++column) {
        if (!set_->contains(lines_[column].series))
            continue;
        const Series& series = set_->series(lines_[column].series);
        const TimeRange part = newestPart(series, range, mostRows);
        for (const Sample& sample : series.samples(part)) {
            Row& row = rows[sample.time];
            row.time = sample.time;
            row.values.resize(lines_.size());
            row.values[column] = Value{sample.value, std::string(sample.written)};
        }
    }
    std::vector<Row> newest;
    for (auto& [time, row] : rows) {
        if (newest.size() == mostRows)
            break;
        newest.push_back(std::move(row));
    }
    return newest;
}

void ValuesModel::show(TimeRange range)
{
    std::vector<Row> rows = rowsIn(range);
    if (rows == rows_)
        return;
    // Rows of a following chart move down by what is new; selection and scroll position keep to their times.
    const auto added =
        rows_.empty() ? rows.end()
                      : std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.time <= rows_.front().time; });
    const auto count = static_cast<std::size_t>(added - rows.begin());
    const bool hasMovedOn = added != rows.end() && *added == rows_.front() && count > 0;
    if (!hasMovedOn) {
        beginResetModel();
        rows_ = std::move(rows);
        endResetModel();
        return;
    }
    beginInsertRows({}, 0, static_cast<int>(count) - 1);
    rows_.insert(rows_.begin(), rows.begin(), added);
    endInsertRows();
    if (rows_.size() > rows.size()) {
        beginRemoveRows({}, static_cast<int>(rows.size()), static_cast<int>(rows_.size()) - 1);
        rows_.resize(rows.size());
        endRemoveRows();
    }
    if (rows_ != rows) { // late values within
        beginResetModel();
        rows_ = std::move(rows);
        endResetModel();
    }
}

std::optional<Timestamp> ValuesModel::timeAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return std::nullopt;
    return rows_[static_cast<std::size_t>(row)].time;
}

std::optional<int> ValuesModel::rowNearest(Timestamp time) const
{
    if (rows_.empty())
        return std::nullopt;
    // Newest first.
    auto at = std::lower_bound(rows_.begin(), rows_.end(), time, [](const Row& row, Timestamp t) { return row.time > t; });
    if (at == rows_.end() || (at != rows_.begin() && std::prev(at)->time.us - time.us < time.us - at->time.us))
        --at;
    return static_cast<int>(at - rows_.begin());
}

int ValuesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int ValuesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 1 + static_cast<int>(lines_.size());
}

const SeriesInfo* ValuesModel::infoOf(int column) const
{
    const SeriesId id = lines_[static_cast<std::size_t>(column - 1)].series;
    return set_->contains(id) ? &set_->info(id) : nullptr;
}

QVariant ValuesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return QVariant(index.column() == 0 ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == 0)
        return momentText(row.time, zone_, QLocale());
    const auto& value = row.values[static_cast<std::size_t>(index.column() - 1)];
    const SeriesInfo* info = infoOf(index.column());
    if (!value || !info)
        return {};
    if (!value->written.empty() && info->kind == SeriesKind::Number)
        return shownValue(value->written);
    return bareValueText(*info, value->number);
}

QVariant ValuesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == 0 ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (section == 0)
        return tr("Time (%1)").arg(zoneName(zone_));
    const SeriesInfo* info = infoOf(section);
    if (!info)
        return {};
    const QString name = QString::fromStdString(info->name);
    return info->unit.empty() ? name : tr("%1, %2").arg(name, QString::fromStdString(info->unit));
}

} // namespace iotman
