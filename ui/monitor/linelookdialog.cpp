#include "ui/monitor/linelookdialog.h"

#include "ui/chart/chartcolors.h"
#include "ui/chart/chartmarks.h"
#include "ui/look/metrics.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman {

namespace {

/// A colour as lines show it, with its marker.
QIcon sampleOf(int color, const QWidget* widget)
{
    const ChartColors& colors = ChartColors::of(widget->palette());
    const QSize size(2 * metrics::iconSize, metrics::iconSize);
    QPixmap sample(size * widget->devicePixelRatioF());
    sample.setDevicePixelRatio(widget->devicePixelRatioF());
    sample.fill(Qt::transparent);
    QPainter painter(&sample);
    drawSeriesSample(painter, QRectF({0, 0}, size), color, false, colors.seriesColor(color), colors.background);
    return sample;
}

} // namespace

LineLookDialog::LineLookDialog(const LineLook& look, const QString& fieldName, QWidget* parent)
    : QDialog(parent)
    , name_(new QLineEdit(look.name, this))
    , color_(new QComboBox(this))
    , dash_(new QComboBox(this))
    , width_(new QDoubleSpinBox(this))
{
    setWindowTitle(tr("Name and style of %1").arg(fieldName));
    name_->setPlaceholderText(fieldName);
    name_->setMaxLength(LineLook::mostName);
    name_->setMinimumWidth(280);
    color_->addItem(tr("The next that is free"));
    color_->setIconSize({2 * metrics::iconSize, metrics::iconSize});
    for (int i = 0; i < LineLook::colors; ++i)
        color_->addItem(sampleOf(i, this), tr("Colour %1").arg(i + 1));
    color_->setCurrentIndex(look.color ? *look.color + 1 : 0);
    dash_->addItems({tr("By itself"), tr("Solid"), tr("Dashed"), tr("Dotted")});
    dash_->setCurrentIndex(static_cast<int>(look.dash));
    // Below the least width stands the one that lines have by themselves.
    constexpr double step = 0.5;
    width_->setRange(LineLook::leastWidth - step, LineLook::mostWidth);
    width_->setSpecialValueText(tr("By itself"));
    width_->setSingleStep(step);
    width_->setDecimals(1);
    width_->setSuffix(tr(" px"));
    width_->setValue(look.width > 0 ? look.width : width_->minimum());
    auto* form = new QFormLayout;
    form->addRow(tr("&Name"), name_);
    form->addRow(tr("&Colour and marker"), color_);
    form->addRow(tr("&Line"), dash_);
    form->addRow(tr("&Width"), width_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(tr("Apply"), QDialogButtonBox::AcceptRole)->setDefault(true);
    auto* whole = new QVBoxLayout(this);
    whole->addLayout(form);
    whole->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

LineLook LineLookDialog::look() const
{
    LineLook look;
    look.name = name_->text().trimmed();
    if (color_->currentIndex() > 0)
        look.color = color_->currentIndex() - 1;
    look.dash = static_cast<LineDash>(dash_->currentIndex());
    look.width = width_->value() > width_->minimum() ? width_->value() : 0;
    return look;
}

} // namespace iotman
