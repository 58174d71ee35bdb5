#include "ui/sources/sourcedialog.h"

#include "core/client/text.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/scopecombo.h"
#include "ui/pages/words.h"
#include "ui/rules/ruleeditor.h"
#include "ui/sources/sourcesmodel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

constexpr std::int64_t secondsADay = 86'400;
constexpr std::array metricNames{"cpu", "memory", "disk", "network", "temperature"};

MessageLine* fieldError(QWidget* parent)
{
    auto* line = new MessageLine(parent);
    line->setTinted(false);
    line->hide();
    return line;
}

} // namespace

SourceDialog::SourceDialog(Session& session, QWidget* parent)
    : QDialog(parent)
    , session_(session)
{
    build();
    setWindowTitle(tr("New source"));
    save_->setText(tr("Create"));
    edited();
}

SourceDialog::SourceDialog(Session& session, const SourceView& source, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , changed_(source)
{
    build();
    setWindowTitle(tr("Change “%1”").arg(toQt(source.source.name.text)));
    save_->setText(tr("Save"));
    fill(source.source);
    edited();
}

void SourceDialog::build()
{
    kind_ = new QComboBox(this);
    kind_->addItem(tr("HTTP ingest: programs and devices post to it"), static_cast<int>(SourceKind::Http));
    kind_->addItem(tr("This computer: its processor, memory, disk, network, temperatures"), static_cast<int>(SourceKind::System));
    kind_->setAccessibleName(tr("Kind"));
    name_ = new QLineEdit(this);
    name_->setFont(monospaceFont());
    name_->setPlaceholderText(tr("a-z 0-9 - _"));
    nameError_ = fieldError(this);
    time_ = new RuleEditor(RulePart::Time, this);
    time_->setAccessibleName(tr("Time of a datapoint"));
    time_->setPlaceholderText(tr("empty: the time of arrival"));
    timeError_ = fieldError(this);
    timeNote_ = new QLabel(tr("A number is Unix seconds, a text ISO 8601 with a zone: $.ts, $.ms / 1000"), this);
    timeNote_->setFont(noteFont());
    timeNote_->setForegroundRole(QPalette::PlaceholderText);
    scope_ = new ScopeCombo(this);
    scope_->setScopes(session_.scopes());
    scope_->setItemText(0, tr("None: whoever reaches the URL may post"));
    computer_ = new QWidget(this);
    interval_ = new QDoubleSpinBox(computer_);
    interval_->setRange(0.1, 86'400);
    interval_->setValue(1);
    interval_->setSuffix(tr(" s"));
    interval_->setAccessibleName(tr("Interval"));
    auto* readings = new QHBoxLayout(computer_);
    readings->setContentsMargins(0, 0, 0, 0);
    readings->addWidget(new QLabel(tr("every"), computer_));
    readings->addWidget(interval_);
    const QStringList words{tr("CPU"), tr("memory"), tr("disk"), tr("network"), tr("temperatures")};
    for (const QString& word : words) {
        auto* metric = new QCheckBox(word, computer_);
        metric->setChecked(metrics_.size() < 2);
        connect(metric, &QCheckBox::toggled, this, &SourceDialog::edited);
        readings->addWidget(metric);
        metrics_ << metric;
    }
    readings->addStretch();
    days_ = new QSpinBox(this);
    days_->setRange(0, 36'500);
    days_->setSpecialValueText(tr("any age"));
    days_->setSuffix(tr(" days"));
    days_->setAccessibleName(tr("Keep for"));
    count_ = new QSpinBox(this);
    count_->setRange(0, 2'000'000'000);
    count_->setGroupSeparatorShown(true);
    count_->setSpecialValueText(tr("any number"));
    count_->setSuffix(tr(" datapoints"));
    count_->setAccessibleName(tr("Keep at most"));
    error_ = new MessageLine(this);
    error_->hide();
    save_ = new QPushButton(this);
    save_->setDefault(true);
    busy_ = new BusyRing(this);
    auto* cancel = new QPushButton(tr("Cancel"), this);

    auto* keep = new QHBoxLayout;
    keep->addWidget(days_);
    keep->addWidget(count_);
    keep->addStretch();
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Kind"), kind_);
    form->addRow(tr("&Name"), name_);
    form->addRow(QString(), nameError_);
    form->addRow(tr("&Time of a datapoint"), time_);
    form->addRow(QString(), timeError_);
    form->addRow(QString(), timeNote_);
    form->addRow(tr("Required &scope"), scope_);
    form->addRow(tr("Readings"), computer_);
    form->addRow(tr("Keep"), keep);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(busy_);
    buttons->addWidget(cancel);
    buttons->addWidget(save_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->addWidget(error_);
    rows->addLayout(form);
    rows->addStretch();
    rows->addLayout(buttons);
    setMinimumWidth(560);
    connect(kind_, &QComboBox::currentIndexChanged, this, &SourceDialog::edited);
    connect(name_, &QLineEdit::textChanged, this, &SourceDialog::edited);
    connect(time_, &RuleEditor::checked, this, &SourceDialog::edited);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(save_, &QPushButton::clicked, this, &SourceDialog::save);
}

void SourceDialog::fill(const Source& source)
{
    if (kind_->findData(static_cast<int>(source.kind)) < 0)
        kind_->addItem(kindWord(source.kind), static_cast<int>(source.kind));
    kind_->setCurrentIndex(kind_->findData(static_cast<int>(source.kind)));
    kind_->setEnabled(false);
    name_->setText(toQt(source.name.text));
    name_->setReadOnly(true);
    time_->setText(toQt(source.time.value_or("")));
    scope_->setScope(source.requiredScope);
    kept_ = source.settings;
    if (const auto interval = kept_.find("interval"); interval != kept_.end() && interval->is_number())
        interval_->setValue(interval->get<double>());
    if (const auto given = kept_.find("metrics"); given != kept_.end()) {
        for (int i = 0; i < metrics_.size(); ++i)
            metrics_[i]->setChecked(std::find(given->begin(), given->end(), metricNames[static_cast<std::size_t>(i)]) !=
                                    given->end());
    }
    if (const auto retention = kept_.find("retention"); retention != kept_.end() && retention->is_object()) {
        days_->setValue(static_cast<int>(retention->value("age", std::int64_t(0)) / secondsADay));
        count_->setValue(static_cast<int>(std::min<std::int64_t>(retention->value("count", std::int64_t(0)), count_->maximum())));
    }
}

SourceKind SourceDialog::kind() const
{
    return static_cast<SourceKind>(kind_->currentData().toInt());
}

std::optional<std::string> SourceDialog::time() const
{
    const std::string text = fromQt(time_->text().trimmed());
    return text.empty() ? std::nullopt : std::optional(text);
}

/// What has no field here stays as it is.
Json SourceDialog::settings() const
{
    Json settings = kept_;
    if (kind() == SourceKind::System) {
        settings["interval"] = interval_->value();
        Json chosen = Json::array();
        for (int i = 0; i < metrics_.size(); ++i) {
            if (metrics_[i]->isChecked())
                chosen.push_back(metricNames[static_cast<std::size_t>(i)]);
        }
        settings["metrics"] = std::move(chosen);
    }
    Json retention = settings.value("retention", Json::object());
    const auto keep = [&retention](const char* member, std::int64_t value) {
        if (value > 0)
            retention[member] = value;
        else
            retention.erase(member);
    };
    // An age that is no whole number of days stays while its days are not changed.
    if (retention.value("age", std::int64_t(0)) / secondsADay != days_->value())
        keep("age", days_->value() * secondsADay);
    keep("count", count_->value());
    if (retention.empty())
        settings.erase("retention");
    else
        settings["retention"] = std::move(retention);
    return settings;
}

void SourceDialog::edited()
{
    const Permit permit = session_.permit(Action::WriteSources);
    const bool isComputer = kind() == SourceKind::System;
    computer_->setEnabled(isComputer);
    time_->setEnabled(!isComputer);
    scope_->setEnabled(kind() == SourceKind::Http);
    QString why = permit.reason;
    const Expected<SourceName> name = SourceName::parse(fromQt(name_->text()), "name");
    showNameError(!name && !name_->text().isEmpty() ? toQt(name.error().detail) : QString());
    if (permit && !name)
        why = name_->text().isEmpty() ? tr("Give it a name.") : toQt(name.error().detail);
    const QString wrong = time_->fault() && !isComputer ? time_->fault()->sentence : QString();
    timeError_->setError(wrong);
    if (why.isEmpty())
        why = wrong;
    if (why.isEmpty() && isComputer &&
        std::none_of(metrics_.begin(), metrics_.end(), [](const QCheckBox* box) { return box->isChecked(); }))
        why = tr("Choose something to read.");
    if (saving_)
        why = tr("The source is being saved.");
    setAllowed(save_, why.isEmpty(), why);
}

void SourceDialog::showNameError(const QString& sentence)
{
    nameError_->setError(sentence);
    setFaulty(name_, !sentence.isEmpty());
}

void SourceDialog::save()
{
    const Expected<SourceName> name = SourceName::parse(fromQt(name_->text()), "name");
    if (!name || !save_->isEnabled())
        return;
    saving_ = true;
    error_->hide();
    busy_->start(tr("Saving the source"));
    edited();
    const auto reply = session_.noted<SourceView>([this](Expected<SourceView> made) { answered(made); });
    const bool isHttp = kind() == SourceKind::Http;
    if (changed_) {
        SourcePatch patch;
        patch.settings = settings();
        if (kind() != SourceKind::System)
            patch.time = time();
        if (isHttp)
            patch.requiredScope = scope_->scope();
        call_ = session_.management().changeSource(*name, patch, {}, this, reply);
        return;
    }
    SourceDraft draft;
    draft.name = *name;
    draft.kind = kind();
    draft.settings = settings();
    draft.time = isHttp ? time() : std::nullopt;
    draft.requiredScope = isHttp ? scope_->scope() : std::nullopt;
    call_ = session_.management().createSource(draft, this, reply);
}

/// What was typed stays until it is saved.
void SourceDialog::answered(const Expected<SourceView>& made)
{
    saving_ = false;
    busy_->stop();
    edited();
    if (made) {
        Q_EMIT saved(*made);
        return accept();
    }
    if (made.error().field == "name") {
        showNameError(errorText(made.error()));
        name_->setFocus();
    } else {
        error_->setMessage(MessageLine::Kind::Error, errorText(made.error()), tr("Not saved."));
        error_->show();
    }
}

} // namespace iotman::ui
