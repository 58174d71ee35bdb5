#include "ui/monitor/monitorpage.h"

#include "ui/chart/chartboard.h"
#include "ui/look/emptypage.h"
#include "ui/look/tabledelegate.h"
#include "ui/monitor/alarmsdialog.h"
#include "ui/monitor/fieldspanel.h"
#include "ui/monitor/historynews.h"
#include "ui/monitor/layoutmenu.h"
#include "ui/monitor/linedrag.h"
#include "ui/monitor/measurepanel.h"
#include "ui/monitor/monitoractions.h"
#include "ui/monitor/monitorstate.h"
#include "ui/monitor/readingmenus.h"
#include "ui/monitor/recording.h"
#include "ui/monitor/valuesexport.h"
#include "ui/monitor/valuesmodel.h"

#include <QHeaderView>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman {

namespace {

constexpr int layoutMs = 1000;                     ///< changes of a layout are told together
constexpr std::int64_t liveWithin = 60'000'000;    ///< µs; an endpoint whose newest item is no older is live
constexpr auto patience = std::chrono::seconds(6); ///< for a live endpoint, before the newest of the others opens

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
    , board_(new ChartBoard(this))
    , actions_(new MonitorActions(board_, this))
    , message_(new MessageLine(this))
    , values_(new ValuesModel(set_, this))
    , table_(new QTableView(this))
    , alarms_(new AlarmsModel(set_, this))
    , layouts_(new LayoutMenu(*this))
    , recorder_(new Recorder(this))
    , measure_(new MeasurePanel(set_, board_->link(), this))
    , export_(new ValuesExport(set_, *board_, this))
    , strip_(new StateStrip(this))
    , empty_(new EmptyPage(QStringLiteral("monitor"), {}, {}, this))
    , stack_(new QStackedWidget(this))
{
    board_->setSeries(set_);
    board_->setTimeZone(zone_);
    message_->hide();
    TableDelegate* cells = prepareTable(table_, RowSize::Dense);
    cells->setCellKind(0, CellKind::Text);
    table_->setModel(values_);
    table_->horizontalHeader()->setStretchLastSection(false);
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
    values->addWidget(board_);
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
    column->addWidget(measure_);
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
}

void MonitorPage::connectParts()
{
    connect(fields_, &FieldsModel::wanted, this, [this](const EndpointId& id) {
        beginFeed(id);
        if (fields_->ticked().empty() && plotted_.count(id) == 0)
            toTick_.insert(id);
    });
    connect(fields_, &FieldsModel::tickedChanged, this, &MonitorPage::showTicked);
    connect(panel_, &FieldsPanel::currentChanged, this, &MonitorPage::refreshMenus);
    connect(panel_, &FieldsPanel::collapsed, this, &MonitorPage::closeIfUnused);
    connect(panel_, &FieldsPanel::activated, this, &MonitorPage::open);
    connect(panel_, &FieldsPanel::menuWanted, this, &MonitorPage::fillMenu);
    connect(&board_->link(), &ChartLink::viewChanged, this, [this] {
        readOlderIfLookedAt();
        if (!table_->isHidden() && !textsDue_.isActive())
            textsDue_.start(textsMs);
    });
    connect(&board_->link(), &ChartLink::pointerChanged, this, &MonitorPage::followPointer);
    connect(board_, &ChartBoard::menuWanted, this, &MonitorPage::fillPaneMenu);
    board_->setDropType(draggedLinesType());
    connect(board_, &ChartBoard::dropped, this, &MonitorPage::dropLines);
    connect(board_, &ChartBoard::closeWanted, this, &MonitorPage::closePane);
    connect(actions_->exportAll, &QAction::triggered, this, [this] { export_->showMenu(this); });
    connect(actions_->layouts, &QAction::triggered, this, [this] { layouts_->show(); });
    connect(actions_->record, &QAction::triggered, this, &MonitorPage::askToRecord);
    connect(actions_->openRecording, &QAction::triggered, this, &MonitorPage::askForRecording);
    connect(recorder_, &Recorder::progressed, this, [this] {
        constexpr std::int64_t megabyte = 1024 * 1024;
        actions_->record->setText(tr("%L1 of %L2 MB").arg(recorder_->bytes() / megabyte).arg(recorder_->budget() / megabyte));
    });
    connect(recorder_, &Recorder::stopped, this, [this](const QString& why) {
        actions_->record->setText(tr("Record"));
        actions_->record->setChecked(false);
        if (!why.isEmpty())
            notify(tr("The recording ended"), why);
    });
    connect(actions_->byUrl, &QAction::triggered, this, &MonitorPage::askForUrl);
    connect(actions_->alarms, &QAction::triggered, this, &MonitorPage::showAlarms);
    connect(alarms_, &AlarmsModel::began, this, [this](const QString& text) { notify(tr("Alarm"), text); });
    connect(alarms_, &AlarmsModel::changed, this, [this] {
        const auto on = static_cast<int>(alarms_->on());
        actions_->alarms->setText(on == 0 ? tr("Alarms") : on == 1 ? tr("1 alarm") : tr("%Ln alarms", nullptr, on));
        showPanes();
        showMarks();
    });
    layoutDue_.setSingleShot(true);
    layoutDue_.setInterval(layoutMs);
    connect(&layoutDue_, &QTimer::timeout, this, [this] {
        noteLayout();
        Q_EMIT layoutChanged();
    });
    connect(actions_->undo, &QAction::triggered, this, [this] { bringBack(&LayoutHistory::undo); });
    connect(actions_->redo, &QAction::triggered, this, [this] { bringBack(&LayoutHistory::redo); });
    connect(table_, &QTableView::clicked, this,
            [this](const QModelIndex& index) { board_->link().setPointer(values_->timeAt(index.row())); });
    connect(actions_->table, &QAction::toggled, this, [this](bool on) {
        table_->setVisible(on);
        refreshTable();
    });
    const auto retry = [this] {
        for (const auto& [id, feed] : feeds_)
            feed->retryNow();
    };
    connect(strip_, &StateStrip::retryRequested, this, retry);
    connect(message_, &MessageLine::buttonClicked, this, [this, retry] {
        if (message_->kind() == MessageLine::Kind::Error)
            return retry();
        (failure_.isEmpty() ? note_ : failure_).clear();
        refreshMessage();
    });
    connect(export_, &ValuesExport::leftOut, this, [this](const QString& sentence) {
        note_ = sentence;
        refreshMessage();
    });
    connect(export_, &ValuesExport::failed, this, &MonitorPage::tellFailure);
    patience_.setSingleShot(true);
    patience_.setInterval(patience);
    patience_.callOnTimeout(this, [this] {
        if (isVisible())
            openByItself();
    });
    textsDue_.setSingleShot(true);
    textsDue_.callOnTimeout(this, &MonitorPage::refreshTexts);
    everySecond_.setInterval(1000);
    everySecond_.callOnTimeout(this, [this] {
        fields_->valuesChanged(); // rates fall without anything coming
        refreshStrip();
        showMarks();
    });
    watching_.setInterval(1000);
    watching_.callOnTimeout(this, &MonitorPage::judgeAlarms);
    watching_.start();
}

ChartView* MonitorPage::chart() const
{
    return board_->view(0);
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
    if (tokens) {
        news_ = std::make_unique<HistoryNews>(network, *tokens, clock_, random_, server);
        connect(news_.get(), &HistoryNews::changed, this, [this](const HistoryChange& change) {
            if (EndpointFeed* changed = feed(change.endpoint))
                changed->reread(change.range);
        });
    }
    patience_.start();
    showWhatThereIs();
}

void MonitorPage::clearConnection()
{
    endAllFeeds();
    patience_.stop();
    news_.reset();
    connection_.reset();
    endpoints_.clear();
    guests_.clear();
    fields_->setEndpoints({});
    toTick_.clear();
    plotted_.clear();
    toOpen_.reset();
    hasOpened_ = false;
    history_.clear();
    noteLayout();
    showWhatThereIs();
}

void MonitorPage::setEndpoints(const std::vector<EndpointView>& endpoints)
{
    endpoints_ = endpoints;
    showEndpoints();
    openPendingLayout();
    if (isVisible())
        openByItself();
}

void MonitorPage::showEndpoints()
{
    std::vector<MonitoredEndpoint> shown;
    for (const EndpointView& endpoint : endpoints_)
        shown.push_back({endpoint.endpoint.id, nameOf(endpoint, endpoints_), noteOf(endpoint)});
    for (const Guest& guest : guests_)
        shown.push_back({guest.id, guest.name, guest.address.page.toString()});
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
}

void MonitorPage::showWhatThereIs()
{
    if (!connection_)
        empty_->setTexts(tr("Not connected"),
                         tr("The Monitor draws what the endpoints of a workspace deliver, as soon as there is a connection."));
    else
        empty_->setTexts(tr("Nothing to watch yet"), tr("Endpoints appear here as soon as the workspace has one."));
    stack_->setCurrentIndex(connection_ && (!endpoints_.empty() || !guests_.empty()) ? 1 : 0);
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
    const bool isLive = newest->lastItemAt && clock_.now().us - newest->lastItemAt->us < liveWithin;
    if (!isLive && patience_.isActive())
        return;
    const EndpointId id = newest->endpoint.id;
    open(id);
    panel_->setCurrent(id);
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

// ---- Texts

/// Someone looks at a time before the history that was read: more of it. What finds no room in memory is summarised.
void MonitorPage::readOlderIfLookedAt()
{
    const Timestamp from = board_->link().view().time.from;
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
        values_->show(board_->link().view().time);
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
    MenuWord* lines = strip_->linesWord();
    MenuWord* time = strip_->timeWord();
    lines->setVisible(isThere && !current->shape()->splitFields.empty());
    time->setVisible(isThere);
    if (!isThere)
        return;
    const ReadingRule& rule = current->series()->rule();
    const EndpointShape& shape = *current->shape();
    const RuleChosen chosen = ruleChooser(*id);
    lines->setWord(splitText(rule));
    lines->setToolTip(tr("Which field of %1 gives each of its texts a line of its own").arg(fields_->endpoint(*id)->name));
    fillSplitMenu(*lines->menu(), rule, shape, chosen);
    time->setWord(timeText(rule, shape));
    time->setToolTip(tr("The time that values of %1 are drawn at").arg(fields_->endpoint(*id)->name));
    fillTimeMenu(*time->menu(), rule, shape, chosen);
}

void MonitorPage::tellFailure(const QString& sentence)
{
    failure_ = sentence;
    refreshMessage();
}

void MonitorPage::showNote(MessageLine::Kind kind, const QString& text)
{
    message_->setMessage(kind, text);
    message_->setButton(tr("Close"), QStringLiteral("close"));
    message_->show();
}

void MonitorPage::refreshMessage()
{
    if (!failure_.isEmpty())
        return showNote(MessageLine::Kind::Warning, failure_);
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
    if (note_.isEmpty())
        message_->hide();
    else
        showNote(MessageLine::Kind::Info, note_);
}

} // namespace iotman
