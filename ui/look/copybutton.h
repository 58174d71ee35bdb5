// A button that copies one text.
#pragma once

#include <QTimer>
#include <QToolButton>

namespace iotman {

/// Copies its text to the clipboard when it is pressed and shows a check mark for a moment.
class CopyButton : public QToolButton {
    Q_OBJECT

public:
    /// `what` names the text in tooltip and accessible name: "Copy URL".
    explicit CopyButton(const QString& what, QWidget* parent = nullptr);

    /// Without a text there is nothing to copy, and the button is disabled.
    void setCopyText(QString text);
    const QString& copyText() const { return text_; }

Q_SIGNALS:
    void copied();

private:
    void copy();
    void showRest();

    QString what_;
    QString text_;
    QTimer rest_{this}; ///< until the check mark goes
};

} // namespace iotman
