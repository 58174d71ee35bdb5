// The question before something is deleted.
#pragma once

#include "ui/pages/deletequestion.h"

#include <QDialog>

#include <functional>

class QLineEdit;
class QPushButton;

namespace iotman::ui {

/// Says what stops and what stays. Accepted: go on. In production the name has to be typed first; what is still in use is listed
/// and cannot be deleted.
class DeleteDialog : public QDialog {
    Q_OBJECT

public:
    explicit DeleteDialog(const DeleteQuestion& question, QWidget* parent = nullptr);

private:
    void updateAllowed();

    DeleteQuestion question_;
    QPushButton* delete_;
    QPushButton* cancel_;
    QLineEdit* typed_ = nullptr;
};

/// Shows the question over `parent` and calls `accepted` when the answer is to go on.
void ask(const DeleteQuestion& question, QWidget* parent, const std::function<void()>& accepted);

} // namespace iotman::ui
