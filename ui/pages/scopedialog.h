// A new scope.
#pragma once

#include "ui/pages/formdialog.h"

class QLineEdit;

namespace iotman::ui {

class ScopeDialog : public FormDialog {
    Q_OBJECT

public:
    explicit ScopeDialog(Session& session, QWidget* parent = nullptr);

Q_SIGNALS:
    void created(const iotman::ScopeView& scope); ///< the dialog is closed by then

protected:
    QString check() override;
    void send() override;
    QList<QWidget*> fields() const override;

private:
    QLineEdit* name_;
    QLineEdit* description_;
    MessageLine* nameError_;
};

} // namespace iotman::ui
