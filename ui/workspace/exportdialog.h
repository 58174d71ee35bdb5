// “Export workspace file”: the file that makes another workspace what this one is, to read, copy and save.
#pragma once

#include "core/client/call.h"

#include <QByteArray>
#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace iotman {
class BusyRing;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class Session;

/// Reads the file when it is made. What is saved and copied are the bytes of the server, those that `iotman-server export`
/// prints.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ExportDialog(Session& session, QWidget* parent = nullptr);

    const QByteArray& bytes() const { return bytes_; }
    /// Writes them to `path`; where that fails the message line says why.
    bool saveTo(const QString& path);

    QPlainTextEdit* text() const { return text_; }
    MessageLine* message() const { return message_; }
    QPushButton* copyButton() const { return copy_; }
    QPushButton* saveButton() const { return save_; }

private:
    void arrange();
    void load();
    void took(const Expected<std::string>& file);
    void copy();
    void save();

    Session& session_;
    client::Call call_;
    QByteArray bytes_;
    QString fileName_;
    QLabel* about_;
    BusyRing* ring_;
    MessageLine* message_;
    QPlainTextEdit* text_;
    QPushButton *copy_, *save_, *close_;
};

} // namespace iotman::ui
