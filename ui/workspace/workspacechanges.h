// What a workspace file would change, told so that a person can decide: what goes comes first, with what that costs.
#pragma once

#include "core/model/resources.h"
#include "ui/pages/rowsmodel.h"
#include "ui/pages/words.h"

#include <vector>

namespace iotman::ui {

/// In the order in which they are told.
enum class ChangeKind { Removed, Changed, Added };

/// One line of a dry run: `- endpoint weather`.
struct WorkspaceChange {
    ChangeKind kind = ChangeKind::Changed;
    QString what; ///< as the line spells it: “endpoint”
    QString name; ///< empty where there is one of it only: the workspace itself, CORS

    bool operator==(const WorkspaceChange&) const = default;
};

/// What goes first, then what changes, then what comes; each in the order of the lines.
std::vector<WorkspaceChange> changesOf(const std::vector<std::string>& lines);

/// The lists of the workspace before the change.
struct PresentLists {
    const std::vector<EndpointView>& endpoints;
    const std::vector<OutputView>& outputs;
    const std::vector<ScopeView>& scopes;
    const std::vector<ClientView>& clients;
};

/// What it means for those who use it; empty where that needs no word.
QString consequence(const WorkspaceChange& change, const PresentLists& present, const ReadingContext& context);

std::vector<ColumnSpec> changeColumns();
std::vector<TableRow> changeRows(const std::vector<WorkspaceChange>& changes, const PresentLists& present,
                                 const ReadingContext& context);

/// “1 removed, 2 changed, 3 added”, without what there is none of.
QString changesSummary(const std::vector<WorkspaceChange>& changes);
/// As the command line prints them, a line each.
QString changesText(const std::vector<WorkspaceChange>& changes);

} // namespace iotman::ui
