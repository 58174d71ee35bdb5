// Which endpoint elsewhere is mirrored, and how to sign in there.
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

private:
    void showSignIn();
    void proposeTokenEndpoint();
    std::string nearer(const std::string& pointer) const;
    const QLineEdit* untyped(const std::string& pointer) const;

    QLineEdit* url_;
    QCheckBox* needsToken_;
    QLineEdit* tokenEndpoint_;
    QLineEdit* client_;
    QLineEdit* secret_;
    bool isSecretKept_ = false; ///< on the server
};

} // namespace iotman::ui
