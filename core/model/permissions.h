// Who may do what: one table, used by the server and by every dialog.
#pragma once

#include "core/model/error.h"

#include <array>
#include <optional>
#include <string_view>

namespace iotman {

enum class Role { Viewer, Editor, Admin };

std::string_view text(Role role); ///< "viewer", "editor", "admin", as JSON spells it
Expected<Role> parseRole(std::string_view text, std::string_view field);

/// What a person may do in a workspace. The name in JSON (`may` of /api/me) is `text(Action)`.
enum class Action {
    Read, ///< see endpoints, outputs, sources, CORS, scopes, clients, members, activity; query; stream
    TryRules,
    WriteEndpoints,
    WriteCors,
    WriteOutputs,
    WriteSources,
    Import,
    SaveSnapshots,
    TestWeather,
    WriteScopes,
    WriteClients,
    MintTokens, ///< a token for a client without its secret
    WriteMembers,
    WriteMirrors,
    RestoreSnapshots,
    ChangeWorkspace,
    RotateKeys,
    ReadAudit,
};

struct Permission {
    Action action;
    Role least; ///< the lowest role that may
    std::string_view name;
};

inline constexpr std::array permissions{
    Permission{Action::Read, Role::Viewer, "read"},
    Permission{Action::TryRules, Role::Viewer, "rules:try"},
    Permission{Action::WriteEndpoints, Role::Editor, "endpoints:write"},
    Permission{Action::WriteCors, Role::Editor, "cors:write"},
    Permission{Action::WriteOutputs, Role::Editor, "outputs:write"},
    Permission{Action::WriteSources, Role::Editor, "sources:write"},
    Permission{Action::Import, Role::Editor, "imports:write"},
    Permission{Action::SaveSnapshots, Role::Editor, "snapshots:save"},
    Permission{Action::TestWeather, Role::Editor, "weather:write"},
    Permission{Action::WriteScopes, Role::Admin, "scopes:write"},
    Permission{Action::WriteClients, Role::Admin, "clients:write"},
    Permission{Action::MintTokens, Role::Admin, "tokens:mint"},
    Permission{Action::WriteMembers, Role::Admin, "members:write"},
    Permission{Action::WriteMirrors, Role::Admin, "mirrors:write"},
    Permission{Action::RestoreSnapshots, Role::Admin, "snapshots:restore"},
    Permission{Action::ChangeWorkspace, Role::Admin, "workspace:write"},
    Permission{Action::RotateKeys, Role::Admin, "keys:rotate"},
    Permission{Action::ReadAudit, Role::Admin, "audit:read"},
};

const Permission& permission(Action action);

constexpr bool may(Role role, Action action)
{
    for (const Permission& p : permissions) {
        if (p.action == action)
            return role >= p.least;
    }
    return false;
}

/// The sentence that a disabled control and a 403 both say: "Requires Editor or Admin role.", "Requires Admin role."
std::string_view requirement(Action action);

/// Forbidden, with the sentence above.
Error forbidden(Action action);

} // namespace iotman
