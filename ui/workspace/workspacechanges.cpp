#include "ui/workspace/workspacechanges.h"

#include "core/client/text.h"
#include "ui/pages/accesstexts.h"
#include "ui/pages/endpointtexts.h"
#include "ui/pages/outputtexts.h"

#include <QCoreApplication>

#include <algorithm>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

struct ChangeWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::WorkspaceChanges)
};

WorkspaceChange changeOf(const QString& line)
{
    WorkspaceChange change;
    const QStringView sign = QStringView(line).left(2);
    change.kind = sign == u"- " ? ChangeKind::Removed : sign == u"+ " ? ChangeKind::Added : ChangeKind::Changed;
    const QString rest = line.mid(2);
    change.what = rest.section(u' ', 0, 0);
    change.name = rest.section(u' ', 1);
    return change;
}

QString whatWord(const QString& what)
{
    static const std::pair<QString, QString> words[] = {
        {QStringLiteral("workspace"), ChangeWords::tr("Workspace")}, {QStringLiteral("scope"), ChangeWords::tr("Scope")},
        {QStringLiteral("source"), ChangeWords::tr("Source")},       {QStringLiteral("output"), ChangeWords::tr("Output")},
        {QStringLiteral("endpoint"), ChangeWords::tr("Endpoint")},   {QStringLiteral("client"), ChangeWords::tr("Client")},
        {QStringLiteral("cors"), ChangeWords::tr("CORS origins")}};
    for (const auto& [spelt, word] : words) {
        if (spelt == what)
            return word;
    }
    return what;
}

Cell kindCell(ChangeKind kind)
{
    Cell cell;
    switch (kind) {
    case ChangeKind::Removed:
        cell = {QStringLiteral("\u2212 ") + ChangeWords::tr("Removed")};
        cell.tone = Tone::Danger;
        break;
    case ChangeKind::Changed:
        cell = {QStringLiteral("~ ") + ChangeWords::tr("Changed")};
        cell.tone = Tone::Warning;
        break;
    case ChangeKind::Added:
        cell = {QStringLiteral("+ ") + ChangeWords::tr("Added")};
        cell.tone = Tone::Success;
        break;
    }
    cell.sort = static_cast<int>(kind);
    return cell;
}

/// The one of `views` whose `name` is this, alone in a list; empty where there is none.
template <class View, class NameOf>
std::vector<View> named(const std::vector<View>& views, const QString& name, NameOf nameOf)
{
    std::vector<View> found;
    std::copy_if(views.begin(), views.end(), std::back_inserter(found),
                 [wanted = fromQt(name), &nameOf](const View& view) { return nameOf(view) == wanted; });
    return found;
}

QString removalConsequence(const WorkspaceChange& change, const PresentLists& present, const ReadingContext& context)
{
    const auto told = [](const auto& found, const auto& question) { return found.empty() ? QString() : question(found).impact; };
    if (change.what == u"endpoint")
        return told(named(present.endpoints, change.name, [](const EndpointView& view) { return view.endpoint.id.text; }),
                    [&](const auto& found) { return deleteQuestion(found, Environment::Local, context); });
    if (change.what == u"output")
        return told(named(present.outputs, change.name, [](const OutputView& view) { return view.output.name.text; }),
                    [&](const auto& found) { return outputQuestion(found, {}, Environment::Local); });
    if (change.what == u"client")
        return told(named(present.clients, change.name, [](const ClientView& view) { return view.client.id.text; }),
                    [&](const auto& found) { return clientQuestion(found, Environment::Local, context); });
    if (change.what == u"source")
        return ChangeWords::tr("Nothing comes in by it any longer. Its datapoints stay.");
    if (change.what != u"scope")
        return {};
    const auto scopes = named(present.scopes, change.name, [](const ScopeView& view) { return view.scope.name.text; });
    const QStringList users = scopes.empty() ? QStringList() : usersOf(scopes.front());
    return users.isEmpty() ? ChangeWords::tr("Nothing uses it.")
                           : ChangeWords::tr("Used until now by: %1.").arg(users.join(QStringLiteral(", ")));
}

} // namespace

std::vector<WorkspaceChange> changesOf(const std::vector<std::string>& lines)
{
    std::vector<WorkspaceChange> changes;
    for (const std::string& line : lines)
        changes.push_back(changeOf(toQt(line)));
    std::stable_sort(changes.begin(), changes.end(),
                     [](const WorkspaceChange& a, const WorkspaceChange& b) { return a.kind < b.kind; });
    return changes;
}

QString consequence(const WorkspaceChange& change, const PresentLists& present, const ReadingContext& context)
{
    if (change.kind == ChangeKind::Removed)
        return removalConsequence(change, present, context);
    if (change.kind == ChangeKind::Changed && change.what == u"output")
        return ChangeWords::tr("Another rule, filter or source makes the items that come from now on.");
    if (change.kind == ChangeKind::Changed && change.what == u"cors")
        return ChangeWords::tr("Browsers ask by the new list from the next request on.");
    if (change.kind == ChangeKind::Added && change.what == u"output")
        return ChangeWords::tr("It is applied to the datapoints that are stored.");
    return {};
}

std::vector<ColumnSpec> changeColumns()
{
    return {{ChangeWords::tr("Change"), CellKind::Text, 100},
            {ChangeWords::tr("What"), CellKind::Text, 110},
            {ChangeWords::tr("Name"), CellKind::Code, 180},
            {ChangeWords::tr("What it means"), CellKind::Text, 300}};
}

std::vector<TableRow> changeRows(const std::vector<WorkspaceChange>& changes, const PresentLists& present,
                                 const ReadingContext& context)
{
    std::vector<TableRow> rows;
    for (const WorkspaceChange& change : changes)
        rows.push_back(
            {change.what + u' ' + change.name,
             {kindCell(change.kind), {whatWord(change.what)}, {change.name}, {consequence(change, present, context)}}});
    return rows;
}

QString changesSummary(const std::vector<WorkspaceChange>& changes)
{
    const auto count = [&](ChangeKind kind) {
        return static_cast<int>(
            std::count_if(changes.begin(), changes.end(), [kind](const WorkspaceChange& change) { return change.kind == kind; }));
    };
    QStringList parts;
    if (const int removed = count(ChangeKind::Removed))
        parts << ChangeWords::tr("%Ln removed", nullptr, removed);
    if (const int changed = count(ChangeKind::Changed))
        parts << ChangeWords::tr("%Ln changed", nullptr, changed);
    if (const int added = count(ChangeKind::Added))
        parts << ChangeWords::tr("%Ln added", nullptr, added);
    return parts.join(QStringLiteral(", "));
}

QString changesText(const std::vector<WorkspaceChange>& changes)
{
    QString text;
    for (const WorkspaceChange& change : changes) {
        const QChar sign = change.kind == ChangeKind::Removed ? u'-' : change.kind == ChangeKind::Added ? u'+' : u'~';
        text += sign + (u' ' + change.what) + (change.name.isEmpty() ? QString() : u' ' + change.name) + u'\n';
    }
    return text;
}

} // namespace iotman::ui
