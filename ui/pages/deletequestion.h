// What is asked before something stops for good.
#pragma once

#include <QString>
#include <QStringList>

namespace iotman::ui {

struct DeleteQuestion {
    QString title;          ///< “Delete “Seattle hourly”?”
    QString impact;         ///< what stops, in numbers, and what stays
    QString button;         ///< “Delete endpoint”
    QString typedName = {}; ///< what has to be typed first, in production; empty: nothing
    QStringList users = {}; ///< what still needs it; then it can’t be deleted
    QString iconName = QStringLiteral("delete");
};

} // namespace iotman::ui
