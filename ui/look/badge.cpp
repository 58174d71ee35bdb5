#include "ui/look/badge.h"

#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

namespace iotman {
namespace {

struct BadgeLook {
    QColor Extras::*text;
    QColor Extras::*fill;
    const char16_t* icon; ///< none for the chip of an environment
};

BadgeLook lookOf(BadgeKind kind)
{
    switch (kind) {
    case BadgeKind::Public:
        return {&Extras::publicAccess, &Extras::publicAccessBg, u"cors"};
    case BadgeKind::Scope:
        return {&Extras::scope, &Extras::scopeBg, u"access"};
    case BadgeKind::Local:
        return {&Extras::environmentText, &Extras::local, nullptr};
    case BadgeKind::Test:
        return {&Extras::environmentText, &Extras::test, nullptr};
    case BadgeKind::Production:
        return {&Extras::environmentText, &Extras::production, nullptr};
    case BadgeKind::Success:
        return {&Extras::success, &Extras::successBg, u"ok"};
    case BadgeKind::Warning:
        return {&Extras::warning, &Extras::warningBg, u"warning"};
    case BadgeKind::Danger:
        return {&Extras::danger, &Extras::dangerBg, u"error"};
    case BadgeKind::Info:
        return {&Extras::accent, &Extras::infoBg, u"info"};
    }
    return {&Extras::accent, &Extras::infoBg, u"info"};
}

QFont fontOf(BadgeKind kind, const QFont& font)
{
    if (kind == BadgeKind::Scope) {
        QFont fixed = monospaceFont();
        if (font.pointSizeF() > 0)
            fixed.setPointSizeF(font.pointSizeF() * 0.92);
        return fixed;
    }
    QFont small = scaledFont(font, 0.92);
    small.setBold(!lookOf(kind).icon);
    return small;
}

constexpr int padding = 6;
constexpr int iconGap = 5;

} // namespace

QSize badgeSize(const BadgeSpec& badge, const QFont& font)
{
    const QFontMetrics text(fontOf(badge.kind, font));
    const bool chip = !lookOf(badge.kind).icon;
    const int icon = chip ? 0 : metrics::badgeIconSize + iconGap;
    return {widthOf(text, badge.text) + icon + 2 * padding,
            qMax(chip ? metrics::chipHeight : metrics::badgeHeight, text.height() + 1)};
}

void paintBadge(QPainter* painter, const QRect& rect, const BadgeSpec& badge, const QFont& font, const QPalette& palette,
                Qt::LayoutDirection direction)
{
    const Extras& extra = extras(palette);
    const BadgeLook look = lookOf(badge.kind);
    const QSize size = badgeSize(badge, font).boundedTo(rect.size());
    const QRect box = QStyle::alignedRect(direction, Qt::AlignLeft | Qt::AlignVCenter, size, rect);
    paintBox(painter, box, extra.*look.fill, QColor(), 1, metrics::cornerRadius);

    QRect content = box.adjusted(padding, 0, -padding, 0);
    if (look.icon) {
        const QRect place = QStyle::alignedRect(direction, Qt::AlignLeft | Qt::AlignVCenter,
                                                QSize(metrics::badgeIconSize, metrics::badgeIconSize), content);
        paintIcon(painter, place, QStringView(look.icon), extra.*look.text);
        const QRect rest = content.adjusted(metrics::badgeIconSize + iconGap, 0, 0, 0);
        content = QStyle::visualRect(direction, content, rest);
    }
    painter->save();
    painter->setFont(fontOf(badge.kind, font));
    painter->setPen(extra.*look.text);
    const QString text = painter->fontMetrics().elidedText(badge.text, Qt::ElideMiddle, content.width());
    painter->drawText(content, int(QStyle::visualAlignment(direction, Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine,
                      text);
    painter->restore();
}

Badge::Badge(BadgeSpec badge, QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setBadge(std::move(badge));
}

void Badge::setBadge(BadgeSpec badge)
{
    badge_ = std::move(badge);
    setAccessibleName(badge_.text);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return badgeSize(badge_, font());
}

QSize Badge::minimumSizeHint() const
{
    QSize size = sizeHint();
    if (badge_.kind == BadgeKind::Scope)
        size.setWidth(qMin(size.width(), 2 * padding + iconGap + metrics::badgeIconSize + 6 * fontMetrics().averageCharWidth()));
    return size;
}

bool Badge::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty()) {
        const bool cut = width() < sizeHint().width();
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), cut ? badge_.text.toHtmlEscaped() : QString(), this);
        return true;
    }
    return QWidget::event(event);
}

void Badge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintBadge(&painter, rect(), badge_, font(), palette(), layoutDirection());
}

void Badge::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

} // namespace iotman
