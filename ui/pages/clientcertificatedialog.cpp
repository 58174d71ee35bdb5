#include "ui/pages/clientcertificatedialog.h"

#include "core/client/text.h"
#include "ui/look/aside.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/notelabel.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace iotman::ui {

namespace {

constexpr int certificateFieldWidth = 420;

MessageLine* errorBelow(QVBoxLayout* column, QWidget* parent)
{
    auto* line = new MessageLine(parent);
    line->setTinted(false);
    line->hide();
    column->addWidget(line);
    return line;
}

} // namespace

ClientCertificateDialog::ClientCertificateDialog(const CertificateFiles& files, client::Secret kept, Timestamp now,
                                                 QWidget* parent)
    : QDialog(parent)
    , kept_(std::move(kept))
    , now_(now)
    , passphrase_(new QLineEdit(this))
    , found_(new MessageLine(this))
    , keep_(new QCheckBox(tr("&Keep the passphrase in this computer’s keychain"), this))
    , accept_(new QPushButton(tr("Use certificate"), this))
{
    setWindowTitle(tr("Client certificate"));
    auto* column = new QVBoxLayout;
    column->setSpacing(metrics::tinySpace);
    column->addWidget(
        noteLabel(tr("Shown to this connection’s server when it asks who comes: for tokens, requests and streams alike."), this));
    certificate_ =
        addFile(column, tr("&Certificate"), tr("Certificates (*.pem *.crt *.p12 *.pfx);;All files (*)"), certificateError_);
    certificate_->setPlaceholderText(tr("a PEM or PKCS#12 file"));
    key_ = addFile(column, tr("&Private key"), tr("Keys (*.pem *.key);;All files (*)"), keyError_);
    key_->setPlaceholderText(tr("a PEM file; empty: in the certificate’s file"));
    auto* passphraseLabel = new QLabel(tr("P&assphrase"), this);
    passphraseLabel->setBuddy(passphrase_);
    passphrase_->setAccessibleName(tr("Passphrase"));
    passphrase_->setEchoMode(QLineEdit::Password);
    passphrase_->setPlaceholderText(kept_.isEmpty() ? tr("where the key is encrypted") : tr("unchanged"));
    column->addSpacing(metrics::smallSpace);
    column->addWidget(passphraseLabel);
    column->addWidget(passphrase_);
    passphraseError_ = errorBelow(column, this);
    keep_->setChecked(true);
    column->addSpacing(metrics::tinySpace);
    column->addWidget(keep_);
    column->addSpacing(metrics::smallSpace);
    column->addWidget(found_);

    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    accept_->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    if (!files.certificate.isEmpty()) {
        auto* none = new QPushButton(tr("Use none"), this);
        none->setAutoDefault(false);
        buttons->addWidget(none);
        connect(none, &QPushButton::clicked, this, [this] {
            for (QLineEdit* field : {certificate_, key_, passphrase_})
                field->clear();
            accept();
        });
    }
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(accept_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->setSpacing(metrics::largeSpace);
    rows->addLayout(column);
    rows->addStretch();
    rows->addLayout(buttons);
    setMinimumWidth(certificateFieldWidth + 2 * metrics::dialogMargin);

    certificate_->setText(files.certificate);
    key_->setText(files.key);
    for (QLineEdit* field : {certificate_, key_, passphrase_})
        connect(field, &QLineEdit::textChanged, this, &ClientCertificateDialog::read);
    connect(accept_, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    read();
    certificate_->setFocus();
}

QLineEdit* ClientCertificateDialog::addFile(QVBoxLayout* column, const QString& label, const QString& filter, MessageLine*& error)
{
    auto* name = new QLabel(label, this);
    auto* field = new QLineEdit(this);
    const QString plain = QString(label).remove(u'&');
    name->setBuddy(field);
    field->setAccessibleName(plain);
    auto* browse = new QPushButton(tr("Choose\u2026"), this);
    browse->setAccessibleName(tr("Choose the file: %1").arg(plain));
    browse->setAutoDefault(false);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::smallSpace);
    row->addWidget(field, 1);
    row->addWidget(browse);
    column->addSpacing(metrics::smallSpace);
    column->addWidget(name);
    column->addLayout(row);
    error = errorBelow(column, this);
    connect(browse, &QPushButton::clicked, this, [this, field, plain, filter] {
        const QString path = QFileDialog::getOpenFileName(this, plain, field->text(), filter);
        if (!path.isEmpty())
            field->setText(path);
    });
    return field;
}

CertificateFiles ClientCertificateDialog::files() const
{
    return {certificate_->text().trimmed(), key_->text().trimmed()};
}

client::Secret ClientCertificateDialog::passphrase() const
{
    if (files().certificate.isEmpty())
        return {};
    // As typed: blanks may be part of it.
    return passphrase_->text().isEmpty() ? kept_ : client::Secret(client::fromQt(passphrase_->text()));
}

bool ClientCertificateDialog::wantsVault() const
{
    return keep_->isChecked();
}

void ClientCertificateDialog::read()
{
    setAllowed(keep_, !passphrase_->text().isEmpty() || !kept_.isEmpty(), tr("There is no passphrase."));
    setAllowed(accept_, false, tr("The files are being read."));
    // One reading at a time: a passphrase is made expensive to try, and most of it is only half typed.
    isStale_ = isReading_;
    if (std::exchange(isReading_, true))
        return;
    aside(
        this, [files = files(), passphrase = passphrase()] { return readCertificate(files, passphrase); },
        [this](const Expected<client::ClientCertificate>& found) {
            isReading_ = false;
            if (isStale_)
                read();
            else
                showFound(found);
        });
}

void ClientCertificateDialog::showFound(const Expected<client::ClientCertificate>& found)
{
    const auto tell = [&](MessageLine* line, QLineEdit* field, const char* name) {
        const bool faulty = !found && found.error().field == name;
        line->setError(faulty ? errorText(found.error()) : QString());
        setFaulty(field, faulty);
    };
    tell(certificateError_, certificate_, "certificate");
    tell(keyError_, key_, "key");
    tell(passphraseError_, passphrase_, "passphrase");
    const bool ready = found && !found->isNull();
    found_->setVisible(ready);
    if (ready) {
        const bool expired = hasExpired(*found, now_);
        found_->setMessage(expired ? MessageLine::Kind::Warning : MessageLine::Kind::Success,
                           certificateText(*found, {now_, QTimeZone::systemTimeZone(), locale()}));
    }
    setAllowed(accept_, ready, found ? tr("Choose a certificate first.") : errorText(found.error()));
}

} // namespace iotman::ui
