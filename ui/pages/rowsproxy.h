// Sorts and filters a table that may be long.
#pragma once

#include <QCollator>
#include <QSortFilterProxyModel>
#include <QVariant>

#include <optional>
#include <vector>

namespace iotman::ui {

/// As QSortFilterProxyModel with the locale's order of SortRole and a text that any column may have, whatever its case; but what
/// a row is ordered by and searched in is worked out once.
class RowsProxy : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit RowsProxy(QObject* parent = nullptr);

    void setSourceModel(QAbstractItemModel* model) override;
    void setText(const QString& text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    /// What a row is ordered by: texts in the locale's order, numbers and times by their value.
    struct Key {
        QVariant value;
        std::optional<QCollatorSortKey> text;
    };

    void forgetAll();
    void forget(const QModelIndex& first, const QModelIndex& last);
    const Key& keyOf(const QModelIndex& index) const;
    const QString& searched(int row) const;

    QString text_;
    QCollator collator_;
    mutable int keyColumn_ = -1; ///< of keys_
    // A row each, once somebody has asked.
    mutable std::vector<std::optional<Key>> keys_;
    mutable std::vector<std::optional<QString>> searched_;
};

} // namespace iotman::ui
