// Sorts and filters a table that may be long.
#pragma once

#include <QCollator>
#include <QSortFilterProxyModel>
#include <QTimer>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace iotman::ui {

/// As QSortFilterProxyModel with the locale's order of SortRole and a text that any column may have, whatever its case; but what
/// a row is ordered by and searched in is worked out once, and the rows of a long list are ranked once, so that putting them in
/// order compares numbers.
class RowsProxy : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit RowsProxy(QObject* parent = nullptr);

    void setSourceModel(QAbstractItemModel* model) override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    void setText(const QString& text);
    /// Somebody is about to search: the texts of a long list are read now, a few rows in each turn of the event loop.
    void prepare();

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    /// What a row is ordered by: numbers and times by their value, then texts in the locale's order, last what is not there.
    struct Key {
        enum class Kind : std::uint8_t { Number, Text, Missing };
        Kind kind = Kind::Missing;
        double number = 0;
        QString text; ///< folded, where the locale has no order of its own
        std::optional<QCollatorSortKey> collated;

        bool operator<(const Key& other) const;
    };

    void forgetAll();
    void forget(const QModelIndex& first, const QModelIndex& last);
    Key keyFrom(const QVariant& value) const;
    const Key& keyOf(int row, int column) const;
    void rank(int column) const;
    std::string textOf(int row) const;
    void readTexts(int rows) const;
    std::string_view searched(int row) const;

    std::string text_; ///< folded
    QCollator collator_;
    bool hasNoOrder_;                              ///< of its own: the locale “C”
    mutable int keyColumn_ = -1;                   ///< of keys_
    mutable std::vector<std::optional<Key>> keys_; ///< a row each, once somebody has asked
    // Folded texts of the first rows, as many as were read, one behind the other, and where each begins and the last one ends;
    // beside them those of rows that have changed since.
    mutable std::string texts_;
    mutable std::vector<std::size_t> starts_;
    mutable std::unordered_map<int, std::optional<std::string>> changed_;
    mutable int rankedColumn_ = -1; ///< of ranks_
    mutable std::vector<int> ranks_;
    bool mayRank_ = true; ///< not for the few rows that have changed
    QTimer preparing_;
};

} // namespace iotman::ui
