#include "ui/pages/accessrows.h"

#include "core/client/text.h"
#include "ui/chart/zonetext.h"

#include <QCoreApplication>

namespace iotman::ui {

using client::toQt;

namespace {

struct AccessRowWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::AccessRows)
};

constexpr int timeWidth = 104;

QString joined(const std::vector<ScopeName>& scopes)
{
    QStringList names;
    for (const ScopeName& scope : scopes)
        names << toQt(scope.text);
    return names.join(u' ');
}

QString usersText(const ScopeView& scope)
{
    QStringList parts;
    const auto count = [&parts](std::size_t number, const QString& one, const QString& many) {
        if (number > 0)
            parts << (number == 1 ? one : many);
    };
    const auto n = [](std::size_t number) { return static_cast<int>(number); };
    count(scope.endpoints.size(), AccessRowWords::tr("1 endpoint"),
          AccessRowWords::tr("%Ln endpoints", nullptr, n(scope.endpoints.size())));
    count(scope.clients.size(), AccessRowWords::tr("1 client"),
          AccessRowWords::tr("%Ln clients", nullptr, n(scope.clients.size())));
    count(scope.sources.size(), AccessRowWords::tr("1 source"),
          AccessRowWords::tr("%Ln sources", nullptr, n(scope.sources.size())));
    return parts.isEmpty() ? AccessRowWords::tr("nothing") : parts.join(AccessRowWords::tr(", ", "between uses"));
}

Cell stateCell(const Client& client, Timestamp now)
{
    if (client.expiresAt && *client.expiresAt <= now)
        return {AccessRowWords::tr("expired"), {}, {}, BadgeKind::Danger};
    if (!client.enabled)
        return {AccessRowWords::tr("off"), {}, {}, BadgeKind::Warning};
    return {AccessRowWords::tr("on"), {}, {}, BadgeKind::Success};
}

