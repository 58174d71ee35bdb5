#include "ui/look/busyring.h"

#include "ui/look/look.h"
#include "ui/look/metrics.h"

#include <QPainter>
#include <QStyle>

namespace iotman {

void paintBusyRing(QPainter* painter, const QRect& rect, int angle, const QColor& color, const QColor& track)
{
    const int side = qMin(rect.width(), rect.height());
    QRectF circle(0, 0, side - 3, side - 3);
    circle.moveCenter(QRectF(rect).center());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(track, 2));
    painter->drawEllipse(circle);
    painter->setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap));
    painter->drawArc(circle, (90 - angle) * 16, -100 * 16);
    painter->restore();
}

BusyRing::BusyRing(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    delay_.setObjectName(QStringLiteral("delay"));
    delay_.setSingleShot(true);
    delay_.setInterval(metrics::busyDelayMs);
    tick_.setInterval(40);
    connect(&delay_, &QTimer::timeout, this, &BusyRing::appear);
    connect(&tick_, &QTimer::timeout, this, [this] {
        angle_ = (angle_ + 15) % 360;
        update();
    });
}

void BusyRing::start(const QString& what)
{
    setAccessibleName(what);
    setToolTip(what);
    if (!isRunning())
        delay_.start();
}

void BusyRing::stop()
{
    delay_.stop();
    tick_.stop();
    turning_ = false;
    setAccessibleName({});
    setToolTip({});
    update();
}

void BusyRing::appear()
{
    turning_ = true;
    angle_ = 0;
    if (style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0)
        tick_.start();
    update();
    Q_EMIT appeared();
}

QSize BusyRing::sizeHint() const
{
    return {metrics::iconSize, metrics::iconSize};
}

void BusyRing::paintEvent(QPaintEvent*)
{
    if (!turning_)
        return;
    QPainter painter(this);
    paintBusyRing(&painter, rect(), angle_, extras(this).accent, palette().color(QPalette::Mid));
}

} // namespace iotman
