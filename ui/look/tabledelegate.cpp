#include "ui/look/tabledelegate.h"

#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTableView>
#include <QToolTip>

#include <algorithm>

namespace iotman {
namespace {

constexpr int copySide = 22;

bool hasEvenDigits(const QFontMetrics& font)
{
    const int width = font.horizontalAdvance(u'0');
    return std::all_of(u"123456789", u"123456789" + 9, [&](char16_t digit) { return font.horizontalAdvance(digit) == width; });
}

QColor colorOf(Tone tone, const QStyleOptionViewItem& option)
{
    const Extras& extra = extras(option.palette);
    if (!(option.state & QStyle::State_Enabled))
        return extra.disabledText;
    switch (tone) {
    case Tone::Normal:
        break;
    case Tone::Dim:
        return extra.dimText;
    case Tone::Accent:
        return extra.accent;
    case Tone::Success:
        return extra.success;
    case Tone::Warning:
        return extra.warning;
    case Tone::Danger:
        return extra.danger;
    }
    return option.palette.color(QPalette::Active, QPalette::Text);
}

QFont withSizeOf(QFont fixed, const QFont& general)
{
    if (general.pointSizeF() > 0)
        fixed.setPointSizeF(general.pointSizeF() * 0.92);
    return fixed;
}

} // namespace

TableDelegate::TableDelegate(QAbstractItemView* view)
    : QStyledItemDelegate(view)
    , view_(view)
{
    view->setMouseTracking(true);
    view->viewport()->installEventFilter(this);
    copiedTime_.setSingleShot(true);
    copiedTime_.setInterval(metrics::copiedTimeMs);
    connect(&copiedTime_, &QTimer::timeout, this, [this] {
        const QModelIndex index = copied_;
        copied_ = QModelIndex();
        updateRow(index);
    });
}

void TableDelegate::setCellKind(int column, CellKind kind)
{
    kinds_.insert(column, kind);
    view_->viewport()->update();
}

void TableDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    // The view knows the cell under the pointer; a row is tinted as a whole.
    option->state.setFlag(QStyle::State_MouseOver,
                          hovered_.isValid() && hovered_.row() == index.row() && hovered_.parent() == index.parent());
    const CellKind kind = kindOf(index);
    if (index.data(Qt::FontRole).isNull() &&
        (kind == CellKind::Code || kind == CellKind::Url || (kind == CellKind::Number && !hasEvenDigits(option->fontMetrics)))) {
        option->font = withSizeOf(monospaceFont(), option->font);
        option->fontMetrics = QFontMetrics(option->font);
    }
    if (kind == CellKind::Code || kind == CellKind::Url)
        option->textElideMode = Qt::ElideMiddle;
    if (kind == CellKind::Number)
        option->displayAlignment = Qt::AlignRight | Qt::AlignVCenter;
}

QRect TableDelegate::contentRect(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    // The first cell of a row leaves room for the accent bar.
    const auto* table = qobject_cast<const QTableView*>(view_);
    const bool first = table && table->horizontalHeader()->visualIndex(index.column()) == 0;
    const QRect rect = option.rect.adjusted(first ? metrics::mediumSpace : metrics::smallSpace, 0, -metrics::smallSpace, 0);
    return QStyle::visualRect(option.direction, option.rect, rect);
}

bool TableDelegate::showsCopy(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    if (kindOf(index) != CellKind::Url || option.text.isEmpty())
        return false;
    return option.state & (QStyle::State_MouseOver | QStyle::State_Selected | QStyle::State_HasFocus);
}

QRect TableDelegate::copyRect(const QRect& cell, Qt::LayoutDirection direction)
{
    QRect rect(0, 0, copySide, copySide);
    rect.moveCenter(cell.center());
    rect.moveRight(cell.right() - metrics::tinySpace);
    return QStyle::visualRect(direction, cell, rect);
}

void TableDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    if (cell.features & QStyleOptionViewItem::HasCheckIndicator) {
        view_->style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, view_);
        return;
    }
    view_->style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &cell, painter, view_);
    painter->save();
    painter->setClipRect(cell.rect);
    QRect content = contentRect(cell, index);
    if (const QVariant badge = index.data(BadgeRole); badge.canConvert<BadgeSpec>()) {
        paintBadge(painter, content, badge.value<BadgeSpec>(), cell.font, cell.palette, cell.direction);
    } else {
        if (showsCopy(cell, index)) {
            paintCopy(painter, cell, index);
            content = QStyle::visualRect(cell.direction, content, content.adjusted(0, 0, -copySide, 0));
        }
        paintText(painter, cell, index, content);
    }
    if ((cell.state & QStyle::State_HasFocus) && !(cell.state & QStyle::State_Selected))
        paintBox(painter, cell.rect, Qt::NoBrush, extras(cell.palette).accent);
    painter->restore();
}

void TableDelegate::paintText(QPainter* painter, const QStyleOptionViewItem& cell, const QModelIndex& index,
                              const QRect& content) const
{
    QRect place = content;
    if (!cell.icon.isNull()) {
        const bool alone = cell.text.isEmpty() && cell.displayAlignment & Qt::AlignHCenter;
        const QRect iconRect = QStyle::alignedRect(cell.direction, (alone ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignVCenter,
                                                   QSize(metrics::iconSize, metrics::iconSize), place);
        cell.icon.paint(painter, iconRect, Qt::AlignCenter, cell.state & QStyle::State_Enabled ? QIcon::Normal : QIcon::Disabled);
        place = QStyle::visualRect(cell.direction, place, place.adjusted(metrics::iconSize + metrics::smallSpace - 2, 0, 0, 0));
    }
    painter->setFont(cell.font);
    const QVariant tone = index.data(ToneRole);
    painter->setPen(colorOf(tone.canConvert<Tone>() ? tone.value<Tone>() : Tone::Normal, cell));
    const QString text = kindOf(index) == CellKind::Url
                             ? elidedUrl(cell.text, cell.fontMetrics, place.width())
                             : cell.fontMetrics.elidedText(cell.text, cell.textElideMode, place.width());
    const Qt::Alignment alignment = QStyle::visualAlignment(cell.direction, cell.displayAlignment) | Qt::AlignVCenter;
    painter->drawText(place, int(alignment) | Qt::TextSingleLine, text);
}

QString elidedUrl(const QString& url, const QFontMetrics& metrics, int width)
{
    const qsizetype end = url.lastIndexOf(u'/');
    if (end < 0 || metrics.horizontalAdvance(url) <= width)
        return metrics.elidedText(url, Qt::ElideMiddle, width);
    const QString id = url.mid(end);
    const int room = width - metrics.horizontalAdvance(id);
    if (room < metrics.horizontalAdvance(QChar(0x2026)))
        return metrics.elidedText(QString(QChar(0x2026) + id), Qt::ElideMiddle, width);
    return metrics.elidedText(url.left(end), Qt::ElideRight, room) + id;
}

void TableDelegate::paintCopy(QPainter* painter, const QStyleOptionViewItem& cell, const QModelIndex& index) const
{
    const QRect button = copyRect(cell.rect, cell.direction);
    const Extras& extra = extras(cell.palette);
    if (button.contains(pointer_))
        paintBox(painter, button, cell.palette.button(), extra.outline);
    const bool done = copied_.isValid() && index == copied_;
    paintIcon(painter, button.adjusted(3, 3, -3, -3), done ? QStringView(u"check") : QStringView(u"copy"),
              done ? extra.success : cell.palette.color(QPalette::Active, QPalette::Text));
}

QSize TableDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    if (cell.features & QStyleOptionViewItem::HasCheckIndicator)
        return QStyledItemDelegate::sizeHint(option, index);
    int width = metrics::mediumSpace + metrics::smallSpace;
    int height = cell.fontMetrics.height() + 8;
    if (const QVariant badge = index.data(BadgeRole); badge.canConvert<BadgeSpec>()) {
        const QSize size = badgeSize(badge.value<BadgeSpec>(), cell.font);
        width += size.width();
        height = qMax(height, size.height() + 4);
    } else {
        width += widthOf(cell.fontMetrics, cell.text) + (cell.icon.isNull() ? 0 : metrics::iconSize + metrics::smallSpace);
        width += kindOf(index) == CellKind::Url ? copySide : 0;
    }
    return {width, height};
}

