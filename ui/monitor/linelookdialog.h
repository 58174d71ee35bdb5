// Asks how a line is to be called and drawn.
#pragma once

#include "ui/monitor/linelook.h"

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;

namespace iotman {

class LineLookDialog : public QDialog {
    Q_OBJECT

public:
    /// `fieldName`: what the line is called where no name is given.
    LineLookDialog(const LineLook& look, const QString& fieldName, QWidget* parent);

    LineLook look() const;

private:
    QLineEdit* name_;
    QComboBox* color_;
    QComboBox* dash_;
    QDoubleSpinBox* width_;
};

} // namespace iotman
