#include "ui/pages/reasonline.h"

#include "ui/look/icons.h"
#include "ui/look/metrics.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStyle>

namespace iotman::ui {

ReasonLine::ReasonLine(QWidget* parent)
    : QWidget(parent)
    , label_(new QLabel(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::iconSize + metrics::smallSpace, 0, 0, 0);
    row->addWidget(label_, 1);
    label_->setWordWrap(true);
    label_->setTextFormat(Qt::PlainText);
    hide();
}

void ReasonLine::setPermit(const Permit& permit)
{
    label_->setText(permit.reason);
    setAccessibleName(permit.reason);
    setVisible(!permit.allowed);
}

QString ReasonLine::text() const
{
    return label_->text();
}

void ReasonLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect place(0, (height() - metrics::iconSize) / 2, metrics::iconSize, metrics::iconSize);
    paintIcon(&painter, QStyle::visualRect(layoutDirection(), rect(), place), u"lock", extras(this).warning);
}

} // namespace iotman::ui
