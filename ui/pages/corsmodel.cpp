#include "ui/pages/corsmodel.h"

#include "ui/look/badge.h"
#include "ui/look/tabledelegate.h"

namespace iotman::ui {

namespace {

BadgeSpec badgeOf(EntryState state)
{
    switch (state) {
    case EntryState::Saved:
        return {BadgeKind::Success, CorsModel::tr("saved")};
    case EntryState::New:
        return {BadgeKind::Info, CorsModel::tr("new")};
    case EntryState::Repeated:
        return {BadgeKind::Info, CorsModel::tr("repeated")};
    case EntryState::Any:
        return {BadgeKind::Warning, CorsModel::tr("every origin")};
    case EntryState::Overruled:
        return {BadgeKind::Warning, CorsModel::tr("not kept")};
    case EntryState::Refused:
        return {BadgeKind::Danger, CorsModel::tr("refused")};
    }
    return {};
}

} // namespace

CorsModel::CorsModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void CorsModel::setEntries(std::vector<CorsEntry> entries)
{
    const int before = rowCount();
    const int after = static_cast<int>(entries.size());
    // Rows that stay keep their place, so that typing does not make the list jump.
    if (after < before)
        beginRemoveRows({}, after, before - 1);
    else if (after > before)
        beginInsertRows({}, before, after - 1);
    entries_ = std::move(entries);
    if (after < before)
        endRemoveRows();
    else if (after > before)
        endInsertRows();
    if (after > 0)
        Q_EMIT dataChanged(index(0, 0), index(after - 1, What));
}

int CorsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

int CorsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 4;
}

QVariant CorsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const CorsEntry& shown = entry(index.row());
    if (role == BadgeRole)
        return index.column() == State ? QVariant::fromValue(badgeOf(shown.state)) : QVariant();
    if (role == ToneRole && shown.stored.isEmpty() && index.column() == Stored)
        return QVariant::fromValue(shown.state == EntryState::Refused ? Tone::Danger : Tone::Dim);
    if (role == ToneRole && index.column() == What && shown.state == EntryState::Saved)
        return QVariant::fromValue(Tone::Dim);
    if (role == ToneRole && index.column() == What && shown.state == EntryState::Refused)
        return QVariant::fromValue(Tone::Danger);
    if (role == Qt::ToolTipRole && index.column() == What)
        return shown.what;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case State:
        return badgeOf(shown.state).text;
    case Typed:
        return shown.typed;
    case Stored:
        return shown.stored.isEmpty() ? tr("not stored") : shown.stored;
    default:
        return shown.what;
    }
}

QVariant CorsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case State:
        return tr("State");
    case Typed:
        return tr("As typed");
    case Stored:
        return tr("Stored as");
    default:
        return tr("What happens");
    }
}

} // namespace iotman::ui
