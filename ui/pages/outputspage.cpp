#include "ui/pages/outputspage.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/toast.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/listpane.h"
#include "ui/pages/outputeditor.h"
#include "ui/pages/outputresult.h"
#include "ui/pages/pageactions.h"
#include "ui/rules/ruleeditor.h"
#include "ui/rules/seenfields.h"

#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

const QString outputColumnsKey = QStringLiteral("outputs/columns");
const QString outputSplitterKey = QStringLiteral("outputs/splitter");

constexpr std::chrono::seconds readEvery(3);

} // namespace

OutputsPage::OutputsPage(Session& session, QSettings& settings, QWidget* parent)
    : Page(parent)
    , session_(session)
    , settings_(settings)
    , remover_(session)
    , reader_(session)
    , list_(new ListPane(outputColumns(),
                         {tr("Outputs"), tr("Filter outputs"), QStringLiteral("outputs"), tr("No output yet"),
                          tr("An output makes items of datapoints, by a rule such as { t: $.temperature }."),
                          tr("No output has this text in its name.")},
                         settings, outputColumnsKey, this))
    , editor_(new OutputEditor(this))
    , result_(new OutputResult(session.clock(), this))
    , splitter_(new QSplitter(this))
    , toast_(new Toast(this))
{
    makeActions();
    arrange();
    again_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, &OutputsPage::readDatapoints);
    connect(&session_, &Session::listsChanged, this, &OutputsPage::listsChanged);
    connect(&session_, &Session::roleChanged, this, &OutputsPage::listsChanged);
    connect(&session_, &Session::stateChanged, this, &OutputsPage::updateActions);
    connect(list_, &ListPane::chosenChanged, this, &OutputsPage::chosenChanged);
    connect(list_, &ListPane::copied, this, [this](const QString& sentence) { toast_->show(sentence, false); });
    connect(editor_, &OutputEditor::edited, this, &OutputsPage::edited);
    connect(editor_, &OutputEditor::sourcesEdited, this, &OutputsPage::readDatapoints);
    connect(editor_, &OutputEditor::saveRequested, this, &OutputsPage::save);
    connect(editor_, &OutputEditor::revertRequested, this, &OutputsPage::revert);
    connect(editor_, &OutputEditor::cancelApplyingRequested, this, &OutputsPage::cancelApplying);
    connect(&reader_, &RecentReader::took, this, &OutputsPage::tookDatapoints);
    connect(&reader_, &RecentReader::failed, result_, &OutputResult::setTrouble);
    connect(&remover_, &OutputRemover::removed, this, &OutputsPage::removed);
    connect(&remover_, &OutputRemover::restored, this, [this](const OutputId& id) { choose(toQt(id.text)); });
    connect(&remover_, &OutputRemover::failed, this, &OutputsPage::failed);
    connect(toast_, &Toast::undoRequested, this, &OutputsPage::undoDelete);
    connect(result_, &OutputResult::newOutputWanted, this,
            [this](const std::string& payload) { openNew(proposedRule(payload)); });
    listsChanged();
}

OutputsPage::~OutputsPage()
{
    settings_.setValue(outputSplitterKey, splitter_->saveState());
}

void OutputsPage::makeActions()
{
    new_ = addPageAction(this, tr("&New output"), QStringLiteral("add"), [this] { openNew({}); });
    new_->setShortcut(QKeySequence::New);
    delete_ = addPageAction(this, tr("&Delete\u2026"), QStringLiteral("delete"), [this] { askDelete(); });
    delete_->setShortcut(QKeySequence::Delete);
    delete_->setShortcutContext(Qt::WidgetShortcut);
    list_->table()->addAction(delete_);
    undo_ = addPageAction(this, tr("&Undo delete"), {}, [this] { undoDelete(); });
    undo_->setShortcut(QKeySequence::Undo);
    undo_->setShortcutContext(Qt::WidgetShortcut);
    list_->table()->addAction(undo_);
    addPageSeparator(this);
    save_ = addPageAction(this, tr("&Save"), QStringLiteral("save"), [this] { save(); });
    save_->setShortcut(QKeySequence::Save);
    revert_ = addPageAction(this, tr("&Revert"), QStringLiteral("restore"), [this] { revert(); });
    addPageSeparator(this);
    serve_ = addPageAction(this, tr("Go to its &endpoints"), QStringLiteral("endpoints"), [this] {
        const OutputView* view = stored(current_);
        const QStringList endpoints = view ? servedAt(view->output.id, session_.endpoints()) : QStringList();
        Q_EMIT goTo(PageId::Endpoints, endpoints.value(0));
    });
    serve_->setIconText(tr("Endpoints")); // in the tool bar
    addPageSeparator(this);
    list_->addCopyActions(this);
}

