#include "ui/activity/activitypage.h"

#include "core/client/text.h"
#include "core/codegen/requestcurl.h"
#include "ui/activity/activitydetails.h"
#include "ui/activity/activityfilterbar.h"
#include "ui/activity/activitymodel.h"
#include "ui/activity/activityreader.h"
#include "ui/activity/hintlist.h"
#include "ui/activity/streamspane.h"
#include "ui/look/emptypage.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/tabledelegate.h"
#include "ui/look/toast.h"
#include "ui/pages/copyrows.h"
#include "ui/pages/listpane.h"
#include "ui/pages/page.h"
#include "ui/pages/pageactions.h"
#include "ui/pages/weatherdialog.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace iotman::ui {

using client::toQt;

namespace {

const QString columnsKey = QStringLiteral("activity/columns");
const QString detailSplitterKey = QStringLiteral("activity/splitter");
const QString hintSplitterKey = QStringLiteral("activity/hintSplitter");
constexpr int usualHintWidth = 300;
constexpr std::chrono::milliseconds hintsEvery(1000);
constexpr std::size_t hintWindow = 2000;     // entries of others that hints are made of
constexpr std::size_t mostLookedAt = 20'000; // to find them

} // namespace

std::string curlOf(const ActivityEntry& entry, const std::string& base)
{
    return codegen::curlLine({entry.method.empty() ? "GET" : entry.method, base + entry.target(), entry.headers});
}

QString copiedText(const ActivityEntry& entry, const std::string& line)
{
    QStringList text{ActivityPage::tr("Copied.")};
    if (line.find("\"$") != std::string::npos)
        text << ActivityPage::tr("Secrets are variables.");
    if (line.find("\u2026") != std::string::npos)
        text << ActivityPage::tr("Put in yourself what stands there as \u2026: the server keeps no more of it.");
    if (entry.method == "POST" || entry.method == "PUT" || entry.method == "PATCH")
        text << ActivityPage::tr("Its body was not kept.");
    return text.join(u' ');
}

QString notSentAgain(const ActivityEntry& entry)
{
    if (entry.stream)
        return ActivityPage::tr("A stream is not sent again.");
    if ((entry.method != "GET" && entry.method != "HEAD") || entry.path.compare(0, 10, "/data/out/") != 0)
        return ActivityPage::tr("Only GET and HEAD of /data/out are sent again.");
    return {};
}

ActivityPage::ActivityPage(Session& session, QSettings& settings, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , settings_(settings)
    , model_(new ActivityModel(session.clock(), this))
    , filter_(new ActivityFilter(model_))
    , reader_(new ActivityReader(session, *model_, {}, this))
    , count_(new QLabel(this))
    , fields_(new ActivityFilterBar(*filter_, this))
    , showAll_(new QPushButton(tr("Show all"), this))
    , stopped_(new MessageLine(MessageLine::Kind::Info, tr("Follow is off: nothing new is shown."), this))
    , message_(new MessageLine(this))
    , lists_(new QTabWidget(this))
    , requests_(new QWidget(this))
    , stack_(new QStackedWidget(this))
    , table_(new QTableView(this))
    , streams_(new StreamsPane(session, settings))
    , empty_(new EmptyPage(QStringLiteral("activity"), tr("Nothing has been asked yet"),
                           tr("Every request and stream of this server appears here the moment it happens."), this))
    , nothingFound_(new EmptyPage(QStringLiteral("filter"), tr("Nothing found"),
                                  tr("No request and no stream that is kept passes these filters."), this))
    , hints_(new HintList(this))
    , all_(new QSplitter(Qt::Vertical, this))
    , below_(new QSplitter(Qt::Horizontal, this))
    , toast_(new Toast(this))
{
    makeActions();
    details_ = new ActivityDetails({again_, curl_}, this);
    arrange();
    connect(&session_, &Session::stateChanged, this, &ActivityPage::follow);
    connect(&session_, &Session::roleChanged, this, &ActivityPage::updatePermits);
    connect(&session_, &Session::stateChanged, this, &ActivityPage::updatePermits);
    updatePermits();
    connect(reader_, &ActivityReader::updated, this, [this] {
        message_->hide();
        finished();
        Q_EMIT read();
    });
    connect(reader_, &ActivityReader::failed, this, [this](const Error& error) {
        message_->setMessage(MessageLine::Kind::Warning, errorText(error), tr("What is new could not be read."));
        message_->show();
    });
    connect(reader_, &ActivityReader::unsupported, this, [this] {
        empty_->setTexts(tr("This server keeps no list"), tr("It is older than this program, or hosted elsewhere."));
        message_->hide();
    });
    hintsDue_.setSingleShot(true);
    hintsDue_.callOnTimeout(this, &ActivityPage::tellHints);
    connect(fields_, &ActivityFilterBar::filtered, this, &ActivityPage::filtered);
    connect(showAll_, &QPushButton::clicked, this, [this] {
        filter_->setOnly(std::nullopt);
        showAll_->hide();
        filtered();
    });
    connect(stopped_, &MessageLine::buttonClicked, follow_, &QAction::trigger);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ActivityPage::showCurrent);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ActivityPage::showCurrent);
    connect(streams_, &StreamsPane::currentChanged, this, &ActivityPage::showCurrent);
    connect(streams_, &StreamsPane::read, this, &ActivityPage::streamsRead);
    connect(streams_->list(), &ListPane::copied, this, [this](const QString& done) { toast_->show(done, false); });
    connect(lists_, &QTabWidget::currentChanged, this, &ActivityPage::listChanged);
    listChanged();
}

