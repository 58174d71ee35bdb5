// How the connection is doing: a dot and a word.
#pragma once

#include "ui/pages/connection.h"

#include <QToolButton>

namespace iotman::ui {

/// Its tooltip tells the reason; a click reads everything again.
class StateLabel : public QToolButton {
    Q_OBJECT

public:
    explicit StateLabel(QWidget* parent = nullptr);

    void setState(const ConnectionState& state, const QString& word);

private:
    void changeEvent(QEvent*) override;
    void showDot();

    Phase phase_ = Phase::Connecting;
};

} // namespace iotman::ui
