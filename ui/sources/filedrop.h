// Files dropped on a window.
#pragma once

#include <QObject>

class QWidget;

namespace iotman::ui {

/// Lets files be dropped on `window`, which owns it: `dropped` gets the first one's path.
class FileDrop : public QObject {
    Q_OBJECT

public:
    explicit FileDrop(QWidget* window);

Q_SIGNALS:
    void dropped(const QString& path);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace iotman::ui
