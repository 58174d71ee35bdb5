// A pane of a board: its chart with the buttons that stand over it.
#pragma once

#include <QWidget>

class QPushButton;
class QToolButton;

namespace iotman {

class ChartView;

/// Buttons that fit the pane's values, open its menu and close it, and, where none of its values is in view, one that shows all
/// of them. GUI thread.
class PaneBox : public QWidget {
    Q_OBJECT

public:
    /// `view` becomes its child.
    explicit PaneBox(ChartView* view, QWidget* parent = nullptr);

    /// Logical pixels that the buttons take from the legend.
    static int toolsWidth();
    /// Where the pane's menu opens.
    QPoint menuPlace() const;
    /// The chart and its buttons, as Tab goes through them.
    QWidgetList stops() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void fitWanted();
    void menuWanted();
    void closeWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QToolButton* addButton(const QString& iconName, const QString& text);
    void placeAll();

    ChartView* view_;
    QWidget* tools_;
    QToolButton* fit_;
    QToolButton* menu_;
    QToolButton* close_;
    QPushButton* all_;
};

} // namespace iotman
