// The alarms of a monitor as a table, and the one place that watches them.
#pragma once

#include "ui/chart/chartframe.h"
#include "ui/monitor/alarm.h"
#include "ui/monitor/fieldsmodel.h"

#include <QAbstractTableModel>
#include <QTimeZone>

#include <memory>
#include <vector>

namespace iotman {

/// One row for each alarm: whether it is on, what it watches, since when, how often it was on. GUI thread.
class AlarmsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { StateColumn, SeriesColumn, ConditionColumn, SinceColumn, CountColumn, columns };

    explicit AlarmsModel(std::shared_ptr<const SeriesSet> set, QObject* parent = nullptr);

    /// The lines that are drawn now: an alarm watches while its line is one of them.
    void setLines(const std::vector<TickedLine>& lines);
    void setTimeZone(const QTimeZone& zone);

    void setAlarms(const std::vector<Alarm>& alarms);
    std::vector<Alarm> alarms() const;
    /// An alarm judges what comes from `now` on.
    void add(const Alarm& alarm, Timestamp now);
    void replace(int row, const Alarm& alarm, Timestamp now);
    void remove(int row);
    const Alarm& alarm(int row) const { return rows_[static_cast<std::size_t>(row)].alarm; }

    /// Judges what came since the last call.
    void judge(Timestamp now);
    std::size_t on() const;
    /// The limits that a pane with these lines shows.
    std::vector<ChartLimit> limitsFor(const std::vector<LineKey>& lines) const;
    /// What began of late, as marks for charts; at most 100.
    const std::vector<ChartMark>& marks() const { return marks_; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// The alarms or their states have changed.
    void changed();
    /// An alarm began; a sentence for a notification.
    void began(const QString& text);

private:
    struct Row {
        Alarm alarm;
        std::optional<AlarmWatch> watch; ///< while its line is drawn
        std::size_t times = 0;
    };

    const TickedLine* lineOf(const Alarm& alarm) const;
    QString nameOf(const Alarm& alarm) const;
    QString unitOf(const Alarm& alarm) const;
    QString text(const Row& row, int column) const;
    void tell(const Row& row, const AlarmEvent& event);

    std::shared_ptr<const SeriesSet> set_;
    std::vector<TickedLine> lines_;
    std::vector<Row> rows_;
    std::vector<ChartMark> marks_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
};

} // namespace iotman
