// Who signs in, and with what.
#pragma once

#include "ui/pages/connection.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace iotman::ui {

/// Asks for the access key, or a client's secret. Whoever opened it signs in when it is accepted.
class SignInDialog : public QDialog {
    Q_OBJECT

public:
    /// `reason`: why the last try failed; empty: there was none.
    SignInDialog(const ConnectionInfo& connection, const QString& reason, QWidget* parent = nullptr);

    QString user() const;
    client::Secret key() const;
    bool wantsVault() const;

private:
    void update();

    QLineEdit* user_;
    QLineEdit* key_;
    QCheckBox* keep_;
    QPushButton* accept_;
};

} // namespace iotman::ui
