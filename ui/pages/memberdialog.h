// A new member, or another role for one.
#pragma once

#include "ui/pages/formdialog.h"

class QComboBox;
class QLineEdit;

namespace iotman::ui {

class MemberDialog : public FormDialog {
    Q_OBJECT

public:
    /// `member`: whose role is changed; nothing: a new one.
    MemberDialog(Session& session, const std::optional<MemberView>& member, QWidget* parent = nullptr);

Q_SIGNALS:
    void created(const iotman::MemberView& member); ///< with the access key; the dialog is closed by then
    void changed(const iotman::MemberView& member); ///< the same

protected:
    QString check() override;
    void send() override;
    QList<QWidget*> fields() const override;

private:
    Role role() const;

    std::optional<MemberView> member_;
    QLineEdit* email_;
    MessageLine* emailError_;
    QComboBox* role_;
    QLabel* roleNote_;
};

} // namespace iotman::ui
