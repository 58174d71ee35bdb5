// The alarms of a monitor: a list, and a row to make or change one.
#pragma once

#include "ui/monitor/alarmsmodel.h"

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QTableView;

namespace iotman {

class Clock;
class MessageLine;

/// Stands beside the charts; nothing waits for it. GUI thread.
class AlarmsDialog : public QDialog {
    Q_OBJECT

public:
    /// `model` and `clock` must outlive the dialog.
    AlarmsDialog(AlarmsModel& model, std::shared_ptr<const SeriesSet> set, const Clock& clock, QWidget* parent = nullptr);

    /// What can be watched.
    void setLines(const std::vector<TickedLine>& lines);

private:
    void layOut();
    void showKind();
    void showCurrent();
    Expected<Alarm> edited() const;
    void save(bool asNew);
    void removeCurrent();

    AlarmsModel& model_;
    std::shared_ptr<const SeriesSet> set_;
    const Clock& clock_;
    std::vector<TickedLine> lines_;
    QTableView* table_;
    QComboBox *series_, *kind_;
    QDoubleSpinBox *low_, *high_, *hysteresis_, *silence_;
    QLabel *lowLabel_, *highLabel_, *hysteresisLabel_, *silenceLabel_;
    QPushButton *add_, *change_, *remove_;
    MessageLine* message_;
};

} // namespace iotman
