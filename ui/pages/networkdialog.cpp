#include "ui/pages/networkdialog.h"

#include "ui/look/fonts.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/words.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

constexpr int networkFieldWidth = 420;

} // namespace

NetworkDialog::NetworkDialog(const NetworkChoices& choices, QWidget* parent)
    : QDialog(parent)
    , proxy_(new QComboBox(this))
    , host_(new QLineEdit(choices.proxyHost, this))
    , port_(new QSpinBox(this))
    , authorities_(new QLineEdit(choices.authoritiesFile, this))
    , error_(new MessageLine(this))
    , accept_(new QPushButton(tr("Save"), this))
{
    setWindowTitle(tr("Network settings"));
    proxy_->addItem(tr("As the system"), static_cast<int>(NetworkChoices::Proxy::System));
    proxy_->addItem(tr("None"), static_cast<int>(NetworkChoices::Proxy::None));
    proxy_->addItem(tr("HTTP proxy"), static_cast<int>(NetworkChoices::Proxy::Http));
    proxy_->addItem(tr("SOCKS 5 proxy"), static_cast<int>(NetworkChoices::Proxy::Socks));
    proxy_->setCurrentIndex(static_cast<int>(choices.proxy));
    proxy_->setAccessibleName(tr("Proxy"));
    host_->setAccessibleName(tr("Proxy host"));
    host_->setPlaceholderText(QStringLiteral("proxy.company.example"));
    port_->setRange(1, 65535);
    port_->setValue(choices.proxyPort);
    port_->setAccessibleName(tr("Proxy port"));
    port_->setGroupSeparatorShown(false);
    authorities_->setAccessibleName(tr("Further certificate authorities"));
    authorities_->setPlaceholderText(tr("a PEM file; empty: the system’s alone"));
    auto* proxyLabel = new QLabel(tr("&Proxy"), this);
    proxyLabel->setBuddy(proxy_);
    auto* hostLabel = new QLabel(tr("&Host and port"), this);
    hostLabel->setBuddy(host_);
    auto* authoritiesLabel = new QLabel(tr("Further &certificate authorities"), this);
    authoritiesLabel->setBuddy(authorities_);
    auto* browse = new QPushButton(tr("Choose\u2026"), this);
    browse->setAutoDefault(false);
    auto* note = new QLabel(tr("They hold for tokens, requests and streams of all connections but this computer’s."), this);
    note->setFont(noteFont());
    note->setForegroundRole(QPalette::PlaceholderText);
    note->setWordWrap(true);

    auto* hostRow = new QHBoxLayout;
    hostRow->setSpacing(metrics::smallSpace);
    hostRow->addWidget(host_, 1);
    hostRow->addWidget(port_);
    auto* fileRow = new QHBoxLayout;
    fileRow->setSpacing(metrics::smallSpace);
    fileRow->addWidget(authorities_, 1);
    fileRow->addWidget(browse);
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
    rows->addWidget(proxyLabel);
    rows->addWidget(proxy_);
    rows->addSpacing(metrics::smallSpace);
    rows->addWidget(hostLabel);
    rows->addLayout(hostRow);
    rows->addSpacing(metrics::smallSpace);
    rows->addWidget(authoritiesLabel);
    rows->addLayout(fileRow);
    rows->addWidget(error_);
    rows->addWidget(note);
    rows->addStretch();
    rows->addSpacing(metrics::smallSpace);
    rows->addLayout(buttons);
    setMinimumWidth(networkFieldWidth + 2 * metrics::dialogMargin);
    error_->setTinted(false);

    connect(proxy_, &QComboBox::currentIndexChanged, this, &NetworkDialog::update);
    connect(host_, &QLineEdit::textChanged, this, &NetworkDialog::update);
    connect(authorities_, &QLineEdit::textChanged, this, &NetworkDialog::update);
    connect(browse, &QPushButton::clicked, this, &NetworkDialog::browse);
    connect(accept_, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    update();
    proxy_->setFocus();
}

NetworkChoices NetworkDialog::choices() const
{
    return {static_cast<NetworkChoices::Proxy>(proxy_->currentData().toInt()), host_->text().trimmed(), port_->value(),
            authorities_->text().trimmed()};
}

void NetworkDialog::browse()
{
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Certificate authorities"), {}, tr("Certificates (*.pem *.crt);;All files (*)"));
    if (!path.isEmpty())
        authorities_->setText(path);
}

void NetworkDialog::update()
{
    const NetworkChoices chosen = choices();
    const bool byHand = chosen.proxy == NetworkChoices::Proxy::Http || chosen.proxy == NetworkChoices::Proxy::Socks;
    for (QWidget* widget : {static_cast<QWidget*>(host_), static_cast<QWidget*>(port_)})
        setAllowed(widget, byHand, tr("For a proxy that is set by hand."));
    const Expected<client::NetworkSettings> settings = chosen.settings();
    error_->setError(settings ? QString() : errorText(settings.error()));
    setAllowed(accept_, settings.has_value(), settings ? QString() : errorText(settings.error()));
}

} // namespace iotman::ui
