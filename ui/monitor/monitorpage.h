// The Monitor: endpoints and their fields at the left, their values as a live chart at the right.
#pragma once

#include "core/model/resources.h"
#include "ui/monitor/endpointfeed.h"
#include "ui/monitor/fieldsmodel.h"

#include <QTimeZone>
#include <QTimer>
#include <QUrl>
#include <QWidget>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

class QMenu;
class QStackedWidget;
class QTableView;

namespace iotman {

class ChartView;
class EmptyPage;
class FieldsPanel;
class MessageLine;
class MonitorActions;
class StateStrip;
class ValuesModel;
struct NamedFeed;

/// One chart over all endpoints of a connection. When it is first shown, the endpoint whose newest item is newest opens by
/// itself. Data keeps coming while the page is hidden, but nothing is painted then. GUI thread.
///
/// Its actions, in the order of a tool bar, are `QWidget::actions()`.
class MonitorPage : public QWidget {
    Q_OBJECT

public:
    /// `clock` and `random` must outlive the page.
    MonitorPage(const Clock& clock, Random& random, QWidget* parent = nullptr);
    ~MonitorPage() override;

    /// Reads endpoints of `server` from now on; what was open at another server or with another sign-in is closed. `network` and
    /// `tokens` must live until `clearConnection` or another call. Without `tokens` it reads as the public does.
    void setConnection(client::Network& network, client::TokenSource* tokens, const QUrl& server);
    void clearConnection();

    /// What there is to watch. Endpoints that are gone are closed, the others stay as they are.
    void setEndpoints(const std::vector<EndpointView>& endpoints);
    /// Draws the measurements of an endpoint, as soon as the connection and the endpoint are there.
    void open(const EndpointId& id);
    /// The zone of axis, table and texts. The system's unless set.
    void setTimeZone(const QTimeZone& zone);

    MonitorActions* monitorActions() const { return actions_; }
    ChartView* chart() const { return chart_; }
    FieldsModel* fields() const { return fields_; }
    FieldsPanel* fieldsPanel() const { return panel_; }
    QTableView* valuesTable() const { return table_; }
    StateStrip* strip() const { return strip_; }
    /// The feed of an endpoint that is read; null for others.
    EndpointFeed* feed(const EndpointId& id) const;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Connection {
        client::Network* network = nullptr;
        client::TokenSource* tokens = nullptr;
        QUrl server;
    };

    void layOut();
    void connectParts();
    void showWhatThereIs();
    void openByItself();

    EndpointFeed* beginFeed(const EndpointId& id);
    void endFeed(const EndpointId& id);
    void endAllFeeds();
    void shaped(const EndpointId& id);
    void valuesCame(const EndpointId& id, std::size_t live);
    void closeIfUnused(const EndpointId& id);
    std::function<void(const ReadingRule&)> ruleChooser(const EndpointId& id);

    void showTicked();
    void chooseSpan(const EndpointId& id);
    void readOlderIfLookedAt();
    void refreshTexts();
    void refreshTable();
    void refreshStrip();
    void refreshMenus();
    void refreshMessage();
    void fillMenu(const EndpointId& id, QMenu* menu);
    std::vector<NamedFeed> namedFeeds() const;
    std::optional<EndpointId> currentFeed() const;

    const Clock& clock_;
    Random& random_;
    std::optional<Connection> connection_;
    Timestamp connectedAt_;
    std::vector<EndpointView> endpoints_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();

    std::shared_ptr<SeriesSet> set_;
    std::map<EndpointId, std::unique_ptr<EndpointFeed>> feeds_;
    std::set<EndpointId> toTick_;      ///< once their first items are there
    std::optional<EndpointId> toOpen_; ///< once it is there
    std::optional<std::int64_t> span_; ///< µs to be shown once there is so much
    bool hasOpened_ = false;           ///< something was opened since the connection was set

    FieldsModel* fields_;
    FieldsPanel* panel_;
    ChartView* chart_;
    MonitorActions* actions_;
    MessageLine* message_;
    ValuesModel* values_;
    QTableView* table_;
    StateStrip* strip_;
    EmptyPage* empty_;
    QStackedWidget* stack_;
    QTimer textsDue_;
    QTimer everySecond_;
};

} // namespace iotman
