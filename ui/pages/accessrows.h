// The lists of the page Access as rows of cells.
#pragma once

#include "core/client/audit.h"
#include "core/model/resources.h"
#include "ui/pages/rowsmodel.h"
#include "ui/pages/words.h"

#include <vector>

namespace iotman::ui {

std::vector<ColumnSpec> scopeColumns();
std::vector<TableRow> scopeRows(const std::vector<ScopeView>& scopes, const ReadingContext& context);

std::vector<ColumnSpec> clientColumns();
std::vector<TableRow> clientRows(const std::vector<ClientView>& clients, const ReadingContext& context);

std::vector<ColumnSpec> memberColumns();
std::vector<TableRow> memberRows(const std::vector<MemberView>& members, const std::string& ownEmail,
                                 const ReadingContext& context);

std::vector<ColumnSpec> auditColumns();
/// A commit has one entry for a thing at most: its time, kind and id name it.
QString auditId(const client::AuditEntry& entry);
std::vector<TableRow> auditRows(const std::vector<client::AuditEntry>& entries, const ReadingContext& context);
/// “made”, “changed”, “deleted”.
QString auditWord(const client::AuditEntry& entry);

/// A time as a table's cell: shown shortened, ordered and copied exactly, whole in the tooltip. `never` stands for none.
Cell timeCell(const std::optional<Timestamp>& time, const ReadingContext& context, const QString& never = {});
Cell numberCell(qint64 number, const ReadingContext& context);

} // namespace iotman::ui
