#include "ui/sources/sourcespage.h"

#include "core/client/text.h"
#include "ui/look/copybutton.h"
#include "ui/look/emptypage.h"
#include "ui/look/filterbox.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/tabledelegate.h"
#include "ui/look/toast.h"
#include "ui/pages/copyrows.h"
#include "ui/pages/notelabel.h"
#include "ui/pages/pageactions.h"
#include "ui/pages/rowsproxy.h"
#include "ui/sources/importdialog.h"
#include "ui/sources/ingestexample.h"
#include "ui/sources/mirrorline.h"
#include "ui/sources/replaybar.h"
#include "ui/sources/sourcedeletion.h"
#include "ui/sources/sourcedialog.h"
#include "ui/sources/sourcesmodel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

const QString columnsKey = QStringLiteral("sources/columns");

} // namespace

SourcesPage::SourcesPage(Session& session, QSettings& settings, QWidget* parent)
    : Page(parent)
    , session_(session)
    , settings_(settings)
    , model_(new SourcesModel(session.clock(), this))
    , proxy_(new RowsProxy(this))
    , count_(new QLabel(this))
    , filter_(new FilterBox(tr("Filter sources"), this))
    , message_(new MessageLine(this))
    , stack_(new QStackedWidget(this))
    , table_(new QTableView(this))
    , empty_(new EmptyPage(QStringLiteral("sources"), tr("No source yet"),
                           tr("A source is a way in: programs post to it, a file is imported into it, or this computer is read."),
                           this))
    , nothingFound_(new EmptyPage(QStringLiteral("filter"), tr("Nothing found"), tr("No source has this text in it."), this))
    , how_(new QWidget(this))
    , howLine_(new QLabel(how_))
    , howNote_(noteLabel({}, how_))
    , howCopy_(new CopyButton(tr("Copy curl line"), how_))
    , replay_(new ReplayBar(session, this))
    , mirror_(new MirrorLine(session, this))
    , deletion_(new SourceDeletion(session, this))
    , toast_(new Toast(this))
{
    makeActions();
    arrange();
    connect(&session_, &Session::listsChanged, this, [this] {
        if (isVisible() || !isLoaded_)
            readSources();
    });
    connect(&session_, &Session::roleChanged, this, &SourcesPage::updateActions);
    connect(&session_, &Session::stateChanged, this, &SourcesPage::updateActions);
    connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
        proxy_->setText(text);
        keep(sources_);
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SourcesPage::updateActions);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &SourcesPage::updateActions);
    connect(table_, &QTableView::activated, this, [this] { change_->trigger(); });
    connect(replay_, &ReplayBar::changed, this, &SourcesPage::readSources);
    connect(deletion_, &SourceDeletion::begun, this, [this] {
        message_->hide();
        toast_->dismiss();
        updateActions();
    });
    connect(deletion_, &SourceDeletion::failed, this, [this](const QString& what, const Error& error) {
        failed(what, error);
        updateActions();
    });
    connect(deletion_, &SourceDeletion::deleted, this, [this] {
        toast_->show(tr("Source deleted."), deletion_->canUndo());
        readSources();
    });
    connect(deletion_, &SourceDeletion::madeAgain, this, [this](const QString& name) {
        wanted_ = name;
        readSources();
    });
    connect(toast_, &Toast::undoRequested, deletion_, &SourceDeletion::undo);
    updateActions();
}

SourcesPage::~SourcesPage()
{
    settings_.setValue(columnsKey, table_->horizontalHeader()->saveState());
}

