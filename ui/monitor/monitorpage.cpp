#include "ui/monitor/monitorpage.h"

#include "ui/chart/chartview.h"
#include "ui/look/emptypage.h"
#include "ui/look/messageline.h"
#include "ui/look/tabledelegate.h"
#include "ui/monitor/fieldspanel.h"
#include "ui/monitor/monitoractions.h"
#include "ui/monitor/monitorstate.h"
#include "ui/monitor/readingmenus.h"
#include "ui/monitor/valuesmodel.h"

#include <QHeaderView>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman {

namespace {

/// An endpoint is live when its newest item is no older than this.
constexpr std::chrono::microseconds liveWithin = std::chrono::minutes(1);
/// How long a live endpoint is waited for before the newest of the others opens.
constexpr std::chrono::microseconds patience = std::chrono::seconds(6);


constexpr int textsMs = 250;                 ///< values in tree and table change four times a second at most
constexpr int samplesInView = 300;           ///< of a live endpoint that opens
constexpr std::int64_t slowest = 60'000'000; ///< µs between samples of an endpoint that counts as live

/// Different names for people: endpoints of one output have its name and their id.
QString nameOf(const EndpointView& endpoint, const std::vector<EndpointView>& all)
{
    const auto same =
        std::count_if(all.begin(), all.end(), [&](const auto& other) { return other.outputName == endpoint.outputName; });
    const QString output = QString::fromStdString(endpoint.outputName.text);
    return same > 1 ? QStringLiteral("%1 (%2)").arg(output, QString::fromStdString(endpoint.endpoint.id.text)) : output;
}

QString noteOf(const EndpointView& endpoint)
{
    const auto& scope = endpoint.endpoint.requiredScope;
    const QString access =
        scope ? MonitorPage::tr("needs %1").arg(QString::fromStdString(scope->text)) : MonitorPage::tr("public");
    return QStringLiteral("%1\n%2").arg(QString::fromStdString(endpoint.url), access);
}

} // namespace

MonitorPage::MonitorPage(const Clock& clock, Random& random, QWidget* parent)
    : QWidget(parent)
    , clock_(clock)
    , random_(random)
    , set_(std::make_shared<SeriesSet>())
    , fields_(new FieldsModel(this))
    , panel_(new FieldsPanel(fields_, this))
    , chart_(new ChartView(this))
    , actions_(new MonitorActions(chart_, this))
    , message_(new MessageLine(this))
    , values_(new ValuesModel(set_, this))
    , table_(new QTableView(this))
    , strip_(new StateStrip(this))
    , empty_(new EmptyPage(QStringLiteral("monitor"), {}, {}, this))
    , stack_(new QStackedWidget(this))
{
    chart_->setSeries(set_);
    chart_->setShown({});
    chart_->setTimeZone(zone_);
    message_->hide();
    TableDelegate* cells = prepareTable(table_, RowSize::Dense);
    cells->setCellKind(0, CellKind::Text);
    table_->setModel(values_);
    table_->setAccessibleName(tr("Values as table"));
    table_->hide();
    layOut();
    connectParts();
    showWhatThereIs();
}

MonitorPage::~MonitorPage()
{
    endAllFeeds();
}

void MonitorPage::layOut()
{
    auto* values = new QSplitter(Qt::Vertical);
    values->addWidget(chart_);
    values->addWidget(table_);
    values->setStretchFactor(0, 2);
    values->setStretchFactor(1, 1);
    values->setChildrenCollapsible(false);
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(message_);
    column->addWidget(values, 1);
    column->addWidget(strip_);
    auto* both = new QSplitter(Qt::Horizontal);
    both->addWidget(panel_);
    both->addWidget(right);
    both->setStretchFactor(0, 0);
    both->setStretchFactor(1, 1);
    both->setChildrenCollapsible(false);
    stack_->addWidget(empty_);
    stack_->addWidget(both);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(stack_);
    setTabOrder(panel_->tree(), chart_);
    setTabOrder(chart_, table_);
}