ActivityPage::~ActivityPage()
{
    disconnect(lists_, nullptr, this, nullptr); // its pages go one by one
    disconnect(streams_, nullptr, this, nullptr);
    settings_.setValue(columnsKey, table_->horizontalHeader()->saveState());
    settings_.setValue(detailSplitterKey, all_->saveState());
    settings_.setValue(hintSplitterKey, below_->saveState());
}

QAction* ActivityPage::add(const QString& text, const QString& iconName, const std::function<void()>& triggered)
{
    auto* action = new QAction(text, this);
    if (iconName.isEmpty())
        action->setPriority(QAction::LowPriority);
    else
        action->setIcon(icon(iconName));
    connect(action, &QAction::triggered, this, triggered);
    addAction(action);
    return action;
}

void ActivityPage::makeActions()
{
    follow_ = add(tr("&Follow"), QStringLiteral("follow"), [this] { follow(); });
    follow_->setCheckable(true);
    follow_->setChecked(true);
    clear_ = add(tr("C&lear"), QStringLiteral("close"), [this] {
        model_->clear();
        finished();
    });
    own_ = add(tr("&Own requests"), QStringLiteral("computer"), [this] {
        filter_->setHousekeeping(own_->isChecked());
        filtered();
    });
    own_->setCheckable(true);
    own_->setToolTip(tr("Show what this program asks by itself, too"));
    weather_ = add(tr("Test &weather\u2026"), QStringLiteral("weather"), [this] { askWeather(); });
    weather_->setToolTip(tr("Let an endpoint be slow or fail on purpose"));
    auto* separator = new QAction(this);
    separator->setSeparator(true);
    addAction(separator);
    again_ = add(tr("&Send again"), QStringLiteral("refresh"), [this] { sendAgain(); });
    curl_ = add(tr("Copy as &curl"), QStringLiteral("code"), [this] {
        const ActivityEntry* entry = current();
        if (!entry)
            return;
        const std::string line = curlOf(*entry, client::fromQt(session_.connection().url.toString(QUrl::StripTrailingSlash)));
        copy(toQt(line), copiedText(*entry, line));
    });
    copyText_ =
        add(tr("Copy &rows as text"), {}, [this] { copy(selectedRows(RowsAs::Text, *table_), tr("Rows copied as text.")); });
    copyText_->setShortcut(QKeySequence::Copy);
    copyText_->setShortcutContext(Qt::WidgetShortcut);
    table_->addAction(copyText_);
    copyCsv_ = add(tr("Copy rows as CS&V"), {}, [this] { copy(selectedRows(RowsAs::Csv, *table_), tr("Rows copied as CSV.")); });
}

