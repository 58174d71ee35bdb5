#include "ui/sources/computerform.h"

#include "ui/look/messageline.h"
#include "ui/sources/numberedit.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace iotman::ui {

namespace {

constexpr std::array metricNames{"cpu", "memory", "disk", "network", "temperature"};

} // namespace

ComputerForm::ComputerForm(QWidget* parent)
    : SourceForm(parent)
    , interval_(new NumberEdit(tr("Interval in seconds"), this))
{
    auto* every = new QHBoxLayout;
    every->addWidget(interval_);
    every->addWidget(new QLabel(tr("s"), this));
    every->addStretch();
    auto* boxes = new QHBoxLayout;
    const QStringList words{tr("CPU"), tr("memory"), tr("disk"), tr("network"), tr("temperatures")};
    for (const QString& word : words) {
        auto* metric = new QCheckBox(word, this);
        metric->setChecked(metrics_.size() < 2);
        connect(metric, &QCheckBox::toggled, this, &SourceForm::edited);
        boxes->addWidget(metric);
        metrics_ << metric;
    }
    boxes->addStretch();
    QFormLayout* form = formIn(this);
    form->addRow(tr("Read &every"), every);
    qobject_cast<QLabel*>(form->labelForField(every))->setBuddy(interval_);
    MessageLine* intervalError = fieldError(this);
    form->addRow(QString(), intervalError);
    form->addRow(tr("Readings"), boxes);
    MessageLine* metricsError = fieldError(this);
    form->addRow(QString(), metricsError);
    judged("/interval", interval_, intervalError, tr("Expected an interval from 0.1 to 86400 seconds."));
    judged("/metrics", metrics_.front(), metricsError, tr("Choose something to read."));
    interval_->setNumber(1);
    connect(interval_, &QLineEdit::textChanged, this, &SourceForm::edited);
}

void ComputerForm::setSettings(const Json& settings)
{
    if (const auto interval = settings.find("interval"); interval != settings.end() && isNumber(*interval))
        interval_->setNumber(numberIn(*interval));
    if (const auto given = settings.find("metrics"); given != settings.end()) {
        for (int i = 0; i < metrics_.size(); ++i)
            metrics_[i]->setChecked(std::find(given->begin(), given->end(), metricNames[static_cast<std::size_t>(i)]) !=
                                    given->end());
    }
}

Json ComputerForm::settings(Json kept) const
{
    kept["interval"] = interval_->value();
    Json chosen = Json::array();
    for (int i = 0; i < metrics_.size(); ++i) {
        if (metrics_[i]->isChecked())
            chosen.push_back(metricNames[static_cast<std::size_t>(i)]);
    }
    kept["metrics"] = std::move(chosen);
    return kept;
}

} // namespace iotman::ui
