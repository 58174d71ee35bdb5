// A short word about what was just done, with the way back.
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace iotman {

/// Lies at the bottom right of a page for 6 s and waits while the pointer or the focus is on it. Never used for an error.
/// One toast serves a page: a new message takes the place of the one before, whose way back is then gone from the toast
/// (Ctrl+Z of the page still has it).
class Toast : public QWidget {
    Q_OBJECT

public:
    /// `page` is the parent, whose corner it keeps to. Hidden until the first message.
    explicit Toast(QWidget* page);

    /// Shows `sentence` ("Endpoint deleted."). With `canUndo` a button offers to undo it.
    void show(const QString& sentence, bool canUndo);
    void dismiss();

    QPushButton* undoButton() const { return undo_; }

Q_SIGNALS:
    void undoRequested(); ///< the toast is gone by then
    void dismissed();     ///< for whatever reason

protected:
    bool eventFilter(QObject*, QEvent*) override;
    void enterEvent(QEnterEvent*) override;
    void leaveEvent(QEvent*) override;
    void paintEvent(QPaintEvent*) override;
    void keyPressEvent(QKeyEvent*) override;

private:
    void place();
    void waitOrGo();

    QLabel* label_;
    QPushButton* undo_;
    QTimer time_{this};
};

} // namespace iotman
