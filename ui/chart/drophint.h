// Where something that is dragged would go. Private to ui/chart.
#pragma once

#include <QWidget>

namespace iotman {

class DropHint : public QWidget {
    Q_OBJECT

public:
    /// Hidden at first.
    explicit DropHint(QWidget* parent);
    void showAt(const QRect& place, const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString text_;
};

} // namespace iotman
