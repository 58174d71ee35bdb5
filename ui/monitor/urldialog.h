// Asks for an endpoint elsewhere: its address and, where it is not public, a client's sign-in.
#pragma once

#include "core/client/address.h"
#include "core/client/tokensource.h"

#include <QDialog>

#include <optional>

class QLabel;
class QLineEdit;
class QPushButton;

namespace iotman {

class UrlDialog : public QDialog {
    Q_OBJECT

public:
    explicit UrlDialog(QWidget* parent = nullptr);

    /// What was typed. Errors: BadRequest, one sentence.
    Expected<client::EndpointAddress> address() const;
    /// Nothing for a public endpoint. The token endpoint is the server's own unless one was typed.
    std::optional<client::Credentials> credentials() const;

private:
    void check();

    QLineEdit *url_, *tokenUrl_, *id_, *secret_;
    QLabel* message_;
    QPushButton* add_;
};

} // namespace iotman
