#include "ui/pages/endpointtexts.h"

#include "core/client/text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

struct EndpointWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::EndpointTexts)
};

QString servedAlreadyText(const OutputId& output, const std::vector<EndpointView>& endpoints)
{
    const auto count = std::count_if(endpoints.begin(), endpoints.end(),
                                     [&](const EndpointView& view) { return view.endpoint.output == output; });
    if (count == 0)
        return EndpointWords::tr("No endpoint serves this output yet.");
    if (count == 1)
        return EndpointWords::tr("1 endpoint serves this output already.");
    return EndpointWords::tr("%Ln endpoints serve this output already.", nullptr, static_cast<int>(count));
}

QString idErrorOf(const QString& typed, const std::vector<EndpointView>& endpoints)
{
    if (typed.isEmpty())
        return {};
    const Expected<EndpointId> id = EndpointId::parse(fromQt(typed), "id");
    if (!id)
        return toQt(id.error().detail);
    const bool taken =
        std::any_of(endpoints.begin(), endpoints.end(), [&](const EndpointView& view) { return view.endpoint.id == *id; });
    return taken ? EndpointWords::tr("An endpoint with this id exists already. Choose another id.") : QString();
}

QString streamsText(std::int64_t streams)
{
    if (streams == 0)
        return EndpointWords::tr("No stream is open.");
    if (streams == 1)
        return EndpointWords::tr("1 stream is open.");
    return EndpointWords::tr("%Ln streams are open.", nullptr, static_cast<int>(streams));
}

QString lastReadText(const std::vector<EndpointView>& endpoints, const ReadingContext& context)
{
    std::optional<Timestamp> last;
    for (const EndpointView& view : endpoints)
        last = std::max(last, view.lastReadAt);
    return last ? EndpointWords::tr("Last read: %1.").arg(momentWord(last, context))
                : EndpointWords::tr("Nothing has read it yet.");
}

} // namespace

QString readersText(const std::optional<ScopeName>& scope, const std::vector<ScopeView>& scopes)
{
    if (!scope)
        return EndpointWords::tr("Anyone who can reach the address may read it.");
    const auto found =
        std::find_if(scopes.begin(), scopes.end(), [&](const ScopeView& view) { return view.scope.name == *scope; });
    const std::vector<std::string> clients = found == scopes.end() ? std::vector<std::string>() : found->clients;
    if (clients.empty())
        return EndpointWords::tr("No client holds this scope yet. Others get 403.");
    constexpr std::size_t most = 3;
    QStringList names;
    for (std::size_t i = 0; i < std::min(clients.size(), most); ++i)
        names << toQt(clients[i]);
    if (clients.size() > most)
        names << QStringLiteral("\u2026");
    const QString list = names.join(EndpointWords::tr(", ", "between clients"));
    if (clients.size() == 1)
        return EndpointWords::tr("Held by 1 client: %1. Others get 403.").arg(list);
    return EndpointWords::tr("Held by %Ln clients: %1. Others get 403.", nullptr, static_cast<int>(clients.size())).arg(list);
}

EndpointCheck checkEndpoint(const EndpointFields& fields, const std::vector<EndpointView>& endpoints,
                            const std::vector<ScopeView>& scopes)
{
    EndpointCheck check;
    check.scopeNote = readersText(fields.scope, scopes);
    const QString id = fields.id.trimmed();
    check.idError = idErrorOf(id, endpoints);
    if (!fields.output)
        return check;
    check.outputNote = servedAlreadyText(*fields.output, endpoints);
    if (!check.idError.isEmpty())
        return check;
    EndpointDraft draft;
    draft.output = fields.output->text;
    draft.requiredScope = fields.scope;
    if (!id.isEmpty())
        draft.id = EndpointId{fromQt(id)};
    check.draft = std::move(draft);
    return check;
}

DeleteQuestion deleteQuestion(const std::vector<EndpointView>& endpoints, Environment environment, const ReadingContext& context)
{
    DeleteQuestion question;
    std::int64_t streams = 0;
    for (const EndpointView& view : endpoints)
        streams += view.streams;
    QStringList impact = {streamsText(streams), lastReadText(endpoints, context)};
    const QString first = endpoints.empty() ? QString() : toQt(endpoints.front().outputName.text);
    if (endpoints.size() == 1) {
        question.title = EndpointWords::tr("Delete the endpoint “%1” of “%2”?").arg(toQt(endpoints.front().endpoint.id.text), first);
        impact << EndpointWords::tr("The URL stops responding immediately. The output and its data stay.");
        question.button = EndpointWords::tr("Delete endpoint");
    } else {
        const int count = static_cast<int>(endpoints.size());
        question.title = EndpointWords::tr("Delete %Ln endpoints?", nullptr, count);
        impact << EndpointWords::tr("The URLs stop responding immediately. The outputs and their data stay.");
        question.button = EndpointWords::tr("Delete %Ln endpoints", nullptr, count);
    }
    question.impact = impact.join(u' ');
    if (environment == Environment::Production)
        question.typedName =
            endpoints.size() == 1 ? first : EndpointWords::tr("delete %Ln", nullptr, static_cast<int>(endpoints.size()));
    return question;
}

QString itemsText(const OutputView& output, const ReadingContext& context)
{
    if (output.items == 0)
        return EndpointWords::tr("No item yet.");
    const QString latest = momentWord(output.lastItemAt, context);
    if (output.items == 1)
        return EndpointWords::tr("1 item, at %1.").arg(latest);
    return EndpointWords::tr("%1 items, the latest at %2.")
        .arg(context.locale.toString(static_cast<qlonglong>(output.items)), latest);
}

} // namespace iotman::ui
