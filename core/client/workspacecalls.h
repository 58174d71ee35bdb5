// A workspace as a file, and its snapshots: the calls of the management API that both need.
#pragma once

#include "core/client/management.h"
#include "core/model/workspacefile.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace iotman::client {

/// The value of an environment variable, or nothing.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;

/// `file`, read from `text`, as it goes to a server: secrets of clients that it takes from this program's environment are in it as
/// their hashes, those of mirrors as they are, so that the server's own environment is never asked. Errors: BadRequest with a
/// pointer for a variable that is not set.
Expected<std::string> workspaceFileBody(std::string_view text, const WorkspaceFile& file, const Variables& variables);

/// `body` without its sources where `stored`, an export, has the very same ones: what a source of a file says of a path may stay
/// as it is, and only the command line may set it anew.
std::string withoutSameSources(const std::string& body, std::string_view stored);

enum class Applying { DryRun, ForGood };

/// What the file changes, one line each (`+ endpoint weather`). Errors: those of Management; about the file with a pointer.
Call applyWorkspaceFile(Management& management, const std::string& body, Applying applying, QObject* context,
                        ReplyList<std::string> reply);
/// The file that changes nothing, byte for byte as the server wrote it.
Call exportWorkspaceFile(Management& management, QObject* context, Reply<std::string> reply);

struct SnapshotView {
    Slug name;
    Timestamp createdAt;
    std::int64_t bytes = 0;

    bool operator==(const SnapshotView&) const = default;
};

Call snapshots(Management& management, QObject* context, ReplyList<SnapshotView> reply);
/// Errors: Conflict when the name is taken.
Call saveSnapshot(Management& management, const Slug& name, QObject* context, Reply<SnapshotView> reply);
Call restoreSnapshot(Management& management, const Slug& name, QObject* context, Reply<SnapshotView> reply);
Call deleteSnapshot(Management& management, const Slug& name, QObject* context, Reply<void> reply);
/// Back to the state that the workspace file made; the reply tells when that was. Errors: Conflict where the server keeps none.
Call resetWorkspace(Management& management, QObject* context, Reply<Timestamp> reply);

} // namespace iotman::client
