#include "ui/activity/activitymodel.h"

#include "core/client/text.h"
#include "core/model/clock.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/tabledelegate.h"
#include "ui/pages/cellrole.h"

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

} // namespace

QString durationWord(Timestamp span, const QLocale& locale)
{
    const double ms = static_cast<double>(span.us) / 1000;
    if (ms < 10'000)
        return ActivityModel::tr("%1 ms").arg(locale.toString(ms, 'f', ms < 100 ? 1 : 0));
    const qint64 seconds = span.us / 1'000'000;
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

ActivityModel::ActivityModel(const Clock& clock, QObject* parent)
    : QAbstractTableModel(parent)
    , clock_(clock)
{
}

std::deque<ActivityEntry>::const_iterator ActivityModel::placeOf(std::uint64_t number) const
{
    // Numbers fall from the front on.
    return std::lower_bound(entries_.begin(), entries_.end(), number,
                            [](const ActivityEntry& kept, std::uint64_t wanted) { return kept.number > wanted; });
}

const ActivityEntry* ActivityModel::find(std::uint64_t number) const
{
    const auto place = placeOf(number);
    return place != entries_.end() && place->number == number ? &*place : nullptr;
}

void ActivityModel::merge(std::vector<ActivityEntry> given)
{
    // Where a number comes twice, what came last is how it is now.
    std::stable_sort(given.begin(), given.end(),
                     [](const ActivityEntry& a, const ActivityEntry& b) { return a.number < b.number; });
    std::vector<ActivityEntry> fresh;
    const std::uint64_t newestKept = newest();
    for (ActivityEntry& entry : given) {
        if (entry.number <= newestKept)
            mergeOlder(std::move(entry));
        else if (!fresh.empty() && fresh.back().number == entry.number)
            fresh.back() = std::move(entry);
        else
            fresh.push_back(std::move(entry));
    }
    if (!fresh.empty()) {
        beginInsertRows({}, 0, static_cast<int>(fresh.size()) - 1);
        for (ActivityEntry& entry : fresh) {
            housekeeping_ += entry.isHousekeeping();
            entries_.push_front(std::move(entry));
        }
        endInsertRows();
    }
    forget(mostEntries);
}

/// All but the newest `most`.
void ActivityModel::forget(std::size_t most)
{
    if (entries_.size() <= most)
        return;
    beginRemoveRows({}, static_cast<int>(most), rowCount() - 1);
    for (; entries_.size() > most; entries_.pop_back())
        housekeeping_ -= entries_.back().isHousekeeping();
    endRemoveRows();
}

void ActivityModel::mergeOlder(ActivityEntry entry)
{
    const auto place = entries_.begin() + (placeOf(entry.number) - entries_.cbegin());
    const int row = static_cast<int>(place - entries_.begin());
    if (place != entries_.end() && place->number == entry.number) {
        // An open stream's entry that is late is older than the one that says how it ended.
        if (*place == entry || (entry.open && !place->open))
            return;
        entry.bytes = std::max(entry.bytes, place->bytes); // the list of open streams is told sooner what was sent
        housekeeping_ += entry.isHousekeeping() - place->isHousekeeping();
        *place = std::move(entry);
        Q_EMIT dataChanged(index(row, 0), index(row, activityColumns - 1));
    } else if (entry.number > cleared_ && entries_.size() < mostEntries) {
        beginInsertRows({}, row, row);
        housekeeping_ += entry.isHousekeeping();
        entries_.insert(place, std::move(entry));
        endInsertRows();
    }
}

bool ActivityModel::contradicts(const std::vector<ActivityEntry>& given) const
{
    return std::any_of(given.begin(), given.end(), [this](const ActivityEntry& entry) {
        const auto place = placeOf(entry.number);
        return place != entries_.end() && place->number == entry.number && place->at != entry.at;
    });
}

void ActivityModel::beginAnew()
{
    clear();
    cleared_ = 0;
}

void ActivityModel::clear()
{
    cleared_ = newest();
    beginResetModel();
    entries_.clear();
    housekeeping_ = 0;
    endResetModel();
}

void ActivityModel::setSent(std::uint64_t number, std::int64_t bytes)
{
    const auto place = entries_.begin() + (placeOf(number) - entries_.cbegin());
    if (place == entries_.end() || place->number != number || !place->open || place->bytes >= bytes)
        return;
    place->bytes = bytes;
    const QModelIndex cell = index(static_cast<int>(place - entries_.begin()), static_cast<int>(ActivityColumn::Bytes));
    Q_EMIT dataChanged(cell, cell);
}

void ActivityModel::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    if (!entries_.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0));
}

int ActivityModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

int ActivityModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : activityColumns;
}

QString ActivityModel::text(const ActivityEntry& entry, ActivityColumn column) const
{
    const QLocale locale;
    switch (column) {
    case ActivityColumn::Time:
        return wallClock(entry.at, zone_).toString(QStringLiteral("HH:mm:ss.zzz"));
    case ActivityColumn::Method:
        return toQt(entry.kind());
    case ActivityColumn::Path:
        return toQt(entry.target());
    case ActivityColumn::Status:
        return entry.open ? tr("open") : entry.status == 0 ? tr("none") : QString::number(entry.status);
    case ActivityColumn::Duration:
        return entry.duration ? durationWord(*entry.duration, locale) : QStringLiteral("\u2013");
    case ActivityColumn::Bytes:
        return sizeWord(entry.bytes, locale);
    case ActivityColumn::Origin:
        return toQt(entry.origin);
    case ActivityColumn::Client:
        return toQt(entry.asker());
    case ActivityColumn::Why:
        return toQt(entry.reason.empty() && entry.extension ? tr("works here only").toStdString() : entry.reason);
    }
    return {};
}

