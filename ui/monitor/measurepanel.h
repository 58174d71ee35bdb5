// The panel below the panes that says what lies between the cursors.
#pragma once

#include "ui/monitor/measuremodel.h"

#include <QTimeZone>
#include <QWidget>

class QLabel;
class QTableView;
class QToolButton;

namespace iotman {

/// Shown while there are cursors. It measures again at most ten times a second. GUI thread.
class MeasurePanel : public QWidget {
    Q_OBJECT

public:
    /// `link` must outlive the panel.
    MeasurePanel(std::shared_ptr<const SeriesSet> set, ChartLink& link, QWidget* parent = nullptr);

    void setLines(const std::vector<TickedLine>& lines);
    void setTimeZone(const QTimeZone& zone);
    /// Samples have come.
    void dataChanged();
    MeasureModel* model() const { return model_; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void cursorsChanged();
    void measure();
    void sizeColumns();
    void copy();
    QToolButton* addButton(const QString& iconName, const QString& text);

    ChartLink& link_;
    MeasureModel* model_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    QLabel* when_;
    QTableView* table_;
    QTimer due_;
};

} // namespace iotman
