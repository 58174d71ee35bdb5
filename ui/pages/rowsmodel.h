// Rows of finished cells as an item model, for the lists that are made anew at each answer of the server.
#pragma once

#include "ui/look/badge.h"
#include "ui/look/tabledelegate.h"
#include "ui/pages/cellrole.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace iotman::ui {

struct ColumnSpec {
    QString heading;
    CellKind kind = CellKind::Text;
    int width = 120;

    bool operator==(const ColumnSpec&) const = default;
};

struct Cell {
    QString text;
    QVariant sort = {};                  ///< what it is ordered by; invalid: its text
    QString exact = {};                  ///< unshortened, for files; empty: its text
    std::optional<BadgeKind> badge = {}; ///< then the text is the badge's
    Tone tone = Tone::Normal;
    QString toolTip = {};

    bool operator==(const Cell&) const = default;
};

struct TableRow {
    QString id; ///< by which it is known again
    std::vector<Cell> cells;

    bool operator==(const TableRow&) const = default;
};

/// New rows are merged in by their id, so that selection and scroll position stay where they are.
class RowsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit RowsModel(std::vector<ColumnSpec> columns, QObject* parent = nullptr);

    const std::vector<ColumnSpec>& columns() const { return columns_; }
    void setRows(std::vector<TableRow> rows);
    const TableRow& row(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    /// -1 where there is none.
    int rowOf(const QString& id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void removeMissing(const std::vector<TableRow>& rows);
    void update(std::size_t place, TableRow value);

    std::vector<ColumnSpec> columns_;
    std::vector<TableRow> rows_;
};

} // namespace iotman::ui
