// Who did what, when, and what was before and after.
#pragma once

#include "core/client/audit.h"
#include "ui/pages/accesspane.h"

class QAction;
class QLabel;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace iotman {
class EmptyPage;
} // namespace iotman

namespace iotman::ui {

class ListPane;
class RowsModel;

/// The newest entries, older ones on demand, and the current one member by member. Reads only while it is shown.
class AuditPane : public AccessPane {
    Q_OBJECT

public:
    AuditPane(Session& session, QSettings& settings, QWidget* parent = nullptr);

    ListPane* list() const { return list_; }
    QAction* olderAction() const { return older_; }

protected:
    void reload() override;

private:
    void readNewest();
    void readOlder();
    void take(client::AuditPage page);
    void showRows();
    void showCurrent();
    void failed(const Error& error);

    ListPane* list_;
    RowsModel* differences_;
    QTableView* details_;
    QLabel* detailsTitle_;
    QStackedWidget* stack_;
    EmptyPage* refused_;
    QSplitter* splitter_;
    QAction* older_;
    std::vector<client::AuditEntry> entries_; ///< newest first
    std::optional<std::string> next_;
    bool loaded_ = false;
    QString shown_; ///< the entry whose members are shown; empty: none
    client::Call reading_;
};

} // namespace iotman::ui
