#include "ui/pages/connectionbutton.h"

#include "ui/look/badge.h"
#include "ui/look/icons.h"
#include "ui/look/metrics.h"
#include "ui/pages/words.h"

#include <QStyleOptionButton>
#include <QStylePainter>

namespace iotman::ui {

namespace {

constexpr int mostTextWidth = 300;

BadgeSpec chipOf(Environment environment)
{
    const BadgeKind kind = environment == Environment::Local  ? BadgeKind::Local
                           : environment == Environment::Test ? BadgeKind::Test
                                                              : BadgeKind::Production;
    return {kind, environmentWord(environment)};
}

} // namespace

ConnectionButton::ConnectionButton(QWidget* parent)
    : QPushButton(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAutoDefault(false);
}

void ConnectionButton::setConnection(Environment environment, const QString& workspace, const QString& connection)
{
    environment_ = environment;
    workspace_ = workspace;
    connection_ = connection == workspace ? QString() : QStringLiteral(" \u00b7 ") + connection;
    setAccessibleName(tr("Workspace %1, %2, %3").arg(workspace, environmentTitle(environment), connection));
    setToolTip(accessibleName());
    updateGeometry();
    update();
}

QSize ConnectionButton::sizeHint() const
{
    const int chip = badgeSize(chipOf(environment_), font()).width();
    const int texts = std::min(fontMetrics().horizontalAdvance(workspace_ + connection_) + 2, mostTextWidth);
    return {chip + texts + 4 * metrics::smallSpace + metrics::iconSize, QPushButton::sizeHint().height()};
}

void ConnectionButton::paintEvent(QPaintEvent*)
{
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    option.features &= ~QStyleOptionButton::HasMenu;
    painter.drawControl(QStyle::CE_PushButtonBevel, option);

    const auto place = [this](const QRect& at) { return QStyle::visualRect(layoutDirection(), rect(), at); };
    const BadgeSpec chip = chipOf(environment_);
    const int chipWidth = badgeSize(chip, font()).width();
    QRect row = rect().adjusted(metrics::smallSpace, 0, -metrics::smallSpace, 0);
    paintBadge(&painter, place(QRect(row.left(), 0, chipWidth, height())), chip, font(), palette(), layoutDirection());
    row.setLeft(row.left() + chipWidth + metrics::smallSpace);
    const QRect arrow(row.right() - metrics::iconSize + 1, 0, metrics::iconSize, height());
    paintIcon(&painter, place(arrow), u"down", palette().color(QPalette::ButtonText));
    row.setRight(arrow.left() - metrics::smallSpace);

    const auto leading = int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter));
    const QString name = fontMetrics().elidedText(workspace_, Qt::ElideRight, row.width());
    painter.setPen(palette().color(QPalette::ButtonText));
    painter.drawText(place(row), leading, name);
    row.setLeft(row.left() + fontMetrics().horizontalAdvance(name));
    painter.setPen(extras(this).dimText);
    painter.drawText(place(row), leading, fontMetrics().elidedText(connection_, Qt::ElideRight, row.width()));
}

} // namespace iotman::ui
