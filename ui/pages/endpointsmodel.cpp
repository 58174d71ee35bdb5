#include "ui/pages/endpointsmodel.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace iotman::ui {

EndpointsModel::EndpointsModel(const Clock& clock, QObject* parent)
    : QAbstractTableModel(parent)
    , clock_(clock)
{
}

void EndpointsModel::setRows(std::vector<EndpointRow> rows)
{
    removeMissing(rows);
    std::unordered_map<EndpointId, int> places;
    for (std::size_t i = 0; i < rows_.size(); ++i)
        places.emplace(rows_[i].view.endpoint.id, static_cast<int>(i));
    std::vector<EndpointRow> added;
    for (EndpointRow& row : rows) {
        const auto place = places.find(row.view.endpoint.id);
        if (place != places.end())
            update(place->second, std::move(row));
        else
            added.push_back(std::move(row));
    }
    if (added.empty())
        return;
    const int first = static_cast<int>(rows_.size());
    beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
    std::move(added.begin(), added.end(), std::back_inserter(rows_));
    endInsertRows();
}

void EndpointsModel::removeMissing(const std::vector<EndpointRow>& rows)
{
    std::unordered_set<EndpointId> kept;
    for (const EndpointRow& row : rows)
        kept.insert(row.view.endpoint.id);
    for (int last = static_cast<int>(rows_.size()) - 1; last >= 0; --last) {
        const auto gone = [&](int at) { return at >= 0 && !kept.contains(row(at).view.endpoint.id); };
        if (!gone(last))
            continue;
        int first = last;
        while (gone(first - 1))
            --first;
        beginRemoveRows({}, first, last);
        rows_.erase(rows_.begin() + first, rows_.begin() + last + 1);
        endRemoveRows();
        last = first;
    }
}

void EndpointsModel::update(int at, EndpointRow value)
{
    EndpointRow& kept = rows_[static_cast<std::size_t>(at)];
    if (kept == value)
        return;
    kept = std::move(value);
    Q_EMIT dataChanged(index(at, 0), index(at, endpointColumns - 1));
}

void EndpointsModel::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, endpointColumns - 1));
}

int EndpointsModel::rowOf(const EndpointId& id) const
{
    const auto found =
        std::find_if(rows_.begin(), rows_.end(), [&](const EndpointRow& row) { return row.view.endpoint.id == id; });
    return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int EndpointsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int EndpointsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : endpointColumns;
}

QVariant EndpointsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    return cell(row(index.row()), static_cast<EndpointColumn>(index.column()), role, {clock_.now(), zone_, QLocale()});
}

QVariant EndpointsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= endpointColumns)
        return {};
    if (role == Qt::DisplayRole)
        return headingOf(static_cast<EndpointColumn>(section));
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(alignmentOf(static_cast<EndpointColumn>(section)));
    return {};
}

} // namespace iotman::ui
