#include "ui/workspace/snapshotrows.h"

#include "core/client/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

struct SnapshotWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::Snapshots)
};

} // namespace

std::vector<ColumnSpec> snapshotColumns()
{
    return {{SnapshotWords::tr("Name"), CellKind::Code, 260},
            {SnapshotWords::tr("Saved"), CellKind::Number, 140},
            {SnapshotWords::tr("Size"), CellKind::Number, 100}};
}

std::vector<TableRow> snapshotRows(const Snapshots& snapshots, const ReadingContext& context)
{
    std::vector<TableRow> rows;
    for (const client::SnapshotView& snapshot : snapshots) {
        const QString name = toQt(snapshot.name.text);
        rows.push_back(
            {name,
             {{name},
              {momentWord(snapshot.createdAt, context), static_cast<qint64>(snapshot.createdAt.us),
               toQt(snapshot.createdAt.iso())},
              {sizeWord(snapshot.bytes, context.locale), static_cast<qint64>(snapshot.bytes), QString::number(snapshot.bytes)}}});
    }
    return rows;
}

SnapshotNameCheck checkSnapshotName(const QString& typed, const Snapshots& snapshots)
{
    const QString wanted = typed.trimmed();
    if (wanted.isEmpty())
        return {};
    const Expected<Slug> name = Slug::parse(fromQt(wanted), "name");
    if (!name)
        return {std::nullopt, toQt(name.error().detail)};
    const bool taken = std::any_of(snapshots.begin(), snapshots.end(),
                                   [&](const client::SnapshotView& snapshot) { return snapshot.name == *name; });
    if (taken)
        return {std::nullopt,
                SnapshotWords::tr("There is a snapshot of this name already. Delete it first, or choose another name.")};
    return {*name, {}};
}

DeleteQuestion restoreQuestion(const client::SnapshotView& snapshot, Environment environment, const ReadingContext& context)
{
    DeleteQuestion question;
    const QString name = toQt(snapshot.name.text);
    question.title = SnapshotWords::tr("Restore “%1” of %2?").arg(name, momentWord(snapshot.createdAt, context));
    question.impact =
        SnapshotWords::tr("Sources, outputs, endpoints, CORS, datapoints and items become what they were; what came "
                          "since goes. Members, scopes, clients, keys and the audit log stay as they are. Open streams close "
                          "and may come back at once. An endpoint whose scope is gone comes back switched off.");
    question.button = SnapshotWords::tr("Restore snapshot");
    question.iconName = QStringLiteral("undo");
    if (environment == Environment::Production)
        question.typedName = name;
    return question;
}

DeleteQuestion snapshotDeleteQuestion(const client::SnapshotView& snapshot, Environment environment,
                                      const ReadingContext& context)
{
    DeleteQuestion question;
    const QString name = toQt(snapshot.name.text);
    question.title = SnapshotWords::tr("Delete “%1” of %2?").arg(name, momentWord(snapshot.createdAt, context));
    question.impact = SnapshotWords::tr("The state of that moment can't be restored any more. The workspace stays as it is.");
    question.button = SnapshotWords::tr("Delete snapshot");
    if (environment == Environment::Production)
        question.typedName = name;
    return question;
}

DeleteQuestion resetQuestion(Environment environment, const QString& workspace)
{
    DeleteQuestion question;
    question.title = SnapshotWords::tr("Reset to the workspace file?");
    question.impact = SnapshotWords::tr(
        "Everything becomes what it was right after the server first applied its workspace file: sources, outputs, endpoints, "
        "CORS, "
        "scopes, clients and their secrets, datapoints and items. What came and was changed since goes; save a snapshot first to "
        "keep it. Snapshots, members, keys and the audit log stay as they are. Open streams close and may come back at once.");
    question.button = SnapshotWords::tr("Reset workspace");
    question.iconName = QStringLiteral("restore");
    if (environment == Environment::Production)
        question.typedName = workspace;
    return question;
}

} // namespace iotman::ui
