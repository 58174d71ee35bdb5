#include "ui/sources/sourcesmodel.h"

#include "core/client/text.h"
#include "core/model/clock.h"
#include "ui/look/tabledelegate.h"
#include "ui/pages/cellrole.h"

#include <algorithm>

namespace iotman::ui {

using client::toQt;

QString kindWord(SourceKind kind)
{
    switch (kind) {
    case SourceKind::Http:
        return SourcesModel::tr("HTTP ingest");
    case SourceKind::File:
        return SourcesModel::tr("Imported files");
    case SourceKind::System:
        return SourcesModel::tr("This computer");
    case SourceKind::Generator:
        return SourcesModel::tr("Generated");
    case SourceKind::Replay:
        return SourcesModel::tr("Replayed");
    case SourceKind::Mirror:
        return SourcesModel::tr("Mirror");
    }
    return {};
}

SourcesModel::SourcesModel(const Clock& clock, QObject* parent)
    : QAbstractTableModel(parent)
    , clock_(clock)
{
}

void SourcesModel::setSources(std::vector<SourceView> sources)
{
    const Timestamp now = clock_.now();
    for (int row = rowCount() - 1; row >= 0; --row) {
        const SourceName name = at(row).source.name;
        if (std::none_of(sources.begin(), sources.end(), [&](const SourceView& view) { return view.source.name == name; })) {
            beginRemoveRows({}, row, row);
            rows_.erase(rows_.begin() + row);
            endRemoveRows();
        }
    }
    for (SourceView& view : sources) {
        const int row = rowOf(view.source.name);
        if (row < 0) {
            beginInsertRows({}, rowCount(), rowCount());
            rows_.push_back({std::move(view), std::nullopt, now});
            endInsertRows();
            continue;
        }
        Row& kept = rows_[static_cast<std::size_t>(row)];
        const double seconds = static_cast<double>(now.us - kept.seenAt.us) / 1e6;
        if (seconds > 0.5) {
            kept.rate = static_cast<double>(std::max<std::int64_t>(view.datapoints - kept.view.datapoints, 0)) / seconds;
            kept.seenAt = now;
        }
        kept.view = std::move(view);
        Q_EMIT dataChanged(index(row, 0), index(row, sourceColumns - 1));
    }
}

int SourcesModel::rowOf(const SourceName& name) const
{
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.view.source.name == name; });
    return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

void SourcesModel::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, sourceColumns - 1));
}

int SourcesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int SourcesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : sourceColumns;
}

QString SourcesModel::text(const Row& row, SourceColumn column) const
{
    const Source& source = row.view.source;
    const ReadingContext context{clock_.now(), zone_, QLocale()};
    switch (column) {
    case SourceColumn::Name:
        return toQt(source.name.text);
    case SourceColumn::Kind:
        return kindWord(source.kind);
    case SourceColumn::Access:
        return source.requiredScope ? toQt(source.requiredScope->text) : source.kind == SourceKind::Http ? tr("Open") : QString();
    case SourceColumn::State:
        return source.enabled ? tr("on") : tr("off");
    case SourceColumn::Datapoints:
        return context.locale.toString(static_cast<qlonglong>(row.view.datapoints));
    case SourceColumn::Rate:
        return rateWord(row.rate, context.locale);
    case SourceColumn::Last:
        return momentWord(row.view.lastDatapointAt, context);
    case SourceColumn::Url:
        return toQt(row.view.ingestUrl.value_or(""));
    case SourceColumn::Created:
        return dayWord(source.made.at, context);
    case SourceColumn::By:
        return toQt(source.made.by);
    }
    return {};
}

/// As other programs read it.
QString SourcesModel::exact(const Row& row, SourceColumn column) const
{
    const auto time = [](const std::optional<Timestamp>& at) { return at ? toQt(at->iso()) : QString(); };
    switch (column) {
    case SourceColumn::Datapoints:
        return QString::number(row.view.datapoints);
    case SourceColumn::Rate:
        return row.rate ? QString::number(*row.rate, 'g', 6) : QString();
    case SourceColumn::Last:
        return time(row.view.lastDatapointAt);
    case SourceColumn::Created:
        return time(row.view.source.made.at);
    default:
        return text(row, column);
    }
}

QVariant SourcesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<SourceColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        if (column == SourceColumn::State && !row.view.source.enabled)
            return tr("Switched off: nothing comes in.");
        if (column == SourceColumn::Kind && row.view.source.kind == SourceKind::Generator)
            return tr("Its datapoints are made from a seed. No device sends them.");
        if (column == SourceColumn::Kind && row.view.source.kind == SourceKind::Replay)
            return tr("Its datapoints were recorded before, and are brought in once more.");
        return {};
    case ToneRole:
        if (!row.view.source.enabled)
            return QVariant::fromValue(Tone::Dim);
        return column == SourceColumn::State ? QVariant::fromValue(Tone::Success) : QVariant();
    case BadgeRole:
        if (column == SourceColumn::Access && row.view.source.requiredScope)
            return QVariant::fromValue(BadgeSpec{BadgeKind::Scope, text(row, column)});
        if (column == SourceColumn::Kind &&
            (row.view.source.kind == SourceKind::Generator || row.view.source.kind == SourceKind::Replay))
            return QVariant::fromValue(BadgeSpec{BadgeKind::Info, text(row, column)});
        return {};
    case SortRole:
        if (column == SourceColumn::Datapoints)
            return static_cast<qlonglong>(row.view.datapoints);
        if (column == SourceColumn::Rate)
            return row.rate.value_or(-1);
        if (column == SourceColumn::Last)
            return static_cast<qlonglong>(row.view.lastDatapointAt ? row.view.lastDatapointAt->us : 0);
        if (column == SourceColumn::Created)
            return static_cast<qlonglong>(row.view.source.made.at.us);
        return text(row, column);
    case ExactRole:
        return exact(row, column);
    case Qt::TextAlignmentRole:
        if (column >= SourceColumn::Datapoints && column <= SourceColumn::Last)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        return {};
    default:
        return {};
    }
}

QVariant SourcesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= sourceColumns)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section >= static_cast<int>(SourceColumn::Datapoints) && section <= static_cast<int>(SourceColumn::Last)
                   ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
                   : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    const QStringList heads{tr("Name"),         tr("Kind"), tr("Access"), tr("State"),   tr("Datapoints"),
                            tr("Datapoints/s"), tr("Last"), tr("URL"),    tr("Created"), tr("By")};
    return heads[section];
}

} // namespace iotman::ui
