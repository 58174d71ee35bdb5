#include "ui/pages/certificatedialog.h"

#include "ui/look/copybutton.h"
#include "ui/look/fonts.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"

#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

QString reasonsOf(const QList<QSslError>& errors)
{
    QStringList reasons;
    for (const QSslError& error : errors)
        reasons << error.errorString();
    reasons.removeDuplicates();
    return reasons.join(QStringLiteral("; "));
}

/// Two lines of 16 bytes each: they are compared by eye.
QString fingerprintText(const QByteArray& fingerprint)
{
    return QString::fromLatin1(fingerprint.left(16).toHex(':').toUpper()) + u'\n' +
           QString::fromLatin1(fingerprint.mid(16).toHex(':').toUpper());
}

} // namespace

CertificateDialog::CertificateDialog(const QString& where, const client::PresentedCertificate& presented, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Certificate of %1").arg(where));
    const QSslCertificate& certificate = presented.certificate;
    auto* line = new MessageLine(MessageLine::Kind::Warning,
                                 tr("Trust it only when the fingerprint is the one that the server’s operator gave you."), this);
    line->setMessage(MessageLine::Kind::Warning,
                     tr("Trust it only when the fingerprint is the one that the server’s operator gave you."),
                     tr("It does not verify: %1.").arg(reasonsOf(presented.errors)));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(metrics::mediumSpace);
    const auto add = [&](const QString& name, const QString& value, const QFont& font) {
        auto* label = new QLabel(value, this);
        label->setFont(font);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setAccessibleName(QString(name + u' ' + value));
        form->addRow(name, label);
    };
    add(tr("For"), certificate.subjectInfo(QSslCertificate::CommonName).join(QStringLiteral(", ")), font());
    add(tr("Issued by"), certificate.issuerInfo(QSslCertificate::CommonName).join(QStringLiteral(", ")), font());
    add(tr("Valid"),
        tr("%1 to %2", "dates")
            .arg(locale().toString(certificate.effectiveDate().date(), QLocale::ShortFormat),
                 locale().toString(certificate.expiryDate().date(), QLocale::ShortFormat)),
        font());
    add(tr("SHA-256"), fingerprintText(presented.fingerprint()), monospaceFont());

    auto* copy = new CopyButton(tr("Copy fingerprint"), this);
    copy->setCopyText(QString::fromLatin1(presented.fingerprint().toHex(':').toUpper()));
    auto* cancel = new QPushButton(tr("Cancel"), this);
    auto* trust = new QPushButton(tr("Trust this certificate"), this);
    trust->setAutoDefault(false);
    cancel->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(copy);
    buttons->addStretch();
    buttons->addWidget(trust);
    buttons->addWidget(cancel);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->setSpacing(metrics::mediumSpace);
    rows->addWidget(line);
    rows->addLayout(form);
    rows->addStretch();
    rows->addLayout(buttons);
    connect(trust, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    cancel->setFocus();
}

} // namespace iotman::ui
