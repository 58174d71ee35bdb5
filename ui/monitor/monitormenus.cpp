// The menus of panes, endpoints and fields.
#include "ui/chart/chartboard.h"
#include "ui/chart/zonetext.h"
#include "ui/monitor/monitoractions.h"
#include "ui/monitor/monitorpage.h"
#include "ui/monitor/readingmenus.h"

#include <QInputDialog>
#include <QMenu>

#include <algorithm>

namespace iotman {

void MonitorPage::closePane(std::size_t pane)
{
    if (pane >= panes_.panes().size())
        return;
    const std::vector<LineKey> lines = panes_.panes()[pane].lines;
    panes_.close(pane);
    for (const LineKey& key : lines)
        fields_->untick(key);
}

void MonitorPage::fillPaneMenu(std::size_t pane, QMenu* menu)
{
    if (pane >= panes_.panes().size())
        return;
    const MonitorPane& current = panes_.panes()[pane];
    for (const std::string& unit : board_->view(pane)->axisUnits()) {
        const QString name =
            unit.empty() ? tr("Logarithmic axis") : tr("Logarithmic axis (%1)").arg(QString::fromStdString(unit));
        QAction* log = menu->addAction(name, this, [this, pane, unit](bool on) {
            panes_.setLog(pane, unit, on);
            showPanes();
        });
        log->setCheckable(true);
        log->setChecked(current.logUnits.count(unit) > 0);
    }
    menu->addSeparator();
    for (const TickedLine& line : lines_) {
        if (std::find(current.lines.begin(), current.lines.end(), line.key) == current.lines.end())
            continue;
        QMenu* own = menu->addMenu(QString::fromStdString(set_->info(line.series).name));
        const auto moveTo = [&](const QString& text, std::size_t target) {
            own->addAction(text, this, [this, key = line.key, target] {
                panes_.move(key, target);
                showPanes();
            });
        };
        for (std::size_t i = 0; i < panes_.panes().size(); ++i)
            if (i != pane)
                moveTo(tr("Move to pane %1, %2").arg(i + 1).arg(paneTitle(panes_.panes()[i])), i);
        moveTo(tr("Move to a pane of its own"), panes_.panes().size());
        own->addAction(tr("Name and style…"), this, [this, key = line.key] { askForLook(key); });
        own->addAction(tr("Draw no longer"), this, [this, key = line.key] { fields_->untick(key); });
    }
    menu->addSeparator();
    QAction* elapsed = menu->addAction(tr("Count seconds from the first value"), this, [this](bool on) {
        std::optional<Timestamp> first;
        for (const TickedLine& line : lines_)
            if (const Series& series = set_->series(line.series); on && !series.isEmpty())
                first = first ? std::min(*first, series.firstTime()) : series.firstTime();
        board_->link().setOrigin(first);
    });
    elapsed->setCheckable(true);
    elapsed->setChecked(board_->link().origin().has_value());
    menu->addSeparator();
    menu->addAction(actions_->fit);
    menu->addAction(actions_->cursors);
    menu->addAction(actions_->table);
    menu->addAction(actions_->exportAll);
    menu->addSeparator();
    menu->addAction(tr("Close pane"), this, [this, pane] { closePane(pane); });
}

void MonitorPage::addDerived(const EndpointId& id, DerivedField field)
{
    EndpointFeed* changed = feed(id);
    if (!changed || !changed->series())
        return;
    if (field.name.empty())
        field.name = nameFor(field);
    ReadingRule rule = changed->series()->rule();
    const auto isSame = [&](const DerivedField& each) { return each.name == field.name; };
    if (std::any_of(rule.derived.begin(), rule.derived.end(), isSame))
        return;
    fields_->tickLines(id, {{id, field.name, field.group}});
    rule.derived.push_back(std::move(field));
    ruleChooser(id)(rule);
}

void MonitorPage::removeDerived(const LineKey& line)
{
    ReadingRule rule = feed(line.endpoint)->series()->rule();
    std::erase_if(rule.derived, [&](const DerivedField& each) { return each.name == line.path; });
    fields_->untick(line);
    ruleChooser(line.endpoint)(rule);
}

void MonitorPage::askForRule(const EndpointId& id)
{
    DerivedField field;
    field.kind = DerivedField::Kind::Rule;
    QString text = QStringLiteral("$.");
    for (QString fault;;) {
        bool isOk = false;
        const QString label =
            tr("A rule for each item, such as ($.max + $.min) / 2") + (fault.isEmpty() ? QString() : u'\n' + fault);
        text = QInputDialog::getText(this, tr("Derive by a rule"), label, QLineEdit::Normal, text, &isOk);
        if (!isOk || text.trimmed().isEmpty())
            return;
        field.rule = text.trimmed().toStdString();
        fault = faultOf(field.rule);
        if (fault.isEmpty())
            break;
    }
    addDerived(id, field);
}

void MonitorPage::fillDerivedMenu(const LineKey& line, QMenu* menu)
{
    const auto add = [&](QMenu* to, const QString& text, DerivedField field) {
        field.source = line.path;
        field.group = line.group;
        to->addAction(text, this, [this, id = line.endpoint, field] { addDerived(id, field); });
    };
    add(menu, tr("Rate of change"), {DerivedField::Kind::Rate, {}, {}, {}, {}, {}, 0, {}});
    QMenu* means = menu->addMenu(tr("Moving mean"));
    for (const std::int64_t seconds : {10, 60, 600, 3600, 86'400, 7 * 86'400})
        add(means, durationText(seconds * 1'000'000),
            {DerivedField::Kind::MovingMean, {}, {}, {}, {}, {}, seconds * 1'000'000, {}});
    QMenu* others = menu->addMenu(tr("Difference from"));
    for (const TickedLine& other : lines_)
        if (other.endpoint == line.endpoint && !(other.key == line) && set_->info(other.series).kind == SeriesKind::Number)
            add(others, other.name, {DerivedField::Kind::Difference, {}, {}, {}, other.key.path, other.key.group, 0, {}});
    others->setEnabled(!others->isEmpty());
    const std::vector<DerivedField>& derived = feed(line.endpoint)->series()->rule().derived;
    if (std::any_of(derived.begin(), derived.end(), [&](const DerivedField& each) { return each.name == line.path; }))
        menu->addAction(tr("Remove “%1”").arg(QString::fromStdString(line.path)), this, [this, line] { removeDerived(line); });
}

void MonitorPage::fillMenu(const EndpointId& id, const std::optional<LineKey>& line, QMenu* menu)
{
    const Guest* elsewhere = guest(id);
    const bool isRead = feed(id) && feed(id)->series() && !(elsewhere && elsewhere->isRecorded);
    if (line) {
        fillPlaceMenu(*line, menu);
        menu->addSeparator();
    }
    if (line && isRead) {
        fillDerivedMenu(*line, menu);
        menu->addSeparator();
    }
    if (elsewhere)
        menu->addAction(tr("Remove endpoint"), this, [this, id] { removeEndpoint(id); });
    menu->addAction(tr("Draw all measurements"), this, [this, id] { open(id); });
    const EndpointFeed* current = feed(id);
    QAction* clear = menu->addAction(tr("Draw nothing of it"), this, [this, id] { fields_->untickAll(id); });
    clear->setEnabled(current);
    if (!isRead)
        return;
    menu->addAction(tr("Derive by a rule…"), this, [this, id] { askForRule(id); });
    const RuleChosen chosen = ruleChooser(id);
    menu->addSeparator();
    if (!current->shape()->splitFields.empty())
        fillSplitMenu(*menu->addMenu(splitText(current->series()->rule())), current->series()->rule(), *current->shape(), chosen);
    fillTimeMenu(*menu->addMenu(timeText(current->series()->rule(), *current->shape())), current->series()->rule(),
                 *current->shape(), chosen);
}

} // namespace iotman