void OutputsPage::arrange()
{
    list_->addActions(actions());
    list_->setEmptyAction(new_);
    auto* title = new QLabel(pageName(PageId::Outputs), this);
    title->setFont(titleFont());
    splitter_->setChildrenCollapsible(false);
    splitter_->addWidget(list_);
    splitter_->addWidget(editor_);
    splitter_->addWidget(result_);
    splitter_->setStretchFactor(0, 0);
    splitter_->setStretchFactor(1, 1);
    splitter_->setStretchFactor(2, 1);
    if (!splitter_->restoreState(settings_.value(outputSplitterKey).toByteArray()))
        splitter_->setSizes({330, 430, 500});
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::pageMargin, metrics::smallSpace, metrics::pageMargin, metrics::pageMargin);
    rows->setSpacing(metrics::smallSpace);
    rows->addWidget(title);
    rows->addWidget(splitter_, 1);
}

ReadingContext OutputsPage::context() const
{
    return {session_.clock().now(), zone_, locale()};
}

void OutputsPage::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    result_->setZone(zone);
    listsChanged();
}

void OutputsPage::choose(const QString& id)
{
    isNew_ = false;
    list_->choose(id);
    chosenChanged();
}

std::vector<GotoTarget> OutputsPage::targets()
{
    std::vector<GotoTarget> found;
    for (const OutputView& view : session_.outputs()) {
        const QString id = toQt(view.output.id.text);
        found.push_back({tr("%1 \u00b7 output").arg(toQt(view.output.name.text)), pageIcon(PageId::Outputs),
                         [this, id] { Q_EMIT goTo(PageId::Outputs, id); }});
    }
    return found;
}

QString OutputsPage::unsaved() const
{
    const auto count = static_cast<int>(edits_.ids().size());
    return count == 1 ? tr("An output has changes that are not saved.")
                      : tr("%Ln outputs have changes that are not saved.", nullptr, count);
}

void OutputsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    readDatapoints();
}

const OutputView* OutputsPage::stored(const QString& id) const
{
    const auto& outputs = session_.outputs();
    const auto found =
        std::find_if(outputs.begin(), outputs.end(), [&](const OutputView& view) { return toQt(view.output.id.text) == id; });
    return found == outputs.end() ? nullptr : &*found;
}

std::vector<OutputView> OutputsPage::chosenOutputs() const
{
    std::vector<OutputView> outputs;
    for (const QString& id : list_->chosen())
        if (const OutputView* view = stored(id))
            outputs.push_back(*view);
    return outputs;
}

const Output* OutputsPage::shownOutput() const
{
    const OutputView* view = isNew_ ? nullptr : stored(current_);
    return view ? &view->output : nullptr;
}

void OutputsPage::updateList()
{
    list_->setRows(outputRows(session_.outputs(), edits_.ids(), context()), session_.isLoaded());
    setWindowModified(!edits_.empty());
}

void OutputsPage::listsChanged()
{
    editor_->setSources(session_.sources()); // first: the list chooses an output, whose sources are read
    updateList();
    std::int64_t datapoints = 0;
    for (const SourceView& view : session_.sources())
        datapoints += view.datapoints;
    editor_->setStored(datapoints);
    // A stored output that nobody edits here may have been changed elsewhere.
    if (!isNew_ && !edits_.contains(current_) && editor_->fields() != edits_.fields(current_, shownOutput()))
        showCurrent();
    judge();
    if (datapoints != seenDatapoints_ && isVisible() && !again_.isActive())
        again_.start(reader_.isReading() || seenDatapoints_ < 0 ? std::chrono::seconds(0) : readEvery);
}

void OutputsPage::chosenChanged()
{
    const QString chosen = list_->current();
    if (!chosen.isEmpty() && (chosen != current_ || (isNew_ && list_->table()->hasFocus()))) {
        current_ = chosen;
        isNew_ = false;
        showCurrent();
        readDatapoints();
    }
    updateActions();
}