void ActivityPage::arrange()
{
    TableDelegate* delegate = prepareTable(table_, RowSize::Dense);
    table_->setModel(filter_);
    table_->setAccessibleName(tr("Requests and streams"));
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    table_->setFont(table_->font());
    delegate->setCellKind(static_cast<int>(ActivityColumn::Time), CellKind::Code);
    delegate->setCellKind(static_cast<int>(ActivityColumn::Path), CellKind::Code);
    delegate->setCellKind(static_cast<int>(ActivityColumn::Duration), CellKind::Number);
    delegate->setCellKind(static_cast<int>(ActivityColumn::Bytes), CellKind::Number);
    connect(table_, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        QMenu menu(this);
        menu.addActions(actions());
        menu.exec(table_->viewport()->mapToGlobal(at));
    });
    QHeaderView* header = table_->horizontalHeader();
    header->setStretchLastSection(true);
    if (!header->restoreState(settings_.value(columnsKey).toByteArray())) {
        constexpr int widths[activityColumns] = {104, 72, 260, 76, 80, 76, 150, 110, 180};
        for (int column = 0; column < activityColumns; ++column)
            header->resizeSection(column, widths[column]);
    }
    auto* title = new QLabel(pageName(PageId::Activity), this);
    title->setFont(titleFont());
    count_->setForegroundRole(QPalette::PlaceholderText);
    makeSmall(showAll_);
    showAll_->hide();
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(title);
    head->addWidget(count_);
    head->addWidget(showAll_);
    head->addStretch();
    for (QWidget* page : {static_cast<QWidget*>(empty_), static_cast<QWidget*>(nothingFound_), static_cast<QWidget*>(table_)})
        stack_->addWidget(page);

    below_->addWidget(details_);
    below_->addWidget(hints_);
    below_->setStretchFactor(0, 1);
    below_->setChildrenCollapsible(false);
    auto* requests = new QVBoxLayout(requests_);
    requests->setContentsMargins(0, metrics::smallSpace, 0, 0);
    requests->setSpacing(metrics::smallSpace);
    requests->addWidget(fields_);
    requests->addWidget(stack_, 1);
    lists_->addTab(requests_, tr("Requests"));
    lists_->addTab(streams_, tr("Open streams"));
    lists_->setDocumentMode(true);
    all_->addWidget(lists_);
    all_->addWidget(below_);
    all_->setStretchFactor(0, 3);
    all_->setStretchFactor(1, 2);
    all_->setChildrenCollapsible(false);
    if (!below_->restoreState(settings_.value(hintSplitterKey).toByteArray()))
        below_->setSizes({10'000, usualHintWidth});
    if (!all_->restoreState(settings_.value(detailSplitterKey).toByteArray()))
        all_->setSizes({3000, 2000});
    connect(hints_, &HintList::chosen, this, &ActivityPage::showOnly);
    stopped_->setButton(tr("Follow"), QStringLiteral("follow"));
    stopped_->hide();
    message_->letClose();
    message_->hide();
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::pageMargin, metrics::smallSpace, metrics::pageMargin, metrics::pageMargin);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(stopped_);
    rows->addWidget(message_);
    rows->addWidget(all_, 1);
}

const std::vector<ActivityHint>& ActivityPage::hints() const
{
    return hints_->hints();
}

void ActivityPage::setZone(const QTimeZone& zone)
{
    model_->setZone(zone);
    streams_->setZone(zone);
}

void ActivityPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    follow();
}

void ActivityPage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    follow();
}

void ActivityPage::follow()
{
    stopped_->setVisible(!follow_->isChecked());
    if (follow_->isChecked() && isVisible() && session_.state().phase == Phase::Running) {
        reader_->start();
        streams_->start();
    } else {
        reader_->stop();
        streams_->stop();
    }
}

void ActivityPage::updatePermits()
{
    const Permit permit = session_.permit(Action::TestWeather);
    setAllowed(weather_, permit.allowed, permit.reason);
}

void ActivityPage::listChanged()
{
    const bool requests = lists_->currentWidget() == requests_;
    count_->setVisible(requests);
    updateMainPart();
    showCurrent();
}

/// Whoever goes to this page by key goes on there by key: at the list, or at the tabs while there is none.
void ActivityPage::updateMainPart()
{
    QTableView* list = lists_->currentWidget() == requests_ ? table_ : streams_->list()->table();
    setFocusProxy(list->isVisibleTo(this) ? static_cast<QWidget*>(list) : lists_->tabBar());
}

/// What is shown may be less than before, or more.
void ActivityPage::filtered()
{
    const int all = filter_->plainCount(), shown = filter_->rowCount();
    count_->setText(filter_->isPlain()
                        ? locale().toString(shown)
                        : tr("%1 of %2", "rows shown, rows").arg(locale().toString(shown), locale().toString(all)));
    const bool firstCame = shown > 0 && stack_->currentWidget() != table_;
    stack_->setCurrentWidget(shown > 0                        ? static_cast<QWidget*>(table_)
                             : all == 0 || filter_->isPlain() ? static_cast<QWidget*>(empty_)
                                                              : nothingFound_);
    updateMainPart();
    if (firstCame && lists_->tabBar()->hasFocus())
        table_->setFocus(Qt::OtherFocusReason);
    showCurrent();
}

