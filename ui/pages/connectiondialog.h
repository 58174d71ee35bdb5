// A connection: a new one, or one that is changed.
#pragma once

#include "ui/pages/certificatefiles.h"
#include "ui/pages/connectiontexts.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace iotman {
class MessageLine;
} // namespace iotman

namespace iotman::ui {

/// Asks; whoever opened it saves what it says when it is accepted.
class ConnectionDialog : public QDialog {
    Q_OBJECT

public:
    /// `begin`: what the fields begin with; with an id it is one that is changed. Certificates are judged at `now`.
    ConnectionDialog(const std::optional<ConnectionInfo>& begin, Timestamp now, QWidget* parent = nullptr);
    /// What opens the client certificate it began with; it may come late.
    void setPassphrase(const client::Secret& passphrase);

    /// What was entered, with the id and pinned certificate it began with. Its key is empty where none was typed.
    ConnectionInfo connection() const;
    bool wantsVault() const;
    /// Another client certificate was chosen, or none instead of one.
    bool hasNewCertificate() const { return newCertificate_; }
    client::Secret passphrase() const { return passphrase_; }
    bool wantsPassphraseInVault() const { return passphraseInVault_; }

Q_SIGNALS:
    void removeRequested(); ///< the dialog is closed by then

private:
    QLineEdit* addField(QVBoxLayout* column, QLabel*& label, const QString& text);
    MessageLine* addError(QVBoxLayout* column);
    ConnectionFields fields() const;
    void update();
    void chooseCertificate();
    void showCertificate();

    std::optional<ConnectionInfo> begin_;
    Timestamp now_;
    QComboBox* kind_;
    QComboBox* environment_;
    QLineEdit *name_, *url_, *user_, *key_, *tokenEndpoint_;
    QLabel *nameLabel_, *urlLabel_, *userLabel_, *keyLabel_, *tokenLabel_;
    MessageLine *urlError_, *userError_, *tokenError_;
    MessageLine *urlNote_, *certificateError_;
    QLabel* certificateNote_;
    int certificateShown_ = 0; ///< how often it was read
    QCheckBox* keep_;
    QPushButton* forgetPin_;
    QPushButton* accept_;
    QByteArray pinned_;
    CertificateFiles certificate_;
    client::Secret passphrase_;
    bool newCertificate_ = false;
    bool passphraseInVault_ = true;
};

} // namespace iotman::ui
