#include "ui/pages/secretdialog.h"

#include "core/client/text.h"
#include "ui/look/copybutton.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace iotman::ui {

namespace {

constexpr int valueWidth = 380;

} // namespace

SecretDialog::SecretDialog(HandedSecret handed, QWidget* parent)
    : QDialog(parent)
    , handed_(std::move(handed))
    , message_(new MessageLine(this))
    , store_(new QPushButton(icon(u"lock"), tr("Store in this computer’s keychain"), this))
    , done_(new QPushButton(tr("Done"), this))
{
    setWindowTitle(tr("%1: shown once").arg(handed_.secretLabel));
    auto* title = new QLabel(handed_.title, this);
    title->setFont(headFont());
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    auto* note = new QLabel(tr("This is the only time it is shown. Copy it to where it is needed. %1").arg(handed_.wayOut), this);
    note->setWordWrap(true);
    note->setTextFormat(Qt::PlainText);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(metrics::mediumSpace);
    grid->setVerticalSpacing(metrics::smallSpace);
    grid->setColumnStretch(1, 1);
    addValue(grid, handed_.idLabel, handed_.id, tr("Copy id"));
    addValue(grid, handed_.secretLabel, client::toQt(handed_.secret.reveal()), tr("Copy secret"));
    message_->hide();
    store_->hide();

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(store_);
    buttons->addStretch();
    buttons->addWidget(done_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->setSpacing(metrics::mediumSpace);
    rows->addWidget(title);
    rows->addWidget(note);
    rows->addLayout(grid);
    rows->addWidget(message_);
    rows->addStretch();
    rows->addLayout(buttons);

    done_->setAutoDefault(false);
    store_->setAutoDefault(false);
    connect(done_, &QPushButton::clicked, this, &QDialog::accept);
    connect(store_, &QPushButton::clicked, this, [this] {
        setAllowed(store_, false, tr("It is being stored."));
        Q_EMIT storeRequested(handed_.id, handed_.secret);
    });
    // Copied by whatever means: the button, a key, the context menu.
    connect(QApplication::clipboard(), &QClipboard::dataChanged, this, &SecretDialog::copied);
    connect(message_, &MessageLine::buttonClicked, this, [this] {
        safe_ = true;
        accept();
    });
}

QLineEdit* SecretDialog::addValue(QGridLayout* grid, const QString& name, const QString& value, const QString& copyName)
{
    const int row = grid->rowCount();
    auto* label = new QLabel(name, this);
    auto* text = new QLineEdit(value, this);
    text->setReadOnly(true);
    text->setFont(monospaceFont());
    text->setMinimumWidth(valueWidth);
    text->setAccessibleName(name);
    text->setCursorPosition(0);
    label->setBuddy(text);
    auto* copy = new CopyButton(copyName, this);
    copy->setCopyText(value);
    grid->addWidget(label, row, 0);
    grid->addWidget(text, row, 1);
    grid->addWidget(copy, row, 2);
    return text;
}

void SecretDialog::copied()
{
    if (QApplication::clipboard()->text() != client::toQt(handed_.secret.reveal()))
        return;
    safe_ = true;
    message_->setMessage(MessageLine::Kind::Success, tr("It is on the clipboard."), tr("Copied."));
    message_->setButton({});
    message_->show();
    done_->setDefault(true);
}

void SecretDialog::setStorable()
{
    store_->show();
}

void SecretDialog::setStored(const QString& error)
{
    if (error.isEmpty()) {
        safe_ = true;
        message_->setMessage(MessageLine::Kind::Success, tr("This computer’s keychain has it."), tr("Stored."));
        setAllowed(store_, false, tr("It is stored already."));
    } else {
        message_->setMessage(MessageLine::Kind::Error, error, tr("It was not stored."));
        setAllowed(store_, true, {});
    }
    message_->setButton({});
    message_->show();
}

/// Asked once, in the dialog itself: pressing the same key again does not answer it.
bool SecretDialog::mayClose()
{
    if (safe_)
        return true;
    message_->setMessage(MessageLine::Kind::Warning, handed_.wayOut, tr("It was not copied yet and cannot be shown again."));
    message_->setButton(tr("Close without copying"));
    message_->button()->setAutoDefault(false);
    message_->show();
    return false;
}

void SecretDialog::done(int result)
{
    if (mayClose())
        QDialog::done(result);
}

/// Enter does nothing before the secret was copied: it often follows the key that confirmed the dialog before.
void SecretDialog::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !safe_)
        event->accept();
    else
        QDialog::keyPressEvent(event);
}

} // namespace iotman::ui
