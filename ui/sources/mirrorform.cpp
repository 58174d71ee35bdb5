#include "ui/sources/mirrorform.h"

#include "core/client/secret.h"
#include "core/client/text.h"
#include "core/model/mirrorsettings.h"
#include "ui/look/fonts.h"
#include "ui/look/messageline.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

std::string given(const QLineEdit* field)
{
    return fromQt(field->text().trimmed());
}

QString memberOf(const Json& settings, const char* member)
{
    const auto found = settings.find(member);
    return found != settings.end() && found->is_string() ? toQt(found->get<std::string>()) : QString();
}

} // namespace

MirrorForm::MirrorForm(QWidget* parent)
    : SourceForm(parent)
    , url_(new QLineEdit(this))
    , needsToken_(new QCheckBox(tr("It needs &a token"), this))
    , tokenEndpoint_(new QLineEdit(this))
    , client_(new QLineEdit(this))
    , secret_(new QLineEdit(this))
{
    url_->setPlaceholderText(QStringLiteral("https://\u2026/data/out/\u2026"));
    url_->setAccessibleName(tr("URL of the endpoint"));
    tokenEndpoint_->setPlaceholderText(QStringLiteral("https://\u2026/oauth/token"));
    tokenEndpoint_->setAccessibleName(tr("Token endpoint"));
    client_->setAccessibleName(tr("Client ID"));
    secret_->setAccessibleName(tr("Secret"));
    secret_->setEchoMode(QLineEdit::Password);
    for (QLineEdit* field : {url_, tokenEndpoint_, client_})
        field->setFont(monospaceFont());
    QFormLayout* form = formIn(this);
    const auto add = [&](const QString& label, QLineEdit* field) {
        form->addRow(label, field);
        MessageLine* line = fieldError(this);
        form->addRow(QString(), line);
        connect(field, &QLineEdit::textChanged, this, &SourceForm::edited);
        return line;
    };
    MessageLine* urlError = add(tr("&URL"), url_);
    form->addRow(QString(), needsToken_);
    MessageLine* tokenError = add(tr("T&oken endpoint"), tokenEndpoint_);
    MessageLine* clientError = add(tr("&Client ID"), client_);
    MessageLine* secretError = add(tr("Sec&ret"), secret_);
    judged("/url", url_, urlError,
           tr("Expected an endpoint's address such as https://gateway.example/data/out/weather, without a password and “?”."));
    judged("/url/https", url_, urlError, tr("Expected https, since a token is sent there."));
    judged("/url/own", url_, urlError, tr("This is an endpoint of this very server: what it has is here already."));
    judged("/token_endpoint", tokenEndpoint_, tokenError, tr("Expected an address such as https://gateway.example/oauth/token."));
    judged("/token_endpoint/https", tokenEndpoint_, tokenError, tr("Expected https, since the secret is sent there."));
    judged("/client_id", client_, clientError, tr("Expected the client's id, in visible ASCII characters."));
    judged("/secret", secret_, secretError, tr("Give the secret: none is kept for this token endpoint and client."));
    judged("/secret/value", secret_, secretError, tr("Expected the secret of this client, in visible ASCII characters."));
    connect(needsToken_, &QCheckBox::toggled, this, [this] {
        proposeTokenEndpoint();
        showSignIn();
        Q_EMIT edited();
    });
    showSignIn();
}

/// Beside the endpoint, where our own servers have it.
void MirrorForm::proposeTokenEndpoint()
{
    const Expected<EndpointUrl> place = EndpointUrl::parse(given(url_));
    if (!needsToken_->isChecked() || !tokenEndpoint_->text().isEmpty() || !place)
        return;
    const std::string address = place->address.text();
    tokenEndpoint_->setText(toQt(address.substr(0, address.rfind("/data/out/")) + "/oauth/token"));
}

void MirrorForm::showSignIn()
{
    auto* form = qobject_cast<QFormLayout*>(layout());
    for (QLineEdit* field : {tokenEndpoint_, client_, secret_})
        form->setRowVisible(field, needsToken_->isChecked());
}

void MirrorForm::setSettings(const Json& settings)
{
    url_->setText(memberOf(settings, "url"));
    tokenEndpoint_->setText(memberOf(settings, "token_endpoint"));
    client_->setText(memberOf(settings, "client_id"));
    isSecretKept_ = settings.contains("secret");
    secret_->clear();
    secret_->setPlaceholderText(isSecretKept_ ? tr("It is set; empty leaves it as it is") : QString());
    needsToken_->setChecked(isSecretKept_);
}

Json MirrorForm::settings(Json kept) const
{
    for (const char* member : {"token_endpoint", "client_id", "secret"})
        kept.erase(member);
    kept["url"] = given(url_);
    if (!needsToken_->isChecked())
        return kept;
    kept["token_endpoint"] = given(tokenEndpoint_);
    kept["client_id"] = given(client_);
    const std::string typed = fromQt(client::cleanPasted(secret_->text()));
    kept["secret"] = typed.empty() && isSecretKept_ ? Json{{"set", true}} : Json{{"value", typed}};
    return kept;
}

/// Where the model points at an address that is well formed, something else is wrong with it.
std::string MirrorForm::nearer(const std::string& pointer) const
{
    if (pointer == "/url") {
        const Expected<EndpointUrl> place = EndpointUrl::parse(given(url_));
        const bool isSent = needsToken_->isChecked();
        return !place ? pointer : pointer + (isSent && !place->address.isPrivate() ? "/https" : "/own");
    }
    if (pointer == "/token_endpoint" && HttpAddress::parse(given(tokenEndpoint_)))
        return pointer + "/https";
    return pointer;
}

/// The field that `pointer` is about, where nobody has typed anything yet.
const QLineEdit* MirrorForm::untyped(const std::string& pointer) const
{
    for (const auto& [place, field] : {std::pair<std::string_view, const QLineEdit*>{"/url", url_},
                                       {"/token_endpoint", tokenEndpoint_},
                                       {"/client_id", client_},
                                       {"/secret/value", secret_}}) {
        if (pointer == place && field->text().isEmpty())
            return field;
    }
    return nullptr;
}

QString MirrorForm::showFault(const std::string& pointer)
{
    if (const QLineEdit* field = untyped(pointer)) { // which is no mistake
        SourceForm::showFault({});
        return tr("Still missing: %1.").arg(field->accessibleName());
    }
    return SourceForm::showFault(nearer(pointer));
}

} // namespace iotman::ui
