#include "ui/pages/apidialog.h"

#include "core/client/refusal.h"
#include "core/client/text.h"
#include "ui/look/aside.h"
#include "ui/look/busyring.h"
#include "ui/look/filterbox.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/session.h"
#include "ui/pages/textsearch.h"
#include "ui/pages/words.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QTextBlock>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr qint64 mostBytes = 64LL << 20;
constexpr qint64 mostTurnMs = 10;
constexpr int positionRole = Qt::UserRole;
constexpr QSize usualApiSize(900, 640);
constexpr int placesWidth = 300;

} // namespace

ApiDialog::ApiDialog(Session& session, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , http_(session.network(), session.dataTokens())
    , about_(new QLabel(this))
    , ring_(new BusyRing(this))
    , searched_(new FilterBox(tr("Find in the description"), this))
    , message_(new MessageLine(this))
    , places_(new QTreeWidget(this))
    , text_(new QPlainTextEdit(this))
    , parts_(new QWidget(this))
    , partOf_(new QLabel(parts_))
    , previous_(new QPushButton(tr("&Previous part"), parts_))
    , next_(new QPushButton(tr("&Next part"), parts_))
    , reload_(new QPushButton(icon(u"refresh"), tr("&Reload"), this))
    , copy_(new QPushButton(icon(u"copy"), tr("&Copy"), this))
    , save_(new QPushButton(icon(u"save"), tr("&Save as\u2026"), this))
    , close_(new QPushButton(tr("Close"), this))
{
    setWindowTitle(tr("API description"));
    arrange();
    makeShortcuts();
    connect(&session, &QObject::destroyed, this, &QObject::deleteLater);
    connect(places_, &QTreeWidget::currentItemChanged, this, &ApiDialog::jump);
    connect(places_, &QTreeWidget::itemClicked, this, &ApiDialog::jump);
    connect(reload_, &QPushButton::clicked, this, &ApiDialog::load);
    connect(message_, &MessageLine::buttonClicked, this, &ApiDialog::load);
    connect(copy_, &QPushButton::clicked, this, &ApiDialog::copy);
    connect(save_, &QPushButton::clicked, this, &ApiDialog::save);
    connect(close_, &QPushButton::clicked, this, &QDialog::accept);
    connect(previous_, &QPushButton::clicked, this, [this] { showPart(part_ - 1); });
    connect(next_, &QPushButton::clicked, this, [this] { showPart(part_ + 1); });
    placesTurn_.setInterval(0);
    placesTurn_.callOnTimeout(this, &ApiDialog::makePlaces);
    load();
}

ApiDialog::~ApiDialog() = default;

void ApiDialog::arrange()
{
    message_->hide();
    about_->setForegroundRole(QPalette::PlaceholderText);
    places_->setAccessibleName(tr("Paths and schemas"));
    places_->setColumnCount(2);
    places_->setHeaderLabels({tr("Name"), tr("Methods")});
    places_->header()->setStretchLastSection(false);
    places_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    places_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    places_->setUniformRowHeights(true);
    places_->setTextElideMode(Qt::ElideMiddle); // names differ at both ends
    text_->setAccessibleName(tr("OpenAPI document"));
    text_->setReadOnly(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text_->setFont(monospaceFont());
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setTabChangesFocus(true);
    text_->setUndoRedoEnabled(false);
    for (QPushButton* button : {reload_, copy_, save_, close_, previous_, next_})
        button->setAutoDefault(false); // Enter in the search goes to the next place

    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(about_);
    head->addWidget(ring_);
    head->addStretch();
    head->addWidget(searched_);
    partOf_->setForegroundRole(QPalette::PlaceholderText);
    auto* partRow = new QHBoxLayout(parts_);
    partRow->setContentsMargins(0, 0, 0, 0);
    partRow->addWidget(partOf_, 1);
    partRow->addWidget(previous_);
    partRow->addWidget(next_);
    parts_->hide();
    auto* right = new QWidget(this);
    auto* rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->setSpacing(metrics::smallSpace);
    rightColumn->addWidget(text_, 1);
    rightColumn->addWidget(parts_);
    auto* halves = new QSplitter(this);
    halves->setChildrenCollapsible(false);
    halves->addWidget(places_);
    halves->addWidget(right);
    halves->setStretchFactor(1, 1);
    halves->setSizes({placesWidth, usualApiSize.width() - placesWidth});
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(reload_);
    buttons->addStretch();
    buttons->addWidget(copy_);
    buttons->addWidget(save_);
    buttons->addWidget(close_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addLayout(head);
    column->addWidget(message_);
    column->addWidget(halves, 1);
    column->addLayout(buttons);
    resize(usualApiSize);
}

void ApiDialog::makeShortcuts()
{
    const auto add = [this](QKeySequence::StandardKey keys, const auto& triggered) {
        auto* action = new QAction(this);
        action->setShortcuts(keys);
        connect(action, &QAction::triggered, this, triggered);
        addAction(action);
    };
    add(QKeySequence::Refresh, [this] { load(); });
    add(QKeySequence::Save, [this] { save(); });
    connectSearch(this, searched_, [this](SearchDirection direction, bool again) { search(direction, again); }, [this] { markAll(); });
}

/// What is shown stays until the answer is there.
void ApiDialog::load()
{
    client::HttpRequest request;
    request.url = session_.management().server();
    request.url.setPath(request.url.path() + QStringLiteral("/openapi.json"));
    request.headers.emplaceBack("Accept", "application/json");
    request.mostBytes = mostBytes;
    ring_->start(tr("Loading the description"));
    reload_->setEnabled(false);
    for (QPushButton* button : {copy_, save_})
        button->setEnabled(shown_ != nullptr);
    if (!shown_)
        about_->setText(tr("Loading the description\u2026"));
    call_.cancel();
    call_ = http_.send(request, this, [this](const Expected<client::HttpAnswer>& answer) { took(answer); });
}

void ApiDialog::took(const Expected<client::HttpAnswer>& answer)
{
    ring_->stop();
    reload_->setEnabled(true);
    if (!answer)
        return showApi(fail(answer.error()));
    if (!answer->isSuccess())
        return showApi(fail(client::refusal(*answer)));
    // A large workspace has a long description: it is read beside the window.
    ring_->start(tr("Reading the description"));
    aside(
        this,
        [body = answer->body, before = shown_]() -> Expected<std::shared_ptr<const Shown>> {
            return apiTextFrom(client::view(body)).map([&](ApiText api) -> std::shared_ptr<const Shown> {
                Shown shown = read(std::move(api));
                return before && before->text.whole() == shown.text.whole() ? before : std::make_shared<const Shown>(std::move(shown));
            });
        },
        [this, reading = ++reading_](const Expected<std::shared_ptr<const Shown>>& api) {
            if (reading_ == reading)
                showApi(api);
        });
}

ApiDialog::Shown ApiDialog::read(ApiText api)
{
    Shown shown{toQt(api.version), TextParts(toQt(api.text)), std::move(api.places), {}};
    const QString& text = shown.text.whole();
    qsizetype at = 0;
    int line = 0;
    // Places come in the order in which they stand, but for schemas that stand before paths.
    for (const ApiPlace& place : shown.places) {
        if (place.line < line)
            at = line = 0;
        for (; line < place.line; ++line)
            at = text.indexOf(u'\n', at) + 1;
        shown.positions.push_back(at);
    }
    return shown;
}

void ApiDialog::showApi(const Expected<std::shared_ptr<const Shown>>& api)
{
    ring_->stop();
    if (api)
        return showText(*api);
    if (!shown_)
        about_->setText(tr("Nothing to show"));
    showTrouble(tr("The description could not be read."), errorText(api.error()));
    message_->setButton(tr("Try again"), QStringLiteral("refresh"));
}

void ApiDialog::showTrouble(const QString& lead, const QString& sentence)
{
    message_->setMessage(MessageLine::Kind::Error, sentence, lead);
    message_->setButton({});
    message_->show();
}

void ApiDialog::showText(const std::shared_ptr<const Shown>& api)
{
    message_->hide();
    about_->setText(tr("OpenAPI %1").arg(api->version));
    for (QPushButton* button : {copy_, save_})
        button->setEnabled(true);
    if (api == shown_)
        return; // one goes on reading where one was
    shown_ = api;
    placesTurn_.stop();
    groups_.clear();
    placesMade_ = 0;
    {
        const QSignalBlocker quiet(places_);
        places_->clear();
    }
    ring_->start(tr("Showing the description"));
    part_ = -1;
    showPart(0);
    placesTurn_.start();
}

void ApiDialog::showPart(int part)
{
    if (part == part_)
        return;
    part_ = part;
    const int count = shown_->text.count();
    text_->setPlainText(shown_->text.part(part));
    parts_->setVisible(count > 1);
    partOf_->setText(tr("Part %1 of %2").arg(locale().toString(part + 1), locale().toString(count)));
    setAllowed(previous_, part > 0, tr("This is the first part."));
    setAllowed(next_, part + 1 < count, tr("This is the last part."));
    markAll();
}

void ApiDialog::markAll()
{
    text_->setExtraSelections(searchMarks(*text_->document(), searched_->text(), this));
}

/// Beside the tree, a few at a turn of the event loop: a place that can be seen is there in the text, too.
void ApiDialog::makePlaces()
{
    if (groups_.empty()) {
        for (const QString& name : {tr("Paths"), tr("Schemas")})
            groups_.push_back(std::make_unique<QTreeWidgetItem>(QStringList{name}));
    }
    QElapsedTimer time;
    time.start();
    for (; placesMade_ < shown_->places.size(); ++placesMade_) {
        if (time.elapsed() >= mostTurnMs)
            return;
        const ApiPlace& place = shown_->places[placesMade_];
        auto* item = new QTreeWidgetItem(groups_[place.kind == ApiPlace::Kind::Path ? 0 : 1].get(),
                                         {toQt(place.name), toQt(place.methods)});
        item->setData(0, positionRole, shown_->positions[placesMade_]);
        item->setToolTip(0, toQt(place.name));
    }
    placesTurn_.stop();
    showPlaces();
}

void ApiDialog::showPlaces()
{
    ring_->stop();
    const QSignalBlocker quiet(places_);
    for (std::unique_ptr<QTreeWidgetItem>& made : groups_) {
        QTreeWidgetItem* group = made.release();
        places_->addTopLevelItem(group);
        group->setExpanded(true);
        group->setHidden(group->childCount() == 0);
    }
    groups_.clear();
    search(SearchDirection::Forward, false);
}

/// The place comes to the top of the view, so that what belongs to it can be read below it.
void ApiDialog::jump()
{
    const QTreeWidgetItem* item = places_->currentItem();
    const QVariant position = item ? item->data(0, positionRole) : QVariant();
    if (!position.isValid())
        return;
    showPart(shown_->text.partAt(position.toLongLong()));
    QTextCursor cursor(text_->document());
    cursor.setPosition(static_cast<int>(position.toLongLong() - shown_->text.begin(part_)));
    text_->moveCursor(QTextCursor::End);
    text_->setTextCursor(cursor);
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    text_->setTextCursor(cursor);
}

void ApiDialog::copy()
{
    QApplication::clipboard()->setText(shown_->text.whole());
    message_->setMessage(MessageLine::Kind::Success, {}, tr("Copied."));
    message_->setButton({});
    message_->show();
}

void ApiDialog::save()
{
    if (!shown_)
        return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Save API description"), QStringLiteral("openapi.json"),
                                                      tr("JSON (*.json);;All files (*)"));
    if (!path.isEmpty())
        saveTo(path);
}

void ApiDialog::saveTo(const QString& path)
{
    aside(
        this,
        [path, shown = shown_] {
            QSaveFile file(path);
            const QByteArray bytes = shown->text.whole().toUtf8();
            const bool saved = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
            return saved ? QString() : file.errorString();
        },
        [this, path](const QString& trouble) {
            if (!trouble.isEmpty())
                return showTrouble(tr("The description could not be saved."), tr("%1: %2", "file, reason").arg(path, trouble));
            message_->setMessage(MessageLine::Kind::Success, path, tr("Saved."));
            message_->setButton({});
            message_->show();
        });
}

/// In the whole text, beside the window: a long one takes its time.
void ApiDialog::search(SearchDirection direction, bool again)
{
    const QString wanted = searched_->text();
    setFaulty(searched_, false);
    if (!shown_)
        return;
    const qsizetype begin = shown_->text.begin(part_);
    aside(
        this,
        [wanted, shown = shown_, from = begin + text_->textCursor().selectionStart(), to = begin + text_->textCursor().selectionEnd(),
         direction, again] { return nextPosition(wanted, shown->text.whole(), from, to, direction, again); },
        [this, wanted, shown = shown_, searching = ++searching_](qsizetype position) {
            if (searching == searching_ && shown == shown_ && !wanted.isEmpty())
                found(position, wanted.size());
        });
}

void ApiDialog::found(qsizetype position, qsizetype length)
{
    setFaulty(searched_, position < 0);
    if (position < 0)
        return;
    showPart(shown_->text.partAt(position));
    const qsizetype begin = position - shown_->text.begin(part_);
    QTextCursor cursor(text_->document());
    cursor.setPosition(static_cast<int>(begin));
    // What goes on in the next part is selected to the end of this one.
    cursor.setPosition(static_cast<int>(std::min<qsizetype>(begin + length, text_->document()->characterCount() - 1)),
                       QTextCursor::KeepAnchor);
    text_->setTextCursor(cursor);
    text_->ensureCursorVisible();
}

} // namespace iotman::ui