/// Puts the current output, or the edits of it, into the form.
void OutputsPage::showCurrent()
{
    editor_->setMessage({});
    editor_->setFields(edits_.fields(key(), shownOutput()));
    parsedAt_.reset();
    if (editor_->isFaultless()) {
        result_->setRule(editor_->filter()->text(), editor_->rule()->text(), std::nullopt);
        parsedAt_ = session_.clock().now();
    } else {
        result_->clear();
    }
    judge();
}

void OutputsPage::edited()
{
    const OutputFields now = editor_->fields();
    if (isNew_ || shownOutput())
        edits_.keep(key(), shownOutput(), now);
    editor_->setMessage({});
    if (editor_->isFaultless()) {
        parsedAt_ = session_.clock().now();
        result_->setRule(now.filter, now.rule, std::nullopt);
    } else if (parsedAt_) {
        result_->setRule({}, {}, parsedAt_);
    }
    updateList();
    judge();
}

/// Says of the form what there is to say.
void OutputsPage::judge()
{
    const OutputView* view = isNew_ ? nullptr : stored(current_);
    const bool shown = isNew_ || view;
    editor_->setEnabled(shown);
    if (!shown) {
        updateActions();
        return;
    }
    const OutputFields fields = editor_->fields();
    const bool modified = edits_.contains(key());
    editor_->setPermit(session_.permit(Action::WriteOutputs));
    const QString fault = nameFault(fields.name, session_.outputs(), view ? std::optional(view->output.id) : std::nullopt);
    editor_->setNameFault(isNew_ && fields.name.isEmpty() && fields.rule.isEmpty() ? QString() : fault);
    editor_->setApplying(view ? view->applying : std::nullopt);
    editor_->setNote(view ? outputNote(*view, session_.endpoints(), modified, context()) : QString(),
                     view ? lastErrorText(*view, context()) : QString());
    const bool overtaken = view && edits_.isOvertaken(key(), view->output);
    editor_->setState(isSaving()  ? tr("Saving\u2026")
                      : overtaken ? tr("Changed elsewhere meanwhile: saving replaces that.")
                      : isNew_    ? tr("Not saved yet")
                      : modified  ? tr("Unsaved changes")
                                  : QString(),
                      modified && !isSaving());
    updateActions();
}

void OutputsPage::updateActions()
{
    const Permit permit = session_.permit(Action::WriteOutputs);
    const bool some = !chosenOutputs().empty();
    setAllowed(new_, permit.allowed, permit.reason);
    setAllowed(delete_, permit.allowed && some, permit.allowed ? tr("Choose an output first.") : permit.reason);
    setAllowed(undo_, permit.allowed && remover_.canUndo(), permit.allowed ? tr("Nothing was deleted.") : permit.reason);
    setAllowed(save_, editor_->isEnabled() && editor_->saveButton()->isEnabled(), editor_->saveButton()->toolTip());
    setAllowed(revert_, editor_->isEnabled() && editor_->revertButton()->isEnabled(), editor_->revertButton()->toolTip());
    setAllowed(serve_, stored(current_) && !isNew_, tr("Choose an output first."));
}

/// A new output with this rule; with an empty one what was begun before, or a rule of the newest datapoint's shape.
void OutputsPage::openNew(const QString& rule)
{
    if (!rule.isEmpty() && !mayReplaceNewRule(rule))
        return;
    isNew_ = true;
    if (!rule.isEmpty() || !edits_.contains(QString())) {
        OutputFields fields = edits_.fields({}, nullptr); // its name and filter stay where one was begun
        if (!edits_.contains(QString()) && !current_.isEmpty())
            fields.sources = editor_->fields().sources;
        QString proposed = rule;
        if (const auto& latest = *reader_.latest(); proposed.isEmpty() && !latest.empty())
            proposed = proposedRule(latest.front().payload);
        fields.rule = proposed_ = proposed;
        edits_.keep({}, nullptr, fields);
    }
    showCurrent();
    updateList();
    readDatapoints();
    editor_->name()->setFocus();
}

