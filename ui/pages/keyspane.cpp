#include "ui/pages/keyspane.h"

#include "core/client/text.h"
#include "ui/look/copybutton.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/fonts.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/accesstexts.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/pageactions.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr int mostWidth = 720;
constexpr int keysHeight = 120;

/// The `kid` of each key of a JWK set (RFC 7517 §5). Errors: BadRequest when it is none.
Expected<QStringList> keyIdsOf(const QByteArray& body)
{
    return parseJson(client::view(body)).and_then([](const Json& json) -> Expected<QStringList> {
        ObjectReader reader(json, UnknownMembers::Ignored);
        QStringList ids;
        const Json* keys = reader.array("keys");
        for (std::size_t i = 0; keys && i < keys->size(); ++i) {
            ObjectReader key((*keys)[i], UnknownMembers::Ignored);
            ids << toQt(key.text("kid"));
        }
        return reader.finish().map([&] { return ids; });
    });
}

} // namespace

KeysPane::KeysPane(Session& session, QWidget* parent)
    : AccessPane(session, parent)
    , keys_(new QListWidget(this))
    , keysNote_(new QLabel(this))
    , message_(new MessageLine(this))
{
    copyId_ = addPageAction(this, tr("Copy workspace &id"), QStringLiteral("copy"), [this] {
        QApplication::clipboard()->setText(this->session().workspaceId());
        Q_EMIT said(tr("Workspace id copied."), false);
    });
    addPageSeparator(this);
    rotate_ = addPageAction(this, tr("&Rotate key\u2026"), QStringLiteral("refresh"), [this] { askRotate(); });

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(metrics::mediumSpace);
    grid->setVerticalSpacing(metrics::tinySpace);
    grid->setColumnStretch(1, 1);
    id_ = addValue(grid, tr("Workspace id"), tr("Copy workspace id"), tr("Tokens name it as their audience: aud."));
    issuer_ = addValue(grid, tr("Issuer"), tr("Copy issuer"), tr("Tokens name it as iss."));
    token_ = addValue(grid, tr("Token endpoint"), tr("Copy token endpoint"),
                      tr("Clients get their tokens here: grant client_credentials."));
    jwks_ = addValue(grid, tr("JWKS URL"), tr("Copy JWKS URL"), tr("The public keys that tokens are checked with."));
    metadata_ =
        addValue(grid, tr("Metadata URL"), tr("Copy metadata URL"), tr("The same for programs that look it up (RFC 8414)."));

    auto* head = new QLabel(tr("Published &keys"), this);
    head->setFont(headFont());
    head->setBuddy(keys_);
    keys_->setAccessibleName(tr("Published keys"));
    keys_->setFont(monospaceFont());
    keys_->setMaximumHeight(keysHeight);
    keysNote_->setFont(noteFont());
    keysNote_->setForegroundRole(QPalette::PlaceholderText);
    keysNote_->setWordWrap(true);
    keysNote_->setTextFormat(Qt::PlainText);
    message_->letClose();
    message_->hide();

    auto* column = new QWidget(this);
    column->setMaximumWidth(mostWidth);
    auto* rows = new QVBoxLayout(column);
    rows->setContentsMargins(0, metrics::smallSpace, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addWidget(message_);
    rows->addLayout(grid);
    rows->addWidget(head);
    rows->addWidget(keys_);
    rows->addWidget(keysNote_);
    rows->addStretch();
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(column, 1);
    outer->addStretch();
    reload();
}

KeysPane::Value KeysPane::addValue(QGridLayout* grid, const QString& name, const QString& copyName, const QString& note)
{
    const int row = grid->rowCount();
    Value value{new ElidedLabel({}, this), new CopyButton(copyName, this)};
    value.text->setFont(monospaceFont());
    auto* label = new QLabel(name, this);
    label->setBuddy(value.copy);
    auto* noteLabel = new QLabel(note, this);
    noteLabel->setFont(noteFont());
    noteLabel->setForegroundRole(QPalette::PlaceholderText);
    grid->addWidget(label, row, 0);
    grid->addWidget(value.text, row, 1);
    grid->addWidget(value.copy, row, 2);
    grid->addWidget(noteLabel, row + 1, 1);
    grid->setRowMinimumHeight(row + 1, metrics::smallControlHeight);
    return value;
}

void KeysPane::reload()
{
    const QString base = session().workspace() ? toQt(session().workspace()->baseUrl) : session().connection().url.toString();
    const auto show = [](const Value& value, const QString& text) {
        value.text->setText(text);
        value.copy->setCopyText(text);
    };
    show(id_, session().workspaceId());
    show(issuer_, base);
    show(token_, base + QStringLiteral("/oauth/token"));
    show(jwks_, base + QStringLiteral("/.well-known/jwks.json"));
    show(metadata_, base + QStringLiteral("/.well-known/oauth-authorization-server"));
    const Permit permit = session().permit(Action::RotateKeys);
    setAllowed(rotate_, permit.allowed, permit.reason);
    setAllowed(copyId_, !session().workspaceId().isEmpty(), tr("Not connected yet."));
    if (isVisible() && session().state().phase == Phase::Running && !reading_.isActive())
        readKeys();
}

void KeysPane::readKeys()
{
    QUrl url = session().connection().url;
    url.setPath(url.path() + QStringLiteral("/.well-known/jwks.json"));
    client::HttpRequest request;
    request.url = url;
    reading_ = session().network().send(request, this, [this](const Expected<client::HttpAnswer>& answer) { showKeys(answer); });
}

void KeysPane::showKeys(const Expected<client::HttpAnswer>& answer)
{
    const Expected<QStringList> ids = answer.and_then([](const client::HttpAnswer& got) { return keyIdsOf(got.body); });
    if (!ids) {
        keysNote_->setText(tr("They could not be read: %1").arg(errorText(ids.error())));
        return;
    }
    QStringList shown;
    for (const QString& id : *ids)
        shown << (id == signing_ ? tr("%1 · signs now", "a key's id").arg(id) : id);
    if (shown != published()) {
        keys_->clear();
        keys_->addItems(shown);
    }
    keysNote_->setText(ids->size() == 1 ? tr("Every token is signed with this key.")
                                        : tr("New tokens are signed with the newest key. The others are published until the last "
                                             "token that they signed has expired."));
}

QStringList KeysPane::published() const
{
    QStringList ids;
    for (int row = 0; row < keys_->count(); ++row)
        ids << keys_->item(row)->text();
    return ids;
}

void KeysPane::askRotate()
{
    ask(rotateQuestion(environment(), session().workspaceName()), this, [this] {
        message_->hide();
        session().management().rotateKeys(this, session().noted<std::string>([this](Expected<std::string> kid) {
            if (!kid) {
                message_->setMessage(MessageLine::Kind::Error, errorText(kid.error()), tr("The key was not rotated."));
                message_->show();
                return;
            }
            signing_ = toQt(*kid);
            readKeys();
            Q_EMIT said(tr("A new key signs from now on."), false);
        }));
    });
}

} // namespace iotman::ui
