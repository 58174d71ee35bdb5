// The pages of the program, at the left of its window.
#pragma once

#include <QListWidget>

#include <optional>

namespace iotman {

/// 184 wide (more where a large font needs it), rows of 32: icon, name, and at the right how many there are. Up and Down move;
/// Ctrl+1 to Ctrl+7 are actions of the window. Connect currentRowChanged.
class NavigationList : public QListWidget {
    Q_OBJECT

public:
    explicit NavigationList(QWidget* parent = nullptr);

    /// Appends a page and returns its row.
    int addPage(const QString& iconName, const QString& name);

    /// How many things the page lists; none where that says nothing.
    void setPageCount(int row, std::optional<qint64> count);

    QSize sizeHint() const override;

protected:
    bool event(QEvent*) override;
    void changeEvent(QEvent*) override;

private:
    void fitWidth();
};

} // namespace iotman
