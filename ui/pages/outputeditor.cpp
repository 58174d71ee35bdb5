#include "ui/pages/outputeditor.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/sourcesbutton.h"
#include "ui/pages/words.h"
#include "ui/rules/ruleeditor.h"
#include "ui/rules/seenfields.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTextBlock>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

namespace {

MessageLine* quietLine(QWidget* parent)
{
    auto* line = new MessageLine(parent);
    line->setTinted(false);
    line->hide();
    return line;
}

QLabel* dimLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setFont(noteFont());
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

OutputEditor::OutputEditor(QWidget* parent)
    : QWidget(parent)
    , name_(new QLineEdit(this))
    , nameFault_(quietLine(this))
    , sources_(new SourcesButton(this))
    , filter_(new RuleEditor(RulePart::Filter, this))
    , filterFault_(quietLine(this))
    , rule_(new RuleEditor(RulePart::Rule, this))
    , place_(dimLabel({}, this))
    , ruleFault_(quietLine(this))
    , note_(dimLabel({}, this))
    , lastError_(new MessageLine(this))
    , seen_(new QTreeWidget(this))
    , applying_(new QWidget(this))
    , progress_(new QProgressBar(applying_))
    , cancel_(new QPushButton(tr("Cancel"), applying_))
    , apply_(new QCheckBox(this))
    , message_(new MessageLine(this))
    , state_(dimLabel({}, this))
    , revert_(new QPushButton(tr("Revert"), this))
    , save_(new QPushButton(tr("Save output"), this))
{
    arrange();
    connect(name_, &QLineEdit::textChanged, this, &OutputEditor::edited);
    connect(sources_, &SourcesButton::edited, this, &OutputEditor::edited);
    connect(sources_, &SourcesButton::edited, this, &OutputEditor::sourcesEdited);
    for (RuleEditor* editor : {filter_, rule_}) {
        connect(editor, &RuleEditor::checked, this, &OutputEditor::showFaults);
        connect(editor, &RuleEditor::checked, this, &OutputEditor::edited);
        connect(editor, &QPlainTextEdit::cursorPositionChanged, this,
                [this, editor] { filterLast_ = editor == filter_ && filter_->hasFocus(); });
    }
    connect(rule_, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        const QTextCursor cursor = rule_->textCursor();
        place_->setText(tr("Line %1, column %2").arg(cursor.blockNumber() + 1).arg(cursor.positionInBlock() + 1));
    });
    connect(seen_, &QTreeWidget::itemActivated, this, &OutputEditor::insertField);
    connect(save_, &QPushButton::clicked, this, &OutputEditor::saveRequested);
    connect(revert_, &QPushButton::clicked, this, &OutputEditor::revertRequested);
    connect(cancel_, &QPushButton::clicked, this, &OutputEditor::cancelApplyingRequested);
}

void OutputEditor::arrange()
{
    name_->setMaxLength(64);
    auto* form = new QFormLayout;
    form->setSpacing(metrics::smallSpace);
    form->addRow(tr("&Name"), name_);
    form->addRow(QString(), nameFault_);
    form->addRow(tr("&Sources"), sources_);

    auto* filterLabel = new QLabel(tr("&Filter (a datapoint for which it isn\u2019t true makes no item)"), this);
    filterLabel->setBuddy(filter_);
    filter_->setAccessibleName(tr("Filter"));
    auto* ruleLabel = new QLabel(tr("R&ule"), this);
    ruleLabel->setBuddy(rule_);
    rule_->setAccessibleName(tr("Rule"));
    auto* ruleHead = new QHBoxLayout;
    ruleHead->addWidget(ruleLabel);
    ruleHead->addStretch();
    ruleHead->addWidget(place_);

    auto* seenHead = new QHBoxLayout;
    auto* seenLabel = new QLabel(tr("Fields in &recent datapoints"), this);
    seenLabel->setBuddy(seen_);
    seenHead->addWidget(seenLabel);
    seenHead->addStretch();
    seenHead->addWidget(dimLabel(tr("double-click inserts"), this));
    seen_->setHeaderLabels({tr("Path"), tr("Type"), tr("Latest")});
    seen_->setRootIsDecorated(false);
    seen_->setUniformRowHeights(true);
    seen_->setAccessibleName(tr("Fields in recent datapoints"));
    seen_->header()->setStretchLastSection(false);
    seen_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    seen_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    seen_->headerItem()->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
    seen_->setMinimumHeight(4 * metrics::denseRowHeight);

    auto* applyingRow = new QHBoxLayout(applying_);
    applyingRow->setContentsMargins(0, 0, 0, 0);
    applyingRow->addWidget(progress_, 1);
    applyingRow->addWidget(cancel_);
    applying_->hide();
    note_->setWordWrap(true);
    lastError_->hide();
    message_->hide();

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(state_);
    buttons->addStretch();
    buttons->addWidget(revert_);
    buttons->addWidget(save_);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::smallSpace, 0, metrics::smallSpace, 0);
    column->setSpacing(metrics::smallSpace);
    column->addLayout(form);
    column->addWidget(filterLabel);
    column->addWidget(filter_);
    column->addWidget(filterFault_);
    column->addLayout(ruleHead);
    column->addWidget(rule_, 3);
    column->addWidget(ruleFault_);
    column->addWidget(note_);
    column->addWidget(lastError_);
    column->addLayout(seenHead);
    column->addWidget(seen_, 2);
    column->addWidget(applying_);
    column->addWidget(apply_);
    column->addWidget(message_);
    column->addLayout(buttons);
}

