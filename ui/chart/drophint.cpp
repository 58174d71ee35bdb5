#include "ui/chart/drophint.h"

#include <QPainter>

namespace iotman {

namespace {

constexpr int tint = 40; ///< of 255

} // namespace

DropHint::DropHint(QWidget* parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropHint::showAt(const QRect& place, const QString& text)
{
    text_ = text;
    setGeometry(place);
    raise();
    show();
    update();
}

void DropHint::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    QColor color = palette().color(QPalette::Highlight);
    painter.setPen(QPen(color, 2));
    color.setAlpha(tint);
    painter.setBrush(color);
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
    const QRect label = painter.fontMetrics().boundingRect(rect(), Qt::AlignCenter, text_).adjusted(-8, -4, 8, 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::ToolTipBase));
    painter.drawRoundedRect(label, 3, 3);
    painter.setPen(palette().color(QPalette::ToolTipText));
    painter.drawText(label, Qt::AlignCenter, text_);
}

} // namespace iotman
