// A dialog that asks for a few values and sends them: fields above, an error line, the reason why not, two buttons.
#pragma once

#include "ui/pages/session.h"

#include <QDialog>

class QFormLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace iotman {
class BusyRing;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class ReasonLine;

/// Derived classes add their fields and say what they make of them. A write that fails keeps the dialog open with its texts.
class FormDialog : public QDialog {
    Q_OBJECT

public:
    /// `button` names what happens: “Create scope”. `action` is what the role needs.
    FormDialog(Session& session, Action action, const QString& title, const QString& button, QWidget* parent);

protected:
    /// Adds a field with its label above it; a note may follow with addNote.
    void addField(const QString& label, QWidget* field);
    QLabel* addNote(const QString& text = {});
    void addWidget(QWidget* widget);
    MessageLine* addFieldError();

    /// Something was edited, or role or connection changed: texts, errors, and why there is nothing to send (empty: there is).
    virtual QString check() = 0;
    virtual void send() = 0;
    /// The fields that a role without permission, or a request under way, takes away.
    virtual QList<QWidget*> fields() const = 0;

    /// Calls check and enables what may be used.
    void update();
    /// While a request is under way, which does what the button says, or `what`. Call answered when it has ended.
    void sending(const QString& what = {});
    bool isSending() const { return sending_; }
    /// An error keeps the dialog open, nothing closes it.
    void answered(const std::optional<Error>& error);

    Session& session() const { return session_; }

private:
    Session& session_;
    Action action_;
    bool sending_ = false;
    QString what_;
    QVBoxLayout* column_;
    MessageLine* error_;
    ReasonLine* reason_;
    BusyRing* busy_;
    QPushButton* cancel_;
    QPushButton* button_;
};

} // namespace iotman::ui
