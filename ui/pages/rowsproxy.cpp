#include "ui/pages/rowsproxy.h"

#include "ui/pages/cellrole.h"

namespace iotman::ui {

namespace {

/// Beyond these, Qt's way of taking rows out one stretch after the other takes longer than making the list anew.
constexpr int manyRows = 1000;

constexpr QChar columnEnd = u'\n'; // nobody types it into a line

/// The place of a row in `kept`. All have theirs from the first on: references to them stay.
template <class T>
std::optional<T>& entryOf(std::vector<std::optional<T>>& kept, int row, int count)
{
    if (kept.size() != static_cast<std::size_t>(count))
        kept.resize(static_cast<std::size_t>(count));
    return kept[static_cast<std::size_t>(row)];
}

} // namespace

RowsProxy::RowsProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(SortRole);
    collator_.setCaseSensitivity(Qt::CaseInsensitive);
}

void RowsProxy::setSourceModel(QAbstractItemModel* model)
{
    // Before the base class looks at what has changed.
    connect(model, &QAbstractItemModel::rowsInserted, this, &RowsProxy::forgetAll);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &RowsProxy::forgetAll);
    connect(model, &QAbstractItemModel::modelReset, this, &RowsProxy::forgetAll);
    connect(model, &QAbstractItemModel::dataChanged, this, &RowsProxy::forget);
    QSortFilterProxyModel::setSourceModel(model);
}

void RowsProxy::forgetAll()
{
    keys_.clear();
    searched_.clear();
}

void RowsProxy::forget(const QModelIndex& first, const QModelIndex& last)
{
    for (auto row = static_cast<std::size_t>(first.row()); row <= static_cast<std::size_t>(last.row()); ++row) {
        if (row < keys_.size())
            keys_[row].reset();
        if (row < searched_.size())
            searched_[row].reset();
    }
}

void RowsProxy::setText(const QString& text)
{
    text_ = text;
    if (sourceModel()->rowCount() > manyRows)
        invalidate();
    else
        invalidateFilter();
}

bool RowsProxy::filterAcceptsRow(int row, const QModelIndex&) const
{
    return text_.isEmpty() || searched(row).contains(text_, Qt::CaseInsensitive);
}

const QString& RowsProxy::searched(int row) const
{
    std::optional<QString>& kept = entryOf(searched_, row, sourceModel()->rowCount());
    if (!kept) {
        kept.emplace();
        for (int column = 0; column < sourceModel()->columnCount(); ++column)
            *kept += sourceModel()->index(row, column).data().toString() + columnEnd;
    }
    return *kept;
}

const RowsProxy::Key& RowsProxy::keyOf(const QModelIndex& index) const
{
    if (keyColumn_ != index.column()) {
        keyColumn_ = index.column();
        keys_.clear();
    }
    std::optional<Key>& kept = entryOf(keys_, index.row(), sourceModel()->rowCount());
    if (!kept) {
        kept = Key{index.data(sortRole()), std::nullopt};
        if (kept->value.userType() == QMetaType::QString)
            kept->text = collator_.sortKey(kept->value.toString().toCaseFolded()); // “C” knows no cases
    }
    return *kept;
}

bool RowsProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const Key& a = keyOf(left);
    const Key& b = keyOf(right);
    if (a.text && b.text)
        return *a.text < *b.text;
    if (!a.value.isValid() || !b.value.isValid())
        return a.value.isValid() && !b.value.isValid(); // what is not there comes last
    return QVariant::compare(a.value, b.value) == QPartialOrdering::Less;
}

} // namespace iotman::ui
