// How a row of any table of the program looks: tinted under the pointer and when selected, with badges, copy buttons and
// numbers that line up.
#pragma once

#include "ui/look/badge.h"

#include <QHash>
#include <QPersistentModelIndex>
#include <QStyledItemDelegate>
#include <QTimer>

class QAbstractItemView;
class QTableView;

namespace iotman {

/// What a model may answer beyond Qt's own roles. It answers with values; what they look like is decided here.
enum TableRole {
    BadgeRole = Qt::UserRole + 0x100, ///< BadgeSpec: the cell is a badge
    ToneRole,                         ///< Tone of the cell's text
    CopyRole,                         ///< QString that a Url cell copies; without it, its text
};

enum class Tone { Normal, Dim, Accent, Success, Warning, Danger };

/// What a column holds.
enum class CellKind {
    Text,   ///< cut at its end
    Code,   ///< fixed font, cut in the middle: paths, ids
    Url,    ///< the same with its last part whole, and a copy button while its row is pointed at or selected
    Number, ///< at the trailing edge; in the fixed font where the general one has digits of different widths
};

/// Paints the cells of one view and follows the pointer over it. A cell that is cut shows its whole text as a tooltip.
class TableDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// `view` is also the parent. Call view->setItemDelegate() (prepareTable does both).
    explicit TableDelegate(QAbstractItemView* view);

    /// `column` as the model counts; Text where nothing is set.
    void setCellKind(int column, CellKind kind);

    void paint(QPainter*, const QStyleOptionViewItem&, const QModelIndex&) const override;
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override;
    bool editorEvent(QEvent*, QAbstractItemModel*, const QStyleOptionViewItem&, const QModelIndex&) override;
    bool helpEvent(QHelpEvent*, QAbstractItemView*, const QStyleOptionViewItem&, const QModelIndex&) override;

    /// Where the copy button of a Url cell with the rectangle `cell` lies.
    static QRect copyRect(const QRect& cell, Qt::LayoutDirection);

Q_SIGNALS:
    /// A copy button was pressed; `text` is on the clipboard.
    void copied(const QModelIndex& index, const QString& text);

protected:
    void initStyleOption(QStyleOptionViewItem*, const QModelIndex&) const override;
    bool eventFilter(QObject*, QEvent*) override;

private:
    CellKind kindOf(const QModelIndex& index) const { return kinds_.value(index.column(), CellKind::Text); }
    QRect contentRect(const QStyleOptionViewItem&, const QModelIndex&) const;
    bool showsCopy(const QStyleOptionViewItem&, const QModelIndex&) const;
    void paintText(QPainter*, const QStyleOptionViewItem&, const QModelIndex&, const QRect&) const;
    void paintCopy(QPainter*, const QStyleOptionViewItem&, const QModelIndex&) const;
    void point(const QPoint& position);
    void updateRow(const QModelIndex&);

    QAbstractItemView* view_;
    QHash<int, CellKind> kinds_;
    QPersistentModelIndex hovered_;
    QPoint pointer_{-1, -1}; ///< in the viewport; outside of it while the pointer is elsewhere
    QPersistentModelIndex copied_;
    QTimer copiedTime_;
};

/// `url` cut in the middle where it is wider than `width`: what follows its last slash, an id, stays whole as long as it fits.
QString elidedUrl(const QString& url, const QFontMetrics& metrics, int width);

enum class RowSize { Normal, Dense };

/// Gives `view` the measures and habits of every table: no grid, no stripes, whole rows, smooth scrolling, Tab leaves it.
/// Returns its new delegate. Set the model, the cell kinds and sorting afterwards.
TableDelegate* prepareTable(QTableView* view, RowSize rows = RowSize::Normal);

} // namespace iotman
