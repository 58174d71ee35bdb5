#include "ui/pages/connectiondialog.h"

#include "ui/look/aside.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/clientcertificatedialog.h"
#include "ui/pages/notelabel.h"
#include "ui/pages/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

constexpr int connectionFieldWidth = 440;

} // namespace

ConnectionDialog::ConnectionDialog(const std::optional<ConnectionInfo>& begin, Timestamp now, QWidget* parent)
    : QDialog(parent)
    , begin_(begin)
    , now_(now)
    , kind_(new QComboBox(this))
    , environment_(new QComboBox(this))
    , urlNote_(new MessageLine(this))
    , certificateNote_(noteLabel(tr("For servers that ask for one"), this))
    , keep_(new QCheckBox(tr("&Keep it in this computer’s keychain"), this))
    , forgetPin_(new QPushButton(tr("Forget the trusted certificate"), this))
    , accept_(new QPushButton(this))
{
    const bool changing = begin && !begin->id.isEmpty();
    setWindowTitle(changing ? tr("Change connection") : tr("Add connection"));
    auto* column = new QVBoxLayout;
    column->setSpacing(metrics::tinySpace);
    auto* kindLabel = new QLabel(tr("&Connect to"), this);
    kindLabel->setBuddy(kind_);
    kind_->setAccessibleName(tr("Connect to"));
    kind_->addItem(icon(u"server"), tr("A server: a whole workspace of an iotman-server"),
                   static_cast<int>(ConnectionKind::Server));
    kind_->addItem(icon(u"link"), tr("An endpoint by URL: its data alone"), static_cast<int>(ConnectionKind::Endpoint));
    column->addWidget(kindLabel);
    column->addWidget(kind_);
    url_ = addField(column, urlLabel_, tr("&Address"));
    url_->setFont(monospaceFont());
    urlError_ = addError(column);
    urlNote_->setTinted(false);
    column->addWidget(urlNote_);
    name_ = addField(column, nameLabel_, tr("&Name (optional)"));
    name_->setMaxLength(64);
    column->addSpacing(metrics::smallSpace);
    auto* environmentLabel = new QLabel(tr("&Environment"), this);
    environmentLabel->setBuddy(environment_);
    environment_->setAccessibleName(tr("Environment"));
    for (const Environment environment : {Environment::Local, Environment::Test, Environment::Production})
        environment_->addItem(environmentWord(environment), static_cast<int>(environment));
    column->addWidget(environmentLabel);
    column->addWidget(environment_);
    column->addWidget(
        noteLabel(tr("Stands in the window’s title. On production, a delete asks for the name to be typed."), this));
    user_ = addField(column, userLabel_, {});
    userError_ = addError(column);
    key_ = addField(column, keyLabel_, {});
    key_->setEchoMode(QLineEdit::Password);
    key_->setFont(monospaceFont());
    tokenEndpoint_ = addField(column, tokenLabel_, tr("&Token endpoint (optional)"));
    tokenEndpoint_->setFont(monospaceFont());
    tokenError_ = addError(column);
    column->addSpacing(metrics::tinySpace);
    column->addWidget(keep_);
    auto* certificate = new QPushButton(tr("C&lient certificate\u2026"), this);
    certificate->setAutoDefault(false);
    auto* certificateRow = new QHBoxLayout;
    certificateRow->setSpacing(metrics::mediumSpace);
    certificateRow->addWidget(certificate);
    certificateRow->addWidget(certificateNote_, 1);
    column->addSpacing(metrics::smallSpace);
    column->addLayout(certificateRow);
    certificateError_ = addError(column);
    column->addWidget(forgetPin_, 0, Qt::AlignLeft);
    connect(certificate, &QPushButton::clicked, this, &ConnectionDialog::chooseCertificate);

    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    accept_->setText(changing ? tr("Save and connect") : tr("Connect"));
    accept_->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    if (changing) {
        auto* remove = new QPushButton(icon(u"delete"), tr("Remove\u2026"), this);
        remove->setAutoDefault(false);
        buttons->addWidget(remove);
        connect(remove, &QPushButton::clicked, this, [this] {
            reject();
            Q_EMIT removeRequested();
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
    setMinimumWidth(connectionFieldWidth + 2 * metrics::dialogMargin);

    keep_->setChecked(true);
    environment_->setCurrentIndex(static_cast<int>(Environment::Test));
    if (begin) {
        kind_->setCurrentIndex(begin->kind == ConnectionKind::Endpoint ? 1 : 0);
        name_->setText(begin->name);
        url_->setText(begin->url.toString());
        environment_->setCurrentIndex(static_cast<int>(begin->environment));
        user_->setText(begin->email);
        tokenEndpoint_->setText(begin->tokenEndpoint.toString());
        pinned_ = begin->pinned;
        certificate_ = begin->clientCertificate;
    }
    for (QLineEdit* field : {name_, url_, user_, key_, tokenEndpoint_})
        connect(field, &QLineEdit::textChanged, this, &ConnectionDialog::update);
    connect(kind_, &QComboBox::currentIndexChanged, this, &ConnectionDialog::update);
    connect(forgetPin_, &QPushButton::clicked, this, [this] {
        pinned_.clear();
        update();
    });
    connect(accept_, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    update();
    showCertificate();
    url_->setFocus();
}

QLineEdit* ConnectionDialog::addField(QVBoxLayout* column, QLabel*& label, const QString& text)
{
    column->addSpacing(metrics::smallSpace);
    label = new QLabel(text, this);
    auto* field = new QLineEdit(this);
    label->setBuddy(field);
    column->addWidget(label);
    column->addWidget(field);
    return field;
}

MessageLine* ConnectionDialog::addError(QVBoxLayout* column)
{
    auto* line = new MessageLine(this);
    line->setTinted(false);
    line->hide();
    column->addWidget(line);
    return line;
}

ConnectionFields ConnectionDialog::fields() const
{
    return {static_cast<ConnectionKind>(kind_->currentData().toInt()),
            name_->text(),
            url_->text(),
            static_cast<Environment>(environment_->currentData().toInt()),
            user_->text(),
            key_->text(),
            tokenEndpoint_->text()};
}

void ConnectionDialog::update()
{
    const ConnectionFields typed = fields();
    const ConnectionCheck check = checkConnection(typed);
    const bool endpoint = typed.kind == ConnectionKind::Endpoint;
    url_->setPlaceholderText(endpoint ? QStringLiteral("https://gateway.example/data/out/weather")
                                      : QStringLiteral("https://iot.company.example"));
    userLabel_->setText(endpoint ? tr("Client &id (optional: without one it is read as the public does)")
                                 : tr("E-&mail address"));
    keyLabel_->setText(endpoint ? tr("&Secret") : tr("Access ke&y"));
    key_->setPlaceholderText(begin_ && !begin_->id.isEmpty() ? tr("unchanged") : tr("asked for when it is missing"));
    tokenEndpoint_->setPlaceholderText(tr("/oauth/token of the same server"));
    for (QWidget* widget : {static_cast<QWidget*>(tokenLabel_), static_cast<QWidget*>(tokenEndpoint_)})
        widget->setVisible(endpoint);
    for (const auto& [field, label] : {std::pair(name_, nameLabel_), std::pair(url_, urlLabel_), std::pair(user_, userLabel_),
                                       std::pair(key_, keyLabel_), std::pair(tokenEndpoint_, tokenLabel_)})
        field->setAccessibleName(label->text().remove(u'&'));
    urlError_->setError(check.urlError);
    setFaulty(url_, !check.urlError.isEmpty());
    urlNote_->setMessage(check.isUnprotected ? MessageLine::Kind::Warning : MessageLine::Kind::Info, check.urlNote);
    urlNote_->setVisible(!check.urlNote.isEmpty());
    userError_->setError(check.userError);
    setFaulty(user_, !check.userError.isEmpty());
    tokenError_->setError(endpoint ? check.tokenEndpointError : QString());
    setFaulty(tokenEndpoint_, endpoint && !check.tokenEndpointError.isEmpty());
    setAllowed(keep_, !typed.key.isEmpty(), tr("Type the key first; one that is kept already stays."));
    forgetPin_->setVisible(!pinned_.isEmpty());
    setAllowed(accept_, check.connection.has_value(), check.missing);
}

ConnectionInfo ConnectionDialog::connection() const
{
    ConnectionInfo made = checkConnection(fields()).connection.value_or(ConnectionInfo());
    made.pinned = pinned_;
    made.clientCertificate = certificate_;
    if (begin_)
        made.id = begin_->id;
    return made;
}

void ConnectionDialog::setPassphrase(const client::Secret& passphrase)
{
    if (newCertificate_)
        return;
    passphrase_ = passphrase;
    showCertificate();
}

void ConnectionDialog::chooseCertificate()
{
    auto* dialog = new ClientCertificateDialog(certificate_, passphrase_, now_, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        certificate_ = dialog->files();
        passphrase_ = dialog->passphrase();
        passphraseInVault_ = dialog->wantsVault();
        newCertificate_ = true;
        showCertificate();
    });
    dialog->open();
}

void ConnectionDialog::showCertificate()
{
    aside(
        this, [files = certificate_, passphrase = passphrase_] { return readCertificate(files, passphrase); },
        [this, shown = ++certificateShown_](const Expected<client::ClientCertificate>& read) {
            if (certificateShown_ != shown)
                return; // another was chosen meanwhile
            certificateNote_->setText(!read || read->isNull()
                                          ? tr("For servers that ask for one")
                                          : certificateText(*read, {now_, QTimeZone::systemTimeZone(), locale()}));
            certificateError_->setError(read ? QString() : errorText(read.error()));
        });
}

bool ConnectionDialog::wantsVault() const
{
    return keep_->isChecked();
}

} // namespace iotman::ui
