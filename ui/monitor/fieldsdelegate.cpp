#include "ui/monitor/fieldsdelegate.h"

#include "ui/chart/chartcolors.h"
#include "ui/chart/chartmarks.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"
#include "ui/monitor/fieldsmodel.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace iotman {

namespace {

constexpr int markWidth = 26;
constexpr int unitWidth = 30;
constexpr int leastValueWidth = 48;
constexpr int mostValueWidth = 92;
constexpr int roundings = 2; ///< advances are rounded; a pixel less than the truth and a text would be cut

/// The right part of a row, from the right: unit, value, mark. Empty where the row has none.
struct RowParts {
    QRect name, mark, value, unit;

    RowParts(QRect row, const QFontMetrics& font, const QString& valueText, bool isEndpoint, bool hasMark)
    {
        row.setRight(row.right() - metrics::smallSpace);
        const int most = isEndpoint ? row.width() / 2 : mostValueWidth;
        const int width = std::clamp(font.horizontalAdvance(valueText) + roundings, isEndpoint ? 0 : leastValueWidth, most);
        if (!isEndpoint) {
            unit = QRect(row.right() + 1 - unitWidth, row.top(), unitWidth, row.height());
            row.setRight(unit.left() - metrics::tinySpace - 1);
        }
        value = QRect(row.right() + 1 - width, row.top(), width, row.height());
        row.setRight(value.left() - metrics::smallSpace - 1);
        if (hasMark) {
            mark = QRect(row.right() + 1 - markWidth, row.top(), markWidth, row.height());
            row.setRight(mark.left() - metrics::tinySpace - 1);
        }
        name = row;
    }
};

} // namespace

void FieldsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem row = option;
    initStyleOption(&row, index);
    const QStyle* style = row.widget ? row.widget->style() : QApplication::style();
    const bool isEndpoint = index.data(FieldsModel::IsEndpointRole).toBool();
    const QVariant color = index.data(FieldsModel::ColorRole);
    const QString value = index.data(FieldsModel::ValueRole).toString();
    // A state has no box to tick, but its name stands in line with those that have.
    QStyleOptionViewItem aligned = row;
    if (!isEndpoint)
        aligned.features |= QStyleOptionViewItem::HasCheckIndicator;
    const QRect text = style->subElementRect(QStyle::SE_ItemViewItemText, &aligned, row.widget);
    const QRect content = QStyle::visualRect(row.direction, row.rect, text);
    const RowParts parts(QRect(QPoint(content.left(), row.rect.top()), row.rect.bottomRight()), row.fontMetrics, value,
                         isEndpoint, color.isValid());
    const int padding = style->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, row.widget) + 1;
    const QRect name = parts.name.adjusted(padding, 0, -padding, 0);
    const QString shown = row.fontMetrics.elidedText(row.text, Qt::ElideMiddle, name.width());
    row.text.clear();
    style->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);

    const auto place = [&](const QRect& part) { return QStyle::visualRect(row.direction, row.rect, part); };
    const Extras& extra = extras(row.palette);
    if (color.isValid()) {
        const ChartColors& colors = ChartColors::of(row.palette);
        painter->save();
        drawSeriesSample(*painter, place(parts.mark), color.toInt(), color.toInt() >= 8, colors.seriesColor(color.toInt()),
                         row.state & QStyle::State_Selected ? extra.sel : row.palette.color(QPalette::Base));
        painter->restore();
    }
    painter->setFont(row.font);
    painter->setPen(row.palette.color(QPalette::Active, QPalette::Text));
    painter->drawText(place(name), QStyle::visualAlignment(row.direction, Qt::AlignLeft) | Qt::AlignVCenter, shown);
    painter->setPen(isEndpoint ? extra.dimText : row.palette.color(QPalette::Active, QPalette::Text));
    painter->drawText(place(parts.value), QStyle::visualAlignment(row.direction, Qt::AlignRight) | Qt::AlignVCenter,
                      row.fontMetrics.elidedText(value, Qt::ElideRight, parts.value.width()));
    painter->setPen(extra.dimText);
    painter->drawText(place(parts.unit), QStyle::visualAlignment(row.direction, Qt::AlignLeft) | Qt::AlignVCenter,
                      index.data(FieldsModel::UnitRole).toString());
}

QSize FieldsDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QSize hint = QStyledItemDelegate::sizeHint(option, index);
    return {hint.width(), std::max(metrics::treeRowHeight, option.fontMetrics.height() + metrics::tinySpace)};
}

} // namespace iotman
