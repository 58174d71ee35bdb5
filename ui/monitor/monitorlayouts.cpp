// Layouts of the Monitor come and go; alarms are judged and told.
#include "ui/chart/chartboard.h"
#include "ui/look/icons.h"
#include "ui/monitor/alarmsdialog.h"
#include "ui/monitor/fieldspanel.h"
#include "ui/monitor/layoutmenu.h"
#include "ui/monitor/monitoractions.h"
#include "ui/monitor/monitorpage.h"
#include "ui/monitor/statestrip.h"

#include <QApplication>

#include <utility>

namespace iotman {

void MonitorPage::showOnlyPanes()
{
    panel_->hide();
    strip_->hide();
}

MonitorLayout MonitorPage::layout() const
{
    if (pending_)
        return *pending_;
    MonitorLayout layout;
    layout.panes = panes_.panes();
    layout.alarms = alarms_->alarms();
    for (const MonitorPane& pane : layout.panes)
        for (const LineKey& key : pane.lines) {
            layout.looks.set(key, looks_.of(key));
            if (const auto color = fields_->colors().find(key); color != fields_->colors().end() && !looks_.of(key).color)
                layout.colors.insert(*color);
        }
    for (const Guest& guest : guests_)
        if (!guest.isRecorded)
            layout.urls[guest.id] = guest.address.page.toString();
    for (const auto& [id, each] : feeds_)
        if (each->wantedRule())
            layout.rules[id] = *each->wantedRule();
    const Viewport& viewport = board_->link().viewport();
    if (viewport.isFollowing())
        layout.spanUs = span_.value_or(viewport.showsEverything() ? 0 : viewport.view().time.span());
    else
        layout.range = viewport.view().time;
    return layout;
}

void MonitorPage::setLayout(const MonitorLayout& layout)
{
    pending_ = layout;
    openPendingLayout();
}

void MonitorPage::setLayoutFolder(const QString& folder)
{
    layouts_->setFolder(folder);
}

/// Lines of endpoints that are gone for good keep their places in the layout, and nothing is drawn of them.
void MonitorPage::openPendingLayout()
{
    if (!pending_ || !connection_ || (endpoints_.empty() && pending_->urls.empty()))
        return;
    const MonitorLayout layout = *std::exchange(pending_, std::nullopt);
    hasOpened_ = hasOpened_ || !layout.panes.empty();
    fields_->untickAll();
    for (const auto& [id, url] : layout.urls)
        if (const auto address = client::EndpointAddress::parse(url))
            addEndpoint(*address, std::nullopt);
    toTick_.clear();
    panes_.set(layout.panes);
    looks_ = layout.looks;
    fields_->setColors(colorsIn(layout));
    alarms_->setAlarms(layout.alarms);
    std::map<EndpointId, std::vector<LineKey>> keys;
    for (const MonitorPane& pane : layout.panes)
        for (const LineKey& key : pane.lines)
            keys[key.endpoint].push_back(key);
    for (const auto& [id, lines] : keys) {
        if (!fields_->endpoint(id))
            continue;
        plotted_.insert(id);
        const auto rule = layout.rules.find(id);
        beginFeed(id, rule == layout.rules.end() ? std::nullopt : std::optional(rule->second));
        fields_->tickLines(id, lines);
        panel_->expand(id);
    }
    hasSpan_ = !layout.panes.empty();
    span_.reset();
    if (layout.panes.empty())
        return showPanes();
    if (layout.range)
        chart()->setView({*layout.range, {}});
    else if (layout.spanUs > 0)
        span_ = layout.spanUs;
    else
        fitAndFollow();
    showPanes();
}

/// Whoever draws the very first line has changed nothing yet that could be undone.
void MonitorPage::noteLayout()
{
    if (connection_ && !pending_ && !panes_.panes().empty())
        history_.note(layout());
    actions_->undo->setEnabled(history_.canUndo());
    actions_->redo->setEnabled(history_.canRedo());
}

/// The view stays.
void MonitorPage::bringBack(std::optional<MonitorLayout> (LayoutHistory::*step)())
{
    noteLayout(); // a change that has not been told yet counts
    const MonitorLayout now = layout();
    std::optional<MonitorLayout> wanted = (history_.*step)();
    if (!wanted)
        return;
    wanted->range = now.range;
    wanted->spanUs = now.spanUs;
    setLayout(*wanted);
    noteLayout();
}

void MonitorPage::fitAndFollow()
{
    board_->link().changeView(Rescale::AtOnce, [](Viewport& viewport) {
        viewport.setFollowing(true);
        viewport.fit();
    });
}

void MonitorPage::judgeAlarms()
{
    if (alarms_->rowCount() > 0)
        alarms_->judge(clock_.now());
}

void MonitorPage::showAlarms()
{
    if (!alarmsDialog_) {
        alarmsDialog_ = new AlarmsDialog(*alarms_, set_, clock_, this);
        alarmsDialog_->setLines(lines_);
    }
    alarmsDialog_->show();
    alarmsDialog_->raise();
    alarmsDialog_->activateWindow();
}

void MonitorPage::notify(const QString& title, const QString& text)
{
    QApplication::alert(window());
    Q_EMIT attentionWanted(title, text);
}

} // namespace iotman
