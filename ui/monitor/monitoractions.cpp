#include "ui/monitor/monitoractions.h"

#include "ui/chart/chartview.h"
#include "ui/look/icons.h"

#include <QCoreApplication>
#include <QMouseEvent>

#include <algorithm>
#include <limits>

namespace iotman {

MonitorActions::MonitorActions(ChartView* chart, QWidget* page)
    : QObject(page)
    , chart_(chart)
    , page_(page)
{
    follow = add(tr("Follow"), QStringLiteral("follow"), QKeySequence(tr("Ctrl+L")), tr("Keep the newest values in view"));
    pause = add(tr("Pause"), QStringLiteral("pause"), QKeySequence(tr("Ctrl+P")), tr("Hold the view still; data keeps coming"));
    back = add(tr("Back"), QStringLiteral("back"), QKeySequence::Back, tr("The view before"));
    forward = add(tr("Forward"), QStringLiteral("forward"), QKeySequence::Forward, tr("The view after"));
    fit = add(tr("Fit"), QStringLiteral("fit"), QKeySequence(tr("Ctrl+0")), tr("Show all values"));
    box = add(tr("Box zoom"), QStringLiteral("box"), QKeySequence(tr("Ctrl+B")), tr("Drag a box to zoom into; also with Shift"));
    table = add(tr("Values as table"), QStringLiteral("table"), QKeySequence(tr("Ctrl+T")), tr("The same values as rows"));
    for (QAction* action : {follow, pause, box, table})
        action->setCheckable(true);
    follow->setPriority(QAction::HighPriority);
    pause->setPriority(QAction::HighPriority);

    connect(follow, &QAction::triggered, this, [this] { chart_->setFollow(true), showFollowing(true); });
    connect(pause, &QAction::triggered, this, [this](bool on) { chart_->setFollow(!on), showFollowing(!on); });
    connect(back, &QAction::triggered, chart_, &ChartView::back);
    connect(forward, &QAction::triggered, chart_, &ChartView::forward);
    connect(fit, &QAction::triggered, chart_, &ChartView::fit);
    connect(chart_, &ChartView::followChanged, this, &MonitorActions::showFollowing);
    connect(chart_, &ChartView::historyChanged, this, [this](bool canGoBack, bool canGoForward) {
        back->setEnabled(canGoBack);
        forward->setEnabled(canGoForward);
    });
    back->setEnabled(chart_->canGoBack());
    forward->setEnabled(chart_->canGoForward());
    showFollowing(chart_->isFollowing());
    chart_->installEventFilter(this);
}

QAction* MonitorActions::add(const QString& text, const QString& iconName, const QKeySequence& keys, const QString& tip)
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    const QString shown = keys.toString(QKeySequence::NativeText);
    action->setToolTip(shown.isEmpty() ? tip : tr("%1 (%2)").arg(tip, shown));
    page_->addAction(action);
    return action;
}

void MonitorActions::showFollowing(bool following)
{
    if (following)
        new_ = 0;
    follow->setChecked(following);
    pause->setChecked(!following);
    showNew();
}

void MonitorActions::came(std::size_t items)
{
    if (chart_->isFollowing() || items == 0)
        return;
    new_ += items;
    showNew();
}

void MonitorActions::showNew()
{
    const int shown = static_cast<int>(std::min<std::size_t>(new_, std::numeric_limits<int>::max()));
    pause->setText(new_ == 0 ? tr("Pause") : tr("%Ln new", nullptr, shown));
}

/// While Box zoom is on, a drag is what it is with Shift held.
bool MonitorActions::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != chart_ || !box->isChecked())
        return false;
    if (event->type() == QEvent::MouseButtonRelease) {
        box->setChecked(false);
        return false;
    }
    if (event->type() != QEvent::MouseButtonPress)
        return false;
    const auto* press = static_cast<QMouseEvent*>(event);
    if (press->button() != Qt::LeftButton || press->modifiers().testFlag(Qt::ShiftModifier))
        return false;
    QMouseEvent boxed(press->type(), press->position(), press->scenePosition(), press->globalPosition(), press->button(),
                      press->buttons(), press->modifiers() | Qt::ShiftModifier, press->pointingDevice());
    QCoreApplication::sendEvent(chart_, &boxed);
    return true;
}

} // namespace iotman
