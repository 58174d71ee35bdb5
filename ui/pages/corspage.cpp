#include "ui/pages/corspage.h"

#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/tabledelegate.h"
#include "ui/look/toast.h"
#include "ui/pages/corsask.h"
#include "ui/pages/corsmodel.h"
#include "ui/pages/words.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

const QString corsColumnsKey = QStringLiteral("cors/columns");
const QString corsSplitterKey = QStringLiteral("cors/splitter");

bool sameList(const client::Tagged<CorsView>& a, const client::Tagged<CorsView>& b)
{
    return a.value.origins == b.value.origins;
}

/// A button that does what an action does and looks as allowed as it is.
void follow(QPushButton* button, QAction* action)
{
    const auto copy = [button, action] { setAllowed(button, action->isEnabled(), action->toolTip()); };
    QObject::connect(action, &QAction::changed, button, copy);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    copy();
}

} // namespace

CorsPage::CorsPage(Session& session, QSettings& settings, QWidget* parent)
    : Page(parent)
    , session_(session)
    , settings_(settings)
    , editor_(new QPlainTextEdit(this))
    , model_(new CorsModel(this))
    , table_(new QTableView(this))
    , any_(new MessageLine(this))
    , message_(new MessageLine(this))
    , conflict_(new MessageLine(this))
    , summary_(new MessageLine(this))
    , revertButton_(new QPushButton(tr("Revert"), this))
    , saveButton_(new QPushButton(tr("Save"), this))
    , ask_(new CorsAsk(session, this))
    , splitter_(new QSplitter(Qt::Vertical, this))
    , toast_(new Toast(this))
{
    makeActions();
    arrange();
    connect(editor_, &QPlainTextEdit::textChanged, this, &CorsPage::edited);
    connect(any_, &MessageLine::buttonClicked, this, &CorsPage::removeAny);
    connect(conflict_, &MessageLine::buttonClicked, this, &CorsPage::loadTheirs);
    connect(ask_, &CorsAsk::addOriginRequested, this, &CorsPage::addOrigin);
    connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
        // From a row to the entry that it is about.
        const CorsEntry& entry = model_->entry(index.row());
        QTextCursor cursor = editor_->textCursor();
        cursor.setPosition(entry.start);
        cursor.setPosition(entry.start + entry.length, QTextCursor::KeepAnchor);
        editor_->setTextCursor(cursor);
        editor_->setFocus();
    });
    connect(&session_, &Session::listsChanged, this, &CorsPage::listsChanged);
    connect(&session_, &Session::roleChanged, this, &CorsPage::updateActions);
    connect(&session_, &Session::stateChanged, this, &CorsPage::updateActions);
    edited();
    listsChanged();
}

CorsPage::~CorsPage()
{
    settings_.setValue(corsColumnsKey, table_->horizontalHeader()->saveState());
    settings_.setValue(corsSplitterKey, splitter_->saveState());
}

void CorsPage::makeActions()
{
    const auto add = [this](const QString& text, const QString& iconName, QKeySequence::StandardKey key) {
        auto* action = new QAction(icon(iconName), text, this);
        if (key != QKeySequence::UnknownKey)
            action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        return action;
    };
    const auto separate = [this] {
        auto* separator = new QAction(this);
        separator->setSeparator(true);
        addAction(separator);
    };
    save_ = add(tr("&Save"), QStringLiteral("save"), QKeySequence::Save);
    revert_ = add(tr("Re&vert"), QStringLiteral("back"), QKeySequence::UnknownKey);
    separate();
    undo_ = add(tr("&Undo"), QStringLiteral("undo"), QKeySequence::Undo);
    redo_ = add(tr("&Redo"), QStringLiteral("redo"), QKeySequence::Redo);
    separate();
    copy_ = add(tr("&Copy list"), QStringLiteral("copy"), QKeySequence::UnknownKey);
    connect(save_, &QAction::triggered, this, &CorsPage::save);
    connect(revert_, &QAction::triggered, this, [this] { replaceText(corsText(base_->value.origins)); });
    connect(undo_, &QAction::triggered, editor_, &QPlainTextEdit::undo);
    connect(redo_, &QAction::triggered, editor_, &QPlainTextEdit::redo);
    connect(editor_, &QPlainTextEdit::undoAvailable, this, &CorsPage::updateActions);
    connect(editor_, &QPlainTextEdit::redoAvailable, this, &CorsPage::updateActions);
    connect(copy_, &QAction::triggered, this, [this] {
        QApplication::clipboard()->setText(editor_->toPlainText());
        toast_->show(tr("List copied."), false);
    });
}

