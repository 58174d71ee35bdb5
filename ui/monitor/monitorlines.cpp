// The lines of the Monitor: where each is drawn, how it is called and what it looks like.
#include "ui/chart/chartboard.h"
#include "ui/monitor/linedrag.h"
#include "ui/monitor/linelookdialog.h"
#include "ui/monitor/monitorpage.h"

#include <QMenu>

#include <algorithm>

namespace iotman {

// ---- Places

/// Draws these lines in a pane; `pane` may be the number of panes: then they get one of their own.
void MonitorPage::drawIn(const std::vector<LineKey>& lines, std::size_t pane)
{
    // Ticking makes panes and unmakes them, so the pane is known by what it shows.
    const auto& panes = panes_.panes();
    const std::optional<LineKey> neighbour =
        pane < panes.size() && !panes[pane].lines.empty() ? std::optional(panes[pane].lines.front()) : std::nullopt;
    const auto placeOf = [&](const LineKey& key) {
        const auto found = std::find_if(panes.begin(), panes.end(), [&](const MonitorPane& each) {
            return std::find(each.lines.begin(), each.lines.end(), key) != each.lines.end();
        });
        return static_cast<std::size_t>(found - panes.begin());
    };
    std::optional<LineKey> beside = neighbour;
    for (const LineKey& key : lines) {
        fields_->tickLines(key.endpoint, {key});
        if (beside == key)
            continue;
        panes_.move(key, beside ? placeOf(*beside) : panes.size());
        if (!beside)
            beside = key;
    }
    showPanes();
}

void MonitorPage::dropLines(const QByteArray& text, std::size_t pane)
{
    const DraggedLines dragged = DraggedLines::from(text);
    for (const EndpointId& id : dragged.endpoints)
        if (fields_->endpoint(id))
            open(id);
    drawIn(dragged.lines, pane);
}

/// What dropping a line does, for the keyboard.
void MonitorPage::fillPlaceMenu(const LineKey& line, QMenu* menu)
{
    const auto& panes = panes_.panes();
    for (std::size_t i = 0; i < panes.size(); ++i)
        if (std::find(panes[i].lines.begin(), panes[i].lines.end(), line) == panes[i].lines.end())
            menu->addAction(tr("Draw in pane %1, %2").arg(i + 1).arg(paneTitle(panes[i])), this,
                            [this, line, i] { drawIn({line}, i); });
    menu->addAction(tr("Draw in a new pane"), this, [this, line] { drawIn({line}, panes_.panes().size()); });
    if (std::any_of(lines_.begin(), lines_.end(), [&](const TickedLine& each) { return each.key == line; }))
        menu->addAction(tr("Name and style…"), this, [this, line] { askForLook(line); });
}

// ---- Looks

void MonitorPage::setLook(const LineKey& line, const LineLook& look)
{
    looks_.set(line, look);
    fields_->setColor(line, look.color);
    showTicked();
}

void MonitorPage::askForLook(const LineKey& line)
{
    const auto drawn = std::find_if(lines_.begin(), lines_.end(), [&](const TickedLine& each) { return each.key == line; });
    if (drawn == lines_.end())
        return;
    LineLookDialog dialog(looks_.of(line), drawn->name, this);
    if (dialog.exec() == QDialog::Accepted)
        setLook(line, dialog.look());
}

/// Names and styles of all lines that are drawn, as they are wanted.
void MonitorPage::showLooks()
{
    for (const auto& [key, look] : looks_.all())
        if (look.color)
            fields_->setColor(key, look.color);
    lines_ = fields_->ticked();
    const bool isOneEndpoint =
        std::all_of(lines_.begin(), lines_.end(), [&](const auto& line) { return line.endpoint == lines_.front().endpoint; });
    for (TickedLine& line : lines_) {
        const LineLook& look = looks_.of(line.key);
        const MonitoredEndpoint* endpoint = fields_->endpoint(line.endpoint);
        SeriesInfo info = set_->info(line.series);
        if (!look.name.isEmpty())
            line.name = look.name;
        info.name =
            (isOneEndpoint || !endpoint || !look.name.isEmpty() ? line.name : endpoint->name + u' ' + line.name).toStdString();
        set_->setInfo(line.series, std::move(info));
        board_->setStyle(line.series, {line.colorIndex, true, line.isDerived, look.dash, look.width});
    }
}

} // namespace iotman
