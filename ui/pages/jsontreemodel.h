// JSON as an item model that reads a level when it is opened.
#pragma once

#include "ui/pages/jsonnode.h"

#include <QAbstractItemModel>
#include <QTimeZone>

#include <memory>

namespace iotman::ui {

/// Key, value, type. Holds the text; a million items cost nothing until somebody opens them.
class JsonTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Key, Value, Type };
    enum Role { RawRole = Qt::UserRole + 1 }; ///< QString: the exact text of the value

    explicit JsonTreeModel(QObject* parent = nullptr);
    ~JsonTreeModel() override;

    /// A text that is not JSON makes an empty tree.
    void setText(QByteArray json);
    /// Beside numbers that look like times, the moment in that zone.
    void setZone(const QTimeZone& zone);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Node;
    Node* nodeOf(const QModelIndex& index) const;
    QString valueText(const Node& node) const;
    QVariant colour(const Node& node) const;

    QByteArray text_;
    std::unique_ptr<Node> root_; ///< its children are the rows at the top
    QTimeZone zone_ = QTimeZone::utc();
};

} // namespace iotman::ui
