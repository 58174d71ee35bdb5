#include "ui/pages/outputremover.h"

#include "core/client/text.h"
#include "ui/pages/session.h"

#include <utility>

namespace iotman::ui {

using client::toQt;

OutputRemover::OutputRemover(Session& session, QObject* parent)
    : QObject(parent)
    , session_(session)
{
}

void OutputRemover::remove(const std::vector<OutputView>& outputs)
{
    deleted_.clear();
    for (const OutputView& view : outputs) {
        const Output output = view.output;
        session_.management().deleteOutput(output.id, this, session_.noted<void>([this, output](Expected<void> done) {
            if (!done) {
                Q_EMIT failed(tr("“%1” was not deleted.").arg(toQt(output.name.text)), done.error());
                return;
            }
            deleted_.push_back(output);
            Q_EMIT removed(output.id, static_cast<int>(deleted_.size()));
        }));
    }
}

void OutputRemover::undo()
{
    for (const Output& output : std::exchange(deleted_, {})) {
        const OutputDraft draft{output.id, output.name, output.sources, output.filter, output.rule, true};
        session_.management().createOutput(
            draft, this, session_.noted<OutputView>([this, name = output.name](Expected<OutputView> made) {
                if (made)
                    Q_EMIT restored(made->output.id);
                else
                    Q_EMIT failed(tr("“%1” could not be made again.").arg(toQt(name.text)), made.error());
            }));
    }
}

} // namespace iotman::ui
