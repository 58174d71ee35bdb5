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

class TryItPane;

/// Its name, who may read it, and tabs. Without an endpoint it says what would stand here.
class EndpointDetails : public QWidget {
    Q_OBJECT

public:
    explicit EndpointDetails(Session& session, QWidget* parent = nullptr);

    void setEndpoint(const std::optional<EndpointView>& endpoint);
    void setZone(const QTimeZone& zone);
    TryItPane* tryIt() const { return tryIt_; }

private:
    QStackedWidget* stack_;
    QLabel* title_;
    Badge* access_;
    QLabel* streams_;
    QTabWidget* tabs_;
    TryItPane* tryIt_;
};

} // namespace iotman::ui
