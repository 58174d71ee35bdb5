#include "ui/pages/listpane.h"

#include "ui/look/emptypage.h"
#include "ui/look/filterbox.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/copyrows.h"
#include "ui/pages/pageactions.h"
#include "ui/pages/rowsproxy.h"

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

ListPane::ListPane(std::vector<ColumnSpec> columns, const ListTexts& texts, QSettings& settings, const QString& key,
                   QWidget* parent)
    : QWidget(parent)
    , settings_(settings)
    , key_(key)
    , model_(new RowsModel(std::move(columns), this))
    , proxy_(new RowsProxy(this))
    , count_(new QLabel(this))
    , filter_(new FilterBox(texts.filter, this))
    , message_(new MessageLine(this))
    , stack_(new QStackedWidget(this))
    , table_(new QTableView(this))
    , empty_(new EmptyPage(texts.iconName, texts.emptyTitle, texts.emptySentence, this))
    , nothingFound_(new EmptyPage(QStringLiteral("filter"), tr("Nothing found"), texts.nothingFound, this))
{
    arrange(texts);
    restore(settings);
    connect(filter_, &FilterBox::entered, proxy_, &RowsProxy::prepare);
    connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
        proxy_->setText(text);
        refilter();
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ListPane::chosenChanged);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ListPane::chosenChanged);
    connect(table_, &QTableView::activated, this, [this] { Q_EMIT activated(current()); });
    refilter();
}

ListPane::~ListPane()
{
    settings_.setValue(key_, table_->horizontalHeader()->saveState());
}

void ListPane::arrange(const ListTexts& texts)
{
    proxy_->setSourceModel(model_);

    TableDelegate* delegate = prepareTable(table_);
    table_->setModel(proxy_);
    table_->setAccessibleName(texts.name);
    table_->setSortingEnabled(true);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    for (std::size_t column = 0; column < model_->columns().size(); ++column)
        delegate->setCellKind(static_cast<int>(column), model_->columns()[column].kind);
    connect(table_, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        QMenu menu(this);
        menu.addActions(actions());
        if (!menu.isEmpty())
            menu.exec(table_->viewport()->mapToGlobal(at));
    });

    count_->setForegroundRole(QPalette::PlaceholderText);
    for (QWidget* page : {static_cast<QWidget*>(table_), static_cast<QWidget*>(empty_), static_cast<QWidget*>(nothingFound_)})
        stack_->addWidget(page);
    message_->letClose();
    message_->hide();
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(count_);
    head->addStretch();
    head->addWidget(filter_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(message_);
    rows->addWidget(stack_, 1);
}

void ListPane::restore(QSettings& settings)
{
    QHeaderView* header = table_->horizontalHeader();
    header->setStretchLastSection(true);
    header->setSectionsMovable(true);
    sortBy(0, Qt::AscendingOrder);
    if (header->restoreState(settings.value(key_).toByteArray()))
        return;
    for (std::size_t column = 0; column < model_->columns().size(); ++column)
        header->resizeSection(static_cast<int>(column), model_->columns()[column].width);
}

void ListPane::sortBy(int column, Qt::SortOrder order)
{
    if (!settings_.contains(key_))
        table_->sortByColumn(column, order);
}

void ListPane::setEmptyAction(QAction* action)
{
    empty_->setAction(action);
}

void ListPane::setRows(std::vector<TableRow> rows, bool loaded)
{
    loaded_ = loaded;
    model_->setRows(std::move(rows));
    refilter();
    if (!wanted_.isEmpty())
        choose(wanted_);
    else if (proxy_->rowCount() > 0 && !table_->currentIndex().isValid())
        table_->selectRow(0);
    Q_EMIT chosenChanged();
}

void ListPane::refilter()
{
    const int all = model_->rowCount();
    const int shown = proxy_->rowCount();
    const QString number = locale().toString(all);
    count_->setText(shown == all ? number : tr("%1 of %2", "rows shown, rows").arg(locale().toString(shown), number));
    count_->setVisible(loaded_);
    stack_->setCurrentWidget(all == 0 && loaded_     ? static_cast<QWidget*>(empty_)
                             : shown == 0 && all > 0 ? static_cast<QWidget*>(nothingFound_)
                                                     : table_);
}

QStringList ListPane::chosen() const
{
    QList<int> rows;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows())
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    QStringList ids;
    for (const int row : rows)
        ids << model_->row(proxy_->mapToSource(proxy_->index(row, 0)).row()).id;
    return ids;
}

QString ListPane::current() const
{
    const QModelIndex index = chosenRow(*table_);
    if (!index.isValid())
        return {};
    return model_->row(proxy_->mapToSource(index).row()).id;
}

void ListPane::choose(const QString& id)
{
    const int row = model_->rowOf(id);
    wanted_ = row < 0 ? id : QString();
    if (row < 0)
        return;
    if (!proxy_->mapFromSource(model_->index(row, 0)).isValid())
        filter_->clear();
    const QModelIndex place = proxy_->mapFromSource(model_->index(row, 0));
    table_->selectionModel()->setCurrentIndex(place, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    table_->scrollTo(place);
}

void ListPane::addCopyActions(QWidget* owner)
{
    const auto copy = [this](RowsAs form, const QString& done) {
        QApplication::clipboard()->setText(selectedRows(form, *table_));
        Q_EMIT copied(done);
    };
    copyText_ = addPageAction(owner, tr("Copy &rows as text"), {}, [copy] { copy(RowsAs::Text, tr("Rows copied as text.")); });
    copyText_->setShortcut(QKeySequence::Copy);
    copyText_->setShortcutContext(Qt::WidgetShortcut);
    table_->addAction(copyText_);
    copyCsv_ = addPageAction(owner, tr("Copy rows as CS&V"), {}, [copy] { copy(RowsAs::Csv, tr("Rows copied as CSV.")); });
    connect(this, &ListPane::chosenChanged, this, &ListPane::updateCopyActions);
    updateCopyActions();
}

void ListPane::updateCopyActions()
{
    const bool some = table_->selectionModel()->hasSelection();
    for (QAction* action : {copyText_, copyCsv_})
        setAllowed(action, some, tr("Choose a row first."));
}

} // namespace iotman::ui
