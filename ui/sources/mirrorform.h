// Which endpoint elsewhere is mirrored, how to sign in there, and whose tokens open what it brings.
#pragma once

#include "ui/sources/sourceform.h"

class QCheckBox;
class QLineEdit;

namespace iotman::ui {

class MirrorForm : public SourceForm {
    Q_OBJECT

public:
    explicit MirrorForm(QWidget* parent = nullptr);

    void setSettings(const Json& settings) override;
    /// A secret that is set stays while none is typed.
    Json settings(Json kept) const override;
    QString showFault(const std::string& pointer) override;

    QLineEdit* url() const { return url_; }
    QCheckBox* needsToken() const { return needsToken_; }
    QLineEdit* tokenEndpoint() const { return tokenEndpoint_; }
    QLineEdit* client() const { return client_; }
    QLineEdit* secret() const { return secret_; }
    QCheckBox* trustsIssuer() const { return trustsIssuer_; }
    QLineEdit* issuer() const { return issuer_; }
    QLineEdit* audience() const { return audience_; }
    QLineEdit* keys() const { return keys_; }

private:
    void addSignIn();
    void addIssuer();
    MessageLine* add(const QString& label, QLineEdit* field, const QString& name);
    void addPart(QCheckBox* box, const std::vector<QLineEdit*>& fields);
    void propose(QLineEdit* field, const char* path) const;
    std::string nearer(const std::string& pointer) const;
    const QLineEdit* untyped(const std::string& pointer) const;

    QLineEdit* url_;
    QCheckBox* needsToken_;
    QLineEdit* tokenEndpoint_;
    QLineEdit* client_;
    QLineEdit* secret_;
    QCheckBox* trustsIssuer_;
    QLineEdit* issuer_;
    QLineEdit* audience_;
    QLineEdit* keys_;
    bool isSecretKept_ = false; ///< on the server
};

} // namespace iotman::ui