void MonitorPage::connectParts()
{
    connect(fields_, &FieldsModel::wanted, this, [this](const EndpointId& id) {
        beginFeed(id);
        if (fields_->ticked().empty())
            toTick_.insert(id);
    });
    connect(fields_, &FieldsModel::tickedChanged, this, &MonitorPage::showTicked);
    connect(panel_, &FieldsPanel::currentChanged, this, &MonitorPage::refreshMenus);
    connect(panel_, &FieldsPanel::collapsed, this, &MonitorPage::closeIfUnused);
    connect(panel_, &FieldsPanel::activated, this, &MonitorPage::open);
    connect(panel_, &FieldsPanel::menuWanted, this, &MonitorPage::fillMenu);
    connect(chart_, &ChartView::viewChanged, this, [this] {
        readOlderIfLookedAt();
        if (!table_->isHidden() && !textsDue_.isActive())
            textsDue_.start(textsMs);
    });
    connect(actions_->table, &QAction::toggled, this, [this](bool on) {
        table_->setVisible(on);
        refreshTable();
    });
    const auto retry = [this] {
        for (const auto& [id, feed] : feeds_)
            feed->retryNow();
    };
    connect(strip_, &StateStrip::retryRequested, this, retry);
    connect(message_, &MessageLine::buttonClicked, this, retry);
    for (QToolButton* button : {strip_->linesButton(), strip_->timeButton()})
        button->setMenu(new QMenu(button));
    textsDue_.setSingleShot(true);
    textsDue_.callOnTimeout(this, &MonitorPage::refreshTexts);
    everySecond_.setInterval(1000);
    everySecond_.callOnTimeout(this, [this] {
        fields_->valuesChanged(); // rates fall without anything coming
        refreshStrip();
    });
}

void MonitorPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    everySecond_.start();
    openByItself();
    refreshTexts();
}

void MonitorPage::hideEvent(QHideEvent* event)
{
    everySecond_.stop();
    textsDue_.stop();
    QWidget::hideEvent(event);
}

// ---- Connection and endpoints

void MonitorPage::setConnection(client::Network& network, client::TokenSource* tokens, const QUrl& server)
{
    clearConnection();
    connection_ = Connection{&network, tokens, server};
    connectedAt_ = clock_.now();
    showWhatThereIs();
    QTimer::singleShot(std::chrono::duration_cast<std::chrono::milliseconds>(patience), this, [this] {
        if (isVisible())
            openByItself();
    });
}

void MonitorPage::clearConnection()
{
    endAllFeeds();
    connection_.reset();
    endpoints_.clear();
    fields_->setEndpoints({});
    toTick_.clear();
    toOpen_.reset();
    hasOpened_ = false;
    showWhatThereIs();
}

void MonitorPage::setEndpoints(const std::vector<EndpointView>& endpoints)
{
    endpoints_ = endpoints;
    std::vector<MonitoredEndpoint> shown;
    for (const EndpointView& endpoint : endpoints_)
        shown.push_back({endpoint.endpoint.id, nameOf(endpoint, endpoints_), noteOf(endpoint)});
    std::vector<EndpointId> gone;
    for (const auto& [id, feed] : feeds_)
        if (std::none_of(shown.begin(), shown.end(), [&, &known = id](const auto& each) { return each.id == known; }))
            gone.push_back(id);
    for (const EndpointId& id : gone)
        endFeed(id);
    fields_->setEndpoints(shown);
    showWhatThereIs();
    if (toOpen_ && fields_->endpoint(*toOpen_))
        open(EndpointId(*toOpen_));
    if (isVisible())
        openByItself();
}

void MonitorPage::showWhatThereIs()
{
    if (!connection_)
        empty_->setTexts(tr("Not connected"),
                         tr("The Monitor draws what the endpoints of a workspace deliver, as soon as there is a connection."));
    else
        empty_->setTexts(tr("Nothing to watch yet"), tr("Endpoints appear here as soon as the workspace has one."));
    stack_->setCurrentIndex(connection_ && !endpoints_.empty() ? 1 : 0);
}

/// A newcomer sees a chart that moves.
void MonitorPage::openByItself()
{
    if (!connection_ || hasOpened_ || endpoints_.empty())
        return;
    const EndpointView* newest = nullptr;
    for (const EndpointView& endpoint : endpoints_)
        if (endpoint.endpoint.enabled && (!newest || endpoint.lastItemAt > newest->lastItemAt))
            newest = &endpoint;
    if (!newest)
        return;
    // At the very first start nothing live has arrived yet: a moment's patience beats a chart of years ago.
    const Timestamp now = clock_.now();
    const bool isLive = newest->lastItemAt && now.us - newest->lastItemAt->us < liveWithin.count();
    if (!isLive && now.us - connectedAt_.us < patience.count())
        return;
    open(newest->endpoint.id);
}

void MonitorPage::open(const EndpointId& id)
{
    if (!connection_ || !fields_->endpoint(id)) {
        toOpen_ = id;
        return;
    }
    toOpen_.reset();
    EndpointFeed* feed = beginFeed(id);
    if (feed->series())
        fields_->tickMeasurements(id);
    else
        toTick_.insert(id);
    panel_->expand(id);
}

// ---- Feeds

EndpointFeed* MonitorPage::feed(const EndpointId& id) const
{
    const auto found = feeds_.find(id);
    return found == feeds_.end() ? nullptr : found->second.get();
}

