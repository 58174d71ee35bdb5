#include "ui/workspace/exportdialog.h"

#include "core/client/text.h"
#include "core/client/workspacecalls.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/session.h"
#include "ui/pages/words.h"
#include "ui/workspace/saving.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

constexpr QSize usualExportSize(720, 560);

} // namespace

ExportDialog::ExportDialog(Session& session, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , fileName_(QStringLiteral("workspace.json"))
    , about_(new QLabel(this))
    , ring_(new BusyRing(this))
    , message_(new MessageLine(this))
    , text_(new QPlainTextEdit(this))
    , copy_(new QPushButton(icon(u"copy"), tr("&Copy"), this))
    , save_(new QPushButton(icon(u"save"), tr("&Save as\u2026"), this))
    , close_(new QPushButton(tr("Close"), this))
{
    setWindowTitle(tr("Export workspace file"));
    arrange();
    connect(&session, &QObject::destroyed, this, &QObject::deleteLater);
    connect(message_, &MessageLine::buttonClicked, this, &ExportDialog::load);
    connect(copy_, &QPushButton::clicked, this, &ExportDialog::copy);
    connect(save_, &QPushButton::clicked, this, &ExportDialog::save);
    connect(close_, &QPushButton::clicked, this, &QDialog::accept);
    auto* keys = new QAction(this);
    keys->setShortcuts(QKeySequence::Save);
    connect(keys, &QAction::triggered, save_, &QPushButton::click);
    addAction(keys);
    load();
}

void ExportDialog::arrange()
{
    message_->hide();
    about_->setForegroundRole(QPalette::PlaceholderText);
    text_->setAccessibleName(tr("Workspace file"));
    text_->setReadOnly(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text_->setFont(monospaceFont());
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setTabChangesFocus(true);
    for (QPushButton* button : {copy_, close_})
        button->setAutoDefault(false);
    save_->setDefault(true);

    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(about_);
    head->addWidget(ring_);
    head->addStretch();
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addStretch();
    buttons->addWidget(close_);
    buttons->addWidget(copy_);
    buttons->addWidget(save_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addLayout(head);
    column->addWidget(message_);
    column->addWidget(text_, 1);
    column->addLayout(buttons);
    resize(usualExportSize);
}

void ExportDialog::load()
{
    message_->hide();
    about_->setText(tr("Reading the workspace\u2026"));
    ring_->start(tr("Reading the workspace"));
    for (QPushButton* button : {copy_, save_})
        setAllowed(button, false, tr("The file is not there yet."));
    call_.cancel();
    call_ = client::exportWorkspaceFile(session_.management(), this, [this](const Expected<std::string>& file) { took(file); });
}

void ExportDialog::took(const Expected<std::string>& file)
{
    ring_->stop();
    if (!file) {
        about_->setText(tr("Nothing to show"));
        message_->setMessage(MessageLine::Kind::Error, errorText(file.error()), tr("The workspace could not be read."));
        message_->setButton(tr("Try again"), QStringLiteral("refresh"));
        message_->show();
        return;
    }
    bytes_ = client::toBytes(*file);
    about_->setText(tr("%1. Secrets of clients are in it as hashes.").arg(sizeWord(bytes_.size(), QLocale())));
    text_->setPlainText(client::toQt(*file));
    for (QPushButton* button : {copy_, save_})
        setAllowed(button, true, {});
}

void ExportDialog::copy()
{
    QApplication::clipboard()->setText(QString::fromUtf8(bytes_));
    message_->setMessage(MessageLine::Kind::Success, {}, tr("Copied."));
    message_->setButton({});
    message_->show();
}

void ExportDialog::save()
{
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save workspace file"), fileName_, tr("Workspace file (*.json);;All files (*)"));
    if (!path.isEmpty())
        saveTo(path);
}

bool ExportDialog::saveTo(const QString& path)
{
    const QString trouble = saveAtomically(path, bytes_);
    message_->setButton({});
    if (trouble.isEmpty()) {
        fileName_ = path;
        message_->setMessage(MessageLine::Kind::Success, path, tr("Saved."));
    } else {
        message_->setMessage(MessageLine::Kind::Error, trouble, tr("The file could not be saved."));
    }
    message_->show();
    return trouble.isEmpty();
}

} // namespace iotman::ui
