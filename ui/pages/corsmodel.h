// The entries of the CORS editor as an item model.
#pragma once

#include "ui/pages/corsentries.h"

#include <QAbstractTableModel>

namespace iotman::ui {

class CorsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { State, Typed, Stored, What };

    explicit CorsModel(QObject* parent = nullptr);

    void setEntries(std::vector<CorsEntry> entries);
    const CorsEntry& entry(int row) const { return entries_[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<CorsEntry> entries_;
};

} // namespace iotman::ui
