#include "ui/pages/scopedialog.h"

#include "ui/look/fonts.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/pages/accesstexts.h"

#include <QLineEdit>

namespace iotman::ui {

ScopeDialog::ScopeDialog(Session& session, QWidget* parent)
    : FormDialog(session, Action::WriteScopes, tr("New scope"), tr("Create scope"), parent)
    , name_(new QLineEdit(this))
    , description_(new QLineEdit(this))
{
    name_->setFont(monospaceFont());
    name_->setMaxLength(64);
    name_->setPlaceholderText(QStringLiteral("sensor:read"));
    description_->setPlaceholderText(tr("Read sensor data"));
    description_->setMaxLength(200);
    addField(tr("&Name, namespace:action"), name_);
    nameError_ = addFieldError();
    addField(tr("&Description (optional)"), description_);
    addNote(tr("Endpoints ask for it, clients are granted it. A name can't be changed later."));
    connect(name_, &QLineEdit::textChanged, this, &ScopeDialog::update);
    connect(description_, &QLineEdit::textChanged, this, &ScopeDialog::update);
    update();
    name_->setFocus();
}

QString ScopeDialog::check()
{
    const auto check = checkScope(name_->text(), description_->text(), session().scopes());
    nameError_->setError(check.error);
    setFaulty(name_, !check.error.isEmpty());
    return check.missing;
}

QList<QWidget*> ScopeDialog::fields() const
{
    return {name_, description_};
}

void ScopeDialog::send()
{
    const auto checked = checkScope(name_->text(), description_->text(), session().scopes());
    if (!checked.draft)
        return;
    sending();
    session().management().createScope(*checked.draft, this, session().noted<ScopeView>([this](Expected<ScopeView> made) {
        if (!made)
            return answered(made.error());
        accept();
        Q_EMIT created(*made);
    }));
}

} // namespace iotman::ui
