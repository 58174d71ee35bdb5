// What a page shows while it has nothing: what belongs here, and the button that makes it.
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QPushButton;

namespace iotman {

/// Centred and 420 wide: an icon, a bold line, a sentence, and the default button of the page.
class EmptyPage : public QWidget {
    Q_OBJECT

public:
    EmptyPage(const QString& iconName, const QString& title, const QString& sentence, QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& sentence);

    /// The button does what `action` does, and shows its text, icon, tooltip and whether it is enabled (see setAllowed).
    /// Without an action there is no button. The action stays its owner's.
    void setAction(QAction* action);
    QPushButton* button() const { return button_; }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    void follow(const QAction*);

    QString iconName_;
    QWidget* column_;
    QLabel* title_;
    QLabel* sentence_;
    QPushButton* button_;
    QMetaObject::Connection changed_;
    QMetaObject::Connection clicked_;
};

} // namespace iotman
