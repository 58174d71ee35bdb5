// A ring that turns where something takes longer than a moment.
#pragma once

#include <QTimer>
#include <QWidget>

namespace iotman {

/// 16 x 16, for the icon's place in a row, a field or a button. Nothing shows before 150 ms have passed, so what is quick
/// does not flicker; the room is kept all the time. With reduced motion the ring stands still.
class BusyRing : public QWidget {
    Q_OBJECT

public:
    explicit BusyRing(QWidget* parent = nullptr);

    /// Begins to wait; does nothing while it already does. `what` is the accessible name ("Loading endpoints").
    void start(const QString& what);
    void stop();

    bool isRunning() const { return delay_.isActive() || turning_; }
    bool isShown() const { return turning_; } ///< the ring itself can be seen

    QSize sizeHint() const override;

Q_SIGNALS:
    /// The delay is over and the ring can be seen.
    void appeared();

protected:
    void paintEvent(QPaintEvent*) override;

private:
    void appear();

    QTimer delay_{this};
    QTimer tick_{this};
    int angle_ = 0; ///< in degrees
    bool turning_ = false;
};

/// Paints the ring at `angle` degrees, for delegates that show it in a row.
void paintBusyRing(QPainter*, const QRect& rect, int angle, const QColor& color, const QColor& track);

} // namespace iotman
