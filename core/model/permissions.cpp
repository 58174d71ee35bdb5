#include "core/model/permissions.h"

#include "core/model/shown.h"

namespace iotman {

std::string_view text(Role role)
{
    switch (role) {
    case Role::Viewer:
        return "viewer";
    case Role::Editor:
        return "editor";
    case Role::Admin:
        return "admin";
    }
    return {};
}

Expected<Role> parseRole(std::string_view name, std::string_view field)
{
    for (const Role role : {Role::Viewer, Role::Editor, Role::Admin}) {
        if (name == text(role))
            return role;
    }
    return fail(Problem::BadRequest, std::string(field) + ": expected viewer, editor or admin, but got " + shown(name),
                std::string(field));
}

const Permission& permission(Action action)
{
    for (const Permission& p : permissions) {
        if (p.action == action)
            return p;
    }
    return permissions.front();
}

std::string_view requirement(Action action)
{
    switch (permission(action).least) {
    case Role::Viewer:
        return "Requires Viewer, Editor or Admin role.";
    case Role::Editor:
        return "Requires Editor or Admin role.";
    case Role::Admin:
        return "Requires Admin role.";
    }
    return {};
}

Error forbidden(Action action)
{
    return {Problem::Forbidden, std::string(requirement(action)), {}};
}

} // namespace iotman
