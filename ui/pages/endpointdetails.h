// What can be done with the chosen endpoint, beside the table.
#pragma once

#include "ui/pages/session.h"

#include <QTimeZone>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTabWidget;

namespace iotman {
class Badge;
} // namespace iotman

namespace iotman::ui {

class AskPane;
class CodePane;
class TryItPane;

/// Its name, who may read it, and tabs. Without an endpoint it says what would stand here.
class EndpointDetails : public QWidget {
    Q_OBJECT

public:
    explicit EndpointDetails(Session& session, QWidget* parent = nullptr);

    void setEndpoint(const std::optional<EndpointView>& endpoint);
    void setZone(const QTimeZone& zone);
    TryItPane* tryIt() const { return tryIt_; }
    CodePane* code() const { return code_; }
    AskPane* ask() const { return ask_; }

private:
    void addOrigin(const QString& origin);

    Session& session_;
    QStackedWidget* stack_;
    QLabel* title_;
    Badge* access_;
    QLabel* streams_;
    QTabWidget* tabs_;
    TryItPane* tryIt_;
    CodePane* code_;
    AskPane* ask_;
};

} // namespace iotman::ui
