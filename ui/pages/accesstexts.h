// What is said before scopes, clients, members and keys are made, changed or deleted.
#pragma once

#include "core/model/resources.h"
#include "ui/pages/connection.h"
#include "ui/pages/deletequestion.h"
#include "ui/pages/words.h"

#include <optional>
#include <vector>

namespace iotman::ui {

/// What is to be said of a dialog's fields, and the draft they make when nothing is wrong with them.
template <class Draft>
struct FieldCheck {
    std::optional<Draft> draft;
    QString error;   ///< under the field at fault; empty when there is none, or nothing was typed yet
    QString missing; ///< why there is no draft, for the disabled button
};

FieldCheck<ScopeDraft> checkScope(const QString& name, const QString& description, const std::vector<ScopeView>& scopes);

struct ClientFields {
    QString name;
    QString id; ///< as typed; empty: the server makes one
    std::vector<ScopeName> scopes;
    bool enabled = true;
    std::optional<Timestamp> expiresAt;
};

struct ClientCheck {
    std::optional<ClientDraft> draft;
    QString idError;
    QString expiryNote; ///< when it lies in the past
    QString missing;
};

/// `editing`: the client that is changed; its id stays.
ClientCheck checkClient(const ClientFields& fields, const std::vector<ClientView>& clients, const ClientView* editing,
                        Timestamp now);
/// Only what differs; nothing when nothing does.
std::optional<ClientPatch> clientChanges(const ClientView& before, const ClientFields& after);

FieldCheck<MemberDraft> checkMember(const QString& email, Role role, const std::vector<MemberView>& members);

/// “Sees everything, changes nothing.”
QString roleMeaning(Role role);

/// Endpoints, clients and sources that use a scope, each with what it is: “Endpoint seattle”.
QStringList usersOf(const ScopeView& scope);

DeleteQuestion scopeQuestion(const std::vector<ScopeView>& scopes, Environment environment);
DeleteQuestion clientQuestion(const std::vector<ClientView>& clients, Environment environment, const ReadingContext& context);
DeleteQuestion memberQuestion(const std::vector<MemberView>& members, Environment environment);
/// Before a new secret takes the place of the one in use.
DeleteQuestion newSecretQuestion(const ClientView& client, Environment environment);
DeleteQuestion newKeyQuestion(const MemberView& member, Environment environment);
DeleteQuestion rotateQuestion(Environment environment, const QString& workspace);

} // namespace iotman::ui
