// The left of the Monitor: the tree of endpoints and fields, and the box that narrows it.
#pragma once

#include "ui/monitor/fieldsmodel.h"

#include <QWidget>

class QMenu;
class QSortFilterProxyModel;
class QTreeView;

namespace iotman {

class FilterBox;

class FieldsPanel : public QWidget {
    Q_OBJECT

public:
    /// `model` must outlive the panel.
    explicit FieldsPanel(FieldsModel* model, QWidget* parent = nullptr);

    /// Opens the endpoint's row, and the rows of fields with few lines.
    void expand(const EndpointId& id);
    void setCurrent(const EndpointId& id);
    /// The endpoint of the current row.
    std::optional<EndpointId> current() const;
    FilterBox* filter() const { return filter_; }
    QTreeView* tree() const { return tree_; }

    QSize sizeHint() const override;

Q_SIGNALS:
    void currentChanged();
    void collapsed(const iotman::EndpointId& id);
    /// Enter or a double click on an endpoint.
    void activated(const iotman::EndpointId& id);
    /// A context menu is about to be shown for this endpoint, or this line of it, to be filled.
    void menuWanted(const iotman::EndpointId& id, const std::optional<iotman::LineKey>& line, QMenu* menu);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<EndpointId> endpointAt(const QModelIndex& shown) const;
    void showMenu(const QPoint& at);

    FieldsModel* model_;
    QSortFilterProxyModel* shown_;
    FilterBox* filter_;
    QTreeView* tree_;
};

} // namespace iotman