void OutputEditor::setFields(const OutputFields& fields)
{
    const QSignalBlocker quiet(this);
    if (name_->text() != fields.name)
        name_->setText(fields.name);
    sources_->setChosen(fields.sources);
    filter_->setText(fields.filter);
    rule_->setText(fields.rule);
    apply_->setChecked(true);
    showFaults();
}

OutputFields OutputEditor::fields() const
{
    return {name_->text(), sources_->chosen(), filter_->text(), rule_->text()};
}

void OutputEditor::setSources(const std::vector<SourceView>& sources)
{
    sources_->setSources(sources);
}

std::vector<SourceName> OutputEditor::readSources() const
{
    return sources_->read();
}

void OutputEditor::setDatapoints(std::span<const RecentDatapoint> datapoints)
{
    const QStringList keys = seenKeys(datapoints);
    filter_->setSeenKeys(keys);
    rule_->setSeenKeys(keys);
    const QString chosen = seen_->currentItem() ? seen_->currentItem()->text(0) : QString();
    seen_->clear();
    for (const SeenField& field : seenFields(datapoints)) {
        auto* item = new QTreeWidgetItem(seen_, {field.path, field.type, field.latest});
        item->setFont(0, monospaceFont());
        item->setFont(2, monospaceFont());
        item->setToolTip(2, field.latest);
        item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
        if (field.path == chosen)
            seen_->setCurrentItem(item);
    }
    // Wide enough for what came last, and not narrower again with each datapoint.
    const int before = seen_->columnWidth(2);
    seen_->resizeColumnToContents(2);
    seen_->header()->resizeSection(2, std::min(std::max(seen_->columnWidth(2), before), seen_->viewport()->width() / 2));
}

void OutputEditor::insertField()
{
    if (const QTreeWidgetItem* item = seen_->currentItem())
        lastEdited()->insertPath(item->text(0));
}

RuleEditor* OutputEditor::lastEdited() const
{
    return filterLast_ ? filter_ : rule_;
}

void OutputEditor::setPermit(const Permit& permit)
{
    permit_ = permit;
    name_->setReadOnly(!permit.allowed);
    filter_->setReadOnly(!permit.allowed);
    rule_->setReadOnly(!permit.allowed);
    setAllowed(sources_, permit.allowed, permit.reason);
    setAllowed(apply_, permit.allowed, permit.reason);
    setAllowed(cancel_, permit.allowed, permit.reason);
    setState(state_->text(), modified_);
}

void OutputEditor::setStored(qint64 datapoints)
{
    apply_->setText(datapoints == 0 ? tr("&Apply to datapoints already stored")
                                    : tr("&Apply to the %Ln datapoints already stored", nullptr, pluralCount(datapoints)));
}

bool OutputEditor::appliesToStored() const
{
    return apply_->isChecked();
}

void OutputEditor::setApplying(const std::optional<std::pair<std::int64_t, std::int64_t>>& applying)
{
    applying_->setVisible(applying.has_value());
    apply_->setVisible(!applying);
    if (!applying)
        return;
    // Thousandths: counts may be beyond what a progress bar takes.
    const auto [done, total] = *applying;
    progress_->setRange(0, 1000);
    progress_->setValue(total > 0 ? static_cast<int>(done * 1000 / total) : 0);
    progress_->setFormat(
        tr("Applied to %1 of %2 datapoints")
            .arg(locale().toString(static_cast<qlonglong>(done)), locale().toString(static_cast<qlonglong>(total))));
    progress_->setAccessibleName(progress_->text());
}

void OutputEditor::setNameFault(const QString& fault)
{
    nameFault_->setError(fault);
    setFaulty(name_, !fault.isEmpty());
}

void OutputEditor::showFaults()
{
    const auto show = [](MessageLine* line, const std::optional<RuleFault>& fault) {
        line->setError(fault ? fault->sentence : QString());
    };
    show(filterFault_, filter_->fault());
    show(ruleFault_, rule_->fault());
}

bool OutputEditor::isFaultless() const
{
    return !filter_->fault() && !rule_->fault();
}

void OutputEditor::setState(const QString& text, bool modified)
{
    modified_ = modified;
    state_->setText(text);
    const bool good = isFaultless() && nameFault_->isHidden();
    setAllowed(save_, permit_.allowed && modified && good,
               !permit_.allowed ? permit_.reason
               : !modified      ? tr("Nothing has changed.")
                                : tr("First mend what is marked."));
    setAllowed(revert_, permit_.allowed && modified, permit_.allowed ? tr("Nothing has changed.") : permit_.reason);
}

void OutputEditor::setMessage(const QString& error)
{
    message_->setError(error);
}

void OutputEditor::setNote(const QString& note, const QString& lastError)
{
    note_->setText(note);
    note_->setVisible(!note.isEmpty());
    if (!lastError.isEmpty())
        lastError_->setMessage(MessageLine::Kind::Warning, lastError, tr("Last error:"));
    lastError_->setVisible(!lastError.isEmpty());
}

} // namespace iotman::ui
