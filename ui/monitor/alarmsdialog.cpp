#include "ui/monitor/alarmsdialog.h"

#include "core/model/clock.h"
#include "ui/look/messageline.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/tabledelegate.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace iotman {

namespace {

constexpr double greatest = 1e12;
constexpr int limitDecimals = 6;

QDoubleSpinBox* addNumber(QFormLayout* form, QLabel*& label, const QString& text, double least)
{
    auto* box = new QDoubleSpinBox;
    box->setRange(least, greatest);
    box->setDecimals(limitDecimals);
    box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    label = new QLabel(text);
    label->setBuddy(box);
    form->addRow(label, box);
    return box;
}

} // namespace

AlarmsDialog::AlarmsDialog(AlarmsModel& model, std::shared_ptr<const SeriesSet> set, const Clock& clock, QWidget* parent)
    : QDialog(parent)
    , model_(model)
    , set_(std::move(set))
    , clock_(clock)
    , table_(new QTableView(this))
    , series_(new QComboBox(this))
    , kind_(new QComboBox(this))
    , add_(new QPushButton(tr("Add alarm"), this))
    , change_(new QPushButton(tr("Change alarm"), this))
    , remove_(new QPushButton(tr("Delete alarm"), this))
    , message_(new MessageLine(this))
{
    setWindowTitle(tr("Alarms"));
    message_->hide();
    prepareTable(table_, RowSize::Dense);
    table_->setModel(&model_);
    table_->setAccessibleName(tr("Alarms"));
    table_->horizontalHeader()->setSectionResizeMode(AlarmsModel::ConditionColumn, QHeaderView::Stretch);
    table_->horizontalHeader()->resizeSection(AlarmsModel::SeriesColumn, 150);
    table_->horizontalHeader()->setSectionResizeMode(AlarmsModel::SinceColumn, QHeaderView::ResizeToContents);
    table_->horizontalHeader()->resizeSection(AlarmsModel::CountColumn, 60);
    kind_->addItems({tr("is above"), tr("is below"), tr("is outside"), tr("changes faster than"), tr("is silent")});
    layOut();
    connect(kind_, &QComboBox::currentIndexChanged, this, &AlarmsDialog::showKind);
    connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this, &AlarmsDialog::showCurrent);
    connect(add_, &QPushButton::clicked, this, [this] { save(true); });
    connect(change_, &QPushButton::clicked, this, [this] { save(false); });
    connect(remove_, &QPushButton::clicked, this, &AlarmsDialog::removeCurrent);
    showKind();
    showCurrent();
    resize(760, 480);
}

void AlarmsDialog::layOut()
{
    auto* form = new QFormLayout;
    form->addRow(tr("&Series"), series_);
    form->addRow(tr("A&larm when it"), kind_);
    low_ = addNumber(form, lowLabel_, tr("Lo&wer limit"), -greatest);
    high_ = addNumber(form, highLabel_, tr("&Upper limit"), -greatest);
    hysteresis_ = addNumber(form, hysteresisLabel_, tr("&Hysteresis"), 0);
    hysteresis_->setToolTip(tr("How far back the value must be before the alarm ends"));
    silence_ = addNumber(form, silenceLabel_, tr("S&ilent for, seconds"), 0);
    silence_->setSpecialValueText(tr("longer than usual"));
    silence_->setToolTip(tr("0: five times the usual interval"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(add_);
    buttons->addWidget(change_);
    buttons->addWidget(remove_);
    buttons->addStretch();
    auto* closing = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(closing, &QDialogButtonBox::rejected, this, &QDialog::close);
    buttons->addWidget(closing);
    auto* whole = new QVBoxLayout(this);
    whole->addWidget(table_, 1);
    whole->addLayout(form);
    whole->addWidget(message_);
    whole->addLayout(buttons);
    add_->setDefault(true);
}

void AlarmsDialog::setLines(const std::vector<TickedLine>& lines)
{
    const QString chosen = series_->currentText();
    lines_.clear();
    series_->clear();
    for (const TickedLine& line : lines) {
        if (!set_->contains(line.series) || set_->info(line.series).kind == SeriesKind::State)
            continue;
        lines_.push_back(line);
        series_->addItem(QString::fromStdString(set_->info(line.series).name));
    }
    series_->setCurrentText(chosen);
    setAllowed(add_, !lines_.empty(), tr("There is no series to watch."));
}

void AlarmsDialog::showKind()
{
    const auto kind = static_cast<AlarmKind>(kind_->currentIndex());
    const auto show = [](QWidget* label, QWidget* field, bool on) {
        label->setVisible(on);
        field->setVisible(on);
    };
    show(lowLabel_, low_, kind == AlarmKind::Below || kind == AlarmKind::Outside);
    show(highLabel_, high_, kind != AlarmKind::Below && kind != AlarmKind::Silence);
    show(hysteresisLabel_, hysteresis_, kind != AlarmKind::Silence);
    show(silenceLabel_, silence_, kind == AlarmKind::Silence);
    highLabel_->setText(kind == AlarmKind::Rate ? tr("&Change a second") : tr("&Upper limit"));
}

void AlarmsDialog::showCurrent()
{
    const int row = table_->currentIndex().row();
    const QString choose = tr("Choose an alarm first.");
    setAllowed(change_, row >= 0 && !lines_.empty(), row >= 0 ? tr("There is no series to watch.") : choose);
    setAllowed(remove_, row >= 0, choose);
    if (row < 0)
        return;
    const Alarm& alarm = model_.alarm(row);
    for (std::size_t i = 0; i < lines_.size(); ++i)
        if (lines_[i].key == alarm.line)
            series_->setCurrentIndex(static_cast<int>(i));
    kind_->setCurrentIndex(static_cast<int>(alarm.kind));
    low_->setValue(alarm.low);
    high_->setValue(alarm.high);
    hysteresis_->setValue(alarm.hysteresis);
    silence_->setValue(static_cast<double>(alarm.silenceUs) / 1e6);
}

Expected<Alarm> AlarmsDialog::edited() const
{
    Alarm alarm;
    alarm.line = lines_[static_cast<std::size_t>(std::max(series_->currentIndex(), 0))].key;
    alarm.kind = static_cast<AlarmKind>(kind_->currentIndex());
    alarm.low = low_->value();
    alarm.high = high_->value();
    alarm.hysteresis = hysteresis_->value();
    alarm.silenceUs = static_cast<std::int64_t>(silence_->value() * 1e6);
    return checked(alarm);
}

void AlarmsDialog::save(bool asNew)
{
    const auto alarm = edited();
    message_->setError(alarm ? QString() : QString::fromStdString(alarm.error().detail));
    if (!alarm)
        return;
    if (asNew)
        model_.add(*alarm, clock_.now());
    else
        model_.replace(table_->currentIndex().row(), *alarm, clock_.now());
    showCurrent();
}

void AlarmsDialog::removeCurrent()
{
    model_.remove(table_->currentIndex().row());
    showCurrent();
}

} // namespace iotman
