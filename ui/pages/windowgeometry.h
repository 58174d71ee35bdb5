// Where a window comes back.
#pragma once

#include <QList>
#include <QRect>

namespace iotman::ui {

/// `wanted`, moved and cut so that it lies on one of `screens` (their available parts; the first is the primary one): on the
/// one it shares most with, else on the primary one. Not smaller than `least` unless the screen is.
QRect onScreens(const QRect& wanted, const QList<QRect>& screens, const QSize& least);

} // namespace iotman::ui
