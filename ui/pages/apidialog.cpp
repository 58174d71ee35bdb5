#include "ui/pages/apidialog.h"

#include "core/client/refusal.h"
#include "core/client/text.h"
#include "ui/look/busyring.h"
#include "ui/look/filterbox.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/pages/aside.h"
#include "ui/pages/session.h"
#include "ui/pages/textsearch.h"
#include "ui/pages/words.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
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

namespace iotman::ui {

using client::toQt;

namespace {

constexpr qint64 mostBytes = 16LL << 20;
constexpr int lineRole = Qt::UserRole;
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
    load();
}

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
    for (QPushButton* button : {reload_, copy_, save_, close_})
        button->setAutoDefault(false); // Enter in the search goes to the next place

    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(about_);
    head->addWidget(ring_);
    head->addStretch();
    head->addWidget(searched_);
    auto* halves = new QSplitter(this);
    halves->setChildrenCollapsible(false);
    halves->addWidget(places_);
    halves->addWidget(text_);
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
        button->setEnabled(!text_->document()->isEmpty());
    if (text_->document()->isEmpty())
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
        this, [body = answer->body] { return apiTextFrom(client::view(body)); },
        [this, reading = ++reading_](const Expected<ApiText>& api) {
            if (reading_ == reading)
                showApi(api);
        });
}

void ApiDialog::showApi(const Expected<ApiText>& api)
{
    ring_->stop();
    if (api)
        return showText(*api);
    if (text_->document()->isEmpty())
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

void ApiDialog::showText(const ApiText& api)
{
    message_->hide();
    about_->setText(tr("OpenAPI %1").arg(toQt(api.version)));
    const QString whole = toQt(api.text);
    if (whole == text_->toPlainText())
        return; // one goes on reading where one was
    text_->setPlainText(whole);
    const QSignalBlocker quiet(places_);
    places_->clear();
    auto* paths = new QTreeWidgetItem(places_, {tr("Paths")});
    auto* schemas = new QTreeWidgetItem(places_, {tr("Schemas")});
    for (const ApiPlace& place : api.places) {
        auto* item =
            new QTreeWidgetItem(place.kind == ApiPlace::Kind::Path ? paths : schemas, {toQt(place.name), toQt(place.methods)});
        item->setData(0, lineRole, place.line);
        item->setToolTip(0, toQt(place.name));
    }
    for (QTreeWidgetItem* group : {paths, schemas}) {
        group->setExpanded(true);
        group->setHidden(group->childCount() == 0);
    }
    for (QPushButton* button : {copy_, save_})
        button->setEnabled(true);
    markAll();
}

/// The place comes to the top of the view, so that what belongs to it can be read below it.
void ApiDialog::jump()
{
    const QTreeWidgetItem* item = places_->currentItem();
    const QVariant line = item ? item->data(0, lineRole) : QVariant();
    if (!line.isValid())
        return;
    QTextCursor cursor(text_->document()->findBlockByNumber(line.toInt()));
    text_->moveCursor(QTextCursor::End);
    text_->setTextCursor(cursor);
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    text_->setTextCursor(cursor);
}

void ApiDialog::copy()
{
    QApplication::clipboard()->setText(text_->toPlainText());
    message_->setMessage(MessageLine::Kind::Success, {}, tr("Copied."));
    message_->setButton({});
    message_->show();
}

void ApiDialog::save()
{
    if (text_->document()->isEmpty())
        return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Save API description"), QStringLiteral("openapi.json"),
                                                      tr("JSON (*.json);;All files (*)"));
    if (!path.isEmpty())
        saveTo(path);
}

bool ApiDialog::saveTo(const QString& path)
{
    QSaveFile file(path);
    const QByteArray bytes = text_->toPlainText().toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        showTrouble(tr("The description could not be saved."), tr("%1: %2", "file, reason").arg(path, file.errorString()));
        return false;
    }
    message_->setMessage(MessageLine::Kind::Success, path, tr("Saved."));
    message_->setButton({});
    message_->show();
    return true;
}

void ApiDialog::search(SearchDirection direction, bool again)
{
    const QString wanted = searched_->text();
    if (wanted.isEmpty())
        return;
    QTextCursor found = nextPlace(text_->textCursor(), wanted, direction, again);
    if (found.isNull())
        found = nextPlace(otherEnd(text_->textCursor(), direction), wanted, direction, true);
    setFaulty(searched_, found.isNull());
    if (found.isNull())
        return;
    text_->setTextCursor(found);
    text_->ensureCursorVisible();
}

void ApiDialog::markAll()
{
    setFaulty(searched_, false);
    text_->setExtraSelections(searchMarks(*text_->document(), searched_->text(), this));
}

} // namespace iotman::ui
