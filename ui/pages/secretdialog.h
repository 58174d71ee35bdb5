// A secret, this once.
#pragma once

#include "core/client/secret.h"

#include <QDialog>

class QGridLayout;
class QPushButton;
class QLineEdit;

namespace iotman {
class CopyButton;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

/// What is handed over, and the words around it.
struct HandedSecret {
    QString title;   ///< “The client “Grafana” can sign in now.”
    QString idLabel; ///< “Client id”
    QString id;
    QString secretLabel; ///< “Secret”
    client::Secret secret;
    QString wayOut; ///< what to do when it gets lost: “Lost, it can be replaced with New secret.”
};

/// Shows id and secret, each with Copy. Closing it before the secret was copied takes a question, so that a stray key does not
/// lose it. Afterwards it is nowhere in the program.
class SecretDialog : public QDialog {
    Q_OBJECT

public:
    explicit SecretDialog(HandedSecret handed, QWidget* parent = nullptr);

    /// Offers the keychain.
    void setStorable();
    /// How storing went: nothing, or why it did not.
    void setStored(const QString& error);

    void done(int result) override;

Q_SIGNALS:
    /// “Store in this computer’s keychain” was pressed. Answer with setStored.
    void storeRequested(const QString& id, const iotman::client::Secret& secret);

protected:
    void keyPressEvent(QKeyEvent*) override;

private:
    QLineEdit* addValue(QGridLayout* grid, const QString& name, const QString& value, const QString& copyName);
    void copied();
    bool mayClose();

    HandedSecret handed_;
    bool safe_ = false; ///< copied or stored
    MessageLine* message_;
    QPushButton* store_;
    QPushButton* done_;
};

} // namespace iotman::ui