void CorsPage::arrange()
{
    auto* title = new QLabel(pageName(PageId::Cors), this);
    title->setFont(titleFont());
    auto* purpose = new QLabel(tr("Which web pages may read this workspace from a browser"), this);
    purpose->setForegroundRole(QPalette::PlaceholderText);
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(title);
    head->addWidget(purpose);
    head->addStretch();
    splitter_->setChildrenCollapsible(false);
    splitter_->addWidget(list());
    splitter_->addWidget(ask_);
    splitter_->setStretchFactor(0, 3);
    splitter_->setStretchFactor(1, 2);
    if (!splitter_->restoreState(settings_.value(corsSplitterKey).toByteArray()))
        splitter_->setSizes({3000, 2000});
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::pageMargin, metrics::smallSpace, metrics::pageMargin, metrics::pageMargin);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(splitter_, 1);
}

QWidget* CorsPage::list()
{
    auto* part = new QWidget(splitter_);
    auto* label = new QLabel(tr("O&rigins, separated with commas, spaces or lines"), this);
    label->setBuddy(editor_);
    editor_->setFont(monospaceFont());
    editor_->setAccessibleName(tr("Allowed origins"));
    editor_->setPlaceholderText(tr("https://dash.example, https://grafana.example:3000"));
    editor_->setTabChangesFocus(true);
    editor_->setMinimumHeight(72);
    editor_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);

    TableDelegate* delegate = prepareTable(table_);
    table_->setModel(model_);
    table_->setAccessibleName(tr("What becomes of each entry"));
    delegate->setCellKind(CorsModel::Typed, CellKind::Code);
    delegate->setCellKind(CorsModel::Stored, CellKind::Code);
    table_->horizontalHeader()->setStretchLastSection(true);
    if (!table_->horizontalHeader()->restoreState(settings_.value(corsColumnsKey).toByteArray())) {
        constexpr int widths[] = {120, 230, 230};
        for (int column = 0; column < 3; ++column)
            table_->horizontalHeader()->resizeSection(column, widths[column]);
    }

    any_->setMessage(MessageLine::Kind::Warning, tr("Not recommended for production."),
                     tr("With * in the list, a page of any website can read the public endpoints."));
    any_->setButton(tr("Remove *"));
    for (MessageLine* line : {any_, message_, conflict_, summary_})
        line->hide();
    summary_->setTinted(false);
    saveButton_->setDefault(true);
    follow(saveButton_, save_);
    follow(revertButton_, revert_);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(metrics::smallSpace);
    foot->addWidget(summary_, 1);
    foot->addStretch();
    foot->addWidget(revertButton_);
    foot->addWidget(saveButton_);

    auto* rows = new QVBoxLayout(part);
    rows->setContentsMargins(0, 0, 0, metrics::tinySpace);
    rows->setSpacing(metrics::smallSpace);
    rows->addWidget(label);
    rows->addWidget(editor_, 1);
    rows->addWidget(table_, 2);
    rows->addWidget(any_);
    rows->addWidget(conflict_);
    message_->letClose();
    rows->addWidget(message_);
    rows->addLayout(foot);
    return part;
}

QString CorsPage::unsaved() const
{
    return tr("The CORS list has changes that are not saved.");
}

int CorsPage::stored() const
{
    return base_ ? static_cast<int>(base_->value.origins.texts().size()) : 0;
}

void CorsPage::listsChanged()
{
    ask_->updateEndpoints();
    const std::optional<client::Tagged<CorsView>>& theirs = session_.cors();
    if (!theirs || saving_)
        return;
    if (wantsTheirs_) {
        wantsTheirs_ = false;
        base_ = *theirs;
        replaceText(corsText(theirs->value.origins));
        conflict_->hide();
    } else if (!base_ || (!check_.changed && !sameList(*base_, *theirs))) {
        adopt(*theirs);
    } else if (sameList(*base_, *theirs)) {
        base_->etag = theirs->etag;
    } else {
        showConflict();
    }
    updateActions();
}

/// Takes a list as the new ground; there is nothing to undo then.
void CorsPage::adopt(const client::Tagged<CorsView>& theirs)
{
    base_ = theirs;
    editor_->setPlainText(corsText(theirs.value.origins));
    conflict_->hide();
    edited();
}

