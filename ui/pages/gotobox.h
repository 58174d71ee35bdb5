// “Go to anything”: the search box at the top of the window.
#pragma once

#include <QLineEdit>

#include <functional>
#include <vector>

class QStandardItemModel;

namespace iotman::ui {

/// A place to go to.
struct GotoTarget {
    QString text; ///< “Seattle hourly · seattle-hourly”
    QString iconName;
    std::function<void()> follow; ///< goes there

    /// Whether all words of `typed` stand somewhere in the text, in whatever case and order.
    bool matches(const QString& typed) const;
};

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
