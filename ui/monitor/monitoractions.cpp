#include "ui/monitor/monitoractions.h"

#include "ui/chart/chartboard.h"
#include "ui/look/icons.h"

#include <algorithm>
#include <limits>

namespace iotman {

MonitorActions::MonitorActions(ChartBoard* board, QWidget* page)
    : QObject(page)
    , board_(board)
    , page_(page)
{
    // A tool bar hides the last ones first where the window is narrow.
    follow = add(tr("Follow"), QStringLiteral("follow"), QKeySequence(tr("Ctrl+L")), tr("Keep the newest values in view"));
    pause = add(tr("Pause"), QStringLiteral("pause"), QKeySequence(tr("Ctrl+P")), tr("Hold the view still; data keeps coming"));
    separate();
    cursors = add(tr("Cursors"), QStringLiteral("cursors"), QKeySequence(tr("Ctrl+M")), tr("Measure between two times"));
    separate();
    alarms = add(tr("Alarms"), QStringLiteral("alarm"), QKeySequence(tr("Ctrl+Shift+A")), tr("Watch values, and be told"));
    record = add(tr("Record"), QStringLiteral("record"), QKeySequence(tr("Ctrl+R")), tr("Write all that comes into a file"));
    record->setCheckable(true);
    record->setPriority(QAction::HighPriority);
    exportAll =
        add(tr("Export"), QStringLiteral("export"), QKeySequence(tr("Ctrl+E")), tr("Save or copy the picture or the values"));
    separate();
    back = add(tr("Back"), QStringLiteral("back"), QKeySequence::Back, tr("The view before"));
    forward = add(tr("Forward"), QStringLiteral("forward"), QKeySequence::Forward, tr("The view after"));
    fit = add(tr("Fit"), QStringLiteral("fit"), QKeySequence(tr("Ctrl+0")), tr("Show all values"));
    box = add(tr("Box zoom"), QStringLiteral("box"), QKeySequence(tr("Ctrl+B")), tr("Drag a box to zoom into; also with Shift"));
    separate();
    table = add(tr("Values as table"), QStringLiteral("table"), QKeySequence(tr("Ctrl+T")), tr("The same values as rows"));
    undo = add(tr("Undo"), QStringLiteral("undo"), QKeySequence::Undo, tr("What was drawn before the last change"));
    redo = add(tr("Redo"), QStringLiteral("redo"), QKeySequence::Redo, tr("What was drawn before it was undone"));
    for (QAction* action : {undo, redo}) {
        action->setPriority(QAction::LowPriority);
        action->setEnabled(false);
    }
    layouts = add(tr("Layouts"), QStringLiteral("addpane"), {}, tr("Open and save what is drawn where"));
    openRecording = add(tr("Open recording…"), QStringLiteral("replay"), {}, tr("Show what was recorded"));
    openRecording->setPriority(QAction::LowPriority);
    byUrl = add(tr("Endpoint by URL…"), QStringLiteral("link"), {}, tr("Watch an endpoint of another server"));
    byUrl->setPriority(QAction::LowPriority);
    for (QAction* action : {follow, pause, box, cursors, table})
        action->setCheckable(true);
    follow->setPriority(QAction::HighPriority);
    pause->setPriority(QAction::HighPriority);
    cursors->setPriority(QAction::HighPriority);
    alarms->setPriority(QAction::HighPriority);
    exportAll->setPriority(QAction::HighPriority);

    connect(follow, &QAction::triggered, this, [this] { board_->setFollow(true), showFollowing(true); });
    connect(pause, &QAction::triggered, this, [this](bool on) { board_->setFollow(!on), showFollowing(!on); });
    connect(back, &QAction::triggered, board_, &ChartBoard::back);
    connect(forward, &QAction::triggered, board_, &ChartBoard::forward);
    connect(fit, &QAction::triggered, board_, &ChartBoard::fit);
    ChartLink* link = &board_->link();
    connect(link, &ChartLink::followChanged, this, &MonitorActions::showFollowing);
    connect(link, &ChartLink::historyChanged, this, [this](bool canGoBack, bool canGoForward) {
        back->setEnabled(canGoBack);
        forward->setEnabled(canGoForward);
    });
    connect(box, &QAction::toggled, link, &ChartLink::setBoxDrag);
    connect(link, &ChartLink::boxDragChanged, box, &QAction::setChecked);
    connect(cursors, &QAction::toggled, link, &ChartLink::showCursors);
    connect(link, &ChartLink::cursorsChanged, this, [this, link] { cursors->setChecked(link->cursors().has_value()); });
    back->setEnabled(false);
    forward->setEnabled(false);
    showFollowing(link->viewport().isFollowing());
}

void MonitorActions::separate()
{
    auto* separator = new QAction(this);
    separator->setSeparator(true);
    page_->addAction(separator);
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
    if (board_->link().viewport().isFollowing() || items == 0)
        return;
    new_ += items;
    showNew();
}

void MonitorActions::showNew()
{
    const int shown = static_cast<int>(std::min<std::size_t>(new_, std::numeric_limits<int>::max()));
    pause->setText(new_ == 0 ? tr("Pause") : tr("%Ln new", nullptr, shown));
}

} // namespace iotman
