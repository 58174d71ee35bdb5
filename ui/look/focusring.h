// One ring that follows the keyboard focus from widget to widget, so that it can always be seen.
#pragma once

#include <QObject>
#include <QPointer>

class QFocusFrame;
class QWidget;

namespace iotman {

/// Puts a QFocusFrame round the widget with the focus: outside of buttons and sliders, on the border of views and other
/// large widgets. Inputs, tabs and menus show the focus themselves.
class FocusRing : public QObject {
    Q_OBJECT

public:
    explicit FocusRing(QObject* parent);
    ~FocusRing() override;

    /// How far outside of `widget` its ring lies, in pixels.
    static int marginOf(const QWidget* widget);

private:
    void follow(QWidget* previous, QWidget* now);
    static bool wantsRing(const QWidget*);

    QPointer<QFocusFrame> frame_; ///< dies with the window it was last in
};

} // namespace iotman
