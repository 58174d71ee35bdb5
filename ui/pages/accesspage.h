// The page Access: who may do what, and with which secrets.
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/secretdialog.h"
#include "ui/pages/session.h"

class QSettings;
class QTabWidget;

namespace iotman {
class Toast;
} // namespace iotman

namespace iotman::ui {

class AccessPane;
class AuditPane;
class ClientsPane;
class KeysPane;
class MembersPane;
class ScopesPane;

/// Scopes, clients, members, keys and the audit log, a tab each. The actions of the tab that is shown are the page's.
class AccessPage : public Page {
    Q_OBJECT

public:
    AccessPage(Session& session, QSettings& settings, QWidget* parent = nullptr);
    ~AccessPage() override;

    void setZone(const QTimeZone& zone) override;
    std::vector<GotoTarget> targets() override;
    /// `what` is a tab and what to choose there: “clients/grafana”.
    void choose(const QString& what) override;

    ScopesPane* scopes() const { return scopes_; }
    ClientsPane* clients() const { return clients_; }
    MembersPane* members() const { return members_; }
    KeysPane* keys() const { return keys_; }
    AuditPane* audit() const { return audit_; }
    QTabWidget* tabs() const { return tabs_; }

Q_SIGNALS:
    void secretShown(iotman::ui::SecretDialog* dialog);

protected:
    void showEvent(QShowEvent*) override;
    void hideEvent(QHideEvent*) override;

private:
    struct Tab {
        const char* key;
        AccessPane* pane;
    };
    void addTab(const char* key, const QString& title, AccessPane* pane);
    void tabChanged();

    Session& session_;
    QSettings& settings_;
    QTabWidget* tabs_;
    ScopesPane* scopes_;
    ClientsPane* clients_;
    MembersPane* members_;
    KeysPane* keys_;
    AuditPane* audit_;
    std::vector<Tab> all_;
    Toast* toast_;
    AccessPane* lastSaid_ = nullptr; ///< whose word the toast shows
};

} // namespace iotman::ui
