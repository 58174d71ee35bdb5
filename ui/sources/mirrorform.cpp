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
    , trustsIssuer_(new QCheckBox(tr("Tokens of its ser&vice open it here, too"), this))
    , issuer_(new QLineEdit(this))
    , audience_(new QLineEdit(this))
    , keys_(new QLineEdit(this))
{
    formIn(this);
    url_->setPlaceholderText(QStringLiteral("https://\u2026/data/out/\u2026"));
    MessageLine* urlError = add(tr("&URL"), url_, tr("URL of the endpoint"));
    judged("/url", url_, urlError,
           tr("Expected an endpoint's address such as https://gateway.example/data/out/weather, without a password and “?”."));
    judged("/url/https", url_, urlError, tr("Expected https, since a token is sent there."));
    judged("/url/own", url_, urlError, tr("This is an endpoint of this very server: what it has is here already."));
    addSignIn();
    addIssuer();
}

MessageLine* MirrorForm::add(const QString& label, QLineEdit* field, const QString& name)
{
    auto* form = qobject_cast<QFormLayout*>(layout());
    field->setAccessibleName(name);
    field->setFont(field->echoMode() == QLineEdit::Password ? font() : monospaceFont());
    form->addRow(label, field);
    MessageLine* line = fieldError(this);
    form->addRow(QString(), line);
    connect(field, &QLineEdit::textChanged, this, &SourceForm::edited);
    return line;
}

/// The fields are there while the box is ticked.
void MirrorForm::addPart(QCheckBox* box, const std::vector<QLineEdit*>& fields)
{
    const auto show = [this, box, fields] {
        for (QLineEdit* field : fields)
            qobject_cast<QFormLayout*>(layout())->setRowVisible(field, box->isChecked());
    };
    connect(box, &QCheckBox::toggled, this, [this, show] {
        show();
        Q_EMIT edited();
    });
    show();
}

void MirrorForm::addSignIn()
{
    qobject_cast<QFormLayout*>(layout())->addRow(QString(), needsToken_);
    tokenEndpoint_->setPlaceholderText(QStringLiteral("https://\u2026/oauth/token"));
    secret_->setEchoMode(QLineEdit::Password);
    MessageLine* tokenError = add(tr("T&oken endpoint"), tokenEndpoint_, tr("Token endpoint"));
    MessageLine* clientError = add(tr("&Client ID"), client_, tr("Client ID"));
    MessageLine* secretError = add(tr("Sec&ret"), secret_, tr("Secret"));
    judged("/token_endpoint", tokenEndpoint_, tokenError, tr("Expected an address such as https://gateway.example/oauth/token."));
    judged("/token_endpoint/https", tokenEndpoint_, tokenError, tr("Expected https, since the secret is sent there."));
    judged("/client_id", client_, clientError, tr("Expected the client's id, in visible ASCII characters."));
    judged("/secret", secret_, secretError, tr("Give the secret: none is kept for this token endpoint and client."));
    judged("/secret/value", secret_, secretError, tr("Expected the secret of this client, in visible ASCII characters."));
    connect(needsToken_, &QCheckBox::toggled, this, [this](bool isTicked) {
        if (isTicked)
            propose(tokenEndpoint_, "/oauth/token");
    });
    addPart(needsToken_, {tokenEndpoint_, client_, secret_});
}

void MirrorForm::addIssuer()
{
    trustsIssuer_->setToolTip(tr("Tokens that the endpoint's own service gives are taken here as well, by their scopes: for this mirror's "
                                 "endpoints alone, and while that service is out of reach."));
    qobject_cast<QFormLayout*>(layout())->addRow(QString(), trustsIssuer_);
    keys_->setPlaceholderText(QStringLiteral("https://\u2026/.well-known/jwks.json"));
    MessageLine* issuerError = add(tr("&Issuer"), issuer_, tr("Issuer"));
    MessageLine* audienceError = add(tr("Au&dience"), audience_, tr("Audience"));
    MessageLine* keysError = add(tr("Ke&ys (JWKS)"), keys_, tr("Address of the issuer's keys"));
    judged("/trusted_issuer/issuer", issuer_, issuerError, tr("Expected “iss” exactly as it stands in the tokens."));
    judged("/trusted_issuer/audience", audience_, audienceError, tr("Expected “aud” exactly as it stands in the tokens."));
    judged("/trusted_issuer/jwks_uri", keys_, keysError, tr("Expected an address such as https://gateway.example/.well-known/jwks.json."));
    judged("/trusted_issuer/jwks_uri/https", keys_, keysError, tr("Expected https, since whose tokens are trusted hangs on it."));
    connect(trustsIssuer_, &QCheckBox::toggled, this, [this](bool isTicked) {
        if (!isTicked)
            return;
        propose(issuer_, "");
        propose(keys_, "/.well-known/jwks.json");
    });
    addPart(trustsIssuer_, {issuer_, audience_, keys_});
}

/// What stands at `path` beside the endpoint, where our own servers have it.
void MirrorForm::propose(QLineEdit* field, const char* path) const
{
    const Expected<EndpointUrl> place = EndpointUrl::parse(given(url_));
    if (!field->text().isEmpty() || !place)
        return;
    const std::string address = place->address.text();
    field->setText(toQt(address.substr(0, address.rfind("/data/out/")) + path));
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
    const auto trusted = settings.find("trusted_issuer");
    const Json issuer = trusted != settings.end() ? *trusted : Json::object();
    issuer_->setText(memberOf(issuer, "issuer"));
    audience_->setText(memberOf(issuer, "audience"));
    keys_->setText(memberOf(issuer, "jwks_uri"));
    trustsIssuer_->setChecked(!issuer.empty());
}

Json MirrorForm::settings(Json kept) const
{
    for (const char* member : {"token_endpoint", "client_id", "secret", "trusted_issuer"})
        kept.erase(member);
    kept["url"] = given(url_);
    if (needsToken_->isChecked()) {
        kept["token_endpoint"] = given(tokenEndpoint_);
        kept["client_id"] = given(client_);
        const std::string typed = fromQt(client::cleanPasted(secret_->text()));
        kept["secret"] = typed.empty() && isSecretKept_ ? Json{{"set", true}} : Json{{"value", typed}};
    }
    if (trustsIssuer_->isChecked())
        kept["trusted_issuer"] = {{"issuer", given(issuer_)}, {"audience", given(audience_)}, {"jwks_uri", given(keys_)}};
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
    if (pointer == "/trusted_issuer/jwks_uri" && keys_->text().trimmed().startsWith(u"http:", Qt::CaseInsensitive))
        return pointer + "/https";
    return pointer;
}

/// The field that `pointer` is about, where nobody has typed anything yet.
const QLineEdit* MirrorForm::untyped(const std::string& pointer) const
{
    for (const auto& [place, field] : {std::pair<std::string_view, const QLineEdit*>{"/url", url_},
                                       {"/token_endpoint", tokenEndpoint_},
                                       {"/client_id", client_},
                                       {"/secret/value", secret_},
                                       {"/trusted_issuer/issuer", issuer_},
                                       {"/trusted_issuer/audience", audience_},
                                       {"/trusted_issuer/jwks_uri", keys_}}) {
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
