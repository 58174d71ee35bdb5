// The certificate by which this program shows a server who it is: its files, its passphrase, and what is in them.
#pragma once

#include "ui/pages/certificatefiles.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace iotman {
class MessageLine;
} // namespace iotman

namespace iotman::ui {

/// Asks; whoever opened it keeps what it says when it is accepted.
class ClientCertificateDialog : public QDialog {
    Q_OBJECT

public:
    /// `kept`: the passphrase that opens `files` so far; it is used until another is typed. Certificates are judged at `now`.
    ClientCertificateDialog(const CertificateFiles& files, client::Secret kept, Timestamp now, QWidget* parent = nullptr);

    CertificateFiles files() const;
    client::Secret passphrase() const;
    bool wantsVault() const;

private:
    QLineEdit* addFile(QVBoxLayout* column, const QString& label, const QString& filter, MessageLine*& error);
    /// Reads the files as they are named now.
    void read();
    void showFound(const Expected<client::ClientCertificate>& found);

    client::Secret kept_;
    Timestamp now_;
    QLineEdit *certificate_, *key_, *passphrase_;
    MessageLine *certificateError_, *keyError_, *passphraseError_;
    MessageLine* found_;
    QCheckBox* keep_;
    QPushButton* accept_;
    bool isReading_ = false;
    bool isStale_ = false; ///< something was typed since the reading began
};

} // namespace iotman::ui
