#include "ui/pages/copyrows.h"

#include "ui/pages/cellrole.h"

#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace iotman::ui {

namespace {

QString textCell(QString text)
{
    for (QChar& c : text) {
        if (c == u'\t' || c == u'\n' || c == u'\r')
            c = u' ';
    }
    return text;
}

QString csvCell(QString text)
{
    const bool plain =
        std::none_of(text.cbegin(), text.cend(), [](QChar c) { return c == u',' || c == u'"' || c == u'\n' || c == u'\r'; });
    if (plain)
        return text;
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

} // namespace

QString rowsAs(RowsAs form, const QAbstractItemModel& model, const QList<int>& rows, const QList<int>& columns)
{
    const QChar separator = form == RowsAs::Csv ? u',' : u'\t';
    const QString lineEnd = form == RowsAs::Csv ? QStringLiteral("\r\n") : QStringLiteral("\n");
    const auto line = [&](const auto& cellOf) {
        QStringList cells;
        for (const int column : columns)
            cells << (form == RowsAs::Csv ? csvCell(cellOf(column)) : textCell(cellOf(column)));
        return QString(cells.join(separator) + lineEnd);
    };
    QString text;
    if (form == RowsAs::Csv)
        text += line([&](int column) { return model.headerData(column, Qt::Horizontal).toString(); });
    for (const int row : rows) {
        text += line([&](int column) {
            const QModelIndex index = model.index(row, column);
            const QVariant exact = form == RowsAs::Csv ? index.data(ExactRole) : QVariant();
            return exact.isValid() ? exact.toString() : index.data().toString();
        });
    }
    return text;
}

QString selectedRows(RowsAs form, const QTableView& view)
{
    QList<int> rows;
    for (const QModelIndex& index : view.selectionModel()->selectedRows())
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    QList<int> columns;
    for (int place = 0; place < view.horizontalHeader()->count(); ++place) {
        const int column = view.horizontalHeader()->logicalIndex(place);
        if (!view.isColumnHidden(column))
            columns << column;
    }
    return rowsAs(form, *view.model(), rows, columns);
}

} // namespace iotman::ui