/// As other programs read it: times with their date, durations in seconds, plain numbers.
QString ActivityModel::exact(const ActivityEntry& entry, ActivityColumn column) const
{
    switch (column) {
    case ActivityColumn::Time:
        return toQt(entry.at.iso());
    case ActivityColumn::Duration:
        return entry.duration ? QString::number(static_cast<double>(entry.duration->us) / 1e6) : QString();
    case ActivityColumn::Bytes:
        return QString::number(entry.bytes);
    default:
        return text(entry, column);
    }
}

QVariant ActivityModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ActivityEntry& entry = at(index.row());
    const auto column = static_cast<ActivityColumn>(index.column());
    const bool number = column == ActivityColumn::Duration || column == ActivityColumn::Bytes;
    switch (role) {
    case Qt::DisplayRole:
        return text(entry, column);
    case ExactRole:
        return exact(entry, column);
    case Qt::DecorationRole:
        if (column != ActivityColumn::Status)
            return {};
        return entry.open                                 ? icon(u"stream", &Extras::accent)
               : entry.status >= 400 || entry.status == 0 ? icon(u"error", &Extras::danger)
                                                          : icon(u"ok", &Extras::success);
    case ToneRole:
        if (column == ActivityColumn::Status || column == ActivityColumn::Why) {
            if (entry.status >= 400 || entry.status == 0)
                return QVariant::fromValue(Tone::Danger);
            if (column == ActivityColumn::Status)
                return QVariant::fromValue(entry.open ? Tone::Accent : Tone::Success);
            return QVariant::fromValue(Tone::Dim);
        }
        return column == ActivityColumn::Origin || column == ActivityColumn::Client ? QVariant::fromValue(Tone::Dim) : QVariant();
    case Qt::ToolTipRole:
        return column == ActivityColumn::Why && !entry.reason.empty() ? QVariant(toQt(entry.reason)) : QVariant();
    case Qt::TextAlignmentRole:
        return number ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    default:
        return {};
    }
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= activityColumns)
        return {};
    const bool number =
        section == static_cast<int>(ActivityColumn::Duration) || section == static_cast<int>(ActivityColumn::Bytes);
    if (role == Qt::TextAlignmentRole)
        return number ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    const QStringList heads{tr("Time (%1)").arg(zone_.abbreviation(wallClock(clock_.now(), zone_))),
                            tr("Method"),
                            tr("Path"),
                            tr("Status"),
                            tr("Duration"),
                            tr("Bytes"),
                            tr("Origin"),
                            tr("Client"),
                            tr("Why")};
    return heads[section];
}

ActivityFilter::ActivityFilter(ActivityModel* model)
    : QSortFilterProxyModel(model)
    , model_(model)
{
    setSourceModel(model);
}

void ActivityFilter::setText(const QString& text)
{
    text_ = lower(client::fromQt(text.trimmed()));
    invalidateFilter();
}

void ActivityFilter::setStatus(StatusFilter status)
{
    status_ = status;
    invalidateFilter();
}

void ActivityFilter::setEndpoint(const QString& id)
{
    endpoint_ = client::fromQt(id);
    invalidateFilter();
}

void ActivityFilter::setOrigin(const QString& origin)
{
    origin_ = client::fromQt(origin);
    invalidateFilter();
}

void ActivityFilter::setMethod(const QString& method)
{
    method_ = client::fromQt(method);
    invalidateFilter();
}

void ActivityFilter::setClient(const QString& client)
{
    client_ = client::fromQt(client);
    invalidateFilter();
}

void ActivityFilter::setHousekeeping(bool shown)
{
    housekeeping_ = shown;
    invalidateFilter();
}

bool ActivityFilter::isPlain() const
{
    return !only_ && status_ == StatusFilter::All && text_.empty() && endpoint_.empty() && origin_.empty() && method_.empty() &&
           client_.empty();
}

int ActivityFilter::plainCount() const
{
    return model_->rowCount() - (housekeeping_ ? 0 : model_->housekeeping());
}

void ActivityFilter::setOnly(std::optional<std::set<std::uint64_t>> numbers)
{
    only_ = std::move(numbers);
    invalidateFilter();
}

bool ActivityFilter::filterAcceptsRow(int row, const QModelIndex&) const
{
    const ActivityEntry& entry = model_->at(row);
    if (only_ && !only_->contains(entry.number))
        return false;
    if (!only_ && !housekeeping_ && entry.isHousekeeping())
        return false;
    if (!endpoint_.empty() && entry.endpoint() != endpoint_)
        return false;
    if (!origin_.empty() && entry.origin != origin_)
        return false;
    if (!method_.empty() && entry.kind() != method_)
        return false;
    if (!client_.empty() && entry.asker() != client_)
        return false;
    switch (status_) {
    case StatusFilter::All:
        break;
    case StatusFilter::Good:
        if (entry.status >= 400 || entry.status == 0)
            return false;
        break;
    case StatusFilter::Refused:
        if (entry.status < 400 || entry.status >= 500)
            return false;
        break;
    case StatusFilter::Faults:
        if (entry.status != 0 && entry.status < 500)
            return false;
        break;
    case StatusFilter::OpenStreams:
        if (!entry.open)
            return false;
        break;
    }
    if (text_.empty())
        return true;
    for (const std::string& part :
         {entry.target(), entry.method, entry.client, entry.caller, entry.origin, entry.reason, std::to_string(entry.status)}) {
        if (lower(part).find(text_) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace iotman::ui
