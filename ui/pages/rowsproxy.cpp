#include "ui/pages/rowsproxy.h"

#include "ui/pages/cellrole.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace iotman::ui {

namespace {

/// Beyond these, Qt's way of taking rows out one stretch after the other takes longer than making the list anew.
constexpr int manyRows = 1000;
constexpr int rowsInTurn = 2000; ///< read ahead in one turn of the event loop

/// The place of a row in `kept`. All have theirs from the first on: references to them stay.
template <class T>
std::optional<T>& entryOf(std::vector<std::optional<T>>& kept, int row, int count)
{
    if (kept.size() != static_cast<std::size_t>(count))
        kept.resize(static_cast<std::size_t>(count));
    return kept[static_cast<std::size_t>(row)];
}

/// Ordered as numbers are.
std::uint64_t bitsOf(double number)
{
    constexpr std::uint64_t sign = std::uint64_t(1) << 63;
    const auto bits = std::bit_cast<std::uint64_t>(number + 0.0); // no negative zero
    return bits & sign ? ~bits : bits | sign;
}

/// Four characters from `start` on, ordered as they are.
std::uint64_t bitsOf(const QString& text, qsizetype start)
{
    std::uint64_t bits = 0;
    for (qsizetype at = start; at < start + 4; ++at)
        bits = bits << 16 | (at < text.size() ? text[at].unicode() : 0);
    return bits;
}

qsizetype commonStart(const QString& a, const QString& b, qsizetype most)
{
    most = std::min({most, a.size(), b.size()});
    return std::mismatch(a.begin(), a.begin() + most, b.begin()).first - a.begin();
}

} // namespace

bool RowsProxy::Key::operator<(const Key& other) const
{
    if (kind != other.kind)
        return kind < other.kind;
    if (kind == Kind::Number)
        return number < other.number;
    return collated && other.collated ? *collated < *other.collated : text < other.text;
}

RowsProxy::RowsProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
    , hasNoOrder_(collator_.locale().language() == QLocale::C)
{
    setSortRole(SortRole);
    collator_.setCaseSensitivity(Qt::CaseInsensitive);
    connect(&preparing_, &QTimer::timeout, this, [this] {
        const int read = std::max(static_cast<int>(starts_.size()) - 1, 0);
        const int rows = sourceModel()->rowCount();
        readTexts(std::min(read + rowsInTurn, rows));
        if (read + rowsInTurn >= rows)
            preparing_.stop();
    });
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
    starts_.clear();
    changed_.clear();
    rankedColumn_ = -1;
    mayRank_ = true;
}

void RowsProxy::forget(const QModelIndex& first, const QModelIndex& last)
{
    rankedColumn_ = -1;
    mayRank_ = false;
    const int count = last.row() - first.row() + 1;
    // Where much has changed, everything is read again.
    if (count + static_cast<int>(changed_.size()) > sourceModel()->rowCount() / 4) {
        keys_.clear();
        starts_.clear();
        changed_.clear();
        return;
    }
    for (int row = first.row(); row <= last.row(); ++row) {
        if (static_cast<std::size_t>(row) < keys_.size())
            keys_[static_cast<std::size_t>(row)].reset();
        if (static_cast<std::size_t>(row) + 1 < starts_.size())
            changed_[row].reset();
    }
}

void RowsProxy::sort(int column, Qt::SortOrder order)
{
    mayRank_ = true;
    QSortFilterProxyModel::sort(column, order);
}

void RowsProxy::setText(const QString& text)
{
    text_ = text.toCaseFolded().toStdString();
    mayRank_ = true;
    if (sourceModel()->rowCount() > manyRows)
        invalidate();
    else
        invalidateFilter();
}

void RowsProxy::prepare()
{
    if (sourceModel()->rowCount() > manyRows)
        preparing_.start(0);
}

bool RowsProxy::filterAcceptsRow(int row, const QModelIndex&) const
{
    return text_.empty() || searched(row).find(text_) != std::string_view::npos;
}

