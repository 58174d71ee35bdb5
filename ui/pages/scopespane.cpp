#include "ui/pages/scopespane.h"

#include "core/client/text.h"
#include "ui/look/messageline.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/accessrows.h"
#include "ui/pages/accesstexts.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/listpane.h"
#include "ui/pages/pageactions.h"
#include "ui/pages/scopedialog.h"

#include <QApplication>
#include <QClipboard>
#include <QVBoxLayout>

namespace iotman::ui {

using client::toQt;

ScopesPane::ScopesPane(Session& session, QSettings& settings, QWidget* parent)
    : AccessPane(session, parent)
    , list_(new ListPane(scopeColumns(),
                         {tr("Scopes"), tr("Filter scopes"), QStringLiteral("access"), tr("No scope yet"),
                          tr("A scope is a permission that endpoints ask for and clients hold, such as sensor:read."),
                          tr("No scope has this text in its name, description or author.")},
                         settings, QStringLiteral("access/scopes"), this))
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(list_);
    makeActions();
    list_->addActions(actions());
    list_->setEmptyAction(new_);
    connect(list_, &ListPane::chosenChanged, this, &ScopesPane::updateActions);
    connect(list_, &ListPane::copied, this, [this](const QString& sentence) { Q_EMIT said(sentence, false); });
    reload();
}

void ScopesPane::makeActions()
{
    new_ = addPageAction(this, tr("&New scope\u2026"), QStringLiteral("add"), [this] { openNew(); });
    new_->setShortcut(QKeySequence::New);
    delete_ = addPageAction(this, tr("&Delete\u2026"), QStringLiteral("delete"), [this] { askDelete(); });
    delete_->setShortcut(QKeySequence::Delete);
    delete_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addPageSeparator(this);
    copy_ = addPageAction(this, tr("&Copy name"), QStringLiteral("copy"), [this] {
        QApplication::clipboard()->setText(list_->current());
        Q_EMIT said(tr("Name copied."), false);
    });
    addPageSeparator(this);
    list_->addCopyActions(this);
    addPageSeparator(this);
    undo_ = addPageAction(this, tr("&Undo delete"), {}, [this] { undo(); });
    undo_->setShortcut(QKeySequence::Undo);
    undo_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

void ScopesPane::reload()
{
    list_->setRows(scopeRows(session().scopes(), context()), session().isLoaded());
    updateActions();
}

void ScopesPane::updateActions()
{
    const Permit permit = session().permit(Action::WriteScopes);
    const bool some = !list_->chosen().isEmpty();
    const QString choose = tr("Choose a scope first.");
    setAllowed(new_, permit.allowed, permit.reason);
    setAllowed(delete_, permit.allowed && some, permit.allowed ? choose : permit.reason);
    setAllowed(copy_, !list_->current().isEmpty(), choose);
    setAllowed(undo_, permit.allowed && !deleted_.empty(), permit.allowed ? tr("Nothing was deleted.") : permit.reason);
}

void ScopesPane::choose(const QString& id)
{
    list_->choose(id);
}

std::vector<std::pair<QString, QString>> ScopesPane::places() const
{
    std::vector<std::pair<QString, QString>> places;
    for (const ScopeView& view : session().scopes())
        places.emplace_back(toQt(view.scope.name.text), tr("%1 · scope").arg(toQt(view.scope.name.text)));
    return places;
}

std::vector<ScopeView> ScopesPane::chosen() const
{
    const QStringList names = list_->chosen();
    std::vector<ScopeView> scopes;
    for (const ScopeView& view : session().scopes()) {
        if (names.contains(toQt(view.scope.name.text)))
            scopes.push_back(view);
    }
    return scopes;
}

void ScopesPane::openNew()
{
    auto* dialog = new ScopeDialog(session(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ScopeDialog::created, this, [this](const ScopeView& made) {
        choose(toQt(made.scope.name.text));
        Q_EMIT said(tr("Scope created."), false);
    });
    dialog->open();
}

void ScopesPane::askDelete()
{
    const std::vector<ScopeView> scopes = chosen();
    if (!scopes.empty())
        ask(scopeQuestion(scopes, environment()), this, [this, scopes] { deleteAll(scopes); });
}

void ScopesPane::deleteAll(const std::vector<ScopeView>& scopes)
{
    list_->message()->hide();
    deleted_.clear();
    for (const ScopeView& scope : scopes) {
        session().management().deleteScope(scope.scope.name, this, session().noted<void>([this, scope](Expected<void> done) {
            if (!done) {
                list_->message()->setMessage(MessageLine::Kind::Error, errorText(done.error()),
                                             tr("“%1” was not deleted.").arg(toQt(scope.scope.name.text)));
                list_->message()->show();
                return;
            }
            deleted_.push_back(scope);
            updateActions();
            Q_EMIT said(deleted_.size() == 1 ? tr("Scope deleted.")
                                             : tr("%Ln scopes deleted.", nullptr, static_cast<int>(deleted_.size())),
                        true);
        }));
    }
}

void ScopesPane::undo()
{
    for (const ScopeView& scope : std::exchange(deleted_, {})) {
        session().management().createScope({scope.scope.name, scope.scope.description}, this,
                                           session().noted<ScopeView>([this, scope](Expected<ScopeView> made) {
                                               if (made)
                                                   return choose(toQt(scope.scope.name.text));
                                               list_->message()->setMessage(
                                                   MessageLine::Kind::Error, errorText(made.error()),
                                                   tr("“%1” could not be made again.").arg(toQt(scope.scope.name.text)));
                                               list_->message()->show();
                                           }));
    }
    updateActions();
}

} // namespace iotman::ui
