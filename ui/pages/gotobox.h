// “Go to anything”: the search box at the top of the window.
#pragma once

#include "ui/pages/gototarget.h"

#include <QLineEdit>

#include <vector>

class QStandardItemModel;

namespace iotman::ui {

/// Lists the targets that match while somebody types; Down chooses, Enter follows, Escape leaves.
class GotoBox : public QLineEdit {
    Q_OBJECT

public:
    explicit GotoBox(QWidget* parent = nullptr);

    /// Asked for anew whenever the box gets the focus.
    void setTargets(std::function<std::vector<GotoTarget>()> targets);

    QSize sizeHint() const override;

protected:
    void focusInEvent(QFocusEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void paintEvent(QPaintEvent*) override;

private:
    void list();
    void follow(int row);

    std::function<std::vector<GotoTarget>()> ask_;
    std::vector<GotoTarget> targets_;
    std::vector<std::size_t> listed_; ///< rows of the popup, as indices of targets_
    QStandardItemModel* model_;
};

} // namespace iotman::ui
