#include "ui/pages/endpointspage.h"

#include "core/client/text.h"
#include "ui/look/emptypage.h"
#include "ui/look/filterbox.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/tabledelegate.h"
#include "ui/look/toast.h"
#include "ui/pages/accessdialog.h"
#include "ui/pages/copyrows.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/endpointdetails.h"
#include "ui/pages/endpointdialog.h"
#include "ui/pages/endpointsmodel.h"
#include "ui/pages/pageactions.h"
#include "ui/pages/rowsproxy.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

const QString endpointColumnsKey = QStringLiteral("endpoints/columns");
const QString endpointSplitterKey = QStringLiteral("endpoints/splitter");

CellKind cellKindOf(EndpointColumn column)
{
    switch (column) {
    case EndpointColumn::Url:
        return CellKind::Url;
    case EndpointColumn::LastItem:
    case EndpointColumn::Rate:
    case EndpointColumn::Streams:
    case EndpointColumn::Created:
        return CellKind::Number;
    default:
        return CellKind::Text;
    }
}

} // namespace

EndpointsPage::EndpointsPage(Session& session, QSettings& settings, QWidget* parent)
    : Page(parent)
    , session_(session)
    , settings_(settings)
    , model_(new EndpointsModel(session.clock(), this))
    , proxy_(new RowsProxy(this))
    , count_(new QLabel(this))
    , filter_(new FilterBox(tr("Filter endpoints"), this))
    , message_(new MessageLine(this))
    , stack_(new QStackedWidget(this))
    , table_(new QTableView(this))
    , empty_(new EmptyPage(QStringLiteral("endpoints"), tr("No endpoint yet"),
                           tr("An endpoint gives the items of an output a URL, public or guarded by a scope."), this))
    , nothingFound_(new EmptyPage(QStringLiteral("filter"), tr("Nothing found"),
                                  tr("No endpoint has this text in its output, URL, scope or author."), this))
    , details_(new EndpointDetails(session, this))
    , splitter_(new QSplitter(this))
    , toast_(new Toast(this))
{
    makeActions();
    arrange();
    restore();
    connect(&session_, &Session::listsChanged, this, &EndpointsPage::listsChanged);
    connect(&session_, &Session::roleChanged, this, &EndpointsPage::updateActions);
    connect(&session_, &Session::stateChanged, this, &EndpointsPage::updateActions);
    connect(filter_, &FilterBox::entered, proxy_, &RowsProxy::prepare);
    connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
        proxy_->setText(text);
        listsChanged();
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &EndpointsPage::selectionChanged);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &EndpointsPage::selectionChanged);
    connect(table_, &QTableView::activated, this, [this] { monitor_->trigger(); });
    connect(toast_, &Toast::undoRequested, this, &EndpointsPage::undoDelete);
    listsChanged();
}

EndpointsPage::~EndpointsPage()
{
    settings_.setValue(endpointColumnsKey, table_->horizontalHeader()->saveState());
    settings_.setValue(endpointSplitterKey, splitter_->saveState());
}

void EndpointsPage::makeActions()
{
    const auto add = [this](const QString& text, const QString& iconName, const std::function<void()>& triggered) {
        return addPageAction(this, text, iconName, triggered);
    };
    const auto addSeparator = [this] { addPageSeparator(this); };
    new_ = add(tr("&New endpoint"), QStringLiteral("add"), [this] { openNew(); });
    new_->setShortcut(QKeySequence::New);
    delete_ = add(tr("&Delete"), QStringLiteral("delete"), [this] { askDelete(); });
    delete_->setShortcut(QKeySequence::Delete);
    delete_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addSeparator();
    copyUrl_ = add(tr("&Copy URL"), QStringLiteral("copy"), [this] { copy(toQt(current()->url), tr("URL copied.")); });
    monitor_ = add(tr("Open in &Monitor"), QStringLiteral("monitor"), [this] {
        if (const auto endpoint = current())
            Q_EMIT openInMonitor(*endpoint);
    });
    addSeparator();
    copyStream_ = add(tr("Copy &stream URL"), {}, [this] { copy(toQt(current()->streamUrl), tr("Stream URL copied.")); });
    copyEvents_ = add(tr("Copy &events URL"), {}, [this] { copy(toQt(current()->eventsUrl), tr("Events URL copied.")); });
    addSeparator();
    access_ = add(tr("Change &access\u2026"), {}, [this] { askAccess(); });
    const auto setEnabled = [this](bool enabled) {
        EndpointPatch patch;
        patch.enabled = enabled;
        changeAll(chosen(), patch, enabled ? tr("Switched on.") : tr("Switched off: the URL answers 404."));
    };
    enable_ = add(tr("Switch &on"), {}, [setEnabled] { setEnabled(true); });
    disable_ = add(tr("Switch o&ff"), {}, [setEnabled] { setEnabled(false); });
    addSeparator();
    copyText_ =
        add(tr("Copy &rows as text"), {}, [this] { copy(selectedRows(RowsAs::Text, *table_), tr("Rows copied as text.")); });
    copyText_->setShortcut(QKeySequence::Copy);
    copyText_->setShortcutContext(Qt::WidgetShortcut);
    table_->addAction(copyText_);
    copyCsv_ = add(tr("Copy rows as CS&V"), {}, [this] { copy(selectedRows(RowsAs::Csv, *table_), tr("Rows copied as CSV.")); });
    addSeparator();
    undo_ = add(tr("&Undo delete"), {}, [this] { undoDelete(); });
    undo_->setShortcut(QKeySequence::Undo);
    undo_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

void EndpointsPage::arrange()
{
    proxy_->setSourceModel(model_);

    TableDelegate* delegate = prepareTable(table_);
    table_->setModel(proxy_);
    table_->setAccessibleName(tr("Endpoints"));
    table_->setSortingEnabled(true);
    table_->sortByColumn(static_cast<int>(EndpointColumn::Output), Qt::AscendingOrder);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    for (int column = 0; column < endpointColumns; ++column)
        delegate->setCellKind(column, cellKindOf(static_cast<EndpointColumn>(column)));
    connect(table_, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        QMenu menu(this);
        menu.addActions(actions());
        menu.exec(table_->viewport()->mapToGlobal(at));
    });

    auto* title = new QLabel(pageName(PageId::Endpoints), this);
    title->setFont(titleFont());
    count_->setForegroundRole(QPalette::PlaceholderText);
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(title);
    head->addWidget(count_);
    head->addStretch();
    head->addWidget(filter_);

    empty_->setAction(new_);
    for (QWidget* page : {static_cast<QWidget*>(table_), static_cast<QWidget*>(empty_), static_cast<QWidget*>(nothingFound_)})
        stack_->addWidget(page);
    splitter_->setChildrenCollapsible(false);
    splitter_->addWidget(stack_);
    splitter_->addWidget(details_);
    splitter_->setStretchFactor(0, 1);
    splitter_->setStretchFactor(1, 0);
    message_->letClose();
    message_->hide();
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::pageMargin, metrics::smallSpace, metrics::pageMargin, metrics::pageMargin);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(message_);
    rows->addWidget(splitter_, 1);
}

