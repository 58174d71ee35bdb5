#include "ui/monitor/measuremodel.h"

#include "core/series/numberaxis.h"
#include "ui/chart/valuetext.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

const QString nothing = QStringLiteral("\u2013");
constexpr int mostDecimals = 12;

/// As many decimals as the samples have at most; of a few of them.
int decimalsOf(const Statistics& statistics, const std::optional<Nearest>& a, const std::optional<Nearest>& b)
{
    int decimals = 0;
    for (const double value : {statistics.min, statistics.max, a ? a->value : 0, b ? b->value : 0})
        decimals = std::max(decimals, decimalsIn(value));
    return std::min(decimals, mostDecimals);
}

} // namespace

SlopeUnit slopeUnitFor(std::int64_t spanUs)
{
    constexpr std::int64_t minute = 60'000'000;
    if (spanUs < 5 * minute)
        return {1, "s"};
    return spanUs < 72 * 60 * minute ? SlopeUnit{3600, "h"} : SlopeUnit{86400, "d"};
}

MeasureModel::MeasureModel(std::shared_ptr<const SeriesSet> set, QObject* parent)
    : QAbstractTableModel(parent)
    , set_(std::move(set))
    , medians_(set_)
{
    connect(&medians_, &Medians::changed, this, [this] {
        if (!rows_.empty())
            Q_EMIT dataChanged(index(0, MedianColumn), index(rowCount() - 1, MedianColumn));
    });
}

void MeasureModel::setLines(const std::vector<TickedLine>& lines)
{
    const auto isSame = [](const Row& row, const TickedLine& line) { return row.line == line; };
    if (!lines.empty() && std::equal(rows_.begin(), rows_.end(), lines.begin(), lines.end(), isSame))
        return;
    beginResetModel();
    rows_.clear();
    for (const TickedLine& line : lines)
        if (set_->contains(line.series))
            rows_.push_back({line, {}, {}, {}, false, true, 0});
    endResetModel();
}

void MeasureModel::measure(const Cursors& cursors)
{
    between_ = cursors.between();
    std::vector<SeriesId> measured;
    for (Row& row : rows_) {
        if (!set_->contains(row.line.series))
            continue;
        const Series& series = set_->series(row.line.series);
        const SeriesKind kind = set_->info(row.line.series).kind;
        const Beside beside = besideFor(kind);
        row.isState = kind == SeriesKind::State;
        row.a = series.at(cursors.a, beside);
        row.b = series.at(cursors.b, beside);
        row.statistics = series.statistics(between_);
        row.decimals = decimalsOf(row.statistics, row.a, row.b);
        row.isWhole = series.isWhole(between_);
        if (!row.isState)
            measured.push_back(row.line.series);
    }
    medians_.want(std::move(measured), between_);
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
    Q_EMIT headerDataChanged(Qt::Horizontal, SlopeColumn, SlopeColumn);
}

// ---- Cells

int MeasureModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int MeasureModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int{columns};
}

/// While it is worked out: how far that is.
QString MeasureModel::medianText(const Row& row) const
{
    const std::optional<double> median = medians_.median(row.line.series);
    if (median || row.statistics.count == 0 || !row.isWhole)
        return number(row, median, 1);
    const int percent = medians_.percent(row.line.series);
    return percent == 0 ? QStringLiteral("\u2026") : QStringLiteral("\u2026 ") + tr("%1 %", "of a median").arg(percent);
}

QString MeasureModel::number(const Row& row, std::optional<double> value, int moreDecimals) const
{
    return value && std::isfinite(*value) ? roundedText(*value, row.decimals + moreDecimals) : nothing;
}

QString MeasureModel::difference(const Row& row) const
{
    if (!row.a || !row.b)
        return nothing;
    const double difference = row.b->value - row.a->value;
    const QString text = number(row, difference);
    return difference > 0 ? u'+' + text : text;
}

