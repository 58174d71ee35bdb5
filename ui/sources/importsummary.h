// What became of an import: counts, the rows that were refused, and the output that was made of it.
#pragma once

#include "ui/sources/importjob.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableWidget;

namespace iotman {
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class ImportSummary : public QWidget {
    Q_OBJECT

public:
    explicit ImportSummary(QWidget* parent = nullptr);

    /// `file` names the file that refused rows are saved as.
    void showResult(const QString& file, const SourceName& source, const Expected<ImportResult>& result);
    void showOutput(const Expected<OutputView>& made);
    QString text() const;

Q_SIGNALS:
    void back();
    void closed();

private:
    void showCounts(const SourceName& source, const ImportResult& result);
    void showRefusals();
    void saveRefusals();

    QString file_;
    files::ImportCount count_;
    MessageLine* counts_;
    MessageLine* output_;
    QLabel* refusedNote_;
    QTableWidget* refused_;
    QPushButton* saveRefused_;
    QPushButton* close_;
};

} // namespace iotman::ui
