// What this program is, in which versions, and under which licence.
#pragma once

#include <QDialog>

namespace iotman::ui {

class AboutDialog : public QDialog {
    Q_OBJECT

public:
    /// `server`: of the connection, as people know it; empty: none.
    explicit AboutDialog(const QString& server, QWidget* parent = nullptr);

    /// What Copy takes: for a report of a problem.
    static QString versions();
};

} // namespace iotman::ui