EndpointFeed* MonitorPage::beginFeed(const EndpointId& id)
{
    if (EndpointFeed* known = feed(id))
        return known;
    hasOpened_ = true;
    const auto view =
        std::find_if(endpoints_.begin(), endpoints_.end(), [&](const auto& each) { return each.endpoint.id == id; });
    const QUrl publicPage = view == endpoints_.end() ? QUrl() : QUrl(QString::fromStdString(view->url));
    auto made = std::make_unique<EndpointFeed>(FeedWorld{*connection_->network, connection_->tokens, clock_, random_},
                                               client::EndpointAddress::onServer(connection_->server, id, publicPage), *set_);
    EndpointFeed* begun = feeds_.emplace(id, std::move(made)).first->second.get();
    connect(begun, &EndpointFeed::shaped, this, [this, id] { shaped(id); });
    connect(begun, &EndpointFeed::aboutToRestart, this, [this, id] { fields_->restart(id); });
    connect(begun, &EndpointFeed::valuesCame, this, [this, id](std::size_t live) { valuesCame(id, live); });
    connect(begun, &EndpointFeed::stateChanged, this, [this] {
        refreshStrip();
        refreshMessage();
        readOlderIfLookedAt();
    });
    fields_->setFeed(id, begun);
    begun->start();
    return begun;
}

void MonitorPage::endFeed(const EndpointId& id)
{
    fields_->setFeed(id, nullptr);
    feeds_.erase(id);
    toTick_.erase(id);
    chart_->dataChanged();
    refreshMenus();
    refreshStrip();
    refreshMessage();
}

void MonitorPage::endAllFeeds()
{
    while (!feeds_.empty())
        endFeed(EndpointId(feeds_.begin()->first));
}

void MonitorPage::closeIfUnused(const EndpointId& id)
{
    const auto ticked = fields_->ticked();
    if (feed(id) && std::none_of(ticked.begin(), ticked.end(), [&](const auto& line) { return line.endpoint == id; }))
        endFeed(EndpointId(id));
}

void MonitorPage::shaped(const EndpointId& id)
{
    const bool isFirst = fields_->ticked().empty();
    fields_->addLines(id);
    if (toTick_.erase(id) > 0)
        fields_->tickMeasurements(id);
    if (isFirst)
        chooseSpan(id);
    panel_->expand(id);
    refreshMenus();
}

void MonitorPage::valuesCame(const EndpointId& id, std::size_t live)
{
    fields_->addLines(id);
    actions_->came(live);
    if (const auto range = feed(id)->series()->range(); span_ && range && range->span() > *span_) {
        if (chart_->isFollowing())
            chart_->showLast(*span_);
        span_.reset();
    }
    chart_->dataChanged();
    if (isVisible() && !textsDue_.isActive())
        textsDue_.start(textsMs);
}

/// An endpoint that is live shows its last few minutes, so that it is seen to move; one that is not shows all there is.
void MonitorPage::chooseSpan(const EndpointId& id)
{
    const EndpointFeed* opened = feed(id);
    const std::int64_t interval = opened->shape()->typicalInterval;
    const auto range = opened->series()->range();
    const bool isLive = range && clock_.now().us - range->to.us < 10 * slowest;
    span_.reset();
    if (isLive && interval > 0 && interval <= slowest)
        span_ = samplesInView * interval;
}

/// The feed starts over in the next turn: the menu that was chosen from is filled anew by it.
std::function<void(const ReadingRule&)> MonitorPage::ruleChooser(const EndpointId& id)
{
    return [this, id](const ReadingRule& rule) {
        QMetaObject::invokeMethod(
            this,
            [this, id, rule] {
                if (EndpointFeed* changed = feed(id))
                    changed->start(rule);
            },
            Qt::QueuedConnection);
    };
}

// ---- What is shown

void MonitorPage::showTicked()
{
    std::vector<TickedLine> lines = fields_->ticked();
    const bool isOneEndpoint =
        std::all_of(lines.begin(), lines.end(), [&](const auto& line) { return line.endpoint == lines.front().endpoint; });
    std::vector<SeriesId> ids;
    for (const TickedLine& line : lines) {
        const MonitoredEndpoint* endpoint = fields_->endpoint(line.endpoint);
        SeriesInfo info = set_->info(line.series);
        info.name = (isOneEndpoint || !endpoint ? line.name : endpoint->name + u' ' + line.name).toStdString();
        set_->setInfo(line.series, std::move(info));
        chart_->setStyle(line.series, {line.colorIndex, true, false});
        ids.push_back(line.series);
    }
    const MonitoredEndpoint* only = lines.empty() || !isOneEndpoint ? nullptr : fields_->endpoint(lines.front().endpoint);
    chart_->setTitle(only ? only->name : lines.empty() ? QString() : tr("Values"));
    chart_->setShown(std::move(ids));
    values_->setLines(std::move(lines));
    refreshTable();
}

