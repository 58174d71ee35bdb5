// The line of a dialog that says why it cannot be used.
#pragma once

#include "ui/pages/session.h"

#include <QWidget>

class QLabel;

namespace iotman::ui {

/// A lock and a sentence, left of a dialog's buttons. Hidden while nothing is refused.
class ReasonLine : public QWidget {
    Q_OBJECT

public:
    explicit ReasonLine(QWidget* parent = nullptr);

    void setPermit(const Permit& permit);
    QString text() const;

protected:
    void paintEvent(QPaintEvent*) override;

private:
    QLabel* label_;
};

} // namespace iotman::ui
