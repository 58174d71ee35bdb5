// The page Endpoints: what the workspace serves, and to whom.
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/session.h"

class QAction;
class QLabel;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace iotman {
class EmptyPage;
class FilterBox;
class MessageLine;
class Toast;
} // namespace iotman

namespace iotman::ui {

class EndpointDetails;
class EndpointsModel;
class RowsProxy;

/// A table with everything that can be done to its rows, and the details of the current one beside it.
class EndpointsPage : public Page {
    Q_OBJECT

public:
    /// `settings` remembers columns and splitter. All three must outlive the page.
    EndpointsPage(Session& session, QSettings& settings, QWidget* parent = nullptr);
    ~EndpointsPage() override;

    void setZone(const QTimeZone& zone) override;
    std::vector<GotoTarget> targets() override;
    void choose(const QString& id) override;
    std::vector<EndpointView> chosen() const;

    QTableView* table() const { return table_; }
    EndpointDetails* details() const { return details_; }
    QAction* newAction() const { return new_; }
    QAction* deleteAction() const { return delete_; }

private:
    void makeActions();
    void arrange();
    void restore();
    void listsChanged();
    void selectionChanged();
    void updateActions();
    std::optional<EndpointView> current() const;

    void openNew();
    void askDelete();
    void deleteAll(const std::vector<EndpointView>& endpoints);
    void undoDelete();
    void askAccess();
    void changeAll(const std::vector<EndpointView>& endpoints, const EndpointPatch& patch, const QString& done);
    void failed(const QString& what, const Error& error);
    void copy(const QString& text, const QString& done);

    Session& session_;
    QSettings& settings_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    EndpointsModel* model_;
    RowsProxy* proxy_;
    std::vector<EndpointView> deleted_; ///< what Undo makes again
    QString wanted_;                    ///< to choose once it is in the list

    QAction *new_, *delete_, *copyUrl_, *monitor_, *enable_, *disable_, *access_, *copyStream_, *copyEvents_, *copyText_,
        *copyCsv_, *undo_;
    QLabel* count_;
    FilterBox* filter_;
    MessageLine* message_;
    QStackedWidget* stack_;
    QTableView* table_;
    EmptyPage* empty_;
    EmptyPage* nothingFound_;
    EndpointDetails* details_;
    QSplitter* splitter_;
    Toast* toast_;
};

} // namespace iotman::ui
