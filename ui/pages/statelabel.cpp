#include "ui/pages/statelabel.h"

#include "ui/look/icons.h"
#include "ui/look/look.h"

#include <QEvent>
#include <QPainter>

namespace iotman::ui {

namespace {

constexpr int dot = 8;

/// Colour confirms; the word says it.
QColor colourOf(Phase phase, const Extras& colours)
{
    switch (phase) {
    case Phase::Running:
        return colours.success;
    case Phase::Connecting:
        return colours.dimText;
    case Phase::Offline:
    case Phase::SignInNeeded:
        return colours.warning;
    case Phase::Failed:
        return colours.danger;
    }
    return {};
}

} // namespace

StateLabel::StateLabel(QWidget* parent)
    : QToolButton(parent)
{
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setAutoRaise(true);
    setIconSize({dot, dot});
    showDot();
}

void StateLabel::setState(const ConnectionState& state, const QString& word)
{
    phase_ = state.phase;
    setText(word);
    setToolTip(state.reason.isEmpty() ? tr("Connection: %1").arg(word) : state.reason);
    setAccessibleName(tr("Connection: %1").arg(word));
    setAccessibleDescription(state.reason);
    showDot();
}

void StateLabel::changeEvent(QEvent* event)
{
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showDot();
}

void StateLabel::showDot()
{
    QPixmap pixmap(QSize(dot, dot) * devicePixelRatio());
    pixmap.setDevicePixelRatio(devicePixelRatio());
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colourOf(phase_, extras(this)));
    painter.drawEllipse(0, 0, dot, dot);
    painter.end();
    setIcon(pixmap);
}

} // namespace iotman::ui
