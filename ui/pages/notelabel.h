// The small dim sentence below a field.
#pragma once

#include "ui/look/fonts.h"

#include <QLabel>

namespace iotman::ui {

/// It wraps. `text` may follow later.
inline QLabel* noteLabel(const QString& text, QWidget* parent)
{
    auto* note = new QLabel(text, parent);
    note->setFont(noteFont());
    note->setForegroundRole(QPalette::PlaceholderText);
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    return note;
}

} // namespace iotman::ui
