#include "ui/sources/sourcequestion.h"

#include "core/client/text.h"
#include "ui/pages/words.h"
#include "ui/sources/sourcedeletion.h"

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

/// What such a source brings are items already, which an output of its name passes on.
bool ownsOutput(const Source& source)
{
    return source.kind == SourceKind::Replay || source.kind == SourceKind::Mirror;
}

bool isOwnOutput(const OutputView& view, const Source& source)
{
    const Output& output = view.output;
    return ownsOutput(source) && output.name.text == source.name.text && output.sources == std::vector{source.name};
}

bool isNamed(const OutputView& view, const Source& source)
{
    const auto& named = view.output.sources;
    return std::find(named.begin(), named.end(), source.name) != named.end();
}

int countOf(const std::vector<SourceView>& sources, SourceKind kind)
{
    return static_cast<int>(
        std::count_if(sources.begin(), sources.end(), [kind](const SourceView& view) { return view.source.kind == kind; }));
}

QStringList usersOf(const OutputView& output, const Source& source, const std::vector<EndpointView>& endpoints)
{
    if (!isNamed(output, source))
        return {};
    if (!isOwnOutput(output, source))
        return {SourceDeletion::tr("Output %1").arg(toQt(output.output.name.text))};
    QStringList users;
    for (const EndpointView& view : endpoints) {
        if (view.endpoint.output == output.output.id)
            users << SourceDeletion::tr("Endpoint %1").arg(toQt(view.endpoint.id.text));
    }
    return users;
}

/// What ends at once, by what there is among them.
QStringList endsOf(const std::vector<SourceView>& sources)
{
    QStringList ends;
    if (const int posted = countOf(sources, SourceKind::Http); posted > 0)
        ends << SourceDeletion::tr("%Ln URLs answer 404 at once.", nullptr, posted);
    if (countOf(sources, SourceKind::File) > 0)
        ends << SourceDeletion::tr("No file can be imported there any more.");
    if (countOf(sources, SourceKind::System) > 0)
        ends << SourceDeletion::tr("The computer is not read any more.");
    if (countOf(sources, SourceKind::Generator) > 0)
        ends << SourceDeletion::tr("Nothing is generated any more.");
    if (countOf(sources, SourceKind::Replay) > 0)
        ends << SourceDeletion::tr("The replay ends.");
    if (countOf(sources, SourceKind::Mirror) > 0)
        ends << SourceDeletion::tr("Nothing is mirrored any more.");
    return ends;
}

/// What goes with them, and what does not.
QStringList remainsOf(const std::vector<SourceView>& sources, const std::vector<OutputView>& outputs)
{
    std::int64_t kept = 0, lost = 0;
    int owned = 0;
    for (const SourceView& view : sources) {
        if (!ownsOutput(view.source))
            kept += view.datapoints;
        for (const OutputView& output : outputs) {
            if (isOwnOutput(output, view.source)) {
                ++owned;
                lost += output.items;
            }
        }
    }
    QStringList remains;
    if (owned > 0)
        remains << SourceDeletion::tr("%Ln outputs of the same name go too.", nullptr, owned)
                << SourceDeletion::tr("%Ln items are deleted.", nullptr, pluralCount(lost));
    if (!std::all_of(sources.begin(), sources.end(), [](const SourceView& view) { return ownsOutput(view.source); }))
        remains << SourceDeletion::tr("%Ln datapoints stay, and all items made of them.", nullptr, pluralCount(kept));
    return remains;
}

/// Of what comes back with “Undo”, nothing is said: the page offers it.
QString undoneText(const std::vector<SourceView>& sources)
{
    const auto lost =
        std::count_if(sources.begin(), sources.end(), [](const SourceView& view) { return !canBeMadeAgain(view.source); });
    if (lost == 0)
        return {};
    return lost == static_cast<std::ptrdiff_t>(sources.size())
               ? SourceDeletion::tr("This cannot be undone.")
               : SourceDeletion::tr("This cannot be undone for %Ln of them.", nullptr, static_cast<int>(lost));
}

} // namespace

bool canBeMadeAgain(const Source& source)
{
    switch (source.kind) {
    case SourceKind::Http:
    case SourceKind::System:
    case SourceKind::Generator:
        return true;
    case SourceKind::File:
        return !source.settings.contains("path");
    case SourceKind::Replay:
    case SourceKind::Mirror:
        break;
    }
    return false;
}

DeleteQuestion sourceQuestion(const std::vector<SourceView>& sources, const std::vector<OutputView>& outputs,
                              const std::vector<EndpointView>& endpoints, Environment environment)
{
    DeleteQuestion question;
    const int count = static_cast<int>(sources.size());
    const QString first = toQt(sources.front().source.name.text);
    question.title =
        count == 1 ? SourceDeletion::tr("Delete “%1”?").arg(first) : SourceDeletion::tr("Delete %Ln sources?", nullptr, count);
    question.button = count == 1 ? SourceDeletion::tr("Delete source") : SourceDeletion::tr("Delete sources");
    for (const OutputView& output : outputs) {
        for (const SourceView& view : sources)
            question.users += usersOf(output, view.source, endpoints);
    }
    question.users.removeDuplicates();
    QStringList impact{SourceDeletion::tr("It is still in use. Change or delete these first:")};
    if (question.users.isEmpty())
        impact = endsOf(sources) + remainsOf(sources, outputs) + QStringList{undoneText(sources)};
    impact.removeAll(QString());
    question.impact = impact.join(u' ');
    if (environment == Environment::Production)
        question.typedName = count == 1 ? first : SourceDeletion::tr("delete %Ln", nullptr, count);
    return question;
}

} // namespace iotman::ui
