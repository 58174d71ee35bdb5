// The switcher at the top left: which workspace this is, and where.
#pragma once

#include "ui/pages/connection.h"

#include <QPushButton>

namespace iotman::ui {

/// The environment's chip, the workspace's name and, dim, the connection's. Give it a menu.
class ConnectionButton : public QPushButton {
    Q_OBJECT

public:
    explicit ConnectionButton(QWidget* parent = nullptr);

    void setConnection(Environment environment, const QString& workspace, const QString& connection);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;

private:
    Environment environment_ = Environment::Local;
    QString workspace_;
    QString connection_;
};

} // namespace iotman::ui
