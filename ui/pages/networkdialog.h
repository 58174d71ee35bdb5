// Proxy and certificate authorities, for all connections.
#pragma once

#include "ui/pages/networkchoices.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace iotman {
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class NetworkDialog : public QDialog {
    Q_OBJECT

public:
    explicit NetworkDialog(const NetworkChoices& choices, QWidget* parent = nullptr);

    /// With the proxy's password, if one was typed.
    NetworkChoices choices() const;

private:
    void browse();
    void update();

    QComboBox* proxy_;
    QLineEdit* host_;
    QSpinBox* port_;
    QLineEdit *user_, *password_;
    QLineEdit* authorities_;
    MessageLine *proxyError_, *authoritiesError_;
    QPushButton* accept_;
};

} // namespace iotman::ui
