#include "ui/look/navigationlist.h"

#include "ui/look/icons.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"

#include <QEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace iotman {
namespace {

constexpr int iconNameRole = Qt::UserRole;
constexpr int countRole = Qt::UserRole + 1;
constexpr int iconMargin = 14;

class PageDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {metrics::navigationWidth, qMax(metrics::navigationRowHeight, option.fontMetrics.height() + 10)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem row = option;
        initStyleOption(&row, index);
        const QWidget* view = option.widget;
        view->style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &row, painter, view);

        const auto place = [&row](const QRect& rect) { return QStyle::visualRect(row.direction, row.rect, rect); };
        const QPalette::ColorGroup group = row.state & QStyle::State_Enabled ? QPalette::Active : QPalette::Disabled;
        const QColor text = row.palette.color(group, QPalette::Text);
        const QRect iconRect(row.rect.left() + iconMargin, row.rect.top(), metrics::toolIconSize, row.rect.height());
        const QRect squared(iconRect.left(), iconRect.center().y() - metrics::toolIconSize / 2 + 1, metrics::toolIconSize,
                            metrics::toolIconSize);
        paintIcon(painter, place(squared), index.data(iconNameRole).toString(), text);

        const QString count = index.data(countRole).toString();
        const int countWidth = widthOf(row.fontMetrics, count);
        const int nameLeft = iconRect.right() + 1 + metrics::smallSpace;
        const int nameWidth =
            row.rect.right() - metrics::mediumSpace - countWidth - nameLeft - (countWidth ? metrics::smallSpace : 0);
        const QRect nameRect(nameLeft, row.rect.top(), nameWidth, row.rect.height());
        const auto leading = QStyle::visualAlignment(row.direction, Qt::AlignLeft | Qt::AlignVCenter);
        const auto trailing = QStyle::visualAlignment(row.direction, Qt::AlignRight | Qt::AlignVCenter);
        painter->setPen(text);
        painter->drawText(place(nameRect), int(leading), row.fontMetrics.elidedText(row.text, Qt::ElideRight, nameWidth));
        const bool selected = row.state & QStyle::State_Selected;
        painter->setPen(selected ? text : extras(row.palette).dimText);
        painter->drawText(place(row.rect.adjusted(0, 0, -metrics::mediumSpace, 0)), int(trailing), count);
    }
};

} // namespace

NavigationList::NavigationList(QWidget* parent)
    : QListWidget(parent)
{
    setAccessibleName(tr("Pages"));
    setItemDelegate(new PageDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    setUniformItemSizes(true);
    setFixedWidth(metrics::navigationWidth);
    setViewportMargins(0, 6, 1, 6);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
}

int NavigationList::addPage(const QString& iconName, const QString& name)
{
    auto* item = new QListWidgetItem(name, this);
    item->setData(iconNameRole, iconName);
    item->setData(Qt::AccessibleTextRole, name);
    if (count() == 1)
        setCurrentRow(0);
    fitWidth();
    return count() - 1;
}

void NavigationList::setPageCount(int row, std::optional<qint64> number)
{
    QListWidgetItem* page = item(row);
    const QString text = number ? locale().toString(*number) : QString();
    page->setData(countRole, text);
    fitWidth();
    page->setData(Qt::AccessibleTextRole, text.isEmpty() ? page->text() : QString(page->text() % u", " % text));
}

QSize NavigationList::sizeHint() const
{
    return {width(), 7 * metrics::navigationRowHeight};
}

bool NavigationList::event(QEvent* event)
{
    const bool handled = QListWidget::event(event);
    if (event->type() == QEvent::Paint) { // of the frame; the rows are painted by the viewport
        QPainter painter(this);
        const QRect edge(rect().right(), rect().top(), 1, rect().height());
        painter.fillRect(QStyle::visualRect(layoutDirection(), rect(), edge), extras(this).line);
    }
    return handled;
}

void NavigationList::changeEvent(QEvent* event)
{
    QListWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitWidth();
}

void NavigationList::fitWidth()
{
    int wanted = metrics::navigationWidth;
    for (int row = 0; row < count(); ++row) {
        const int number = widthOf(fontMetrics(), item(row)->data(countRole).toString());
        const int name = widthOf(fontMetrics(), item(row)->text());
        const int room = iconMargin + metrics::toolIconSize + 3 * metrics::smallSpace + metrics::mediumSpace;
        wanted = qMax(wanted, room + name + number);
    }
    setFixedWidth(wanted);
    scheduleDelayedItemsLayout();
}

} // namespace iotman
