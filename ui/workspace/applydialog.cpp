#include "ui/workspace/applydialog.h"

#include "core/client/text.h"
#include "ui/look/busyring.h"
#include "ui/look/emptypage.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/tabledelegate.h"
#include "ui/pages/notelabel.h"
#include "ui/pages/reasonline.h"
#include "ui/pages/session.h"
#include "ui/pages/words.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QTextBlock>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

namespace {

constexpr QSize usualApplySize(920, 580);

/// The one local file that is dragged; empty for anything else.
QString draggedFile(const QMimeData* data)
{
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 ? urls.front().toLocalFile() : QString();
}

bool namesPaths(const WorkspaceFile& file)
{
    const std::vector<SourceDraft> sources = file.sources.value_or(std::vector<SourceDraft>());
    return std::any_of(sources.begin(), sources.end(),
                       [](const SourceDraft& source) { return source.settings.contains("path"); });
}

} // namespace

ApplyDialog::ApplyDialog(Session& session, client::Variables variables, const QTimeZone& zone, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , variables_(std::move(variables))
    , zone_(zone)
    , name_(new QLabel(this))
    , choose_(new QPushButton(icon(u"import"), tr("Choose a &file\u2026"), this))
    , ring_(new BusyRing(this))
    , message_(new MessageLine(this))
    , pages_(new QStackedWidget(this))
    , empty_(new EmptyPage(QStringLiteral("import"), tr("No file chosen yet"),
                           tr("Choose a workspace file, or drop one here. What it would change is shown first."), pages_))
    , model_(new RowsModel(changeColumns(), this))
    , table_(new QTableView(pages_))
    , meaning_(noteLabel({}, this))
    , text_(new QPlainTextEdit(pages_))
    , question_(new QWidget(this))
    , typed_(new QLineEdit(question_))
    , reason_(new ReasonLine(this))
    , close_(new QPushButton(tr("Cancel"), this))
    , apply_(new QPushButton(tr("Apply"), this))
{
    setWindowTitle(tr("Apply workspace file"));
    setAcceptDrops(true);
    arrange();
    connect(&session, &QObject::destroyed, this, &QObject::deleteLater);
    connect(&session, &Session::roleChanged, this, &ApplyDialog::update);
    connect(&session, &Session::stateChanged, this, &ApplyDialog::update);
    connect(choose_, &QPushButton::clicked, this, &ApplyDialog::choose);
    connect(message_, &MessageLine::buttonClicked, this, [this] { setFile(path_); });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ApplyDialog::showMeaning);
    connect(typed_, &QLineEdit::textChanged, this, &ApplyDialog::update);
    connect(close_, &QPushButton::clicked, this, &QDialog::reject);
    connect(apply_, &QPushButton::clicked, this, &ApplyDialog::apply);
    setStage(Stage::Choosing);
}

