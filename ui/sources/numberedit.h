// A number as it is typed, with all its digits.
#pragma once

#include "core/model/json.h"

#include <QLineEdit>

namespace iotman::ui {

/// Takes the decimal mark of the program's language, and a point. Judges nothing: what is no number goes on as a text.
class NumberEdit : public QLineEdit {
    Q_OBJECT

public:
    explicit NumberEdit(const QString& name, QWidget* parent = nullptr);

    void setNumber(double number);
    /// As `value` gave it; nothing there: `fallback`.
    void setValue(const Json& value, double fallback);
    /// Where it was set and not edited, the very number.
    Json value() const;

private:
    double number_ = 0;
    QString shown_;
};

} // namespace iotman::ui
