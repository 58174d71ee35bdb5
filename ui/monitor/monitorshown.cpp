// What the Monitor draws: panes with their lines, marks, and the table's columns.
#include "ui/chart/chartboard.h"
#include "ui/chart/zonetext.h"
#include "ui/monitor/alarmsdialog.h"
#include "ui/monitor/measurepanel.h"
#include "ui/monitor/measureunit.h"
#include "ui/monitor/monitorpage.h"
#include "ui/monitor/monitorstate.h"
#include "ui/monitor/valuesexport.h"
#include "ui/monitor/valuesmodel.h"

#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace iotman {

namespace {

constexpr int tableTimeWidth = 220, tableValueWidth = 96;

} // namespace

void MonitorPage::showTicked()
{
    showLooks();
    std::vector<PlacedLine> placed;
    for (const TickedLine& line : lines_)
        placed.push_back({line.key, set_->info(line.series).unit, set_->info(line.series).kind});
    panes_.arrange(placed);
    values_->setLines(lines_);
    measure_->setLines(lines_);
    export_->setLines(lines_);
    alarms_->setLines(lines_);
    if (alarmsDialog_)
        alarmsDialog_->setLines(lines_);
    showPanes();
    showMarks();
    sizeColumns();
    refreshTable();
}

void MonitorPage::showPanes()
{
    std::vector<BoardPane> shown;
    for (const MonitorPane& pane : panes_.panes()) {
        BoardPane board{paneTitle(pane), {}, pane.logUnits, alarms_->limitsFor(pane.lines)};
        for (const LineKey& key : pane.lines)
            for (const TickedLine& line : lines_)
                if (line.key == key)
                    board.series.push_back(line.series);
        shown.push_back(std::move(board));
    }
    if (shown != board_->panes())
        board_->setPanes(shown);
    layoutDue_.start();
}

/// What its lines measure, if that is one thing; else the endpoint they are of.
QString MonitorPage::paneTitle(const MonitorPane& pane) const
{
    if (!pane.title.isEmpty())
        return pane.title;
    QStringList quantities, endpoints;
    for (const LineKey& key : pane.lines) {
        const QString quantity = quantityOf(measureUnitOf(lastName(key.path)));
        if (!quantities.contains(quantity))
            quantities.append(quantity);
        const MonitoredEndpoint* endpoint = fields_->endpoint(key.endpoint);
        if (endpoint && !endpoints.contains(endpoint->name))
            endpoints.append(endpoint->name);
    }
    const bool areNamed = !quantities.isEmpty() && !quantities.contains(QString());
    if (areNamed && panes_.panes().size() > 1)
        return quantities.join(tr(" and "));
    return endpoints.size() == 1 ? endpoints.front() : pane.lines.empty() ? QString() : tr("Values");
}

/// Where history ends and what was received begins, and where a link was lost.
void MonitorPage::showMarks()
{
    std::vector<ChartMark> marks = alarms_->marks();
    std::optional<Timestamp> live;
    const Timestamp now = clock_.now();
    for (const auto& [id, each] : feeds_) {
        const bool isShown =
            std::any_of(lines_.begin(), lines_.end(), [&, &known = id](const auto& line) { return line.endpoint == known; });
        if (!isShown || each->state().phase == FeedPhase::Stopped)
            continue;
        if (const auto first = each->links().firstLive())
            live = live ? std::min(*live, *first) : *first;
        for (const LostLink& link : each->links().links())
            marks.push_back({ChartMark::Kind::Offline, {link.lost, link.back.value_or(now)}, offlineText(link, now)});
    }
    if (live) {
        const Timestamp second{live->us - live->us % 1'000'000};
        const QString clock = QString::fromStdString(clockText(localTime(second, offsetsOf(zone_))));
        marks.push_back({ChartMark::Kind::Live, {*live, {live->us + 1}}, tr("live since %1").arg(clock)});
    }
    board_->setMarks(marks);
}

/// The table shows the row of the time that the pointer is at.
void MonitorPage::followPointer()
{
    const auto pointer = board_->link().pointer();
    if (!pointer || table_->isHidden() || table_->hasFocus())
        return;
    if (const auto row = values_->rowNearest(*pointer))
        table_->setCurrentIndex(values_->index(*row, std::max(table_->currentIndex().column(), 0)));
}

void MonitorPage::sizeColumns()
{
    QHeaderView* header = table_->horizontalHeader();
    for (int column = 0; column < values_->columnCount(); ++column)
        header->resizeSection(column, std::max(header->sectionSizeHint(column), column == 0 ? tableTimeWidth : tableValueWidth));
}

void MonitorPage::setTimeZone(const QTimeZone& zone)
{
    zone_ = zone;
    board_->setTimeZone(zone);
    values_->setTimeZone(zone);
    measure_->setTimeZone(zone);
    export_->setTimeZone(zone);
    alarms_->setTimeZone(zone);
    showMarks();
    refreshStrip();
}

} // namespace iotman
