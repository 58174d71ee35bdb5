// What is read of this computer, and how often.
#pragma once

#include "ui/sources/sourceform.h"

class QCheckBox;

namespace iotman::ui {

class NumberEdit;

class ComputerForm : public SourceForm {
    Q_OBJECT

public:
    explicit ComputerForm(QWidget* parent = nullptr);

    void setSettings(const Json& settings) override;
    Json settings(Json kept) const override;

private:
    NumberEdit* interval_;
    QList<QCheckBox*> metrics_;
};

} // namespace iotman::ui
