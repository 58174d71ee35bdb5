#include "ui/pages/memberdialog.h"

#include "core/client/text.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/pages/accesstexts.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>

namespace iotman::ui {

MemberDialog::MemberDialog(Session& session, const std::optional<MemberView>& member, QWidget* parent)
    : FormDialog(session, Action::WriteMembers, member ? tr("Change role") : tr("Add member"),
                 member ? tr("Change role") : tr("Add member"), parent)
    , member_(member)
    , email_(new QLineEdit(this))
    , role_(new QComboBox(this))
{
    email_->setMaxLength(254);
    email_->setPlaceholderText(tr("name@company.example"));
    addField(tr("&E-mail address"), email_);
    emailError_ = addFieldError();
    for (const Role role : {Role::Viewer, Role::Editor, Role::Admin})
        role_->addItem(roleWord(role), static_cast<int>(role));
    addField(tr("&Role"), role_);
    roleNote_ = addNote();
    if (member) {
        email_->setText(client::toQt(member->member.email.text));
        email_->setReadOnly(true);
        role_->setCurrentIndex(static_cast<int>(member->member.role));
    } else {
        addNote(tr("The access key is shown once, after this step: hand it on."));
    }
    connect(email_, &QLineEdit::textChanged, this, &MemberDialog::update);
    connect(role_, &QComboBox::currentIndexChanged, this, &MemberDialog::update);
    update();
    if (member)
        role_->setFocus();
    else
        email_->setFocus();
}

Role MemberDialog::role() const
{
    return static_cast<Role>(role_->currentData().toInt());
}

QString MemberDialog::check()
{
    roleNote_->setText(roleMeaning(role()));
    if (member_)
        return member_->member.role == role() ? tr("Nothing has changed.") : QString();
    const auto check = checkMember(email_->text(), role(), session().members().value_or(std::vector<MemberView>()));
    emailError_->setError(check.error);
    setFaulty(email_, !check.error.isEmpty());
    return check.missing;
}

QList<QWidget*> MemberDialog::fields() const
{
    return {email_, role_};
}

void MemberDialog::send()
{
    if (member_) {
        sending();
        session().management().changeMember(member_->member.id, {role()}, {}, this,
                                            session().noted<MemberView>([this](Expected<MemberView> now) {
                                                if (!now)
                                                    return answered(now.error());
                                                accept();
                                                Q_EMIT changed(*now);
                                            }));
        return;
    }
    const auto checked = checkMember(email_->text(), role(), session().members().value_or(std::vector<MemberView>()));
    if (!checked.draft)
        return;
    sending();
    session().management().createMember(*checked.draft, this, session().noted<MemberView>([this](Expected<MemberView> made) {
        if (!made)
            return answered(made.error());
        accept();
        Q_EMIT created(*made);
    }));
}

} // namespace iotman::ui
