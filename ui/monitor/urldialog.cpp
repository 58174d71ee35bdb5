#include "ui/monitor/urldialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman {

UrlDialog::UrlDialog(QWidget* parent)
    : QDialog(parent)
    , url_(new QLineEdit(this))
    , tokenUrl_(new QLineEdit(this))
    , id_(new QLineEdit(this))
    , secret_(new QLineEdit(this))
    , message_(new QLabel(this))
{
    setWindowTitle(tr("Endpoint by URL"));
    url_->setPlaceholderText(QStringLiteral("https://\u2026/data/out/\u2026"));
    url_->setMinimumWidth(420);
    tokenUrl_->setPlaceholderText(tr("the server’s own /oauth/token"));
    id_->setPlaceholderText(tr("none: the endpoint is public"));
    secret_->setEchoMode(QLineEdit::Password);
    message_->setWordWrap(true);
    auto* form = new QFormLayout;
    form->addRow(tr("&URL"), url_);
    form->addRow(tr("&Client id"), id_);
    form->addRow(tr("Client &secret"), secret_);
    form->addRow(tr("&Token URL"), tokenUrl_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    add_ = buttons->addButton(tr("Add endpoint"), QDialogButtonBox::AcceptRole);
    auto* whole = new QVBoxLayout(this);
    whole->addLayout(form);
    whole->addWidget(message_);
    whole->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(url_, &QLineEdit::textChanged, this, &UrlDialog::check);
    check();
}

Expected<client::EndpointAddress> UrlDialog::address() const
{
    return client::EndpointAddress::parse(url_->text());
}

std::optional<client::Credentials> UrlDialog::credentials() const
{
    const auto where = address();
    if (!where || id_->text().isEmpty())
        return std::nullopt;
    QUrl token(tokenUrl_->text().trimmed());
    if (token.isEmpty()) {
        token = where->page;
        token.setPath(QStringLiteral("/oauth/token"));
    }
    return client::Credentials{token, id_->text(), client::Secret(secret_->text().toStdString()), {}};
}

void UrlDialog::check()
{
    const auto where = address();
    add_->setEnabled(where.has_value());
    message_->setText(where || url_->text().isEmpty() ? QString() : QString::fromStdString(where.error().detail));
}

} // namespace iotman
