// The OAuth2 clients of a workspace.
#pragma once

#include "ui/pages/accesspane.h"
#include "ui/pages/secretdialog.h"

class QAction;
class QSettings;

namespace iotman::ui {

class ListPane;

/// Makes, copies, changes, switches and deletes clients, and gives them new secrets. A secret is shown once.
class ClientsPane : public AccessPane {
    Q_OBJECT

public:
    ClientsPane(Session& session, QSettings& settings, QWidget* parent = nullptr);

    void choose(const QString& id) override;
    std::vector<std::pair<QString, QString>> places() const override;

    ListPane* list() const { return list_; }
    QAction* newAction() const { return new_; }
    QAction* secretAction() const { return secret_; }
    QAction* disableAction() const { return disable_; }

Q_SIGNALS:
    /// A dialog that shows a secret is open: who has a keychain may offer it.
    void secretShown(iotman::ui::SecretDialog* dialog);

protected:
    void reload() override;

private:
    void makeActions();
    void updateActions();
    std::vector<ClientView> chosen() const;
    std::optional<ClientView> current() const;
    void openNew();
    void openCopy();
    void openChange();
    void askSecret();
    void showSecret(const ClientView& client);
    void askDelete();
    void setEnabledAll(bool enabled);
    void failed(const QString& what, const Error& error);

    ListPane* list_;
    QAction *new_, *delete_, *copyId_, *secret_, *change_, *copy_, *enable_, *disable_;
};

} // namespace iotman::ui
