// One line of text that is cut in the middle where it does not fit: URLs, ids, paths.
#pragma once

#include <QFrame>

namespace iotman {

/// The whole text stands in the tooltip while it is cut, and always in the accessible name.
class ElidedLabel : public QFrame {
    Q_OBJECT

public:
    explicit ElidedLabel(QString text = {}, QWidget* parent = nullptr);

    void setText(QString text);
    const QString& text() const { return text_; }

    void setElideMode(Qt::TextElideMode mode);

    bool isElided() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
    bool event(QEvent*) override;
    void changeEvent(QEvent*) override;

private:
    QString text_;
    Qt::TextElideMode mode_ = Qt::ElideMiddle;
};

} // namespace iotman
