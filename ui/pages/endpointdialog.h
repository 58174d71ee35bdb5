// A new endpoint: what it serves, who may read it, and where it is then.
#pragma once

#include "ui/pages/endpointtexts.h"
#include "ui/pages/session.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace iotman {
class BusyRing;
class ElidedLabel;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class CreatedPage;
class JsonTreeModel;
class ReasonLine;
class ScopeCombo;

/// Asks, creates, and shows the three addresses. What the server refuses stands beside the fields, and nothing typed is lost.
class EndpointDialog : public QDialog {
    Q_OBJECT

public:
    explicit EndpointDialog(Session& session, const QTimeZone& zone, QWidget* parent = nullptr);

Q_SIGNALS:
    void created(const iotman::EndpointView& endpoint);
    void openInMonitor(const iotman::EndpointView& endpoint); ///< the dialog is closed by then

private:
    QWidget* formColumn();
    QWidget* itemColumn();
    QWidget* footer();
    void fillOutputs();
    void outputChosen();
    void showLatest(const Expected<std::optional<client::Item>>& item);
    void update();
    void create();
    void answered(Expected<EndpointView> made);
    EndpointFields fields() const;
    const OutputView* output() const;
    ReadingContext context() const;

    Session& session_;
    QTimeZone zone_;
    bool creating_ = false;

    QStackedWidget* stack_;
    CreatedPage* createdPage_;
    QComboBox* outputs_;
    QLabel* outputNote_;
    QLabel* rule_;
    ScopeCombo* scopes_;
    QLabel* scopeNote_;
    QLineEdit* id_;
    MessageLine* idError_;
    MessageLine* error_;
    QLabel* latestAt_;
    JsonTreeModel* itemModel_;
    QTreeView* item_;
    QLabel* itemNote_;
    BusyRing* busy_;
    ReasonLine* reason_;
    QPushButton* cancel_;
    QPushButton* create_;
};

} // namespace iotman::ui
