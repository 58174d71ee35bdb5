// What is said of snapshots: their rows, names, and the questions before one is restored or deleted.
#pragma once

#include "core/client/workspacecalls.h"
#include "ui/pages/connection.h"
#include "ui/pages/deletequestion.h"
#include "ui/pages/rowsmodel.h"
#include "ui/pages/words.h"

#include <optional>
#include <vector>

namespace iotman::ui {

using Snapshots = std::vector<client::SnapshotView>;

std::vector<ColumnSpec> snapshotColumns();
std::vector<TableRow> snapshotRows(const Snapshots& snapshots, const ReadingContext& context);

struct SnapshotNameCheck {
    std::optional<Slug> name; ///< nothing while it cannot be saved under it
    QString error;            ///< under the field; empty when it is fine, or nothing was typed yet
};
SnapshotNameCheck checkSnapshotName(const QString& typed, const Snapshots& snapshots);

/// Before the workspace goes back: what comes back, what stays as it is, and that streams close.
DeleteQuestion restoreQuestion(const client::SnapshotView& snapshot, Environment environment, const ReadingContext& context);
DeleteQuestion snapshotDeleteQuestion(const client::SnapshotView& snapshot, Environment environment,
                                      const ReadingContext& context);
/// Before the workspace goes back to what its file made: more comes back than from a snapshot. `workspace`: its name.
DeleteQuestion resetQuestion(Environment environment, const QString& workspace);

} // namespace iotman::ui
