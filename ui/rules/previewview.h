// Datapoints on the left, the items they become on the right.
#pragma once

#include "ui/rules/codelines.h"
#include "ui/rules/rulepreview.h"

#include <QAbstractTableModel>
#include <QTableView>

#include <functional>

namespace iotman::ui {

/// One row a datapoint: its head and lines, its item's lines or the reason why there is none.
class PreviewModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { DatapointColumn, ItemColumn };
    enum Role { LinesRole = Qt::UserRole, HeadRole, ReasonRole, FailedRole };

    /// `head` words a datapoint's time and source.
    explicit PreviewModel(std::function<QString(const RecentDatapoint&)> head, QObject* parent = nullptr);

    void setRows(std::vector<PreviewRow> rows);
    const PreviewRow& row(int index) const { return rows_[static_cast<std::size_t>(index)].row; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        PreviewRow row;
        std::vector<CodeLine> payload, item;
    };

    std::function<QString(const RecentDatapoint&)> head_;
    std::vector<Row> rows_;
};

/// A table of a PreviewModel. Rows are as high as what they show.
class PreviewView : public QTableView {
    Q_OBJECT

public:
    explicit PreviewView(QWidget* parent = nullptr);
    void setModel(QAbstractItemModel* model) override;

protected:
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent*) override;
};

} // namespace iotman::ui