void SourcesPage::makeActions()
{
    const auto add = [this](const QString& text, const QString& iconName, const std::function<void()>& triggered) {
        return addPageAction(this, text, iconName, triggered);
    };
    const auto separate = [this] { addPageSeparator(this); };
    new_ = add(tr("&New source"), QStringLiteral("add"), [this] { openNew(); });
    new_->setShortcut(QKeySequence::New);
    import_ = add(tr("&Import a file\u2026"), QStringLiteral("import"), [this] { importFile(); });
    delete_ = add(tr("&Delete"), QStringLiteral("delete"), [this] { deletion_->ask(chosen()); });
    delete_->setShortcut(QKeySequence::Delete);
    delete_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    separate();
    copyUrl_ = add(tr("Copy UR&L"), QStringLiteral("copy"), [this] {
        if (const auto source = current())
            copy(toQt(source->ingestUrl.value_or("")), tr("URL copied."));
    });
    copyCurl_ = add(tr("Copy &curl line"), QStringLiteral("code"), [this] {
        if (const auto source = current())
            copy(toQt(ingestLine(*source)), tr("curl line copied."));
    });
    separate();
    change_ = add(tr("Chan&ge\u2026"), {}, [this] { openChange(); });
    enable_ = add(tr("Switch &on"), {}, [this] { setEnabledAll(true); });
    disable_ = add(tr("Switch o&ff"), {}, [this] { setEnabledAll(false); });
    separate();
    copyText_ =
        add(tr("Copy &rows as text"), {}, [this] { copy(selectedRows(RowsAs::Text, *table_), tr("Rows copied as text.")); });
    copyText_->setShortcut(QKeySequence::Copy);
    copyText_->setShortcutContext(Qt::WidgetShortcut);
    table_->addAction(copyText_);
    copyCsv_ = add(tr("Copy rows as CS&V"), {}, [this] { copy(selectedRows(RowsAs::Csv, *table_), tr("Rows copied as CSV.")); });
    separate();
    undo_ = add(tr("&Undo delete"), {}, [this] { deletion_->undo(); });
    undo_->setShortcut(QKeySequence::Undo);
    undo_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

void SourcesPage::arrange()
{
    proxy_->setSourceModel(model_);
    TableDelegate* delegate = prepareTable(table_);
    table_->setModel(proxy_);
    table_->setAccessibleName(tr("Sources"));
    table_->setSortingEnabled(true);
    table_->sortByColumn(0, Qt::AscendingOrder);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    delegate->setCellKind(static_cast<int>(SourceColumn::Url), CellKind::Url);
    for (const SourceColumn column : {SourceColumn::Datapoints, SourceColumn::Rate, SourceColumn::Last})
        delegate->setCellKind(static_cast<int>(column), CellKind::Number);
    connect(table_, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        QMenu menu(this);
        menu.addActions(actions());
        menu.exec(table_->viewport()->mapToGlobal(at));
    });
    QHeaderView* header = table_->horizontalHeader();
    header->setStretchLastSection(true);
    header->setSectionsMovable(true);
    if (!header->restoreState(settings_.value(columnsKey).toByteArray())) {
        constexpr int widths[sourceColumns] = {140, 118, 140, 56, 96, 96, 96, 190, 96, 85};
        for (int column = 0; column < sourceColumns; ++column)
            header->resizeSection(column, widths[column]);
    }

    auto* title = new QLabel(pageName(PageId::Sources), this);
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
    howLine_->setFont(monospaceFont());
    howLine_->setTextFormat(Qt::PlainText);
    howLine_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    howLine_->setAccessibleName(tr("How to post to it"));
    auto* line = new QHBoxLayout;
    line->addWidget(howLine_, 1);
    line->addWidget(howCopy_);
    auto* how = new QVBoxLayout(how_);
    how->setContentsMargins(0, 0, 0, 0);
    how->addLayout(line);
    how->addWidget(howNote_);
    message_->letClose();
    message_->hide();
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::pageMargin, metrics::smallSpace, metrics::pageMargin, metrics::pageMargin);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(message_);
    rows->addWidget(stack_, 1);
    rows->addWidget(how_);
    rows->addWidget(replay_);
    rows->addWidget(mirror_);
}

void SourcesPage::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    replay_->setZone(zone);
    model_->setZone(zone);
}

void SourcesPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    readSources();
}

void SourcesPage::readSources()
{
    if (reading_.isActive() || session_.state().phase != Phase::Running)
        return;
    reading_ = session_.management().sources(this, [this](Expected<std::vector<SourceView>> sources) {
        if (!sources)
            return failed(tr("The sources could not be read."), sources.error());
        isLoaded_ = true;
        keep(*sources);
        Q_EMIT read();
    });
}

void SourcesPage::keep(const std::vector<SourceView>& sources)
{
    sources_ = sources;
    model_->setSources(sources);
    const int all = model_->rowCount(), shown = proxy_->rowCount();
    count_->setText(shown == all ? locale().toString(all)
                                 : tr("%1 of %2", "rows shown, rows").arg(locale().toString(shown), locale().toString(all)));
    stack_->setCurrentWidget(all == 0 && isLoaded_   ? static_cast<QWidget*>(empty_)
                             : all > 0 && shown == 0 ? static_cast<QWidget*>(nothingFound_)
                                                     : table_);
    if (!wanted_.isEmpty())
        choose(wanted_);
    else if (shown > 0 && !table_->currentIndex().isValid())
        table_->selectRow(0);
    updateActions();
}

std::vector<GotoTarget> SourcesPage::targets()
{
    std::vector<GotoTarget> targets;
    for (const SourceView& view : session_.sources()) {
        const QString name = toQt(view.source.name.text);
        targets.push_back({tr("%1 · source").arg(sourceLabel(view.source)), pageIcon(PageId::Sources),
                           [this, name] { Q_EMIT goTo(PageId::Sources, name); }});
    }
    return targets;
}

