#include "ui/pages/signindialog.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

constexpr int signInFieldWidth = 380;

} // namespace

SignInDialog::SignInDialog(const ConnectionInfo& connection, const QString& reason, QWidget* parent)
    : QDialog(parent)
    , user_(new QLineEdit(connection.email, this))
    , key_(new QLineEdit(this))
    , keep_(new QCheckBox(tr("&Keep it in this computer’s keychain"), this))
    , accept_(new QPushButton(tr("Sign in"), this))
{
    setWindowTitle(tr("Sign in"));
    const bool member = connection.kind != ConnectionKind::Endpoint;
    auto* title = new QLabel(tr("Sign in to “%1”").arg(connection.name), this);
    title->setFont(headFont());
    title->setTextFormat(Qt::PlainText);
    auto* where = new QLabel(connection.url.toString(), this);
    where->setFont(monospaceFont());
    where->setTextFormat(Qt::PlainText);
    auto* userLabel = new QLabel(member ? tr("&E-mail address") : tr("Client &id"), this);
    userLabel->setBuddy(user_);
    user_->setAccessibleName(userLabel->text().remove(u'&'));
    auto* keyLabel = new QLabel(member ? tr("Access ke&y") : tr("&Secret"), this);
    keyLabel->setBuddy(key_);
    key_->setEchoMode(QLineEdit::Password);
    key_->setAccessibleName(keyLabel->text().remove(u'&'));
    keep_->setChecked(true);
    auto* refused = new MessageLine(this);
    refused->setError(reason);

    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    accept_->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(accept_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->setSpacing(metrics::tinySpace);
    rows->addWidget(title);
    rows->addWidget(where);
    rows->addWidget(refused);
    rows->addSpacing(metrics::smallSpace);
    rows->addWidget(userLabel);
    rows->addWidget(user_);
    rows->addSpacing(metrics::smallSpace);
    rows->addWidget(keyLabel);
    rows->addWidget(key_);
    rows->addSpacing(metrics::smallSpace);
    rows->addWidget(keep_);
    rows->addStretch();
    rows->addSpacing(metrics::smallSpace);
    rows->addLayout(buttons);
    setMinimumWidth(signInFieldWidth + 2 * metrics::dialogMargin);

    connect(accept_, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(user_, &QLineEdit::textChanged, this, &SignInDialog::update);
    connect(key_, &QLineEdit::textChanged, this, &SignInDialog::update);
    update();
    (user_->text().isEmpty() ? user_ : key_)->setFocus();
}

QString SignInDialog::user() const
{
    return client::cleanPasted(user_->text());
}

client::Secret SignInDialog::key() const
{
    return client::Secret(client::fromQt(client::cleanPasted(key_->text())));
}

bool SignInDialog::wantsVault() const
{
    return keep_->isChecked();
}

void SignInDialog::update()
{
    const bool ready = !user().isEmpty() && !key().isEmpty();
    setAllowed(accept_, ready, user().isEmpty() ? tr("Type who signs in first.") : tr("Type or paste the key first."));
}

} // namespace iotman::ui
