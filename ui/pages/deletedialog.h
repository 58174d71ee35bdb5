// The question before endpoints are deleted.
#pragma once

#include "ui/pages/endpointtexts.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace iotman::ui {

/// Says what stops and what stays. Accepted: delete. In production the name has to be typed first.
class DeleteDialog : public QDialog {
    Q_OBJECT

public:
    explicit DeleteDialog(const DeleteQuestion& question, QWidget* parent = nullptr);

private:
    QPushButton* delete_;
    QLineEdit* typed_ = nullptr;
};

} // namespace iotman::ui
