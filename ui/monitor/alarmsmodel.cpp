#include "ui/monitor/alarmsmodel.h"

#include "core/series/numberaxis.h"
#include "ui/chart/zonetext.h"
#include "ui/look/tabledelegate.h"

#include <QLocale>

#include <algorithm>

namespace iotman {

namespace {

constexpr std::size_t mostMarks = 100;

} // namespace

AlarmsModel::AlarmsModel(std::shared_ptr<const SeriesSet> set, QObject* parent)
    : QAbstractTableModel(parent)
    , set_(std::move(set))
{
}

const TickedLine* AlarmsModel::lineOf(const Alarm& alarm) const
{
    const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const TickedLine& each) { return each.key == alarm.line; });
    return line == lines_.end() || !set_->contains(line->series) ? nullptr : &*line;
}

void AlarmsModel::setLines(const std::vector<TickedLine>& lines)
{
    lines_ = lines;
    for (Row& row : rows_)
        if (!lineOf(row.alarm))
            row.watch.reset();
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
}

void AlarmsModel::setTimeZone(const QTimeZone& zone)
{
    zone_ = zone;
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, SinceColumn), index(rowCount() - 1, SinceColumn));
}

void AlarmsModel::setAlarms(const std::vector<Alarm>& alarms)
{
    beginResetModel();
    rows_.clear();
    for (const Alarm& alarm : alarms)
        rows_.push_back({alarm, std::nullopt, 0});
    marks_.clear();
    endResetModel();
    Q_EMIT changed();
}

std::vector<Alarm> AlarmsModel::alarms() const
{
    std::vector<Alarm> alarms;
    for (const Row& row : rows_)
        alarms.push_back(row.alarm);
    return alarms;
}

void AlarmsModel::add(const Alarm& alarm, Timestamp now)
{
    beginInsertRows({}, rowCount(), rowCount());
    rows_.push_back({alarm, std::nullopt, 0});
    endInsertRows();
    judge(now);
    Q_EMIT changed();
}

void AlarmsModel::replace(int row, const Alarm& alarm, Timestamp now)
{
    rows_[static_cast<std::size_t>(row)] = {alarm, std::nullopt, 0};
    judge(now);
    Q_EMIT dataChanged(index(row, 0), index(row, columns - 1));
    Q_EMIT changed();
}

void AlarmsModel::remove(int row)
{
    beginRemoveRows({}, row, row);
    rows_.erase(rows_.begin() + row);
    endRemoveRows();
    Q_EMIT changed();
}

// ---- Judging

void AlarmsModel::judge(Timestamp now)
{
    bool hasChanged = false;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        Row& row = rows_[i];
        const TickedLine* line = lineOf(row.alarm);
        if (!line)
            continue;
        const Series& series = set_->series(line->series);
        if (!row.watch) // from the newest value on, whatever its clock says
            row.watch.emplace(row.alarm, series.isEmpty() ? Timestamp{-farthestTime} : Timestamp{series.lastTime().us - 1}, now);
        for (const AlarmEvent& event : row.watch->judge(series, now)) {
            hasChanged = true;
            if (event.isOn) {
                ++row.times;
                tell(row, event);
            }
            Q_EMIT dataChanged(index(static_cast<int>(i), 0), index(static_cast<int>(i), columns - 1));
        }
    }
    if (hasChanged)
        Q_EMIT changed();
}

void AlarmsModel::tell(const Row& row, const AlarmEvent& event)
{
    const QString what = conditionText(row.alarm, unitOf(row.alarm));
    QString text = tr("%1 is %2").arg(nameOf(row.alarm), what);
    if (row.alarm.kind == AlarmKind::Rate)
        text = tr("%1 %2").arg(nameOf(row.alarm), what);
    if (event.value)
        text += tr(": %1 %2").arg(QString::fromStdString(exactText(*event.value)), unitOf(row.alarm)).trimmed();
    marks_.push_back({ChartMark::Kind::Event, {event.time, {event.time.us + 1}}, tr("%1 %2").arg(nameOf(row.alarm), what)});
    if (marks_.size() > mostMarks)
        marks_.erase(marks_.begin());
    Q_EMIT began(text);
}

std::size_t AlarmsModel::on() const
{
    return static_cast<std::size_t>(
        std::count_if(rows_.begin(), rows_.end(), [](const Row& row) { return row.watch && row.watch->isOn(); }));
}

std::vector<ChartLimit> AlarmsModel::limitsFor(const std::vector<LineKey>& lines) const
{
    std::vector<ChartLimit> limits;
    for (const Row& row : rows_) {
        const TickedLine* line = lineOf(row.alarm);
        if (!line || std::find(lines.begin(), lines.end(), row.alarm.line) == lines.end())
            continue;
        const std::string& unit = set_->info(line->series).unit;
        const QString text = tr("Alarm: %1 %2").arg(nameOf(row.alarm), conditionText(row.alarm, QString::fromStdString(unit)));
        const AlarmKind kind = row.alarm.kind;
        if (kind == AlarmKind::Above || kind == AlarmKind::Outside)
            limits.push_back({unit, row.alarm.high, text});
        if (kind == AlarmKind::Below || kind == AlarmKind::Outside)
            limits.push_back({unit, row.alarm.low, kind == AlarmKind::Below ? text : QString()});
    }
    return limits;
}

// ---- Cells

QString AlarmsModel::nameOf(const Alarm& alarm) const
{
    if (const TickedLine* line = lineOf(alarm))
        return QString::fromStdString(set_->info(line->series).name);
    const QString field = QString::fromStdString(alarm.line.path);
    return alarm.line.group.empty() ? field : QString::fromStdString(alarm.line.group) + u' ' + field;
}

QString AlarmsModel::unitOf(const Alarm& alarm) const
{
    const TickedLine* line = lineOf(alarm);
    return line ? QString::fromStdString(set_->info(line->series).unit) : QString();
}

int AlarmsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int AlarmsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int{columns};
}

QString AlarmsModel::text(const Row& row, int column) const
{
    switch (column) {
    case StateColumn:
        return !row.watch ? tr("not watched") : row.watch->isOn() ? tr("alarm") : tr("quiet");
    case SeriesColumn:
        return nameOf(row.alarm);
    case ConditionColumn:
        return conditionText(row.alarm, unitOf(row.alarm));
    case SinceColumn:
        return row.watch && row.watch->since() ? momentText(*row.watch->since(), zone_, QLocale()) : QString();
    case CountColumn:
        return QLocale().toString(static_cast<qulonglong>(row.times));
    default:
        return {};
    }
}

QVariant AlarmsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return text(row, index.column());
    if (role == ToneRole && index.column() == StateColumn) {
        const Tone tone = !row.watch ? Tone::Dim : row.watch->isOn() ? Tone::Danger : Tone::Success;
        return QVariant::fromValue(tone);
    }
    return {};
}

QVariant AlarmsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StateColumn:
        return tr("State");
    case SeriesColumn:
        return tr("Series");
    case ConditionColumn:
        return tr("Condition");
    case SinceColumn:
        return tr("Since (%1)").arg(zoneName(zone_));
    case CountColumn:
        return tr("Times");
    default:
        return {};
    }
}

} // namespace iotman
