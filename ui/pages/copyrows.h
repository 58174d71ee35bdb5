// Rows of any table as text for other programs.
#pragma once

#include <QString>

class QAbstractItemModel;
class QTableView;

namespace iotman::ui {

enum class RowsAs {
    Text, ///< as shown, columns separated by tabs, for a note or a chat
    Csv,  ///< RFC 4180 with a head line, exact values, for a program
};

/// Line breaks and tabs inside a cell become blanks in text; in CSV a cell is quoted where it has to be.
QString rowsAs(RowsAs form, const QAbstractItemModel& model, const QList<int>& rows, const QList<int>& columns);

/// The selected rows of `view` from top to bottom, in the columns that are visible, in their visible order.
QString selectedRows(RowsAs form, const QTableView& view);

} // namespace iotman::ui