std::string RowsProxy::textOf(int row) const
{
    QString text = sourceModel()->index(row, 0).data(SearchRole).toString();
    const int columns = text.isEmpty() ? sourceModel()->columnCount() : 0;
    for (int column = 0; column < columns; ++column)
        text += sourceModel()->index(row, column).data().toString() + columnEnd;
    return std::move(text).toCaseFolded().toStdString();
}

/// Side by side they take few pages of memory, and a search goes through them from the first to the last.
void RowsProxy::readTexts(int rows) const
{
    if (starts_.empty()) {
        texts_.clear();
        changed_.clear();
        starts_.reserve(static_cast<std::size_t>(sourceModel()->rowCount()) + 1);
        starts_.push_back(0);
    }
    for (int row = static_cast<int>(starts_.size()) - 1; row < rows; ++row) {
        texts_ += textOf(row);
        starts_.push_back(texts_.size());
    }
}

std::string_view RowsProxy::searched(int row) const
{
    readTexts(row + 1);
    if (const auto found = changed_.find(row); found != changed_.end()) {
        if (!found->second)
            found->second = textOf(row);
        return *found->second;
    }
    const std::size_t start = starts_[static_cast<std::size_t>(row)];
    return std::string_view(texts_).substr(start, starts_[static_cast<std::size_t>(row) + 1] - start);
}

RowsProxy::Key RowsProxy::keyFrom(const QVariant& value) const
{
    Key key;
    if (!value.isValid())
        return key;
    bool isNumber = value.userType() != QMetaType::QString;
    key.number = isNumber ? value.toDouble(&isNumber) : 0;
    key.kind = isNumber ? Key::Kind::Number : Key::Kind::Text;
    if (isNumber)
        return key;
    if (hasNoOrder_)
        key.text = value.toString().toCaseFolded();
    else
        key.collated = collator_.sortKey(value.toString());
    return key;
}

const RowsProxy::Key& RowsProxy::keyOf(int row, int column) const
{
    if (keyColumn_ != column) {
        keyColumn_ = column;
        keys_.clear();
    }
    std::optional<Key>& kept = entryOf(keys_, row, sourceModel()->rowCount());
    if (!kept)
        kept = keyFrom(sourceModel()->index(row, column).data(sortRole()));
    return *kept;
}

/// Most comparisons are decided by a few characters behind what all texts begin with; these lie side by side.
void RowsProxy::rank(int column) const
{
    struct Place {
        std::uint64_t head;
        const Key* key;
        int row;
    };
    const auto less = [](const Place& a, const Place& b) {
        return a.key->kind == b.key->kind && a.head != b.head ? a.head < b.head : *a.key < *b.key;
    };
    std::vector<Place> places;
    const int count = sourceModel()->rowCount();
    places.reserve(static_cast<std::size_t>(count));
    const Key* first = nullptr; // that is a text
    qsizetype start = std::numeric_limits<qsizetype>::max();
    for (int row = 0; row < count; ++row) {
        const Key& key = keyOf(row, column);
        places.push_back({0, &key, row});
        if (key.kind != Key::Kind::Text)
            continue;
        first = first ? first : &key;
        start = commonStart(first->text, key.text, start);
    }
    for (Place& place : places) {
        if (place.key->kind == Key::Kind::Number)
            place.head = bitsOf(place.key->number);
        else if (place.key->kind == Key::Kind::Text)
            place.head = bitsOf(place.key->text, start);
    }
    std::sort(places.begin(), places.end(), less);
    ranks_.resize(places.size());
    int rank = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        rank += i > 0 && less(places[i - 1], places[i]);
        ranks_[static_cast<std::size_t>(places[i].row)] = rank;
    }
    rankedColumn_ = column;
}

bool RowsProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const int column = left.column();
    if (rankedColumn_ != column && mayRank_ && sourceModel()->rowCount() > manyRows)
        rank(column);
    if (rankedColumn_ != column)
        return keyOf(left.row(), column) < keyOf(right.row(), column);
    return ranks_[static_cast<std::size_t>(left.row())] < ranks_[static_cast<std::size_t>(right.row())];
}

} // namespace iotman::ui
