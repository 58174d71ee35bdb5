#include "ui/monitor/fieldspanel.h"

#include "ui/look/filterbox.h"
#include "ui/look/fonts.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"
#include "ui/monitor/fieldsdelegate.h"

#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace iotman {

namespace {

constexpr int mostShownLines = 4; ///< a field of more lines is closed at first
constexpr int leastWidth = 208;   ///< logical pixels: a name, its mark and its value

} // namespace

FieldsPanel::FieldsPanel(FieldsModel* model, QWidget* parent)
    : QWidget(parent)
    , model_(model)
    , shown_(new QSortFilterProxyModel(this))
    , filter_(new FilterBox(tr("Filter fields"), this))
    , tree_(new QTreeView(this))
{
    shown_->setRecursiveFilteringEnabled(true);
    shown_->setAutoAcceptChildRows(true);
    shown_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    shown_->setSourceModel(model_);
    tree_->setModel(shown_);
    tree_->setItemDelegate(new FieldsDelegate(tree_));
    tree_->setHeaderHidden(true);
    tree_->setUniformRowHeights(true);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setIndentation(16);
    tree_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    tree_->setTextElideMode(Qt::ElideRight);
    tree_->setExpandsOnDoubleClick(false);
    tree_->setTabKeyNavigation(false);
    tree_->setDragEnabled(true);
    tree_->setDragDropMode(QAbstractItemView::DragOnly);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setAccessibleName(tr("Endpoints and their fields"));

    auto* hint = new QLabel(tr("Tick a field to draw it, or drag it onto a pane."), this);
    hint->setFont(noteFont());
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setContentsMargins(metrics::smallSpace, 0, 0, 0);
    hint->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, metrics::tinySpace, 1, metrics::smallSpace);
    column->setSpacing(metrics::tinySpace);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(metrics::smallSpace, 0, metrics::smallSpace, 0);
    top->addWidget(filter_);
    column->addLayout(top);
    column->addWidget(tree_, 1);
    column->addWidget(hint);
    setFocusProxy(tree_);
    setMinimumWidth(leastWidth);

    connect(filter_, &QLineEdit::textChanged, shown_, &QSortFilterProxyModel::setFilterFixedString);
    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this, &FieldsPanel::currentChanged);
    connect(tree_, &QTreeView::customContextMenuRequested, this, &FieldsPanel::showMenu);
    connect(tree_, &QTreeView::collapsed, this, [this](const QModelIndex& index) {
        if (const auto id = endpointAt(index); id && !index.parent().isValid())
            Q_EMIT collapsed(*id);
    });
    connect(tree_, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (const auto id = endpointAt(index); id && !index.parent().isValid())
            Q_EMIT activated(*id);
    });
}

std::optional<EndpointId> FieldsPanel::endpointAt(const QModelIndex& shown) const
{
    return model_->endpointAt(shown_->mapToSource(shown));
}

void FieldsPanel::expand(const EndpointId& id)
{
    const QModelIndex endpoint = shown_->mapFromSource(model_->indexOf(id));
    tree_->expand(endpoint);
    for (int row = 0; row < shown_->rowCount(endpoint); ++row) {
        const QModelIndex field = shown_->index(row, 0, endpoint);
        tree_->setExpanded(field, shown_->rowCount(field) <= mostShownLines);
    }
}

void FieldsPanel::setCurrent(const EndpointId& id)
{
    tree_->setCurrentIndex(shown_->mapFromSource(model_->indexOf(id)));
}

std::optional<EndpointId> FieldsPanel::current() const
{
    return endpointAt(tree_->currentIndex());
}

void FieldsPanel::showMenu(const QPoint& at)
{
    const auto id = endpointAt(tree_->indexAt(at));
    if (!id)
        return;
    QMenu menu(this);
    Q_EMIT menuWanted(*id, model_->lineAt(shown_->mapToSource(tree_->indexAt(at))), &menu);
    if (!menu.isEmpty())
        menu.exec(tree_->viewport()->mapToGlobal(at));
}

void FieldsPanel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().base());
    const int edge = layoutDirection() == Qt::RightToLeft ? 0 : width() - 1;
    painter.fillRect(QRect(edge, 0, 1, height()), extras(this).line);
}

QSize FieldsPanel::sizeHint() const
{
    return {288, 400};
}

} // namespace iotman
