// The endpoints of a workspace as an item model.
#pragma once

#include "core/model/clock.h"
#include "ui/pages/endpointrow.h"

#include <QAbstractTableModel>

namespace iotman::ui {

/// Turns rows into cells. New rows are merged in by their id, so that selection and scroll position stay where they are.
class EndpointsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit EndpointsModel(const Clock& clock, QObject* parent = nullptr);

    void setRows(std::vector<EndpointRow> rows);
    void setZone(const QTimeZone& zone);
    const EndpointRow& row(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    /// The row of an endpoint; -1 where there is none.
    int rowOf(const EndpointId& id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void removeMissing(const std::vector<EndpointRow>& rows);
    void update(int row, EndpointRow value);

    const Clock& clock_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    std::vector<EndpointRow> rows_;
};

} // namespace iotman::ui
