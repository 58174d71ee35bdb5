#include "ui/pages/accesspage.h"

#include "ui/look/fonts.h"
#include "ui/look/metrics.h"
#include "ui/look/toast.h"
#include "ui/pages/auditpane.h"
#include "ui/pages/clientspane.h"
#include "ui/pages/keyspane.h"
#include "ui/pages/memberspane.h"
#include "ui/pages/scopespane.h"

#include <QAction>
#include <QLabel>
#include <QSettings>
#include <QTabWidget>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

const QString tabKey = QStringLiteral("access/tab");

} // namespace

AccessPage::AccessPage(Session& session, QSettings& settings, QWidget* parent)
    : Page(parent)
    , session_(session)
    , settings_(settings)
    , tabs_(new QTabWidget(this))
    , scopes_(new ScopesPane(session, settings))
    , clients_(new ClientsPane(session, settings))
    , members_(new MembersPane(session, settings))
    , keys_(new KeysPane(session))
    , audit_(new AuditPane(session, settings))
    , toast_(new Toast(this))
{
    auto* title = new QLabel(pageName(PageId::Access), this);
    title->setFont(titleFont());
    auto* purpose = new QLabel(tr("Who may read and change this workspace"), this);
    purpose->setForegroundRole(QPalette::PlaceholderText);
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(title);
    head->addWidget(purpose);
    head->addStretch();
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::pageMargin, metrics::smallSpace, metrics::pageMargin, metrics::pageMargin);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(tabs_, 1);

    addTab("scopes", tr("Scopes"), scopes_);
    addTab("clients", tr("Clients"), clients_);
    addTab("members", tr("Members"), members_);
    addTab("keys", tr("Keys"), keys_);
    addTab("audit", tr("Audit log"), audit_);
    connect(clients_, &ClientsPane::secretShown, this, &AccessPage::secretShown);
    connect(members_, &MembersPane::secretShown, this, &AccessPage::secretShown);
    connect(toast_, &Toast::undoRequested, this, [this] {
        if (lastSaid_)
            lastSaid_->undo();
    });
    const QString last = settings.value(tabKey).toString();
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (last == QLatin1String(all_[i].key))
            tabs_->setCurrentIndex(static_cast<int>(i));
    }
    connect(tabs_, &QTabWidget::currentChanged, this, &AccessPage::tabChanged);
    tabChanged();
}

AccessPage::~AccessPage()
{
    disconnect(tabs_, nullptr, this, nullptr); // its pages go one by one
    session_.setAccessWatched(false);
}

void AccessPage::addTab(const char* key, const QString& title, AccessPane* pane)
{
    auto* inner = new QWidget(tabs_);
    auto* rows = new QVBoxLayout(inner);
    rows->setContentsMargins(metrics::mediumSpace, metrics::mediumSpace, metrics::mediumSpace, metrics::mediumSpace);
    rows->addWidget(pane);
    tabs_->addTab(inner, title);
    all_.push_back({key, pane});
    connect(pane, &AccessPane::said, this, [this, pane](const QString& sentence, bool canUndo) {
        lastSaid_ = pane;
        toast_->show(sentence, canUndo);
    });
    for (const QAction* action : pane->actions()) {
        if (action->shortcut() == QKeySequence(QKeySequence::Undo))
            connect(action, &QAction::triggered, toast_, &Toast::dismiss);
    }
}

void AccessPage::tabChanged()
{
    for (QAction* action : actions())
        removeAction(action);
    const Tab& tab = all_[static_cast<std::size_t>(tabs_->currentIndex())];
    addActions(tab.pane->actions());
    settings_.setValue(tabKey, QLatin1String(tab.key));
}

void AccessPage::setZone(const QTimeZone& zone)
{
    for (const Tab& tab : all_)
        tab.pane->setZone(zone);
}

std::vector<GotoTarget> AccessPage::targets()
{
    std::vector<GotoTarget> targets;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const QString key = QLatin1String(all_[i].key);
        targets.push_back(
            {tr("%1 · %2", "page, tab").arg(pageName(PageId::Access), tabs_->tabText(static_cast<int>(i)).remove(u'&')),
             QStringLiteral("access"), [this, key] { Q_EMIT goTo(PageId::Access, key); }});
        for (const auto& [id, text] : all_[i].pane->places()) {
            targets.push_back(
                {text, QStringLiteral("access"), [this, what = QString(key + u'/' + id)] { Q_EMIT goTo(PageId::Access, what); }});
        }
    }
    return targets;
}

void AccessPage::choose(const QString& what)
{
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const QString key = QLatin1String(all_[i].key);
        if (what != key && !what.startsWith(QString(key + u'/')))
            continue;
        tabs_->setCurrentIndex(static_cast<int>(i));
        if (what != key)
            all_[i].pane->choose(what.mid(key.size() + 1));
    }
}

void AccessPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    session_.setAccessWatched(true);
}

void AccessPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    session_.setAccessWatched(false);
}

} // namespace iotman::ui
