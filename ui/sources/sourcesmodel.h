// The workspace's sources as rows of a table.
#pragma once

#include "core/model/clock.h"
#include "core/model/resources.h"
#include "ui/pages/words.h"

#include <QAbstractTableModel>

#include <vector>

namespace iotman::ui {

enum class SourceColumn { Name, Kind, Access, State, Datapoints, Rate, Last, Url, Created, By };
inline constexpr int sourceColumns = 10;

QString kindWord(SourceKind kind); ///< “HTTP ingest”

/// Rows keep their place from answer to answer, so that a selection stays.
class SourcesModel : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit SourcesModel(const Clock& clock, QObject* parent = nullptr);

    void setSources(std::vector<SourceView> sources);
    const SourceView& at(int row) const { return rows_[static_cast<std::size_t>(row)].view; }
    int rowOf(const SourceName& name) const;
    void setZone(const QTimeZone& zone);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        SourceView view;
        std::optional<double> rate; ///< datapoints a second since the answer before
        Timestamp seenAt;
    };
    QString text(const Row& row, SourceColumn column) const;
    QString exact(const Row& row, SourceColumn column) const;

    const Clock& clock_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    std::vector<Row> rows_;
};

} // namespace iotman::ui
