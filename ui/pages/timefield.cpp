#include "ui/pages/timefield.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/words.h"

#include <QCheckBox>
#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStackedWidget>

namespace iotman::ui {

TimeField::TimeField(const QString& name, Timestamp initial, QWidget* parent)
    : QWidget(parent)
    , time_(initial)
    , counts_(new QCheckBox(name, this))
    , forms_(new QStackedWidget(this))
    , calendar_(new QDateTimeEdit(forms_))
    , unix_(new QLineEdit(forms_))
{
    calendar_->setTimeSpec(Qt::UTC); // a wall clock: the zone is ours
    calendar_->setDisplayFormat(QStringLiteral("d MMM yyyy HH:mm:ss"));
    calendar_->setCalendarPopup(true);
    calendar_->setAccessibleName(name);
    unix_->setAccessibleName(tr("%1, Unix seconds").arg(name));
    unix_->setFont(monospaceFont());
    forms_->addWidget(calendar_);
    forms_->addWidget(unix_);
    forms_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::smallSpace);
    row->addWidget(counts_);
    row->addWidget(forms_, 1);
    setFocusProxy(counts_);

    const auto allow = [this, reason = tr("Tick “%1” to set it.").arg(name)](bool on) {
        setAllowed(calendar_, on, reason);
        setAllowed(unix_, on, reason);
    };
    connect(counts_, &QCheckBox::toggled, this, [this, allow](bool on) {
        allow(on);
        Q_EMIT changed();
    });
    connect(calendar_, &QDateTimeEdit::dateTimeChanged, this, &TimeField::calendarEdited);
    connect(unix_, &QLineEdit::textEdited, this, &TimeField::unixEdited);
    allow(false);
    show();
}

void TimeField::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    show();
}

void TimeField::setForm(TimeForm form)
{
    forms_->setCurrentIndex(form == TimeForm::Calendar ? 0 : 1);
    error_.clear();
    show();
}

void TimeField::setTime(std::optional<Timestamp> time)
{
    counts_->setChecked(time.has_value());
    if (time)
        time_ = *time;
    error_.clear();
    show();
    Q_EMIT changed();
}

int TimeField::labelWidth() const
{
    return counts_->sizeHint().width();
}

void TimeField::setLabelWidth(int width)
{
    counts_->setMinimumWidth(width);
}

std::optional<Timestamp> TimeField::time() const
{
    return counts_->isChecked() && error().isEmpty() ? std::optional(time_) : std::nullopt;
}

QString TimeField::error() const
{
    return counts_->isChecked() ? error_ : QString();
}

void TimeField::show()
{
    const QSignalBlocker quiet(calendar_);
    calendar_->setDateTime(wallClock(time_, zone_));
    unix_->setText(client::toQt(time_.seconds()));
    setFaulty(unix_, false);
}

void TimeField::unixEdited(const QString& text)
{
    const Expected<Timestamp> time = Timestamp::parseSeconds(client::fromQt(text.trimmed()), {});
    error_ = time ? QString() : errorText(time.error());
    if (time)
        time_ = *time;
    setFaulty(unix_, !time);
    Q_EMIT changed();
}

void TimeField::calendarEdited()
{
    time_ = fromWallClock(calendar_->dateTime(), zone_);
    Q_EMIT changed();
}

} // namespace iotman::ui
