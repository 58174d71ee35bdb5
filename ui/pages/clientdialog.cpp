#include "ui/pages/clientdialog.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/pages/timefield.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

constexpr std::int64_t quarterUs = 90LL * 86'400 * 1'000'000;
constexpr int mostScopeRows = 6;
constexpr int leastScopeRows = 3;

QString titleOf(ClientDialog::Purpose purpose)
{
    switch (purpose) {
    case ClientDialog::Purpose::New:
        return ClientDialog::tr("New client");
    case ClientDialog::Purpose::Copy:
        return ClientDialog::tr("Copy client");
    case ClientDialog::Purpose::Change:
        return ClientDialog::tr("Change client");
    }
    return {};
}

} // namespace

ClientDialog::ClientDialog(Session& session, Purpose purpose, const std::optional<ClientView>& model, const QTimeZone& zone,
                           QWidget* parent)
    : FormDialog(session, Action::WriteClients, titleOf(purpose),
                 purpose == Purpose::Change ? tr("Change client") : tr("Create client"), parent)
    , purpose_(purpose)
    , model_(model)
    , name_(new QLineEdit(this))
    , scopes_(new QListWidget(this))
    , enabled_(new QCheckBox(tr("Switched &on"), this))
    , expires_(new TimeField(tr("Expires"), {session.clock().now().us + quarterUs}, this))
{
    name_->setMaxLength(64);
    name_->setPlaceholderText(QStringLiteral("Grafana"));
    expires_->setZone(zone);
    addField(tr("&Name"), name_);
    if (purpose != Purpose::Change) {
        id_ = new QLineEdit(this);
        id_->setFont(monospaceFont());
        id_->setMaxLength(64);
        id_->setPlaceholderText(tr("made by the server"));
        addField(tr("&Id (optional)"), id_);
        idError_ = addFieldError();
        connect(id_, &QLineEdit::textChanged, this, &ClientDialog::update);
    }
    addField(tr("&Scopes it is granted"), scopes_);
    fillScopes();
    addWidget(expires_);
    addWidget(enabled_);
    note_ = addNote();

    enabled_->setChecked(!model || model->client.enabled);
    expires_->setTime(model ? model->client.expiresAt : std::nullopt);
    if (model)
        name_->setText(purpose == Purpose::Copy ? tr("%1 copy", "a client's name").arg(toQt(model->client.name))
                                                : toQt(model->client.name));
    connect(name_, &QLineEdit::textChanged, this, &ClientDialog::update);
    connect(scopes_, &QListWidget::itemChanged, this, &ClientDialog::update);
    connect(enabled_, &QCheckBox::toggled, this, &ClientDialog::update);
    connect(expires_, &TimeField::changed, this, &ClientDialog::update);
    update();
    name_->setFocus();
    name_->selectAll();
}

void ClientDialog::fillScopes()
{
    for (const ScopeView& view : session().scopes()) {
        const QString name = toQt(view.scope.name.text);
        const QString description = toQt(view.scope.description);
        auto* item = new QListWidgetItem(
            description.isEmpty() ? name : tr("%1 · %2", "scope, description").arg(name, description), scopes_);
        item->setData(Qt::UserRole, name);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        const bool held = model_ && std::find(model_->client.scopes.begin(), model_->client.scopes.end(), view.scope.name) !=
                                        model_->client.scopes.end();
        item->setCheckState(held ? Qt::Checked : Qt::Unchecked);
    }
    if (scopes_->count() == 0) {
        auto* none = new QListWidgetItem(tr("There is no scope yet."), scopes_);
        none->setFlags(Qt::NoItemFlags);
    }
    const int rows = std::clamp(scopes_->count(), leastScopeRows, mostScopeRows);
    scopes_->setFixedHeight(rows * scopes_->sizeHintForRow(0) + 2 * scopes_->frameWidth() + 2);
}

ClientFields ClientDialog::entered() const
{
    ClientFields fields{name_->text(), id_ ? id_->text() : QString(), {}, enabled_->isChecked(), expires_->time()};
    for (int row = 0; row < scopes_->count(); ++row) {
        if (const QListWidgetItem* item = scopes_->item(row); item->checkState() == Qt::Checked)
            fields.scopes.push_back(ScopeName{fromQt(item->data(Qt::UserRole).toString())});
    }
    return fields;
}

QString ClientDialog::check()
{
    const ClientFields fields = entered();
    const ClientView* editing = purpose_ == Purpose::Change ? &*model_ : nullptr;
    const ClientCheck check = checkClient(fields, session().clients(), editing, session().clock().now());
    if (id_) {
        idError_->setError(check.idError);
        setFaulty(id_, !check.idError.isEmpty());
    }
    note_->setText(!check.expiryNote.isEmpty() ? check.expiryNote
                   : editing
                       ? tr("What changes holds for new tokens; those that are out stay as they are until they expire, an hour "
                            "at most.")
                       : tr("The secret is shown once, after this step."));
    if (!expires_->error().isEmpty())
        return expires_->error();
    if (editing && check.missing.isEmpty() && !clientChanges(*editing, fields))
        return tr("Nothing has changed.");
    return check.missing;
}

QList<QWidget*> ClientDialog::fields() const
{
    QList<QWidget*> all{name_, scopes_, enabled_, expires_};
    if (id_)
        all << id_;
    return all;
}

void ClientDialog::send()
{
    const ClientFields fields = entered();
    if (purpose_ == Purpose::Change) {
        if (const std::optional<ClientPatch> patch = clientChanges(*model_, fields))
            sendChanges(*patch);
        return;
    }
    const ClientCheck check = checkClient(fields, session().clients(), nullptr, session().clock().now());
    if (check.draft)
        sendNew(*check.draft);
}

void ClientDialog::sendNew(const ClientDraft& draft)
{
    sending();
    session().management().createClient(draft, this, session().noted<ClientView>([this](Expected<ClientView> made) {
        if (!made)
            return answered(made.error());
        accept();
        Q_EMIT created(*made);
    }));
}

void ClientDialog::sendChanges(const ClientPatch& patch)
{
    sending();
    session().management().changeClient(model_->client.id, patch, {}, this,
                                        session().noted<ClientView>([this](Expected<ClientView> now) {
                                            if (!now)
                                                return answered(now.error());
                                            accept();
                                            Q_EMIT changed(*now);
                                        }));
}

} // namespace iotman::ui