/// The editor's undo brings back what stood there.
void CorsPage::replaceText(const QString& text)
{
    QTextCursor cursor(editor_->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    edited();
}

void CorsPage::edited()
{
    check_ = checkCors(editor_->toPlainText(), base_ ? base_->value.origins : CorsOrigins());
    model_->setEntries(check_.entries);
    any_->setVisible(check_.any);
    if (check_.refused > 0) {
        const QString refused = check_.refused == 1
                                    ? tr("1 entry can’t be stored; correct or remove it to save.")
                                    : tr("%Ln entries can’t be stored; correct or remove them to save.", nullptr, check_.refused);
        summary_->setMessage(MessageLine::Kind::Error, check_.summary(), refused);
    } else {
        summary_->setMessage(MessageLine::Kind::Info, check_.summary());
    }
    summary_->setVisible(check_.changed);
    setWindowModified(check_.changed);
    const Expected<CorsDraft> edited = parseCorsOrigins(check_.toStore);
    ask_->setLists(base_ ? std::optional(base_->value.origins) : std::nullopt,
                   check_.changed && edited ? std::optional(edited->origins) : std::nullopt);
    markRefused();
    updateActions();
}

void CorsPage::markRefused()
{
    QList<QTextEdit::ExtraSelection> marks;
    for (const CorsEntry& entry : check_.entries) {
        if (entry.state != EntryState::Refused)
            continue;
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(editor_->document());
        mark.cursor.setPosition(entry.start);
        mark.cursor.setPosition(entry.start + entry.length, QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(extras(this).danger);
        mark.format.setToolTip(entry.what);
        marks << mark;
    }
    editor_->setExtraSelections(marks);
    setFaulty(editor_, check_.refused > 0);
}

void CorsPage::updateActions()
{
    const Permit permit = session_.permit(Action::WriteCors);
    const auto set = [&](QAction* action, bool possible, const QString& why) {
        setAllowed(action, permit.allowed && possible, permit.allowed ? why : permit.reason);
    };
    // Being offline must not lose what is typed: only the role takes the editor away.
    const std::optional<Role> role = session_.role();
    const bool mayEdit = base_ && role && may(*role, Action::WriteCors);
    setAllowed(editor_, mayEdit, permit.allowed ? tr("Not connected yet.") : permit.reason);
    ask_->setMayAdd(mayEdit, permit.allowed ? tr("Not connected yet.") : permit.reason);
    set(save_, base_ && check_.canSave() && !saving_,
        saving_              ? tr("The list is being saved.")
        : check_.refused > 0 ? tr("Correct or remove what can’t be stored first.")
                             : tr("Nothing has changed."));
    setAllowed(revert_, mayEdit && check_.changed, mayEdit ? tr("Nothing has changed.") : permit.reason);
    const QTextDocument* document = editor_->document();
    setAllowed(undo_, mayEdit && document->isUndoAvailable(), mayEdit ? tr("Nothing to undo.") : permit.reason);
    setAllowed(redo_, mayEdit && document->isRedoAvailable(), mayEdit ? tr("Nothing to redo.") : permit.reason);
    setAllowed(copy_, !check_.entries.empty(), tr("The list is empty."));
}

/// At the end of the text, where its undo takes it away again.
void CorsPage::addOrigin(const QString& origin)
{
    QTextCursor cursor(editor_->document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(cursor.atBlockStart() ? origin : QString(u'\n' + origin));
    editor_->ensureCursorVisible();
}

/// Takes every `*` out of the text, from the last to the first so that places stay right.
void CorsPage::removeAny()
{
    QTextCursor cursor(editor_->document());
    cursor.beginEditBlock();
    for (auto entry = check_.entries.rbegin(); entry != check_.entries.rend(); ++entry) {
        if (entry->state != EntryState::Any)
            continue;
        cursor.setPosition(entry->start);
        cursor.setPosition(entry->start + entry->length, QTextCursor::KeepAnchor);
        cursor.removeSelectedText();
    }
    cursor.endEditBlock();
    editor_->setFocus();
}

void CorsPage::save()
{
    saving_ = true;
    message_->hide();
    updateActions();
    session_.saveCors(check_.toStore, base_->etag, this,
                      [this](Expected<client::Tagged<CorsView>> answer) { saved(std::move(answer)); });
}

void CorsPage::saved(Expected<client::Tagged<CorsView>> answer)
{
    saving_ = false;
    if (answer) {
        base_ = *answer;
        replaceText(corsText(answer->value.origins));
        conflict_->hide();
        toast_->show(tr("Saved. The list applies from the next request on."), false);
    } else if (answer.error().kind == Problem::PreconditionFailed) {
        showConflict();
        updateActions();
    } else {
        message_->setMessage(MessageLine::Kind::Error, errorText(answer.error()), tr("The list was not saved."));
        message_->show();
        updateActions();
    }
}

void CorsPage::showConflict()
{
    if (!conflict_->isHidden())
        return;
    conflict_->setMessage(MessageLine::Kind::Warning,
                          tr("Your changes can’t be saved over it. Load theirs, then undo to compare with yours."),
                          tr("Somebody else has saved this list meanwhile."));
    conflict_->setButton(tr("Load theirs"));
    conflict_->show();
}

void CorsPage::loadTheirs()
{
    wantsTheirs_ = true;
    session_.refresh();
}

} // namespace iotman::ui
