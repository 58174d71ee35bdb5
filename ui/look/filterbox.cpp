#include "ui/look/filterbox.h"

#include "ui/look/icons.h"

#include <QAction>
#include <QKeyEvent>

namespace iotman {

FilterBox::FilterBox(const QString& placeholder, QWidget* parent)
    : QLineEdit(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    setClearButtonEnabled(true);
    // What stands inside the box is read out, too.
    addAction(icon(u"filter", &Extras::dimText), QLineEdit::LeadingPosition)->setText(placeholder);
    if (auto* clear = findChild<QAction*>(QStringLiteral("_q_qlineeditclearaction")))
        clear->setText(tr("Clear the filter"));
}

QSize FilterBox::sizeHint() const
{
    constexpr int iconRoom = 64; // the filter icon, the button that clears, and the margins
    const int text = fontMetrics().horizontalAdvance(placeholderText());
    return {qMax(210, text + iconRoom), QLineEdit::sizeHint().height()};
}

void FilterBox::focusInEvent(QFocusEvent* event)
{
    QLineEdit::focusInEvent(event);
    Q_EMIT entered();
}

void FilterBox::keyPressEvent(QKeyEvent* event)
{
    // An empty box leaves Escape to its dialog.
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        event->accept();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace iotman
