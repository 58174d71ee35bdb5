// The box above a list that narrows it.
#pragma once

#include <QLineEdit>

namespace iotman {

/// A line edit with a filter icon and a button that clears it; Escape clears it too. Connect textChanged.
class FilterBox : public QLineEdit {
    Q_OBJECT

public:
    /// `placeholder` names what is filtered ("Filter endpoints") and is the accessible name.
    explicit FilterBox(const QString& placeholder, QWidget* parent = nullptr);

    QSize sizeHint() const override;

Q_SIGNALS:
    /// It has the focus now: somebody is about to type.
    void entered();

protected:
    void focusInEvent(QFocusEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
};

} // namespace iotman