/// A rule that was begun for a new output, and is not what was proposed for it, is only replaced after a question.
bool OutputsPage::mayReplaceNewRule(const QString& rule)
{
    if (!edits_.contains(QString()))
        return true;
    const QString begun = edits_.fields({}, nullptr).rule;
    return begun.isEmpty() || begun == proposed_ || begun == rule ||
           QMessageBox::question(this, tr("New output"), tr("A new output is begun and not saved. Replace its rule?"),
                                 QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Cancel) == QMessageBox::Discard;
}

bool OutputsPage::isSaving() const
{
    const auto call = saving_.find(key());
    return call != saving_.end() && call->second.isActive();
}

void OutputsPage::save()
{
    const OutputView* view = stored(key());
    if (isSaving() || (!isNew_ && !view))
        return;
    editor_->setMessage({});
    const OutputFields fields = editor_->fields();
    const auto answered =
        session_.noted<OutputView>([this, edited = key(), fields](Expected<OutputView> made) { saved(made, edited, fields); });
    auto& management = session_.management();
    saving_[key()] = isNew_ ? management.createOutput(draftOf(fields, editor_->appliesToStored()), this, answered)
                            : management.changeOutput(view->output.id, patchOf(fields, view->output, editor_->appliesToStored()),
                                                      {}, this, answered);
    judge();
}

/// `sent` is what was in the form then; one may have typed on since, or looked at another output.
void OutputsPage::saved(const Expected<OutputView>& result, const QString& edited, const OutputFields& sent)
{
    saving_.erase(edited);
    const bool isShown = edited == key();
    if (!result) {
        if (isShown)
            editor_->setMessage(tr("Not saved: %1").arg(errorText(result.error())));
        else
            failed(tr("“%1” was not saved.").arg(sent.name), result.error());
        judge();
        return;
    }
    const QString id = toQt(result->output.id.text);
    const OutputView* view = stored(edited);
    const Output* before = view ? &view->output : nullptr;
    // The form says what is typed a moment later than it holds it.
    const OutputFields now = isShown ? editor_->fields() : edits_.fields(edited, &result->output);
    edits_.saved(edited, before, result->output, sent, now);
    if (isShown) {
        isNew_ = false;
        current_ = id;
        list_->choose(id);
        if (now == sent)
            editor_->setFields(fieldsOf(result->output));
    }
    updateList();
    judge();
    toast_->show(tr("Output saved."), false);
}

void OutputsPage::revert()
{
    edits_.drop(key());
    isNew_ = false;
    showCurrent();
    updateList();
}

void OutputsPage::askDelete()
{
    const std::vector<OutputView> outputs = chosenOutputs();
    if (!outputs.empty())
        ask(outputQuestion(outputs, session_.endpoints(), session_.connection().environment), this, [this, outputs] {
            list_->message()->hide();
            remover_.remove(outputs);
        });
}

void OutputsPage::removed(const OutputId& id, int count)
{
    edits_.drop(toQt(id.text));
    updateActions();
    toast_->show(count == 1 ? tr("Output deleted.") : tr("%Ln outputs deleted.", nullptr, count), true);
}

void OutputsPage::undoDelete()
{
    list_->message()->hide();
    toast_->dismiss();
    remover_.undo();
    updateActions();
}

void OutputsPage::failed(const QString& what, const Error& error)
{
    list_->message()->setMessage(MessageLine::Kind::Error, errorText(error), what);
    list_->message()->show();
}

void OutputsPage::cancelApplying()
{
    if (const OutputView* view = stored(current_))
        session_.management().cancelApplying(view->output.id, this, session_.noted<void>([this](Expected<void> done) {
            if (!done)
                editor_->setMessage(errorText(done.error()));
        }));
}

/// Asks for the newest datapoints of the sources that are read; what is on its way already is dropped.
void OutputsPage::readDatapoints()
{
    again_.stop();
    reader_.stop();
    if (!isVisible())
        return;
    if (const Permit permit = session_.permit(Action::WriteOutputs); !permit) {
        result_->setTrouble(permit.reason);
        return;
    }
    seenDatapoints_ = 0;
    for (const SourceView& view : session_.sources())
        seenDatapoints_ += view.datapoints;
    reader_.read(editor_->readSources());
}

void OutputsPage::tookDatapoints()
{
    editor_->setDatapoints(*reader_.latest());
    result_->setDatapoints(reader_.latest());
}

} // namespace iotman::ui