void EndpointsPage::restore()
{
    QHeaderView* header = table_->horizontalHeader();
    header->setStretchLastSection(true);
    header->setSectionsMovable(true);
    if (!header->restoreState(settings_.value(endpointColumnsKey).toByteArray())) {
        constexpr int widths[endpointColumns] = {130, 148, 122, 102, 62, 64, 94, 74};
        for (int column = 0; column < endpointColumns; ++column)
            header->resizeSection(column, widths[column]);
    }
    if (!splitter_->restoreState(settings_.value(endpointSplitterKey).toByteArray()))
        splitter_->setSizes({826, 400});
}

void EndpointsPage::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    model_->setZone(zone);
    details_->setZone(zone);
}

std::vector<GotoTarget> EndpointsPage::targets()
{
    std::vector<GotoTarget> targets;
    for (const EndpointView& view : session_.endpoints()) {
        const QString id = toQt(view.endpoint.id.text);
        targets.push_back({tr("%1 · %2", "output, endpoint").arg(toQt(view.outputName.text), id), QStringLiteral("stream"),
                           [this, id] { Q_EMIT goTo(PageId::Endpoints, id); }});
    }
    return targets;
}

void EndpointsPage::choose(const QString& id)
{
    const int row = model_->rowOf(EndpointId{client::fromQt(id)});
    if (row < 0) {
        wanted_ = id;
        return;
    }
    wanted_.clear();
    if (!proxy_->mapFromSource(model_->index(row, 0)).isValid())
        filter_->clear();
    const QModelIndex place = proxy_->mapFromSource(model_->index(row, 0));
    table_->selectionModel()->setCurrentIndex(place, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    table_->scrollTo(place);
}

std::vector<EndpointView> EndpointsPage::chosen() const
{
    QList<int> rows;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows())
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    std::vector<EndpointView> endpoints;
    for (const int row : rows)
        endpoints.push_back(model_->row(proxy_->mapToSource(proxy_->index(row, 0)).row()).view);
    return endpoints;
}

/// The endpoint that single actions and the details are about.
std::optional<EndpointView> EndpointsPage::current() const
{
    const QModelIndex index = chosenRow(*table_);
    if (!index.isValid())
        return std::nullopt;
    return model_->row(proxy_->mapToSource(index).row()).view;
}

void EndpointsPage::listsChanged()
{
    model_->setRows(endpointRows(session_.endpoints(), session_.rates()));
    const int all = model_->rowCount();
    const int shown = proxy_->rowCount();
    const QString number = locale().toString(all);
    count_->setText(shown == all ? number : tr("%1 of %2", "rows shown, rows").arg(locale().toString(shown), number));
    count_->setVisible(session_.isLoaded());
    stack_->setCurrentWidget(all == 0 && session_.isLoaded() ? static_cast<QWidget*>(empty_)
                             : shown == 0 && all > 0         ? static_cast<QWidget*>(nothingFound_)
                                                             : table_);
    if (!wanted_.isEmpty())
        choose(wanted_);
    else if (shown > 0 && !table_->currentIndex().isValid())
        table_->selectRow(0);
    selectionChanged();
}

