#include "ui/sources/replayform.h"

#include "core/client/text.h"
#include "ui/look/messageline.h"
#include "ui/pages/notelabel.h"
#include "ui/pages/timefield.h"
#include "ui/pages/words.h"
#include "ui/sources/numberedit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

constexpr std::int64_t dayUs = 86'400'000'000;

void setMember(Json& settings, const char* member, const std::optional<Timestamp>& time)
{
    if (time)
        settings[member] = timeJson(*time);
    else
        settings.erase(member);
}

std::optional<Timestamp> timeOf(const Json& settings, const char* member)
{
    return ObjectReader(settings, UnknownMembers::Ignored).time(member);
}

} // namespace

ReplayForm::ReplayForm(const std::vector<SourceView>& sources, const SourceName& own, const QTimeZone& zone, QWidget* parent)
    : SourceForm(parent)
    , recording_(new QComboBox(this))
    , speed_(new NumberEdit(tr("Speed"), this))
    , loop_(new QCheckBox(tr("&Begin again at its end"), this))
    , paused_(new QCheckBox(tr("&Paused: it stands until it is taken further"), this))
    , from_(new TimeField(tr("From"), {}, this))
    , to_(new TimeField(tr("To"), {}, this))
{
    recording_->setAccessibleName(tr("Recording"));
    for (const SourceView& view : sources) {
        if (view.source.name != own)
            recording_->addItem(
                tr("%1 \u00b7 %2").arg(sourceLabel(view.source), tr("%Ln datapoints", nullptr, pluralCount(view.datapoints))),
                toQt(view.source.name.text));
    }
    recording_->setPlaceholderText(recording_->count() > 0 ? tr("Choose a source") : tr("Nothing was recorded yet"));
    recording_->setCurrentIndex(-1);
    speed_->setNumber(1);
    auto* speed = new QHBoxLayout;
    speed->addWidget(speed_);
    speed->addWidget(new QLabel(tr("times as fast as it was recorded"), this));
    speed->addStretch();
    auto* range = new QVBoxLayout;
    for (TimeField* field : {from_, to_}) {
        field->setZone(zone);
        field->setLabelWidth(std::max(from_->labelWidth(), to_->labelWidth()));
        range->addWidget(field);
        connect(field, &TimeField::changed, this, &SourceForm::edited);
    }
    range->addWidget(noteLabel(tr("Times of %1").arg(QString::fromLatin1(zone.id())), this));
    auto* how = new QVBoxLayout;
    how->addWidget(loop_);
    how->addWidget(paused_);
    QFormLayout* form = formIn(this);
    form->addRow(tr("&Recording"), recording_);
    MessageLine* recordingError = fieldError(this);
    form->addRow(QString(), recordingError);
    form->addRow(tr("Part of it"), range);
    MessageLine* rangeError = fieldError(this);
    form->addRow(QString(), rangeError);
    form->addRow(tr("Spee&d"), speed);
    qobject_cast<QLabel*>(form->labelForField(speed))->setBuddy(speed_);
    MessageLine* speedError = fieldError(this);
    form->addRow(QString(), speedError);
    form->addRow(QString(), how);
    judged("/recording", recording_, recordingError, tr("Choose what is brought in once more."));
    judged("/from", from_, rangeError, tr("Expected a time."));
    judged("/to", to_, rangeError, tr("The end is before the beginning."));
    judged("/speed", speed_, speedError, tr("Expected a speed from 0.001 to 1,000,000."));
    connect(recording_, &QComboBox::currentIndexChanged, this, [this, sources] {
        for (const SourceView& view : sources) {
            if (toQt(view.source.name.text) == recording_->currentData().toString())
                beginAt(view.lastDatapointAt);
        }
        Q_EMIT edited();
    });
    connect(speed_, &QLineEdit::textChanged, this, &SourceForm::edited);
    for (QCheckBox* box : {loop_, paused_})
        connect(box, &QCheckBox::toggled, this, &SourceForm::edited);
}

/// A range begins to be chosen at the recording's last day; where it begins, no list of sources tells.
void ReplayForm::beginAt(const std::optional<Timestamp>& newest)
{
    const auto propose = [](TimeField* field, Timestamp at) {
        if (field->time())
            return;
        field->setTime(at);
        field->setTime(std::nullopt);
    };
    if (!newest)
        return;
    propose(from_, {newest->us - dayUs});
    propose(to_, *newest);
}

void ReplayForm::setSettings(const Json& settings)
{
    const QString name = toQt(settings.value("recording", std::string()));
    // It may be gone; then it is shown all the same, and what was chosen stays.
    if (!name.isEmpty() && recording_->findData(name) < 0)
        recording_->addItem(tr("%1 \u00b7 deleted").arg(name), name);
    recording_->setCurrentIndex(recording_->findData(name));
    speed_->setNumber(settings.value("speed", 1.0));
    loop_->setChecked(settings.value("loop", false));
    paused_->setChecked(settings.value("paused", false));
    from_->setTime(timeOf(settings, "from"));
    to_->setTime(timeOf(settings, "to"));
}

Json ReplayForm::settings(Json kept) const
{
    kept["recording"] = fromQt(recording_->currentData().toString());
    kept["speed"] = speed_->value();
    kept["loop"] = loop_->isChecked();
    kept["paused"] = paused_->isChecked();
    setMember(kept, "from", from_->time());
    setMember(kept, "to", to_->time());
    return kept;
}

} // namespace iotman::ui