QString MeasureModel::valueAt(const Row& row, const std::optional<Nearest>& cursor) const
{
    if (!cursor)
        return nothing;
    const SeriesInfo& info = set_->info(row.line.series);
    return info.kind == SeriesKind::Number ? QString::fromStdString(fixedText(cursor->value, row.decimals))
                                           : bareValueText(info, cursor->value);
}

QString MeasureModel::text(const Row& row, int column) const
{
    switch (column) {
    case SeriesColumn:
        return QString::fromStdString(set_->info(row.line.series).name);
    case UnitColumn:
        return QString::fromStdString(set_->info(row.line.series).unit);
    case AColumn:
        return valueAt(row, row.a);
    case BColumn:
        return valueAt(row, row.b);
    case CountColumn:
        return QLocale().toString(static_cast<qulonglong>(row.statistics.count));
    default:
        return row.isState ? nothing : calculated(row, column);
    }
}

/// What texts have none of.
QString MeasureModel::calculated(const Row& row, int column) const
{
    const Statistics& statistics = row.statistics;
    const auto ofSome = [&](double value, int moreDecimals = 0) {
        return statistics.count == 0 ? nothing : number(row, value, moreDecimals);
    };
    switch (column) {
    case DifferenceColumn:
        return difference(row);
    case MinColumn:
        return ofSome(statistics.min);
    case MaxColumn:
        return ofSome(statistics.max);
    case MeanColumn:
        return ofSome(statistics.mean, 1);
    case MedianColumn:
        return medianText(row);
    case DeviationColumn:
        return number(row, statistics.standardDeviation, 2);
    case SlopeColumn:
        break;
    default:
        return {};
    }
    if (!statistics.slopePerSecond)
        return nothing;
    const double slope = *statistics.slopePerSecond * slopeUnitFor(between_.span()).seconds;
    const QString text = number(row, slope, 2);
    return slope > 0 ? u'+' + text : text;
}

QVariant MeasureModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    if (!set_->contains(row.line.series))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant((index.column() <= UnitColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return row.isWhole ? QVariant()
                           : tr("Some of these values made room for newer ones: of those, their summaries count as a whole");
    case FieldsModel::ColorRole:
        return index.column() == SeriesColumn ? QVariant(row.line.colorIndex) : QVariant();
    default:
        return {};
    }
}

QVariant MeasureModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section <= UnitColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && (section == AColumn || section == BColumn))
        return tr("The value of the sample nearest to the cursor; nothing where no line is drawn");
    if (role == Qt::ToolTipRole && section == DeviationColumn)
        return tr("Standard deviation of a sample (n − 1)");
    if (role == Qt::ToolTipRole && section == SlopeColumn)
        return tr("Slope of the line that fits best (least squares)");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case SeriesColumn:
        return tr("Series");
    case UnitColumn:
        return tr("Unit");
    case AColumn:
        return QStringLiteral("A");
    case BColumn:
        return QStringLiteral("B");
    case DifferenceColumn:
        return QStringLiteral("B \u2212 A");
    case CountColumn:
        return tr("Count");
    case MinColumn:
        return tr("Min");
    case MaxColumn:
        return tr("Max");
    case MeanColumn:
        return tr("Mean");
    case MedianColumn:
        return tr("Median");
    case DeviationColumn:
        return tr("Std dev");
    case SlopeColumn:
        return tr("Slope /%1").arg(QString::fromLatin1(slopeUnitFor(between_.span()).sign));
    default:
        return {};
    }
}

QString MeasureModel::asText() const
{
    QStringList lines;
    QStringList cells;
    for (int column = 0; column < columns; ++column)
        cells.append(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    lines.append(cells.join(u'\t'));
    for (int row = 0; row < rowCount(); ++row) {
        cells.clear();
        for (int column = 0; column < columns; ++column)
            cells.append(data(index(row, column), Qt::DisplayRole).toString());
        lines.append(cells.join(u'\t'));
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace iotman
