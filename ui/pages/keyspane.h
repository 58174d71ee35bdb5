// What others need to check this workspace's tokens, and the key that signs them.
#pragma once

#include "ui/pages/accesspane.h"

class QAction;
class QGridLayout;
class QLabel;
class QListWidget;

namespace iotman {
class CopyButton;
class ElidedLabel;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class KeysPane : public AccessPane {
    Q_OBJECT

public:
    explicit KeysPane(Session& session, QWidget* parent = nullptr);

    QAction* rotateAction() const { return rotate_; }
    /// The ids of the keys that are published, as last read.
    QStringList published() const;

protected:
    void reload() override;

private:
    struct Value {
        ElidedLabel* text;
        CopyButton* copy;
    };
    Value addValue(QGridLayout* grid, const QString& name, const QString& copyName, const QString& note);
    void readKeys();
    void showKeys(const Expected<client::HttpAnswer>& answer);
    void askRotate();

    QAction *rotate_, *copyId_;
    Value id_, issuer_, token_, jwks_, metadata_;
    QListWidget* keys_;
    QLabel* keysNote_;
    MessageLine* message_;
    QString signing_; ///< the id that the last rotation answered; empty until then
    client::Call reading_;
};

} // namespace iotman::ui
