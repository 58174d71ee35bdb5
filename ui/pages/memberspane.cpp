#include "ui/pages/memberspane.h"

#include "core/client/text.h"
#include "ui/look/messageline.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/accessrows.h"
#include "ui/pages/accesstexts.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/listpane.h"
#include "ui/pages/memberdialog.h"
#include "ui/pages/pageactions.h"
#include "ui/pages/secretdialog.h"

#include <QVBoxLayout>

namespace iotman::ui {

using client::toQt;

MembersPane::MembersPane(Session& session, QSettings& settings, QWidget* parent)
    : AccessPane(session, parent)
    , list_(new ListPane(memberColumns(),
                         {tr("Members"), tr("Filter members"), QStringLiteral("user"), tr("No member yet"),
                          tr("A member signs in with an e-mail address and an access key, and manages this workspace."),
                          tr("No member has this text in the e-mail address or role.")},
                         settings, QStringLiteral("access/members"), this))
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(list_);
    makeActions();
    list_->addActions(actions());
    list_->setEmptyAction(add_);
    connect(list_, &ListPane::chosenChanged, this, &MembersPane::updateActions);
    connect(list_, &ListPane::activated, role_, &QAction::trigger);
    connect(list_, &ListPane::copied, this, [this](const QString& sentence) { Q_EMIT said(sentence, false); });
    reload();
}

void MembersPane::makeActions()
{
    add_ = addPageAction(this, tr("&Add member\u2026"), QStringLiteral("add"), [this] { openAdd(); });
    add_->setShortcut(QKeySequence::New);
    remove_ = addPageAction(this, tr("R&emove\u2026"), QStringLiteral("delete"), [this] { askRemove(); });
    remove_->setShortcut(QKeySequence::Delete);
    remove_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addPageSeparator(this);
    role_ = addPageAction(this, tr("Change r&ole\u2026"), QStringLiteral("user"), [this] { openRole(); });
    key_ = addPageAction(this, tr("New access &key\u2026"), QStringLiteral("refresh"), [this] { askKey(); });
    addPageSeparator(this);
    list_->addCopyActions(this);
}

void MembersPane::reload()
{
    const std::vector<MemberView> members = session().members().value_or(std::vector<MemberView>());
    list_->setRows(memberRows(members, client::fromQt(session().email()), context()), session().members().has_value());
    updateActions();
}

void MembersPane::updateActions()
{
    const Permit permit = session().permit(Action::WriteMembers);
    const QString choose = permit.allowed ? tr("Choose a member first.") : permit.reason;
    setAllowed(add_, permit.allowed, permit.reason);
    setAllowed(remove_, permit.allowed && !chosen().empty(), choose);
    for (QAction* action : {role_, key_})
        setAllowed(action, permit.allowed && current(), choose);
}

void MembersPane::choose(const QString& id)
{
    list_->choose(id);
}

std::vector<std::pair<QString, QString>> MembersPane::places() const
{
    std::vector<std::pair<QString, QString>> places;
    for (const MemberView& view : session().members().value_or(std::vector<MemberView>()))
        places.emplace_back(toQt(view.member.id.text), tr("%1 · member").arg(toQt(view.member.email.text)));
    return places;
}

std::vector<MemberView> MembersPane::chosen() const
{
    const QStringList ids = list_->chosen();
    std::vector<MemberView> members;
    for (const MemberView& view : session().members().value_or(std::vector<MemberView>())) {
        if (ids.contains(toQt(view.member.id.text)))
            members.push_back(view);
    }
    return members;
}

std::optional<MemberView> MembersPane::current() const
{
    const std::string id = client::fromQt(list_->current());
    for (const MemberView& view : session().members().value_or(std::vector<MemberView>())) {
        if (view.member.id.text == id)
            return view;
    }
    return std::nullopt;
}

void MembersPane::openAdd()
{
    auto* dialog = new MemberDialog(session(), std::nullopt, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &MemberDialog::created, this, &MembersPane::showKey);
    dialog->open();
}

void MembersPane::openRole()
{
    const std::optional<MemberView> member = current();
    if (!member || !role_->isEnabled())
        return;
    auto* dialog = new MemberDialog(session(), member, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &MemberDialog::changed, this, [this](const MemberView& now) {
        Q_EMIT said(tr("%1 is %2 now.", "member, role").arg(toQt(now.member.email.text), roleWord(now.member.role)), false);
    });
    dialog->open();
}

void MembersPane::askKey()
{
    const std::optional<MemberView> member = current();
    if (!member)
        return;
    ask(newKeyQuestion(*member, environment()), this, [this, member = *member] {
        list_->message()->hide();
        session().management().renewKey(
            member.member.id, this, session().noted<MemberView>([this, member](Expected<MemberView> now) {
                if (now && isSelf(member))
                    session().signIn(client::Secret(now->key.value_or(std::string()))); // what was got with the old one ends
                if (now)
                    showKey(*now);
                else
                    failed(tr("“%1” keeps its access key.").arg(toQt(member.member.email.text)), now.error());
            }));
    });
}

/// Whether this session signs in as that member.
bool MembersPane::isSelf(const MemberView& member) const
{
    return member.member.email.text == client::fromQt(session().email());
}

void MembersPane::showKey(const MemberView& member)
{
    choose(toQt(member.member.id.text));
    HandedSecret handed;
    handed.title = tr("“%1” can sign in with this.").arg(toQt(member.member.email.text));
    handed.idLabel = tr("E-mail");
    handed.id = toQt(member.member.email.text);
    handed.secretLabel = tr("Access key");
    handed.secret = client::Secret(member.key.value_or(std::string()));
    handed.wayOut = tr("If it gets lost, make another with “New access key”.");
    auto* dialog = new SecretDialog(std::move(handed), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    Q_EMIT secretShown(dialog);
    dialog->open();
}

void MembersPane::askRemove()
{
    const std::vector<MemberView> members = chosen();
    if (members.empty())
        return;
    ask(memberQuestion(members, environment()), this, [this, members] {
        list_->message()->hide();
        for (const MemberView& member : members) {
            session().management().deleteMember(
                member.member.id, this, session().noted<void>([this, member](Expected<void> done) {
                    if (done)
                        Q_EMIT said(tr("“%1” removed.").arg(toQt(member.member.email.text)), false);
                    else
                        failed(tr("“%1” was not removed.").arg(toQt(member.member.email.text)), done.error());
                }));
        }
    });
}

void MembersPane::failed(const QString& what, const Error& error)
{
    list_->message()->setMessage(MessageLine::Kind::Error, errorText(error), what);
    list_->message()->show();
}

} // namespace iotman::ui
