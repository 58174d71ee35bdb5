#include "ui/pages/networkdialog.h"

#include "core/client/text.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/notelabel.h"
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
    , user_(new QLineEdit(choices.proxyUser, this))
    , password_(new QLineEdit(this))
    , authorities_(new QLineEdit(choices.authoritiesFile, this))
    , proxyError_(new MessageLine(this))
    , authoritiesError_(new MessageLine(this))
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
    user_->setAccessibleName(tr("Proxy user"));
    user_->setPlaceholderText(tr("user, if it asks for one"));
    password_->setAccessibleName(tr("Proxy password"));
    password_->setEchoMode(QLineEdit::Password);
    password_->setPlaceholderText(choices.proxyUser.isEmpty() ? tr("password") : tr("password: unchanged"));
    authorities_->setAccessibleName(tr("Further certificate authorities"));
    authorities_->setPlaceholderText(tr("a PEM file; empty: the system’s alone"));
    auto* proxyLabel = new QLabel(tr("&Proxy"), this);
    proxyLabel->setBuddy(proxy_);
    auto* hostLabel = new QLabel(tr("&Host and port"), this);
    hostLabel->setBuddy(host_);
    auto* userLabel = new QLabel(tr("Sign-in at the p&roxy"), this);
    userLabel->setBuddy(user_);
    auto* authoritiesLabel = new QLabel(tr("Further &certificate authorities"), this);
    authoritiesLabel->setBuddy(authorities_);
    auto* browse = new QPushButton(tr("Choose\u2026"), this);
    browse->setAutoDefault(false);
    auto* note =
        noteLabel(tr("They hold for tokens, requests and streams of all connections but this computer’s. The password goes "
                     "into this computer’s keychain."),
                  this);

    auto* hostRow = new QHBoxLayout;
    hostRow->setSpacing(metrics::smallSpace);
    hostRow->addWidget(host_, 1);
    hostRow->addWidget(port_);
    auto* userRow = new QHBoxLayout;
    userRow->setSpacing(metrics::smallSpace);
    userRow->addWidget(user_, 1);
    userRow->addWidget(password_, 1);
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
    rows->addWidget(proxyError_);
    rows->addSpacing(metrics::smallSpace);
    rows->addWidget(userLabel);
    rows->addLayout(userRow);
    rows->addSpacing(metrics::smallSpace);
    rows->addWidget(authoritiesLabel);
    rows->addLayout(fileRow);
    rows->addWidget(authoritiesError_);
    rows->addSpacing(metrics::smallSpace);
    rows->addWidget(note);
    rows->addStretch();
    rows->addSpacing(metrics::smallSpace);
    rows->addLayout(buttons);
    setMinimumWidth(networkFieldWidth + 2 * metrics::dialogMargin);
    for (MessageLine* line : {proxyError_, authoritiesError_})
        line->setTinted(false);

    connect(proxy_, &QComboBox::currentIndexChanged, this, &NetworkDialog::update);
    connect(host_, &QLineEdit::textChanged, this, &NetworkDialog::update);
    connect(user_, &QLineEdit::textChanged, this, &NetworkDialog::update);
    connect(authorities_, &QLineEdit::textChanged, this, &NetworkDialog::update);
    connect(browse, &QPushButton::clicked, this, &NetworkDialog::browse);
    connect(accept_, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    update();
    proxy_->setFocus();
}

NetworkChoices NetworkDialog::choices() const
{
    return {static_cast<NetworkChoices::Proxy>(proxy_->currentData().toInt()),
            host_->text().trimmed(),
            port_->value(),
            user_->text().trimmed(),
            client::Secret(client::fromQt(password_->text())),
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
    for (QWidget* widget : {static_cast<QWidget*>(host_), static_cast<QWidget*>(port_), static_cast<QWidget*>(user_)})
        setAllowed(widget, chosen.isProxyByHand(), tr("For a proxy that is set by hand."));
    setAllowed(password_, chosen.needsPassword(),
               chosen.isProxyByHand() ? tr("Type the user first.") : tr("For a proxy that is set by hand."));
    const Expected<client::NetworkSettings> settings = chosen.settings();
    const auto show = [&](MessageLine* line, QLineEdit* field, const char* name) {
        const bool faulty = !settings && settings.error().field == name;
        line->setError(faulty ? errorText(settings.error()) : QString());
        setFaulty(field, faulty);
    };
    show(proxyError_, host_, "proxy");
    show(authoritiesError_, authorities_, "authorities");
    setAllowed(accept_, settings.has_value(), settings ? QString() : errorText(settings.error()));
}

} // namespace iotman::ui
