// The first rows of a file as they will be.
#pragma once

#include "core/import/preview.h"

#include <QWidget>

class QLabel;
class QTableWidget;

namespace iotman::ui {

class ImportPreview : public QWidget {
    Q_OBJECT

public:
    explicit ImportPreview(QWidget* parent = nullptr);

    void clear();
    void showRows(const files::Detected& detected, const files::Preview& preview);
    QTableWidget* table() const { return table_; }

Q_SIGNALS:
    void typeChosen(const std::string& column, iotman::files::CellType type);

private:
    void showRow(int row, const files::Row& good);
    void showRefusal(int row, const files::Refusal& refusal);
    void addCell(int row, int column, const QString& text, bool isNumber = false, bool isNull = false);
    void askType(int column);

    files::Detected detected_;
    QTableWidget* table_;
    QLabel* note_;
};

} // namespace iotman::ui
