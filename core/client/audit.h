// The audit log: who changed what of a workspace, and when.
#pragma once

#include "core/model/json.h"
#include "core/model/timestamp.h"

#include <optional>
#include <string>
#include <vector>

namespace iotman::client {

struct AuditEntry {
    Timestamp at;
    std::string who;
    std::string kind; ///< “endpoint”, “client”, “cors” …: a newer server may have others
    std::string id;
    Json before; ///< null where it was made
    Json after;  ///< null where it was deleted

    bool operator==(const AuditEntry&) const = default;
};

/// Entries, newest first, and where older ones are.
struct AuditPage {
    std::vector<AuditEntry> entries;
    std::optional<std::string> nextPage; ///< as the server wrote it
};

/// Errors: BadRequest for anything else than a page of the log.
Expected<AuditPage> auditPageFrom(const Json& json);

/// One member that a change gave another value.
struct AuditDifference {
    std::string member;
    std::string before; ///< JSON text; empty where it was not there
    std::string after;

    bool operator==(const AuditDifference&) const = default;
};

/// Member by member, in the order they are written; those that stayed the same are left out.
std::vector<AuditDifference> differences(const AuditEntry& entry);

} // namespace iotman::client
