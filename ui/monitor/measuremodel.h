// What lies between two cursors, as a table: one row for each line.
#pragma once

#include "core/series/seriesset.h"
#include "ui/chart/chartlink.h"
#include "ui/monitor/fieldsmodel.h"
#include "ui/monitor/medians.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace iotman {

/// Values at the cursors are those of the nearest sample, or of the earlier one where values hold; there is none where no line
/// is drawn. The rest is of all samples from the earlier cursor to the later one,
/// both included, exactly, as long as no value of them was dropped to save memory: then what is left
/// is said, and there is no median. Of texts there are values at the cursors and a count. The median of many samples is shown
/// when it is there (medians.h). GUI thread.
class MeasureModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        SeriesColumn,
        UnitColumn,
        AColumn,
        BColumn,
        DifferenceColumn,
        CountColumn,
        MinColumn,
        MaxColumn,
        MeanColumn,
        MedianColumn,
        DeviationColumn,
        SlopeColumn,
        columns
    };
    explicit MeasureModel(std::shared_ptr<const SeriesSet> set, QObject* parent = nullptr);

    void setLines(const std::vector<TickedLine>& lines);
    /// Measures between these; again when samples have come.
    void measure(const Cursors& cursors);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// All cells with their heads, separated by tabs.
    QString asText() const;

private:
    struct Row {
        TickedLine line;
        std::optional<Nearest> a, b;
        Statistics statistics;
        bool isState = false; ///< of texts: nothing is calculated
        bool isWhole = true;  ///< every value between the cursors is still there
        int decimals = 0;
    };

    QString text(const Row& row, int column) const;
    QString valueAt(const Row& row, const std::optional<Nearest>& cursor) const;
    QString calculated(const Row& row, int column) const;
    QString number(const Row& row, std::optional<double> value, int moreDecimals = 0) const;
    QString difference(const Row& row) const;
    QString medianText(const Row& row) const;

    std::shared_ptr<const SeriesSet> set_;
    std::vector<Row> rows_;
    TimeRange between_;
    Medians medians_;
};

/// The unit of time that slopes over such a span read best in: its length in seconds and its sign.
struct SlopeUnit {
    double seconds = 1;
    const char* sign = "s";
};
SlopeUnit slopeUnitFor(std::int64_t spanUs);

} // namespace iotman
