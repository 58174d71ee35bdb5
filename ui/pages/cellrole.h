// What the cells of all tables answer beyond Qt's roles and those of TableDelegate.
#pragma once

#include <QtCore/qnamespace.h>

namespace iotman::ui {

enum CellRole {
    SortRole = Qt::UserRole + 0x200, ///< numbers and times as such
    ExactRole,                       ///< QString: the value unshortened, for files and other programs
};

} // namespace iotman::ui
