// The addresses of an endpoint that was just made.
#pragma once

#include "core/model/resources.h"

#include <QWidget>

#include <optional>

class QGridLayout;
class QLabel;
class QPushButton;

namespace iotman {
class CopyButton;
class ElidedLabel;
} // namespace iotman

namespace iotman::ui {

/// URL, stream URL and events URL, each with Copy, and the next steps.
class CreatedPage : public QWidget {
    Q_OBJECT

public:
    explicit CreatedPage(QWidget* parent = nullptr);

    void setEndpoint(const EndpointView& endpoint);
    const std::optional<EndpointView>& endpoint() const { return endpoint_; }
    void focusFirst();

Q_SIGNALS:
    void openInMonitor();
    void done();

private:
    struct Address {
        ElidedLabel* text;
        CopyButton* copy;
    };
    Address addAddress(QGridLayout* grid, const QString& name, const QString& copyName, const QString& note);

    std::optional<EndpointView> endpoint_;
    QLabel* title_;
    QLabel* access_;
    Address page_;
    Address stream_;
    Address events_;
    QPushButton* monitor_;
    QPushButton* done_;
};

} // namespace iotman::ui