bool TableDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                                const QModelIndex& index)
{
    const bool press = event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonDblClick;
    if (kindOf(index) == CellKind::Url && (press || event->type() == QEvent::MouseButtonRelease)) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton && copyRect(option.rect, option.direction).contains(mouse->position().toPoint())) {
            if (!press) {
                const QVariant copy = index.data(CopyRole);
                const QString text = copy.isValid() ? copy.toString() : index.data(Qt::DisplayRole).toString();
                QGuiApplication::clipboard()->setText(text);
                copied_ = index;
                copiedTime_.start();
                updateRow(index);
                Q_EMIT copied(index, text);
            }
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

bool TableDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                              const QModelIndex& index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid() || !index.data(Qt::ToolTipRole).isNull())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    if (kindOf(index) == CellKind::Url && copyRect(cell.rect, cell.direction).contains(event->pos())) {
        QToolTip::showText(event->globalPos(), tr("Copy"), view);
        return true;
    }
    const QVariant badge = index.data(BadgeRole);
    const QString whole = badge.canConvert<BadgeSpec>() ? badge.value<BadgeSpec>().text : cell.text;
    const bool cut = sizeHint(option, index).width() > option.rect.width();
    QToolTip::showText(event->globalPos(), cut ? whole.toHtmlEscaped() : QString(), view);
    return true;
}

bool TableDelegate::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == view_->viewport()) {
        if (event->type() == QEvent::MouseMove)
            point(static_cast<QMouseEvent*>(event)->position().toPoint());
        else if (event->type() == QEvent::Leave || event->type() == QEvent::Wheel)
            point({-1, -1});
        return false;
    }
    return QStyledItemDelegate::eventFilter(watched, event);
}

void TableDelegate::point(const QPoint& position)
{
    const QModelIndex now = view_->viewport()->rect().contains(position) ? view_->indexAt(position) : QModelIndex();
    const QModelIndex before = hovered_;
    hovered_ = now;
    pointer_ = position;
    updateRow(before);
    updateRow(now);
}

void TableDelegate::updateRow(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    const QRect cell = view_->visualRect(index);
    view_->viewport()->update(0, cell.top(), view_->viewport()->width(), cell.height());
}

TableDelegate* prepareTable(QTableView* view, RowSize rows)
{
    auto* delegate = new TableDelegate(view);
    view->setItemDelegate(delegate);
    view->setShowGrid(false);
    view->setAlternatingRowColors(false);
    view->setWordWrap(false);
    view->setTabKeyNavigation(false);
    view->setCornerButtonEnabled(false);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);

    const int wanted = rows == RowSize::Dense ? metrics::denseRowHeight : metrics::rowHeight;
    QHeaderView* vertical = view->verticalHeader();
    vertical->hide();
    vertical->setMinimumSectionSize(metrics::treeRowHeight);
    vertical->setSectionResizeMode(QHeaderView::Fixed);
    vertical->setDefaultSectionSize(qMax(wanted, view->fontMetrics().height() + 6));

    QHeaderView* horizontal = view->horizontalHeader();
    horizontal->setHighlightSections(false);
    horizontal->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontal->setStretchLastSection(true);
    horizontal->setSectionsMovable(true);
    horizontal->setMinimumSectionSize(40);
    return delegate;
}

} // namespace iotman