void ApplyDialog::arrange()
{
    message_->hide();
    name_->setTextFormat(Qt::PlainText);
    name_->setFont(headFont());
    TableDelegate* delegate = prepareTable(table_);
    table_->setModel(model_);
    table_->setAccessibleName(tr("What the file changes"));
    for (int column = 0; column < static_cast<int>(model_->columns().size()); ++column) {
        delegate->setCellKind(column, model_->columns()[static_cast<std::size_t>(column)].kind);
        table_->setColumnWidth(column, model_->columns()[static_cast<std::size_t>(column)].width);
    }
    table_->horizontalHeader()->setStretchLastSection(true);
    text_->setAccessibleName(tr("The file"));
    text_->setReadOnly(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text_->setFont(monospaceFont());
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setTabChangesFocus(true);
    for (QWidget* page : std::initializer_list<QWidget*>{empty_, table_, text_})
        pages_->addWidget(page);
    choose_->setAutoDefault(false);
    close_->setAutoDefault(false);

    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(name_);
    head->addWidget(ring_);
    head->addStretch();
    head->addWidget(choose_);
    auto* label = new QLabel(tr("This is production. Type “%1” to go on:").arg(session_.workspaceName()), question_);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(typed_);
    typed_->setAccessibleName(label->text());
    auto* question = new QHBoxLayout(question_);
    question->setContentsMargins(0, 0, 0, 0);
    question->addWidget(label);
    question->addWidget(typed_, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(reason_, 1);
    buttons->addStretch();
    buttons->addWidget(close_);
    buttons->addWidget(apply_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addLayout(head);
    column->addWidget(message_);
    column->addWidget(pages_, 1);
    column->addWidget(meaning_);
    column->addWidget(question_);
    column->addLayout(buttons);
    resize(usualApplySize);
}

void ApplyDialog::choose()
{
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Choose a workspace file"), path_, tr("Workspace file (*.json);;All files (*)"));
    if (!path.isEmpty())
        setFile(path);
}

void ApplyDialog::setFile(const QString& path)
{
    call_.cancel();
    path_ = path;
    changes_.clear();
    model_->setRows({});
    typed_->clear();
    message_->hide();
    const Expected<WorkspaceText> read = readWorkspaceText(path);
    file_ = read.value_or(WorkspaceText{QFileInfo(path).fileName(), {}});
    name_->setText(file_.name);
    if (read)
        return plan();
    pages_->setCurrentWidget(empty_);
    say(MessageLine::Kind::Error, tr("The file could not be read."), errorText(read.error()));
    setStage(Stage::Faulty);
}

void ApplyDialog::plan()
{
    const Expected<WorkspaceFile> parsed = parseWorkspaceFile(file_.text);
    if (!parsed)
        return showMistake(parsed.error());
    const Expected<std::string> body = client::workspaceFileBody(file_.text, *parsed, variables_);
    if (!body)
        return showMistake(body.error());
    setStage(Stage::Asking);
    if (!namesPaths(*parsed))
        return ask(*body);
    call_ = client::exportWorkspaceFile(session_.management(), this, [this, body = *body](const Expected<std::string>& stored) {
        if (stored)
            ask(client::withoutSameSources(body, *stored));
        else
            planned(fail(stored.error()));
    });
}

void ApplyDialog::ask(const std::string& body)
{
    body_ = body;
    call_ = client::applyWorkspaceFile(session_.management(), body_, client::Applying::DryRun, this,
                                       [this](const Expected<std::vector<std::string>>& lines) { planned(lines); });
}

void ApplyDialog::planned(const Expected<std::vector<std::string>>& lines)
{
    if (!lines)
        return showMistake(lines.error());
    showChanges(*lines);
    const bool removes =
        std::any_of(changes_.begin(), changes_.end(), [](const auto& change) { return change.kind == ChangeKind::Removed; });
    if (changes_.empty()) {
        markedLine_ = 0;
        showText();
        say(MessageLine::Kind::Success, tr("Nothing to change."), tr("The workspace is what the file says."));
    } else if (removes) {
        say(MessageLine::Kind::Warning, changesSummary(changes_) + u'.', tr("What is not in the file goes."));
    } else {
        say(MessageLine::Kind::Info, changesSummary(changes_) + u'.', tr("Nothing is removed."));
    }
    setStage(Stage::Planned);
    if (question_->isVisibleTo(this))
        typed_->setFocus();
    else
        pages_->currentWidget()->setFocus();
}

void ApplyDialog::apply()
{
    if (stage_ != Stage::Planned || !whyNot().isEmpty())
        return;
    setStage(Stage::Applying);
    call_ = client::applyWorkspaceFile(session_.management(), body_, client::Applying::ForGood, this,
                                       [this](const Expected<std::vector<std::string>>& lines) { applied(lines); });
}

void ApplyDialog::applied(const Expected<std::vector<std::string>>& lines)
{
    if (!lines)
        return showMistake(lines.error());
    session_.refresh();
    showChanges(*lines);
    say(MessageLine::Kind::Success, tr("Applied."), changesSummary(changes_) + u'.');
    setStage(Stage::Applied);
    close_->setFocus();
}

void ApplyDialog::showChanges(const std::vector<std::string>& lines)
{
    changes_ = changesOf(lines);
    model_->setRows(changeRows(changes_, {session_.endpoints(), session_.outputs(), session_.scopes(), session_.clients()},
                               {session_.clock().now(), zone_, QLocale()}));
    pages_->setCurrentWidget(table_);
    table_->selectRow(0);
    showMeaning();
}

/// A sentence that the column cuts can be read without a pointer.
void ApplyDialog::showMeaning()
{
    const QModelIndex index = table_->currentIndex();
    meaning_->setText(index.isValid() ? index.siblingAtColumn(3).data().toString() : QString());
}

/// Of the file, where it is at fault; else why the server could not be asked.
void ApplyDialog::showMistake(const Error& error)
{
    const WorkspaceMistake mistake = mistakeOf(file_, error);
    markedLine_ = mistake.line;
    showText();
    if (mistake.line > 0) {
        say(MessageLine::Kind::Error, mistake.where, mistake.sentence);
    } else {
        say(MessageLine::Kind::Error, tr("The file was not applied."), mistake.sentence);
        message_->setButton(tr("Try again"), QStringLiteral("refresh"));
    }
    setStage(Stage::Faulty);
}

void ApplyDialog::showText()
{
    text_->setPlainText(client::toQt(file_.text));
    pages_->setCurrentWidget(text_);
    markLine();
}

void ApplyDialog::markLine()
{
    const QTextBlock block = text_->document()->findBlockByNumber(markedLine_ - 1);
    if (markedLine_ < 1 || !block.isValid())
        return text_->setExtraSelections({});
    QTextEdit::ExtraSelection mark;
    mark.cursor = QTextCursor(block);
    mark.format.setBackground(extras(this).dangerBg);
    mark.format.setProperty(QTextFormat::FullWidthSelection, true);
    text_->setExtraSelections({mark});
    text_->setTextCursor(mark.cursor);
    text_->centerCursor();
}

void ApplyDialog::say(MessageLine::Kind kind, const QString& lead, const QString& sentence)
{
    message_->setButton({});
    message_->setMessage(kind, sentence, lead);
    message_->show();
}

void ApplyDialog::setStage(Stage stage)
{
    stage_ = stage;
    if (stage == Stage::Asking)
        ring_->start(tr("Asking what it changes"));
    else if (stage == Stage::Applying)
        ring_->start(tr("Applying the file"));
    else
        ring_->stop();
    update();
}

QString ApplyDialog::whyNot() const
{
    switch (stage_) {
    case Stage::Choosing:
        return tr("Choose a file first.");
    case Stage::Asking:
        return tr("The server is being asked what it changes.");
    case Stage::Faulty:
        return tr("The file can't be applied as it is.");
    case Stage::Applying:
        return tr("It is being applied.");
    case Stage::Applied:
        return tr("It is applied.");
    case Stage::Planned:
        break;
    }
    if (changes_.empty())
        return tr("It changes nothing.");
    if (session_.connection().environment == Environment::Production && typed_->text().trimmed() != session_.workspaceName())
        return tr("Type “%1” first.").arg(session_.workspaceName());
    return {};
}

void ApplyDialog::update()
{
    const Permit permit = session_.permit(Action::ChangeWorkspace);
    const bool done = stage_ == Stage::Applied;
    reason_->setPermit(permit);
    question_->setVisible(stage_ == Stage::Planned && !changes_.empty() && permit.allowed &&
                          session_.connection().environment == Environment::Production);
    const QString missing = whyNot();
    apply_->setText(changes_.empty() || done ? tr("Apply") : tr("Apply %Ln changes", nullptr, static_cast<int>(changes_.size())));
    setAllowed(apply_, permit.allowed && missing.isEmpty(), permit.allowed ? missing : permit.reason);
    setAllowed(choose_, stage_ != Stage::Applying, tr("It is being applied."));
    close_->setText(done || (stage_ == Stage::Planned && changes_.empty()) ? tr("Close") : tr("Cancel"));
    meaning_->setVisible(pages_->currentWidget() == table_ && !changes_.empty());
    choose_->setDefault(stage_ == Stage::Choosing || stage_ == Stage::Faulty);
    apply_->setDefault(stage_ == Stage::Planned);
    close_->setDefault(done);
}

void ApplyDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (stage_ != Stage::Applying && !draggedFile(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ApplyDialog::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    setFile(draggedFile(event->mimeData()));
}

void ApplyDialog::changeEvent(QEvent* event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        markLine();
}

} // namespace iotman::ui
