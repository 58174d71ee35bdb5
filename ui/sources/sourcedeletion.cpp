#include "ui/sources/sourcedeletion.h"

#include "core/client/text.h"
#include "ui/pages/deletedialog.h"
#include "ui/sources/sourcequestion.h"

#include <QWidget>

#include <utility>

namespace iotman::ui {

using client::toQt;

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
    const DeleteQuestion question =
        sourceQuestion(sources, session_.outputs(), session_.endpoints(), session_.connection().environment);
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
            if (canBeMadeAgain(view.source))
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
