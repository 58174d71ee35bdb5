#include "ui/sources/sourcedialog.h"

#include "core/client/text.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/notelabel.h"
#include "ui/pages/scopecombo.h"
#include "ui/pages/words.h"
#include "ui/rules/ruleeditor.h"
#include "ui/sources/computerform.h"
#include "ui/sources/generatorform.h"
#include "ui/sources/mirrorform.h"
#include "ui/sources/replayform.h"
#include "ui/sources/sourcesmodel.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>
#include <vector>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

constexpr std::int64_t secondsADay = 86'400;
constexpr std::string_view settingsPointer = "/settings";

/// What can be done about a kind here, and what cannot.
QString kindNote(SourceKind kind, bool changing, const Json& settings)
{
    switch (kind) {
    case SourceKind::Http:
        return SourceDialog::tr("Programs and devices post to its URL.");
    case SourceKind::File:
        if (const auto path = settings.find("path"); path != settings.end() && path->is_string())
            return SourceDialog::tr("It was filled from %1 by a workspace file, which is the place to change that.")
                .arg(toQt(path->get<std::string>()));
        return SourceDialog::tr("Its rows come with “Import a file”, which also says how each file is read.");
    case SourceKind::System:
        return SourceDialog::tr("Processor, memory, disk, network and temperatures of the computer that the server runs on.");
    case SourceKind::Generator:
        return SourceDialog::tr(
            "Signals that look like sensors', made from a seed: no device sends them, and they are marked as generated.");
    case SourceKind::Replay:
        return changing
                   ? SourceDialog::tr(
                         "Another recording, or another part of it, begins anew. Speed, pause and loop go on from where it is.")
                   : SourceDialog::tr(
                         "What another source has stored comes once more as if it happened now, and is marked as replayed.");
    case SourceKind::Mirror:
        return SourceDialog::tr(
            "The items of an endpoint elsewhere: its history first, then what comes from now on, each once and with its own time.");
    }
    return {};
}

/// An entry that the role may not choose stays there and says why.
void refuseItem(QComboBox& box, int row, const QString& reason)
{
    if (auto* items = qobject_cast<QStandardItemModel*>(box.model())) {
        items->item(row)->setEnabled(false);
        items->item(row)->setToolTip(reason);
    }
}

/// Fields of all forms begin below each other.
void alignLabels(const std::vector<QFormLayout*>& forms)
{
    QWidgetList labels;
    int width = 0;
    for (const QFormLayout* form : forms) {
        for (int row = 0; row < form->rowCount(); ++row) {
            const QLayoutItem* item = form->itemAt(row, QFormLayout::LabelRole);
            if (!item || !item->widget())
                continue;
            item->widget()->ensurePolished();
            labels.append(item->widget());
            width = std::max(width, item->sizeHint().width());
        }
    }
    for (QWidget* label : labels)
        label->setMinimumWidth(width);
}

} // namespace

SourceDialog::SourceDialog(Session& session, const QTimeZone& zone, QWidget* parent)
    : QDialog(parent)
    , session_(session)
{
    build(zone);
    setWindowTitle(tr("New source"));
    save_->setText(tr("Create"));
    kindChosen();
}

