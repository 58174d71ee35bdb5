// Which bracket belongs to which.
#pragma once

#include <QStringView>

#include <optional>
#include <utility>

namespace iotman::ui {

/// The brackets that belong together where one of them stands at `cursor` or just before it, as places in `text`; the second is
/// -1 for one that has no partner. Brackets in texts and comments do not count. Nothing where there is no bracket.
std::optional<std::pair<int, int>> bracketsAt(QStringView text, int cursor);

} // namespace iotman::ui
