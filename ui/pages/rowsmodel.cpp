#include "ui/pages/rowsmodel.h"

#include <QSet>

#include <algorithm>

namespace iotman::ui {

namespace {

bool hasSameId(const TableRow& a, const TableRow& b)
{
    return a.id == b.id;
}

QString searchedIn(const TableRow& row)
{
    qsizetype size = 0;
    for (const Cell& cell : row.cells)
        size += cell.text.size() + 1;
    QString text;
    text.reserve(size);
    for (const Cell& cell : row.cells)
        text.append(cell.text).append(columnEnd);
    return text;
}

} // namespace

RowsModel::RowsModel(std::vector<ColumnSpec> columns, QObject* parent)
    : QAbstractTableModel(parent)
    , columns_(std::move(columns))
{
}

void RowsModel::setRows(std::vector<TableRow> rows)
{
    // Nearly always the same ones come in the same order: then nothing has to be looked up.
    if (std::equal(rows.begin(), rows.end(), rows_.begin(), rows_.end(), hasSameId)) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            update(i, std::move(rows[i]));
        return;
    }
    if (rows_.empty()) {
        beginInsertRows({}, 0, static_cast<int>(rows.size()) - 1);
        rows_ = std::move(rows);
        endInsertRows();
        return;
    }
    removeMissing(rows);
    QHash<QString, int> places;
    for (int i = 0; i < rowCount(); ++i)
        places.insert(row(i).id, i);
    std::vector<TableRow> added;
    for (TableRow& value : rows) {
        const auto place = places.constFind(value.id);
        if (place == places.cend())
            added.push_back(std::move(value));
        else
            update(static_cast<std::size_t>(*place), std::move(value));
    }
    if (added.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(added.size()) - 1);
    std::move(added.begin(), added.end(), std::back_inserter(rows_));
    endInsertRows();
}

void RowsModel::update(std::size_t place, TableRow value)
{
    if (rows_[place] == value)
        return;
    rows_[place] = std::move(value);
    const auto at = static_cast<int>(place);
    Q_EMIT dataChanged(index(at, 0), index(at, columnCount() - 1));
}

void RowsModel::removeMissing(const std::vector<TableRow>& rows)
{
    QSet<QString> kept;
    for (const TableRow& value : rows)
        kept.insert(value.id);
    for (int last = rowCount() - 1; last >= 0; --last) {
        const auto gone = [&](int at) { return at >= 0 && !kept.contains(row(at).id); };
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

int RowsModel::rowOf(const QString& id) const
{
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const TableRow& value) { return value.id == id; });
    return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int RowsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RowsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QVariant RowsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Cell& cell = row(index.row()).cells[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole:
        return cell.toolTip.isEmpty() ? QVariant() : cell.toolTip;
    case BadgeRole:
        return cell.badge ? QVariant::fromValue(BadgeSpec{*cell.badge, cell.text}) : QVariant();
    case ToneRole:
        return QVariant::fromValue(cell.tone);
    case SortRole:
        return cell.sort.isValid() ? cell.sort : cell.text;
    case ExactRole:
        return cell.exact.isEmpty() ? cell.text : cell.exact;
    case SearchRole:
        return searchedIn(row(index.row()));
    default:
        return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const ColumnSpec& column = columns_[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole)
        return column.heading;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((column.kind == CellKind::Number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

} // namespace iotman::ui
