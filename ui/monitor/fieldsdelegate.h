// How the tree of fields looks: check box, name, the line's mark, the newest value and its unit in one row.
#pragma once

#include <QStyledItemDelegate>

namespace iotman {

class FieldsDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace iotman
