// The people who manage a workspace.
#pragma once

#include "ui/pages/accesspane.h"
#include "ui/pages/secretdialog.h"

class QAction;
class QSettings;

namespace iotman::ui {

class ListPane;

/// Adds and removes members, changes their roles and gives them new access keys. A key is shown once.
class MembersPane : public AccessPane {
    Q_OBJECT

public:
    MembersPane(Session& session, QSettings& settings, QWidget* parent = nullptr);

    void choose(const QString& id) override;
    std::vector<std::pair<QString, QString>> places() const override;

    ListPane* list() const { return list_; }
    QAction* addMemberAction() const { return add_; }
    QAction* keyAction() const { return key_; }

Q_SIGNALS:
    void secretShown(iotman::ui::SecretDialog* dialog);

protected:
    void reload() override;

private:
    void makeActions();
    void updateActions();
    std::vector<MemberView> chosen() const;
    std::optional<MemberView> current() const;
    void openAdd();
    void openRole();
    void askKey();
    bool isSelf(const MemberView& member) const;
    void showKey(const MemberView& member);
    void askRemove();
    void failed(const QString& what, const Error& error);

    ListPane* list_;
    QAction *add_, *remove_, *key_, *role_;
};

} // namespace iotman::ui
