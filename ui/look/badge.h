// A small word with a colour: who may read an endpoint, where a connection leads, what state something is in.
#pragma once

#include <QString>
#include <QWidget>

namespace iotman {

enum class BadgeKind {
    Public,     ///< globe, "Public"
    Scope,      ///< key, the scope's name in the fixed font
    Local,      ///< the filled chip of an environment
    Test,       ///< the same
    Production, ///< the same
    Success,    ///< a state: icon and word on a tint
    Warning,
    Danger,
    Info,
};

/// What a badge says. As a value it travels through an item model (see BadgeRole) to the delegate that paints it.
struct BadgeSpec {
    BadgeKind kind = BadgeKind::Info;
    QString text;

    bool operator==(const BadgeSpec&) const = default;
};

/// How much room `badge` wants beside text in `font`.
QSize badgeSize(const BadgeSpec& badge, const QFont& font);

/// Paints `badge` at the leading edge of `rect`, centred upright; a text that does not fit is cut in the middle.
void paintBadge(QPainter*, const QRect& rect, const BadgeSpec& badge, const QFont& font, const QPalette&, Qt::LayoutDirection);

/// A badge that stands on a page. Its accessible name is its text. Only the name of a scope gives way where room is short;
/// it is then a tooltip too.
class Badge : public QWidget {
    Q_OBJECT

public:
    explicit Badge(BadgeSpec badge, QWidget* parent = nullptr);

    void setBadge(BadgeSpec badge);
    const BadgeSpec& badge() const { return badge_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent*) override;
    void paintEvent(QPaintEvent*) override;
    void changeEvent(QEvent*) override;

private:
    BadgeSpec badge_;
};

} // namespace iotman
