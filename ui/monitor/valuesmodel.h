// The newest values of the lines in a chart as a table: the same digits, for readers and screen readers.
#pragma once

#include "core/series/seriesset.h"
#include "ui/monitor/fieldsmodel.h"

#include <QAbstractTableModel>
#include <QTimeZone>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace iotman {

/// One row for each time, newest first; one column for each line. A row has no value where its line has none at exactly that
/// time; of several at one time the last one counts.
class ValuesModel : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr std::size_t mostRows = 500;

    explicit ValuesModel(std::shared_ptr<const SeriesSet> set, QObject* parent = nullptr);

    void setLines(std::vector<TickedLine> lines);
    void setTimeZone(const QTimeZone& zone);
    /// Shows the newest values in `range`.
    void show(TimeRange range);

    std::optional<Timestamp> timeAt(int row) const;
    std::optional<int> rowNearest(Timestamp time) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Value {
        double number = 0;
        std::string written; ///< its digits, where a double does not hold them

        bool operator==(const Value&) const = default;
    };
    struct Row {
        Timestamp time;
        std::vector<std::optional<Value>> values;

        bool operator==(const Row&) const = default;
    };
    std::vector<Row> rowsIn(TimeRange range) const;
    const SeriesInfo* infoOf(int column) const;

    std::shared_ptr<const SeriesSet> set_;
    std::vector<TickedLine> lines_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    std::vector<Row> rows_;
};

} // namespace iotman