void SourcesPage::choose(const QString& name)
{
    const int row = model_->rowOf(SourceName{client::fromQt(name)});
    wanted_ = row < 0 ? name : QString();
    if (row < 0)
        return;
    if (!proxy_->mapFromSource(model_->index(row, 0)).isValid())
        filter_->clear();
    const QModelIndex place = proxy_->mapFromSource(model_->index(row, 0));
    table_->selectionModel()->setCurrentIndex(place, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    table_->scrollTo(place);
}

std::vector<SourceView> SourcesPage::chosen() const
{
    QModelIndexList rows = table_->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    std::vector<SourceView> sources;
    for (const QModelIndex& index : rows)
        sources.push_back(model_->at(proxy_->mapToSource(index).row()));
    return sources;
}

std::optional<SourceView> SourcesPage::current() const
{
    const QModelIndex index = chosenRow(*table_);
    if (!index.isValid())
        return std::nullopt;
    return model_->at(proxy_->mapToSource(index).row());
}

void SourcesPage::updateActions()
{
    const Permit write = session_.permit(Action::WriteSources);
    const Permit import = session_.permit(Action::Import);
    const std::vector<SourceView> sources = chosen();
    const std::optional<SourceView> one = current();
    const QString choose = tr("Choose a source first.");
    const auto isOn = [](const SourceView& view) { return view.source.enabled; };
    const bool some = !sources.empty();
    const auto isMirror = [](const SourceView& view) { return view.source.kind == SourceKind::Mirror; };
    const bool areMirrors = std::any_of(sources.begin(), sources.end(), isMirror);
    const Permit these = session_.permit(areMirrors ? Action::WriteMirrors : Action::WriteSources);
    setAllowed(new_, write.allowed, write.reason);
    setAllowed(import_, import.allowed, import.reason);
    setAllowed(delete_, these && some, these ? choose : these.reason);
    setAllowed(change_, these && one, these ? choose : these.reason);
    setAllowed(enable_, these && !std::all_of(sources.begin(), sources.end(), isOn),
               !these ? these.reason
               : some ? tr("It is on already.")
                      : choose);
    setAllowed(disable_, these && std::any_of(sources.begin(), sources.end(), isOn),
               !these ? these.reason
               : some ? tr("It is off already.")
                      : choose);
    const bool posts = one && one->ingestUrl;
    for (QAction* action : {copyUrl_, copyCurl_})
        setAllowed(action, posts, one ? tr("Only HTTP ingest has a URL.") : choose);
    for (QAction* action : {copyText_, copyCsv_})
        setAllowed(action, some, choose);
    setAllowed(undo_, write && deletion_->canUndo(), write ? tr("Nothing was deleted that can be made again.") : write.reason);
    how_->setVisible(posts);
    if (posts)
        showHow(*one);
    replay_->follow(one && one->source.kind == SourceKind::Replay ? one : std::nullopt);
    mirror_->follow(one && isMirror(*one) ? one : std::nullopt);
}

void SourcesPage::showHow(const SourceView& source)
{
    howLine_->setText(toQt(ingestLine(source)));
    howCopy_->setCopyText(howLine_->text());
    howNote_->setVisible(!examplePayload(source.source));
    howNote_->setText(tr("A datapoint also needs what its time is read from: %1").arg(toQt(source.source.time.value_or(""))));
}

void SourcesPage::openNew()
{
    auto* dialog = new SourceDialog(session_, zone_, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SourceDialog::saved, this, [this](const SourceView& made) {
        wanted_ = toQt(made.source.name.text);
        readSources();
    });
    dialog->open();
}

void SourcesPage::openChange()
{
    const std::optional<SourceView> source = current();
    if (!source)
        return;
    auto* dialog = new SourceDialog(session_, *source, zone_, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SourceDialog::saved, this, [this] { readSources(); });
    dialog->open();
}

void SourcesPage::importFile(const QString& path)
{
    if (!import_->isEnabled()) {
        message_->setMessage(MessageLine::Kind::Warning, import_->toolTip(), tr("No file can be imported now."));
        return message_->show();
    }
    if (!dialog_) {
        dialog_ = new ImportDialog(session_, sources_, settings_, zone_, this);
        dialog_->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog_, &QObject::destroyed, this, [this] { dialog_ = nullptr; });
        connect(dialog_, &ImportDialog::imported, this, [this](const SourceName& source) {
            wanted_ = toQt(source.text);
            readSources();
        });
        dialog_->open();
    }
    if (!path.isEmpty())
        dialog_->setFile(path);
}

void SourcesPage::setEnabledAll(bool enabled)
{
    message_->hide();
    for (const SourceView& view : chosen()) {
        SourcePatch patch;
        patch.enabled = enabled;
        session_.management().changeSource(
            view.source.name, patch, {}, this, [this, view, enabled](Expected<SourceView> changed) {
                if (!changed)
                    return failed(tr("“%1” was not changed.").arg(toQt(view.source.name.text)), changed.error());
                toast_->show(enabled ? tr("Switched on.") : tr("Switched off: nothing comes in any more."), false);
                readSources();
            });
    }
}

void SourcesPage::failed(const QString& what, const Error& error)
{
    message_->setMessage(MessageLine::Kind::Error, errorText(error), what);
    message_->show();
}

void SourcesPage::copy(const QString& text, const QString& done)
{
    QApplication::clipboard()->setText(text);
    toast_->show(done, false);
}

} // namespace iotman::ui
