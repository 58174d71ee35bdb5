// What the cells of all tables answer beyond Qt's roles and those of TableDelegate.
#pragma once

#include <QtCore/qchar.h>
#include <QtCore/qnamespace.h>

namespace iotman::ui {

/// Nobody types it into a line: a text is not found across two columns.
inline constexpr QChar columnEnd = u'\n';

enum CellRole {
    SortRole = Qt::UserRole + 0x200, ///< numbers and times as such
    ExactRole,                       ///< QString: the value unshortened, for files and other programs
    SearchRole, ///< QString: the texts of the row's cells, columnEnd after each; a model without it is asked cell by cell
};

} // namespace iotman::ui
