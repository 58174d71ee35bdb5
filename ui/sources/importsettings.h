// How a file is read: each setting with what was detected and why, to be changed.
#pragma once

#include "core/import/detect.h"

#include <QWidget>

#include <map>

class QComboBox;
class QGridLayout;
class QLabel;

namespace iotman::ui {

class ImportSettings : public QWidget {
    Q_OBJECT

public:
    explicit ImportSettings(QWidget* parent = nullptr);

    /// Nothing is chosen any more, and nothing can be until something is shown.
    void clear();
    void showDetected(const files::Detected& detected);
    const files::Choices& choices() const { return choices_; }
    void chooseType(const std::string& column, files::CellType type);

Q_SIGNALS:
    void chosen(); ///< `choices` are others: detect again

private:
    struct Row {
        QComboBox* combo = nullptr;
        QLabel* reason = nullptr;
    };
    Row addRow(QGridLayout* grid, const QString& label, files::Setting setting);
    void fill(files::Setting setting, const QStringList& words, int current);
    void showReasons(const files::Detected& detected);
    void choose(files::Setting setting, int index);

    files::Detected detected_;
    files::Choices choices_;
    std::map<files::Setting, Row> rows_;
};

} // namespace iotman::ui
