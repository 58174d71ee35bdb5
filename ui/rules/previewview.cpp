#include "ui/rules/previewview.h"

#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/metrics.h"
#include "ui/rules/rulecolors.h"

#include <QHeaderView>
#include <QPainter>
#include <QResizeEvent>
#include <QStyledItemDelegate>

#include <algorithm>

namespace iotman::ui {

namespace {

constexpr int mostLines = 14;
constexpr int inset = 10;

/// Paints lines of code with their head, or the reason why there are none.
class PreviewDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto lines = index.data(PreviewModel::LinesRole).value<std::vector<CodeLine>>();
        int height = static_cast<int>(lines.size()) * QFontMetrics(monospaceFont()).lineSpacing();
        if (const QString reason = index.data(PreviewModel::ReasonRole).toString(); !reason.isEmpty()) {
            const QRect room(0, 0, std::max(80, option.rect.width() - 2 * inset - metrics::iconSize - metrics::smallSpace),
                             10'000);
            height = QFontMetrics(option.font).boundingRect(room, Qt::TextWordWrap, reason).height();
        }
        return {120, height + QFontMetrics(noteFont()).lineSpacing() + metrics::mediumSpace};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QPalette& palette = option.palette;
        const Extras& colors = extras(palette);
        painter->save();
        painter->setClipRect(option.rect);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, option.state & QStyle::State_Active ? colors.sel : colors.selInactive);
        painter->setPen(colors.line);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        QRect room = option.rect.adjusted(inset, metrics::tinySpace, -inset / 2, 0);
        painter->setFont(noteFont());
        const int headHeight = painter->fontMetrics().lineSpacing();
        painter->setPen(colors.dimText);
        const QString head = index.data(PreviewModel::HeadRole).toString();
        painter->drawText(QRect(room.topLeft(), QSize(room.width(), headHeight)), Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(head, Qt::ElideRight, room.width()));
        room.setTop(room.top() + headHeight);
        if (const QString reason = index.data(PreviewModel::ReasonRole).toString(); !reason.isEmpty())
            paintReason(painter, option, room, reason, index.data(PreviewModel::FailedRole).toBool());
        else
            paintLines(painter, palette, room, index.data(PreviewModel::LinesRole).value<std::vector<CodeLine>>());
        painter->restore();
    }

private:
    static void paintReason(QPainter* painter, const QStyleOptionViewItem& option, const QRect& room, const QString& reason,
                            bool failed)
    {
        const Extras& colors = extras(option.palette);
        const QRect place(room.topLeft(), QSize(metrics::iconSize, metrics::iconSize));
        paintIcon(painter, place, failed ? u"error" : u"filter", failed ? colors.danger : colors.dimText);
        painter->setFont(option.font);
        painter->setPen(failed ? colors.danger : colors.dimText);
        painter->drawText(room.adjusted(metrics::iconSize + metrics::smallSpace, 0, 0, 0), Qt::TextWordWrap, reason);
    }

    static void paintLines(QPainter* painter, const QPalette& palette, QRect room, const std::vector<CodeLine>& lines)
    {
        painter->setFont(monospaceFont());
        const QFontMetrics measure = painter->fontMetrics();
        for (const CodeLine& line : lines) {
            int x = room.left();
            for (const CodeRun& run : line) {
                painter->setPen(ruleColor(run.token, palette));
                painter->drawText(x, room.top() + measure.ascent(), run.text);
                x += measure.horizontalAdvance(run.text);
            }
            room.setTop(room.top() + measure.lineSpacing());
        }
    }
};

} // namespace

PreviewModel::PreviewModel(std::function<QString(const RecentDatapoint&)> head, QObject* parent)
    : QAbstractTableModel(parent)
    , head_(std::move(head))
{
}

void PreviewModel::setRows(std::vector<PreviewRow> rows)
{
    beginResetModel();
    rows_.clear();
    for (PreviewRow& row : rows) {
        Row& made = rows_.emplace_back();
        made.payload = codeLines(row.datapoint.payload, mostLines);
        if (row.isItem())
            made.item = codeLines(row.item, mostLines);
        made.row = std::move(row);
    }
    endResetModel();
}

int PreviewModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int PreviewModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 2;
}

QVariant PreviewModel::data(const QModelIndex& index, int role) const
{
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    const bool isItem = index.column() == ItemColumn;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return isItem && !row.row.isItem() ? row.row.reason : plainText(isItem ? row.item : row.payload);
    case Qt::ToolTipRole:
        return isItem ? QString::fromStdString(row.row.item).left(4'000)
                      : QString::fromStdString(row.row.datapoint.payload).left(4'000);
    case LinesRole:
        return QVariant::fromValue(isItem ? row.item : row.payload);
    case HeadRole:
        return isItem ? QString() : head_(row.row.datapoint);
    case ReasonRole:
        return isItem && !row.row.isItem() ? row.row.reason : QString();
    case FailedRole:
        return row.row.outcome == PreviewRow::Outcome::Failed;
    default:
        return {};
    }
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == ItemColumn ? tr("Item") : tr("Datapoint");
}

PreviewView::PreviewView(QWidget* parent)
    : QTableView(parent)
{
    setItemDelegate(new PreviewDelegate(this));
    setAccessibleName(tr("Recent datapoints and their items"));
    setShowGrid(false);
    setTabKeyNavigation(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setPalette(itemViewPalette(palette()));
    verticalHeader()->hide();
    horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setHighlightSections(false);
}

void PreviewView::setModel(QAbstractItemModel* model)
{
    QTableView::setModel(model);
    connect(model, &QAbstractItemModel::modelReset, this, &QTableView::resizeRowsToContents);
    resizeRowsToContents();
}

void PreviewView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        resizeRowsToContents();
}

void PreviewView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        resizeRowsToContents();
}

} // namespace iotman::ui