QString kindWord(const std::string& kind)
{
    static const std::pair<const char*, const char*> words[] = {
        {"workspace", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Workspace")},
        {"scope", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Scope")},
        {"source", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Source")},
        {"output", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Output")},
        {"endpoint", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Endpoint")},
        {"client", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Client")},
        {"member", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Member")},
        {"cors", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "CORS list")},
        {"keys", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Signing key")},
        {"signing key", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Signing key")},
        {"secret", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Secret")},
        {"token", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Token")},
        {"import", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Import")},
        {"snapshot", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Snapshot")},
        {"weather", QT_TRANSLATE_NOOP("iotman::ui::AccessRows", "Test weather")},
    };
    for (const auto& [name, word] : words) {
        if (kind == name)
            return AccessRowWords::tr(word);
    }
    return toQt(kind);
}

/// The name that people know a thing by, where its value has one beside the id.
QString nameIn(const client::AuditEntry& entry)
{
    for (const Json* value : {&entry.after, &entry.before}) {
        for (const char* member : {"name", "email"}) {
            if (value->is_object() && value->contains(member) && (*value)[member].is_string())
                return toQt((*value)[member].get<std::string>());
        }
    }
    return toQt(entry.id);
}

} // namespace

Cell timeCell(const std::optional<Timestamp>& time, const ReadingContext& context, const QString& never)
{
    if (!time)
        return {never.isEmpty() ? QStringLiteral("\u2013") : never, qlonglong(Timestamp::min().us), {}, {}, Tone::Dim, {}};
    return {momentWord(time, context),
            qlonglong(time->us),
            toQt(time->iso()),
            {},
            Tone::Normal,
            momentText(*time, context.zone, context.locale)};
}

Cell numberCell(qint64 number, const ReadingContext& context)
{
    return {context.locale.toString(number), number, QString::number(number)};
}

std::vector<ColumnSpec> scopeColumns()
{
    return {{AccessRowWords::tr("Scope"), CellKind::Text, 170},
            {AccessRowWords::tr("Description"), CellKind::Text, 300},
            {AccessRowWords::tr("Used by"), CellKind::Text, 220},
            {AccessRowWords::tr("Created"), CellKind::Number, timeWidth},
            {AccessRowWords::tr("By"), CellKind::Text, 150}};
}

std::vector<TableRow> scopeRows(const std::vector<ScopeView>& scopes, const ReadingContext& context)
{
    std::vector<TableRow> rows;
    for (const ScopeView& view : scopes) {
        const QString name = toQt(view.scope.name.text);
        const bool unused = view.endpoints.empty() && view.clients.empty() && view.sources.empty();
        rows.push_back({name,
                        {{name, {}, {}, BadgeKind::Scope},
                         {toQt(view.scope.description)},
                         {usersText(view), {}, {}, {}, unused ? Tone::Dim : Tone::Normal},
                         timeCell(view.scope.made.at, context),
                         {toQt(view.scope.made.by), {}, {}, {}, Tone::Dim}}});
    }
    return rows;
}

std::vector<ColumnSpec> clientColumns()
{
    return {{AccessRowWords::tr("Client"), CellKind::Text, 170},
            {AccessRowWords::tr("Id"), CellKind::Url, 190},
            {AccessRowWords::tr("Scopes"), CellKind::Code, 210},
            {AccessRowWords::tr("State"), CellKind::Text, 92},
            {AccessRowWords::tr("Last used"), CellKind::Number, timeWidth},
            {AccessRowWords::tr("Expires"), CellKind::Number, timeWidth},
            {AccessRowWords::tr("Created"), CellKind::Number, timeWidth},
            {AccessRowWords::tr("By"), CellKind::Text, 140}};
}

std::vector<TableRow> clientRows(const std::vector<ClientView>& clients, const ReadingContext& context)
{
    std::vector<TableRow> rows;
    for (const ClientView& view : clients) {
        const Client& client = view.client;
        const bool works = client.enabled && (!client.expiresAt || *client.expiresAt > context.now);
        const Tone tone = works ? Tone::Normal : Tone::Dim;
        rows.push_back({toQt(client.id.text),
                        {{toQt(client.name), {}, {}, {}, tone},
                         {toQt(client.id.text), {}, {}, {}, tone},
                         client.scopes.empty() ? Cell{AccessRowWords::tr("none"), {}, {}, {}, Tone::Dim}
                                               : Cell{joined(client.scopes), {}, {}, {}, tone},
                         stateCell(client, context.now),
                         timeCell(view.lastUsedAt, context, AccessRowWords::tr("never")),
                         timeCell(client.expiresAt, context, AccessRowWords::tr("never")),
                         timeCell(client.made.at, context),
                         {toQt(client.made.by), {}, {}, {}, Tone::Dim}}});
    }
    return rows;
}

std::vector<ColumnSpec> memberColumns()
{
    return {{AccessRowWords::tr("E-mail"), CellKind::Text, 260},
            {AccessRowWords::tr("Role"), CellKind::Text, 110},
            {AccessRowWords::tr("Last seen"), CellKind::Number, timeWidth},
            {AccessRowWords::tr("Added"), CellKind::Number, timeWidth}};
}

std::vector<TableRow> memberRows(const std::vector<MemberView>& members, const std::string& ownEmail,
                                 const ReadingContext& context)
{
    std::vector<TableRow> rows;
    for (const MemberView& view : members) {
        const QString email = toQt(view.member.email.text);
        const QString shown =
            view.member.email.text == ownEmail ? AccessRowWords::tr("%1 · you", "a member's e-mail").arg(email) : email;
        rows.push_back({toQt(view.member.id.text),
                        {{shown, {}, email},
                         {roleWord(view.member.role), static_cast<int>(view.member.role)},
                         timeCell(view.lastSeenAt, context, AccessRowWords::tr("never")),
                         timeCell(view.member.createdAt, context)}});
    }
    return rows;
}

std::vector<ColumnSpec> auditColumns()
{
    return {{AccessRowWords::tr("Time"), CellKind::Number, timeWidth}, {AccessRowWords::tr("Who"), CellKind::Text, 200},
            {AccessRowWords::tr("What"), CellKind::Text, 100},         {AccessRowWords::tr("Kind"), CellKind::Text, 110},
            {AccessRowWords::tr("Name"), CellKind::Text, 200},         {AccessRowWords::tr("Id"), CellKind::Code, 220}};
}

QString auditId(const client::AuditEntry& entry)
{
    return toQt(entry.at.seconds() + ' ' + entry.kind + ' ' + entry.id);
}

QString auditWord(const client::AuditEntry& entry)
{
    if (entry.before.is_null())
        return AccessRowWords::tr("made");
    return entry.after.is_null() ? AccessRowWords::tr("deleted") : AccessRowWords::tr("changed");
}

std::vector<TableRow> auditRows(const std::vector<client::AuditEntry>& entries, const ReadingContext& context)
{
    std::vector<TableRow> rows;
    for (const client::AuditEntry& entry : entries) {
        const Tone tone = entry.after.is_null() && !entry.before.is_null() ? Tone::Danger : Tone::Normal;
        rows.push_back({auditId(entry),
                        {timeCell(entry.at, context),
                         {toQt(entry.who)},
                         {auditWord(entry), {}, {}, {}, tone},
                         {kindWord(entry.kind)},
                         {nameIn(entry)},
                         {toQt(entry.id), {}, {}, {}, Tone::Dim}}});
    }
    return rows;
}

} // namespace iotman::ui