void ActivityPage::finished()
{
    filtered();
    // Hints look at many entries, and nobody reads them ten times a second.
    hintsAreStale_ = true;
    if (!hintsDue_.isActive())
        tellHints();
}

/// They know first what has been sent.
void ActivityPage::streamsRead()
{
    for (const OpenStream& stream : streams_->streams())
        model_->setSent(stream.number, stream.bytes);
    lists_->setTabText(lists_->indexOf(streams_), tr("Open streams (%1)").arg(locale().toString(streams_->count())));
    showCurrent();
}

void ActivityPage::tellHints()
{
    if (!std::exchange(hintsAreStale_, false))
        return;
    std::set<std::string> endpoints;
    for (const EndpointView& view : session_.endpoints())
        endpoints.insert(view.endpoint.id.text);
    fields_->offer(endpoints, model_->entries());
    updateHints();
    hintsDue_.start(hintsEvery);
}

void ActivityPage::updateHints()
{
    std::vector<ActivityEntry> lately; // hints are for others, and what this window asks leaves them their place
    std::size_t looked = 0;
    for (const ActivityEntry& entry : model_->entries()) {
        if (lately.size() == hintWindow || ++looked > mostLookedAt)
            break;
        if (!entry.isHousekeeping())
            lately.push_back(entry);
    }
    std::reverse(lately.begin(), lately.end());
    std::map<std::string, std::int64_t> items;
    for (const EndpointView& view : session_.endpoints()) {
        for (const OutputView& output : session_.outputs()) {
            if (output.output.id == view.endpoint.output)
                items[view.endpoint.id.text] = output.items;
        }
    }
    hints_->setHints(activityHints(lately, items));
}

void ActivityPage::showOnly(const ActivityHint& hint)
{
    filter_->setOnly(std::set<std::uint64_t>(hint.entries.begin(), hint.entries.end()));
    showAll_->show();
    lists_->setCurrentWidget(requests_);
    filtered();
}

const ActivityEntry* ActivityPage::current() const
{
    if (lists_->currentWidget() == streams_)
        return model_->find(streams_->current());
    const QModelIndex index = chosenRow(*table_);
    return index.isValid() ? &model_->at(filter_->mapToSource(index).row()) : nullptr;
}

void ActivityPage::showCurrent()
{
    const ActivityEntry* entry = current();
    const QString choose = tr("Choose a request first.");
    setAllowed(curl_, entry, choose);
    const QString why = entry ? notSentAgain(*entry) : choose;
    setAllowed(again_, why.isEmpty(), why);
    for (QAction* action : {copyText_, copyCsv_})
        setAllowed(action, entry && lists_->currentWidget() == requests_, choose);
    details_->showEntry(entry);
}

/// Of the endpoint that the current entry asked for, at first.
void ActivityPage::askWeather()
{
    const ActivityEntry* entry = current();
    auto* dialog = new WeatherDialog(session_, entry ? std::optional(EndpointId{entry->endpoint()}) : std::nullopt, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

/// With what was asked and its origin; never with a token, the member's own least of all.
void ActivityPage::sendAgain()
{
    const ActivityEntry* entry = current();
    if (!entry || !notSentAgain(*entry).isEmpty())
        return;
    client::HttpRequest request;
    request.method = client::toBytes(entry->method);
    request.url = QUrl(session_.connection().url.toString(QUrl::StripTrailingSlash) + toQt(entry->target()));
    for (const char* name : {"Accept", "Origin"}) {
        if (const std::string value = entry->header(name); !value.empty())
            request.headers.emplaceBack(name, client::toBytes(value));
    }
    request.mostBytes = 16LL << 20; // a page ends at 8 MiB
    resend_ = session_.network().send(request, this, [this](Expected<client::HttpAnswer> answer) {
        if (!answer) {
            message_->setMessage(MessageLine::Kind::Error, errorText(answer.error()), tr("Not sent again."));
            return message_->show();
        }
        toast_->show(tr("Sent again without a token: %1, %2.").arg(answer->status).arg(elapsedWord(answer->elapsed, locale())),
                     false);
    });
}

void ActivityPage::copy(const QString& text, const QString& done)
{
    QApplication::clipboard()->setText(text);
    toast_->show(done, false);
}

} // namespace iotman::ui
