#include "ui/pages/accesstexts.h"

#include "core/client/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

struct AccessWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::AccessTexts)
};

QString firstUpper(const QString& sentence)
{
    return sentence.left(1).toUpper() + sentence.mid(1);
}

QString sentenceOf(const Error& error)
{
    return firstUpper(toQt(error.detail));
}

QString typedName(Environment environment, const QString& name, int count)
{
    if (environment != Environment::Production)
        return {};
    return count == 1 ? name : AccessWords::tr("delete %Ln", nullptr, count);
}

} // namespace

FieldCheck<ScopeDraft> checkScope(const QString& name, const QString& description, const std::vector<ScopeView>& scopes)
{
    FieldCheck<ScopeDraft> check;
    const QString typed = name.trimmed();
    if (typed.isEmpty()) {
        check.missing = AccessWords::tr("Type a name first.");
        return check;
    }
    const Expected<ScopeName> parsed = ScopeName::parse(fromQt(typed), "name");
    if (!parsed) {
        check.error = AccessWords::tr("A scope reads namespace:action, in a to z, 0 to 9, - and _.");
    } else if (std::any_of(scopes.begin(), scopes.end(), [&](const ScopeView& view) { return view.scope.name == *parsed; })) {
        check.error = AccessWords::tr("This scope exists already.");
    } else {
        check.draft = ScopeDraft{*parsed, fromQt(description.trimmed())};
    }
    check.missing = check.error;
    return check;
}

ClientCheck checkClient(const ClientFields& fields, const std::vector<ClientView>& clients, const ClientView* editing,
                        Timestamp now)
{
    ClientCheck check;
    if (fields.expiresAt && *fields.expiresAt <= now)
        check.expiryNote = AccessWords::tr("That has passed: the client gets no token.");
    ClientDraft draft{{}, fromQt(fields.name.trimmed()), fields.scopes, fields.enabled, fields.expiresAt};
    if (const QString typed = fields.id.trimmed(); !editing && !typed.isEmpty()) {
        const Expected<ClientId> id = ClientId::parse(fromQt(typed), "id");
        if (!id)
            check.idError = sentenceOf(id.error());
        else if (std::any_of(clients.begin(), clients.end(), [&](const ClientView& view) { return view.client.id == *id; }))
            check.idError = AccessWords::tr("A client with this id exists already.");
        else
            draft.id = *id;
    }
    if (draft.name.empty())
        check.missing = AccessWords::tr("Type a name first.");
    else if (!check.idError.isEmpty())
        check.missing = check.idError;
    else
        check.draft = std::move(draft);
    return check;
}

std::optional<ClientPatch> clientChanges(const ClientView& before, const ClientFields& after)
{
    ClientPatch patch;
    const auto sorted = [](std::vector<ScopeName> scopes) {
        std::sort(scopes.begin(), scopes.end());
        return scopes;
    };
    if (const std::string name = fromQt(after.name.trimmed()); name != before.client.name)
        patch.name = name;
    if (sorted(after.scopes) != sorted(before.client.scopes))
        patch.scopes = after.scopes;
    if (after.enabled != before.client.enabled)
        patch.enabled = after.enabled;
    if (after.expiresAt != before.client.expiresAt)
        patch.expiresAt = after.expiresAt;
    const bool any = patch.name || patch.scopes || patch.enabled || patch.expiresAt;
    return any ? std::optional(patch) : std::nullopt;
}

FieldCheck<MemberDraft> checkMember(const QString& email, Role role, const std::vector<MemberView>& members)
{
    FieldCheck<MemberDraft> check;
    const QString typed = email.trimmed();
    if (typed.isEmpty()) {
        check.missing = AccessWords::tr("Type an e-mail address first.");
        return check;
    }
    const Expected<Email> parsed = Email::parse(fromQt(typed), "email");
    if (!parsed) {
        check.error = AccessWords::tr("An e-mail address reads name@domain.");
    } else if (std::any_of(members.begin(), members.end(),
                           [&](const MemberView& view) { return view.member.email == *parsed; })) {
        check.error = AccessWords::tr("This address is a member already.");
    } else {
        check.draft = MemberDraft{*parsed, role};
    }
    check.missing = check.error;
    return check;
}

QString roleMeaning(Role role)
{
    switch (role) {
    case Role::Viewer:
        return AccessWords::tr("Sees everything but the audit log, tries rules and reads every endpoint. Changes nothing.");
    case Role::Editor:
        return AccessWords::tr("Also makes, changes and deletes endpoints, outputs and sources, and saves the CORS list.");
    case Role::Admin:
        return AccessWords::tr("Also manages scopes, clients, members and keys, and reads the audit log.");
    }
    return {};
}