SourceDialog::SourceDialog(Session& session, const SourceView& source, const QTimeZone& zone, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , changed_(source)
{
    build(zone);
    setWindowTitle(tr("Change “%1”").arg(toQt(source.source.name.text)));
    save_->setText(tr("Save"));
    fill(source.source);
    kindChosen();
}

void SourceDialog::build(const QTimeZone& zone)
{
    kind_ = new QComboBox(this);
    kind_->addItem(tr("HTTP ingest"), static_cast<int>(SourceKind::Http));
    kind_->addItem(tr("Files"), static_cast<int>(SourceKind::File));
    kind_->addItem(tr("This computer"), static_cast<int>(SourceKind::System));
    kind_->addItem(tr("Generate"), static_cast<int>(SourceKind::Generator));
    kind_->addItem(tr("Replay a recording"), static_cast<int>(SourceKind::Replay));
    kind_->addItem(tr("Mirror an endpoint"), static_cast<int>(SourceKind::Mirror));
    kind_->setAccessibleName(tr("Kind"));
    if (const Permit mirrors = session_.permit(Action::WriteMirrors); !mirrors)
        refuseItem(*kind_, kind_->count() - 1, mirrors.reason);
    kindNote_ = noteLabel({}, this);
    name_ = new QLineEdit(this);
    name_->setFont(monospaceFont());
    name_->setPlaceholderText(tr("a-z 0-9 - _"));
    name_->setAccessibleName(tr("Name"));
    nameError_ = fieldError(this);
    time_ = new RuleEditor(RulePart::Time, this);
    time_->setAccessibleName(tr("Time of a datapoint"));
    time_->setPlaceholderText(tr("empty: the time of arrival"));
    timeError_ = fieldError(this);
    timeNote_ = noteLabel(tr("A number is Unix seconds, a text ISO 8601 with a zone: $.ts, $.ms / 1000"), this);
    scope_ = new ScopeCombo(this);
    scope_->setScopes(session_.scopes());
    scope_->setItemText(0, tr("None: whoever reaches the URL may post"));
    scopeError_ = fieldError(this);
    forms_ = {
        {SourceKind::System, new ComputerForm(this)},
        {SourceKind::Generator, new GeneratorForm(this)},
        {SourceKind::Replay, new ReplayForm(session_.sources(), changed_ ? changed_->source.name : SourceName{}, zone, this)},
        {SourceKind::Mirror, new MirrorForm(this)}};
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
    rows_ = new QFormLayout;
    rows_->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    rows_->addRow(tr("&Kind"), kind_);
    rows_->addRow(QString(), kindNote_);
    rows_->addRow(tr("&Name"), name_);
    rows_->addRow(QString(), nameError_);
    rows_->addRow(tr("&Time of a datapoint"), time_);
    rows_->addRow(QString(), timeError_);
    rows_->addRow(QString(), timeNote_);
    rows_->addRow(tr("Required &scope"), scope_);
    rows_->addRow(QString(), scopeError_);
    for (const auto& [kind, form] : forms_) {
        rows_->addRow(form);
        connect(form, &SourceForm::edited, this, &SourceDialog::edited);
    }
    rows_->addRow(tr("Keep"), keep);
    std::vector<QFormLayout*> forms{rows_};
    for (const auto& [kind, form] : forms_)
        forms.push_back(qobject_cast<QFormLayout*>(form->layout()));
    std::erase(forms, nullptr);
    alignLabels(forms);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(busy_);
    buttons->addWidget(cancel);
    buttons->addWidget(save_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->addWidget(error_);
    rows->addLayout(rows_);
    rows->addStretch();
    rows->addLayout(buttons);
    setMinimumWidth(640);
    connect(kind_, &QComboBox::currentIndexChanged, this, &SourceDialog::kindChosen);
    connect(name_, &QLineEdit::textChanged, this, &SourceDialog::edited);
    connect(time_, &RuleEditor::checked, this, &SourceDialog::edited);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(save_, &QPushButton::clicked, this, &SourceDialog::save);
}

void SourceDialog::fill(const Source& source)
{
    if (kind_->findData(static_cast<int>(source.kind)) < 0)
        kind_->addItem(kindWord(source.kind), static_cast<int>(source.kind));
    chooseKind(source.kind);
    const QString fixed = tr("Name and kind of a source stay as they were made.");
    setAllowed(kind_, false, fixed);
    name_->setText(toQt(source.name.text));
    name_->setReadOnly(true);
    name_->setToolTip(fixed);
    name_->setAccessibleDescription(fixed);
    time_->setText(toQt(source.time.value_or("")));
    scope_->setScope(source.requiredScope);
    kept_ = source.settings;
    if (SourceForm* own = form())
        own->setSettings(kept_);
    if (const auto retention = kept_.find("retention"); retention != kept_.end() && retention->is_object()) {
        days_->setValue(static_cast<int>(retention->value("age", std::int64_t(0)) / secondsADay));
        count_->setValue(shownCount(*retention));
    }
}

SourceKind SourceDialog::kind() const
{
    return static_cast<SourceKind>(kind_->currentData().toInt());
}

void SourceDialog::chooseKind(SourceKind kind)
{
    kind_->setCurrentIndex(kind_->findData(static_cast<int>(kind)));
}

SourceForm* SourceDialog::form() const
{
    const auto found = forms_.find(kind());
    return found == forms_.end() ? nullptr : found->second;
}

int SourceDialog::shownCount(const Json& retention) const
{
    return static_cast<int>(std::min<std::int64_t>(retention.value("count", std::int64_t(0)), count_->maximum()));
}

/// Only what the kind has is there.
void SourceDialog::kindChosen()
{
    const bool posts = kind() == SourceKind::Http;
    rows_->setRowVisible(time_, posts);
    rows_->setRowVisible(timeNote_, posts);
    rows_->setRowVisible(scope_, posts);
    for (const auto& [kind, form] : forms_)
        rows_->setRowVisible(form, form == this->form());
    kindNote_->setText(kindNote(kind(), changed_.has_value(), kept_));
    edited();
    adjustSize();
}

/// Rows come and go with what is ticked: there is room for all of them, of their full height.
bool SourceDialog::event(QEvent* event)
{
    const bool isHandled = QDialog::event(event);
    if (event->type() == QEvent::LayoutRequest && layout()) {
        const int wanted = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : sizeHint().height();
        if (wanted > height())
            resize(width(), wanted);
    }
    return isHandled;
}

/// What has no field here stays as it is.
Json SourceDialog::settings() const
{
    Json settings = form() ? form()->settings(kept_) : kept_;
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
    // So does a number that is too large for its field.
    if (shownCount(retention) != count_->value())
        keep("count", count_->value());
    if (retention.empty())
        settings.erase("retention");
    else
        settings["retention"] = std::move(retention);
    return settings;
}

SourceDraft SourceDialog::draft() const
{
    SourceDraft draft{SourceName{fromQt(name_->text())}, kind(), settings(), {}, {}, true};
    if (kind() == SourceKind::Http) {
        if (const std::string typed = fromQt(time_->text().trimmed()); !typed.empty())
            draft.time = typed;
        draft.requiredScope = scope_->scope();
    }
    return draft;
}

void SourceDialog::edited()
{
    const Permit permit = session_.permit(kind() == SourceKind::Mirror ? Action::WriteMirrors : Action::WriteSources);
    QString why = judge();
    if (!permit)
        why = permit.reason;
    if (saving_)
        why = tr("The source is being saved.");
    setAllowed(save_, why.isEmpty(), why);
}

/// Why the model refuses what is given; empty: it does not. Told beside the field, too.
QString SourceDialog::judge()
{
    showFault({});
    const bool isPosted = kind() == SourceKind::Http;
    const QString time = time_->fault() && isPosted ? time_->fault()->sentence : QString();
    timeError_->setError(time);
    const Expected<SourceDraft> read = sourceDraftFrom(toJson(draft()), FilePath::Allowed);
    if (read)
        return time;
    // What nobody has typed yet is no mistake.
    if (read.error().field == "name" && name_->text().isEmpty())
        return tr("Give it a name.");
    return showFault(read.error());
}

/// Shows `error` beside the field that it is about, and takes away all others. Returns how it reads; without a field, its own
/// words.
QString SourceDialog::showFault(const Error& error)
{
    const QString sentence = errorText(error);
    const auto show = [&](const char* field, QWidget* widget, MessageLine* line) {
        const bool here = error.field == field;
        line->setError(here ? sentence : QString());
        setFaulty(widget, here);
    };
    show("name", name_, nameError_);
    show("time", time_, timeError_);
    show("required_scope", scope_, scopeError_);
    const bool inSettings = error.pointer.compare(0, settingsPointer.size(), settingsPointer) == 0;
    const QString told =
        form() ? form()->showFault(inSettings ? error.pointer.substr(settingsPointer.size()) : std::string()) : QString();
    return told.isEmpty() ? sentence : told;
}

void SourceDialog::save()
{
    if (!save_->isEnabled())
        return;
    saving_ = true;
    error_->hide();
    busy_->start(tr("Saving the source"));
    edited();
    const auto reply = session_.noted<SourceView>([this](Expected<SourceView> made) { answered(made); });
    const SourceDraft given = draft();
    if (!changed_) {
        call_ = session_.management().createSource(given, this, reply);
        return;
    }
    SourcePatch patch;
    patch.settings = given.settings;
    if (kind() == SourceKind::Http) {
        patch.time = given.time;
        patch.requiredScope = given.requiredScope;
    }
    call_ = session_.management().changeSource(given.name, patch, {}, this, reply);
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
    showFault(made.error());
    for (const auto& [field, widget] :
         {std::pair<std::string_view, QWidget*>{"name", name_}, {"time", time_}, {"required_scope", scope_}}) {
        if (made.error().field == field)
            return widget->setFocus();
    }
    if (form() && form()->focusFault())
        return;
    error_->setMessage(MessageLine::Kind::Error, errorText(made.error()), tr("Not saved."));
    error_->show();
}

} // namespace iotman::ui