void MonitorPage::setTimeZone(const QTimeZone& zone)
{
    zone_ = zone;
    chart_->setTimeZone(zone);
    values_->setTimeZone(zone);
    refreshStrip();
}

/// Someone looks at a time before the history that was read: more of it, as long as there is memory for it.
void MonitorPage::readOlderIfLookedAt()
{
    const bool hasRoom = set_->dropped() == 0 && set_->bytes() < set_->budget() / 10 * 9;
    if (!hasRoom)
        return;
    const Timestamp from = chart_->view().time.from;
    std::set<EndpointId> shown;
    for (const TickedLine& line : fields_->ticked())
        shown.insert(line.endpoint);
    for (const EndpointId& id : shown) {
        EndpointFeed* looked = feed(id);
        const auto range = looked && looked->series() ? looked->series()->range() : std::nullopt;
        if (range && from < range->from)
            looked->readOlder();
    }
}

void MonitorPage::refreshTexts()
{
    if (!isVisible())
        return;
    fields_->valuesChanged();
    refreshTable();
    refreshStrip();
}

void MonitorPage::refreshTable()
{
    if (isVisible() && !table_->isHidden())
        values_->show(chart_->view().time);
}

std::vector<NamedFeed> MonitorPage::namedFeeds() const
{
    std::vector<NamedFeed> named;
    for (const auto& [id, each] : feeds_)
        if (const MonitoredEndpoint* endpoint = fields_->endpoint(id))
            named.push_back({endpoint->name, each.get()});
    return named;
}

void MonitorPage::refreshStrip()
{
    if (isVisible())
        strip_->show(stripStateOf(namedFeeds(), *set_, clock_.now(), zone_));
}

/// The endpoint of the current row if it is read, else the only one that is.
std::optional<EndpointId> MonitorPage::currentFeed() const
{
    if (const auto current = panel_->current(); current && feed(*current))
        return current;
    return feeds_.size() == 1 ? std::optional(feeds_.begin()->first) : std::nullopt;
}

void MonitorPage::refreshMenus()
{
    const auto id = currentFeed();
    const EndpointFeed* current = id ? feed(*id) : nullptr;
    const bool isThere = current && current->series();
    QToolButton* lines = strip_->linesButton();
    QToolButton* time = strip_->timeButton();
    lines->setVisible(isThere && !current->shape()->splitFields.empty());
    time->setVisible(isThere);
    if (!isThere)
        return;
    const ReadingRule& rule = current->series()->rule();
    const EndpointShape& shape = *current->shape();
    const RuleChosen chosen = ruleChooser(*id);
    lines->setText(splitText(rule));
    lines->setToolTip(tr("Which field of %1 gives each of its texts a line of its own").arg(fields_->endpoint(*id)->name));
    fillSplitMenu(*lines->menu(), rule, shape, chosen);
    time->setText(timeText(rule, shape));
    time->setToolTip(tr("The time that values of %1 are drawn at").arg(fields_->endpoint(*id)->name));
    fillTimeMenu(*time->menu(), rule, shape, chosen);
}

void MonitorPage::refreshMessage()
{
    for (const NamedFeed& each : namedFeeds()) {
        const FeedState& state = each.feed->state();
        const bool isHalted = state.phase == FeedPhase::Refused || state.phase == FeedPhase::SignInNeeded;
        const std::optional<Error>& why = isHalted ? state.why : each.feed->historyError();
        if (!why)
            continue;
        message_->setMessage(
            isHalted ? MessageLine::Kind::Error : MessageLine::Kind::Warning, QString::fromStdString(why->detail),
            isHalted ? tr("%1 cannot be read.").arg(each.name) : tr("The history of %1 ends early.").arg(each.name));
        message_->setButton(isHalted ? tr("Try again") : QString(), isHalted ? QStringLiteral("refresh") : QString());
        message_->show();
        return;
    }
    message_->hide();
}

void MonitorPage::fillMenu(const EndpointId& id, QMenu* menu)
{
    menu->addAction(tr("Draw all measurements"), this, [this, id] { open(id); });
    const EndpointFeed* current = feed(id);
    QAction* clear = menu->addAction(tr("Draw nothing of it"), this, [this, id] { fields_->untickAll(id); });
    clear->setEnabled(current);
    if (!current || !current->series())
        return;
    const RuleChosen chosen = ruleChooser(id);
    menu->addSeparator();
    if (!current->shape()->splitFields.empty())
        fillSplitMenu(*menu->addMenu(splitText(current->series()->rule())), current->series()->rule(), *current->shape(), chosen);
    fillTimeMenu(*menu->addMenu(timeText(current->series()->rule(), *current->shape())), current->series()->rule(),
                 *current->shape(), chosen);
}

} // namespace iotman
