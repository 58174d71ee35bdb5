#include "ui/look/focusring.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QFocusFrame>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QTabBar>

namespace iotman {

FocusRing::FocusRing(QObject* parent)
    : QObject(parent)
{
    connect(qApp, &QApplication::focusChanged, this, &FocusRing::follow);
}

FocusRing::~FocusRing()
{
    delete frame_.data();
}

int FocusRing::marginOf(const QWidget* widget)
{
    const bool outside = qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QAbstractSlider*>(widget);
    return outside ? 3 : 0;
}

bool FocusRing::wantsRing(const QWidget* widget)
{
    if (!widget || widget->isWindow() || widget->window()->windowType() == Qt::Popup || !widget->isEnabled())
        return false;
    return !qobject_cast<const QLineEdit*>(widget) && !qobject_cast<const QAbstractSpinBox*>(widget) &&
           !qobject_cast<const QComboBox*>(widget) && !qobject_cast<const QTabBar*>(widget) &&
           !qobject_cast<const QMenuBar*>(widget) && !qobject_cast<const QMenu*>(widget) && !qobject_cast<const QLabel*>(widget);
}

void FocusRing::follow(QWidget* previous, QWidget* now)
{
    if (previous)
        previous->update();
    if (now)
        now->update();
    if (!wantsRing(now)) {
        if (frame_)
            frame_->setWidget(nullptr);
        return;
    }
    if (!frame_)
        frame_ = new QFocusFrame;
    frame_->setWidget(now);
    if (!now->isVisible()) // it comes with the widget
        frame_->hide();
}

} // namespace iotman
