// Who may read endpoints that exist already.
#pragma once

#include "ui/pages/session.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace iotman::ui {

class ReasonLine;
class ScopeCombo;

/// Chooses another required scope. It only asks; whoever opened it makes the change when it is accepted.
class AccessDialog : public QDialog {
    Q_OBJECT

public:
    AccessDialog(Session& session, const std::vector<EndpointView>& endpoints, QWidget* parent = nullptr);

    std::optional<ScopeName> scope() const;

private:
    void update();

    Session& session_;
    std::vector<EndpointView> endpoints_;
    ScopeCombo* combo_;
    QLabel* note_;
    ReasonLine* reason_;
    QPushButton* change_;
};

} // namespace iotman::ui
