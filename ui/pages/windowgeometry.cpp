#include "ui/pages/windowgeometry.h"

#include <algorithm>

namespace iotman::ui {

QRect onScreens(const QRect& wanted, const QList<QRect>& screens, const QSize& least)
{
    if (screens.isEmpty())
        return wanted;
    const auto shared = [&](const QRect& screen) {
        const QRect both = screen & wanted;
        return both.isEmpty() ? 0LL : static_cast<long long>(both.width()) * both.height();
    };
    const QRect screen =
        *std::max_element(screens.begin(), screens.end(), [&](const QRect& a, const QRect& b) { return shared(a) < shared(b); });
    const QSize size = wanted.size().expandedTo(least).boundedTo(screen.size());
    const int left = std::clamp(wanted.left(), screen.left(), screen.left() + screen.width() - size.width());
    const int top = std::clamp(wanted.top(), screen.top(), screen.top() + screen.height() - size.height());
    return {QPoint(left, top), size};
}

} // namespace iotman::ui