QStringList usersOf(const ScopeView& scope)
{
    QStringList users;
    for (const std::string& id : scope.endpoints)
        users << AccessWords::tr("Endpoint %1").arg(toQt(id));
    for (const std::string& id : scope.clients)
        users << AccessWords::tr("Client %1").arg(toQt(id));
    for (const std::string& name : scope.sources)
        users << AccessWords::tr("Source %1").arg(toQt(name));
    return users;
}

DeleteQuestion scopeQuestion(const std::vector<ScopeView>& scopes, Environment environment)
{
    DeleteQuestion question;
    const int count = static_cast<int>(scopes.size());
    const QString first = toQt(scopes.front().scope.name.text);
    question.title =
        count == 1 ? AccessWords::tr("Delete the scope “%1”?").arg(first) : AccessWords::tr("Delete %Ln scopes?", nullptr, count);
    question.button = count == 1 ? AccessWords::tr("Delete scope") : AccessWords::tr("Delete %Ln scopes", nullptr, count);
    for (const ScopeView& scope : scopes)
        question.users += usersOf(scope);
    question.users.removeDuplicates();
    question.impact = question.users.isEmpty() ? AccessWords::tr("Nothing uses it. It can be made again with the same name.")
                                               : AccessWords::tr("It is still in use. Take it from these first:");
    question.typedName = typedName(environment, first, count);
    return question;
}

DeleteQuestion clientQuestion(const std::vector<ClientView>& clients, Environment environment, const ReadingContext& context)
{
    DeleteQuestion question;
    const int count = static_cast<int>(clients.size());
    const QString first = toQt(clients.front().client.name);
    std::optional<Timestamp> last;
    for (const ClientView& client : clients)
        last = std::max(last, client.lastUsedAt);
    question.title = count == 1 ? AccessWords::tr("Delete the client “%1”?").arg(first)
                                : AccessWords::tr("Delete %Ln clients?", nullptr, count);
    question.button = count == 1 ? AccessWords::tr("Delete client") : AccessWords::tr("Delete %Ln clients", nullptr, count);
    const QString used =
        last ? AccessWords::tr("Last used: %1.").arg(momentWord(last, context)) : AccessWords::tr("It was never used.");
    question.impact =
        QStringList{used,
                    AccessWords::tr("It gets no more tokens from now on; those it has stay valid for data until they "
                                    "expire, an hour at most."),
                    AccessWords::tr("This cannot be undone: a client made again has another secret.")}
            .join(u' ');
    question.typedName = typedName(environment, first, count);
    return question;
}

DeleteQuestion memberQuestion(const std::vector<MemberView>& members, Environment environment)
{
    DeleteQuestion question;
    const int count = static_cast<int>(members.size());
    const QString first = toQt(members.front().member.email.text);
    question.title =
        count == 1 ? AccessWords::tr("Remove “%1”?").arg(first) : AccessWords::tr("Remove %Ln members?", nullptr, count);
    question.button = count == 1 ? AccessWords::tr("Remove member") : AccessWords::tr("Remove %Ln members", nullptr, count);
    question.impact =
        AccessWords::tr("They can no longer sign in, at once. What they made stays. This cannot be undone: a member added "
                        "again has another access key.");
    question.typedName = typedName(environment, first, count);
    return question;
}

DeleteQuestion newSecretQuestion(const ClientView& client, Environment environment)
{
    DeleteQuestion question;
    question.title = AccessWords::tr("Make a new secret for “%1”?").arg(toQt(client.client.name));
    question.impact =
        AccessWords::tr("The secret in use stops working at once. Tokens that are out stay valid until they expire, an hour "
                        "at most. The new secret is shown once.");
    question.button = AccessWords::tr("Make new secret");
    question.iconName = QStringLiteral("refresh");
    question.typedName = typedName(environment, toQt(client.client.name), 1);
    return question;
}

DeleteQuestion newKeyQuestion(const MemberView& member, Environment environment)
{
    DeleteQuestion question;
    question.title = AccessWords::tr("Make a new access key for “%1”?").arg(toQt(member.member.email.text));
    question.impact = AccessWords::tr("The key in use stops working at once. The new one is shown once: hand it on.");
    question.button = AccessWords::tr("Make new key");
    question.iconName = QStringLiteral("refresh");
    question.typedName = typedName(environment, toQt(member.member.email.text), 1);
    return question;
}

DeleteQuestion rotateQuestion(Environment environment, const QString& workspace)
{
    DeleteQuestion question;
    question.title = AccessWords::tr("Sign with a new key from now on?");
    question.impact =
        AccessWords::tr("Tokens that are out stay valid: the old key is published until the last of them has expired. Whoever "
                        "keeps a copy of the key set has to read it again.");
    question.button = AccessWords::tr("Rotate key");
    question.iconName = QStringLiteral("refresh");
    question.typedName = typedName(environment, workspace, 1);
    return question;
}

} // namespace iotman::ui
