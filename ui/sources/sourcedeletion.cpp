#include "ui/sources/sourcedeletion.h"

#include "core/client/text.h"
#include "ui/pages/deletedialog.h"

#include <QLocale>
#include <QWidget>

#include <utility>

namespace iotman::ui {

using client::toQt;

namespace {

/// Whether all that a source of this kind is made of is told by the server: no path, no secret, no output of its own.
bool canBeMadeAgain(SourceKind kind)
{
    return kind == SourceKind::Http || kind == SourceKind::System || kind == SourceKind::Generator;
}

} // namespace

SourceDeletion::SourceDeletion(Session& session, QWidget* parent)
    : QObject(parent)
    , session_(session)
    , over_(parent)
{
}

void SourceDeletion::ask(const std::vector<SourceView>& sources)
{
    if (sources.empty())
        return;
    std::int64_t datapoints = 0;
    for (const SourceView& view : sources)
        datapoints += view.datapoints;
    DeleteQuestion question;
    const QString name = toQt(sources.front().source.name.text);
    const bool one = sources.size() == 1;
    question.title = one ? tr("Delete “%1”?").arg(name) : tr("Delete %Ln sources?", nullptr, static_cast<int>(sources.size()));
    question.impact =
        tr("Nothing can come in this way any more: a URL answers 404 at once. %1 datapoints and all items made of them stay.")
            .arg(QLocale().toString(static_cast<qlonglong>(datapoints)));
    question.button = one ? tr("Delete source") : tr("Delete sources");
    if (session_.connection().environment == Environment::Production)
        question.typedName = name;
    iotman::ui::ask(question, over_, [this, sources] { deleteAll(sources); });
}

void SourceDeletion::deleteAll(const std::vector<SourceView>& sources)
{
    deleted_.clear();
    Q_EMIT begun();
    for (const SourceView& view : sources) {
        session_.management().deleteSource(view.source.name, this, session_.noted<void>([this, view](Expected<void> done) {
            if (!done)
                return Q_EMIT failed(tr("“%1” was not deleted.").arg(toQt(view.source.name.text)), done.error());
            if (canBeMadeAgain(view.source.kind))
                deleted_.push_back(view.source);
            Q_EMIT deleted();
        }));
    }
}

void SourceDeletion::undo()
{
    const std::vector<Source> wanted = std::exchange(deleted_, {});
    Q_EMIT begun();
    for (const Source& source : wanted) {
        const SourceDraft draft{source.name, source.kind, source.settings, source.time, source.requiredScope, source.enabled};
        session_.management().createSource(draft, this, session_.noted<SourceView>([this, source](Expected<SourceView> made) {
            const QString name = toQt(source.name.text);
            if (made)
                return Q_EMIT madeAgain(name);
            deleted_.push_back(source); // to be tried once more
            Q_EMIT failed(tr("“%1” could not be made again.").arg(name), made.error());
        }));
    }
}

} // namespace iotman::ui