void EndpointsPage::selectionChanged()
{
    details_->setEndpoint(current());
    updateActions();
}

void EndpointsPage::updateActions()
{
    const Permit permit = session_.permit(Action::WriteEndpoints);
    const std::vector<EndpointView> endpoints = chosen();
    const bool some = !endpoints.empty();
    const bool one = current().has_value();
    const QString choose = tr("Choose an endpoint first.");
    const auto isOn = [](const EndpointView& view) { return view.endpoint.enabled; };

    setAllowed(new_, permit.allowed, permit.reason);
    for (QAction* action : {delete_, access_})
        setAllowed(action, permit.allowed && some, permit.allowed ? choose : permit.reason);
    const bool anyOff = !std::all_of(endpoints.begin(), endpoints.end(), isOn);
    const bool anyOn = std::any_of(endpoints.begin(), endpoints.end(), isOn);
    setAllowed(enable_, permit.allowed && anyOff, !permit.allowed ? permit.reason : some ? tr("It is on already.") : choose);
    setAllowed(disable_, permit.allowed && anyOn, !permit.allowed ? permit.reason : some ? tr("It is off already.") : choose);
    for (QAction* action : {copyUrl_, copyStream_, monitor_})
        setAllowed(action, one, choose);
    const bool hasEvents = one && !current()->eventsUrl.empty();
    setAllowed(copyEvents_, hasEvents, one ? tr("This server has no events.") : choose);
    for (QAction* action : {copyText_, copyCsv_})
        setAllowed(action, some, choose);
    setAllowed(undo_, permit.allowed && !deleted_.empty(), permit.allowed ? tr("Nothing was deleted.") : permit.reason);
}

void EndpointsPage::openNew()
{
    auto* dialog = new EndpointDialog(session_, zone_, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &EndpointDialog::created, this, [this](const EndpointView& made) { choose(toQt(made.endpoint.id.text)); });
    connect(dialog, &EndpointDialog::openInMonitor, this, &EndpointsPage::openInMonitor);
    dialog->open();
}

void EndpointsPage::askDelete()
{
    const std::vector<EndpointView> endpoints = chosen();
    if (endpoints.empty())
        return;
    const ReadingContext context{session_.clock().now(), zone_, locale()};
    auto* dialog = new DeleteDialog(deleteQuestion(endpoints, session_.connection().environment, context), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, endpoints] { deleteAll(endpoints); });
    dialog->open();
}

void EndpointsPage::deleteAll(const std::vector<EndpointView>& endpoints)
{
    message_->hide();
    deleted_.clear();
    for (const EndpointView& view : endpoints) {
        session_.deleteEndpoint(view.endpoint.id, this, [this, view](Expected<void> done) {
            if (!done)
                return failed(tr("“%1” was not deleted.").arg(toQt(view.outputName.text)), done.error());
            deleted_.push_back(view);
            updateActions();
            toast_->show(deleted_.size() == 1 ? tr("Endpoint deleted.")
                                              : tr("%Ln endpoints deleted.", nullptr, static_cast<int>(deleted_.size())),
                         true);
        });
    }
}

/// Makes the same endpoints again: same id, output, scope. Who made them and when is new.
void EndpointsPage::undoDelete()
{
    message_->hide();
    toast_->dismiss();
    for (const EndpointView& view : std::exchange(deleted_, {})) {
        const Endpoint& endpoint = view.endpoint;
        const EndpointDraft draft{endpoint.output.text, endpoint.requiredScope, endpoint.id, endpoint.enabled};
        session_.createEndpoint(draft, this, [this, view](Expected<EndpointView> made) {
            if (!made)
                return failed(tr("“%1” could not be made again.").arg(toQt(view.outputName.text)), made.error());
            choose(toQt(made->endpoint.id.text));
        });
    }
    updateActions();
}

void EndpointsPage::askAccess()
{
    const std::vector<EndpointView> endpoints = chosen();
    if (endpoints.empty())
        return;
    auto* dialog = new AccessDialog(session_, endpoints, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, endpoints] {
        EndpointPatch patch;
        patch.requiredScope = dialog->scope();
        changeAll(endpoints, patch, tr("Access changed."));
    });
    dialog->open();
}

void EndpointsPage::changeAll(const std::vector<EndpointView>& endpoints, const EndpointPatch& patch, const QString& done)
{
    message_->hide();
    for (const EndpointView& view : endpoints) {
        session_.changeEndpoint(view.endpoint.id, patch, this, [this, view, done](Expected<EndpointView> changed) {
            if (!changed)
                return failed(tr("“%1” was not changed.").arg(toQt(view.outputName.text)), changed.error());
            toast_->show(done, false);
        });
    }
}

void EndpointsPage::failed(const QString& what, const Error& error)
{
    message_->setMessage(MessageLine::Kind::Error, errorText(error), what);
    message_->show();
}

void EndpointsPage::copy(const QString& text, const QString& done)
{
    QApplication::clipboard()->setText(text);
    toast_->show(done, false);
}

} // namespace iotman::ui
