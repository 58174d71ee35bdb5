// The scopes of a workspace.
#pragma once

#include "ui/pages/accesspane.h"

class QAction;
class QSettings;

namespace iotman::ui {

class ListPane;

/// Makes and deletes scopes; one in use cannot be deleted, and the dialog names who uses it.
class ScopesPane : public AccessPane {
    Q_OBJECT

public:
    ScopesPane(Session& session, QSettings& settings, QWidget* parent = nullptr);

    void choose(const QString& id) override;
    std::vector<std::pair<QString, QString>> places() const override;
    void undo() override;

    ListPane* list() const { return list_; }
    QAction* newAction() const { return new_; }
    QAction* deleteAction() const { return delete_; }

protected:
    void reload() override;

private:
    void makeActions();
    void updateActions();
    std::vector<ScopeView> chosen() const;
    void openNew();
    void askDelete();
    void deleteAll(const std::vector<ScopeView>& scopes);

    ListPane* list_;
    std::vector<ScopeView> deleted_; ///< what undo makes again
    QAction *new_, *delete_, *copy_, *undo_;
};

} // namespace iotman::ui
