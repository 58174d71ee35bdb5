// The Monitor: endpoints and their fields at the left, their values as a live chart at the right.
#pragma once

#include "core/model/resources.h"
#include "ui/look/messageline.h"
#include "ui/monitor/endpointfeed.h"
#include "ui/monitor/fieldsmodel.h"
#include "ui/monitor/layouthistory.h"
#include "ui/monitor/monitorlayout.h"

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

class AlarmsDialog;
class AlarmsModel;
class ChartBoard;
class ChartView;
class EmptyPage;
class FieldsPanel;
class LayoutMenu;
class MeasurePanel;
class HistoryNews;
class Recorder;
class MonitorActions;
class StateStrip;
class ValuesExport;
class ValuesModel;
struct NamedFeed;

/// Panes over all endpoints of a connection. When it is first shown, the endpoint whose newest item is newest opens by
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

    /// Watches an endpoint elsewhere as well, public or by a client's sign-in, and draws its measurements. Its id here.
    EndpointId addEndpoint(const client::EndpointAddress& address, const std::optional<client::Credentials>& credentials);
    void removeEndpoint(const EndpointId& id);

    /// Writes all that streams bring into `file` until it is stopped or the budget is spent. Errors: as Recorder::start.
    Expected<void> record(const QString& file, std::int64_t budget);
    Recorder* recorder() const { return recorder_; }
    /// Shows what a recording holds beside everything else. Errors: as readRecording.
    Expected<void> openRecording(const QString& file);

    /// What is drawn where, and what is watched.
    MonitorLayout layout() const;
    /// Draws this instead, as soon as its endpoints are there.
    void setLayout(const MonitorLayout& layout);
    /// Layouts that come with the program: those whose endpoints are all there are offered.
    void setLayoutFolder(const QString& folder);

    /// How a line is called and drawn from now on, also when it comes back.
    void setLook(const LineKey& line, const LineLook& look);
    const LineLooks& looks() const { return looks_; }

    /// Says in the page what could not be done, until it is closed.
    void tellFailure(const QString& sentence);

    /// Without the tree and the strip, for a picture.
    void showOnlyPanes();

    MonitorActions* monitorActions() const { return actions_; }
    ChartBoard* board() const { return board_; }
    /// The first pane; all have the same view.
    ChartView* chart() const;
    MeasurePanel* measurePanel() const { return measure_; }
    const SeriesSet& series() const { return *set_; }
    AlarmsModel* alarms() const { return alarms_; }
    ValuesExport* exporter() const { return export_; }
    FieldsModel* fields() const { return fields_; }
    FieldsPanel* fieldsPanel() const { return panel_; }
    QTableView* valuesTable() const { return table_; }
    StateStrip* strip() const { return strip_; }
    /// The feed of an endpoint that is read; null for others.
    EndpointFeed* feed(const EndpointId& id) const;

Q_SIGNALS:
    /// A moment after panes, alarms or the span have changed.
    void layoutChanged();
    /// Something happened that people want to know though they look elsewhere.
    void attentionWanted(const QString& title, const QString& text);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Connection {
        client::Network* network = nullptr;
        client::TokenSource* tokens = nullptr;
        QUrl server;
    };

    /// An endpoint elsewhere.
    struct Guest {
        EndpointId id; ///< of its URL
        client::EndpointAddress address;
        std::unique_ptr<client::TokenSource> tokens;
        QString name; ///< for people
        bool isRecorded = false;
    };

    static constexpr int textsMs = 250; ///< values in tree and table change four times a second at most

    void layOut();
    void askForUrl();
    void askToRecord(bool on);
    void askForRecording();
    EndpointFeed* addFeed(const EndpointId& id, client::EndpointAddress address, client::TokenSource* tokens);
    Guest* guest(const EndpointId& id);
    void showEndpoints();
    void connectParts();
    void showWhatThereIs();
    void openByItself();

    EndpointFeed* beginFeed(const EndpointId& id, const std::optional<ReadingRule>& rule = std::nullopt);
    void endFeed(const EndpointId& id);
    void endAllFeeds();
    void shaped(const EndpointId& id);
    void valuesCame(const EndpointId& id, std::size_t live);
    void closeIfUnused(const EndpointId& id);
    std::function<void(const ReadingRule&)> ruleChooser(const EndpointId& id);

    void showTicked();
    void askForLook(const LineKey& line);
    void showLooks();
    void showPanes();
    QString paneTitle(const MonitorPane& pane) const;
    void showMarks();
    void fillPaneMenu(std::size_t pane, QMenu* menu);
    void closePane(std::size_t pane);
    void followPointer();
    void openPendingLayout();
    void noteLayout();
    void bringBack(std::optional<MonitorLayout> (LayoutHistory::*step)());
    void fitAndFollow();
    void judgeAlarms();
    void showAlarms();
    void notify(const QString& title, const QString& text);
    void sizeColumns();
    void chooseSpan(const EndpointId& id);
    void readOlderIfLookedAt();
    void refreshTexts();
    void refreshTable();
    void refreshStrip();
    void refreshMenus();
    void refreshMessage();
    void showNote(MessageLine::Kind kind, const QString& text);
    void fillMenu(const EndpointId& id, const std::optional<LineKey>& line, QMenu* menu);
    void dropLines(const QByteArray& text, std::size_t pane);
    void drawIn(const std::vector<LineKey>& lines, std::size_t pane);
    void fillPlaceMenu(const LineKey& line, QMenu* menu);
    void fillDerivedMenu(const LineKey& line, QMenu* menu);
    void addDerived(const EndpointId& id, DerivedField field);
    void removeDerived(const LineKey& line);
    void askForRule(const EndpointId& id);
    std::vector<NamedFeed> namedFeeds() const;
    std::optional<EndpointId> currentFeed() const;

    const Clock& clock_;
    Random& random_;
    std::optional<Connection> connection_;
    std::vector<EndpointView> endpoints_;
    std::vector<Guest> guests_;
    std::unique_ptr<HistoryNews> news_; ///< of the connection
    QTimeZone zone_ = QTimeZone::systemTimeZone();

    std::shared_ptr<SeriesSet> set_;
    std::map<EndpointId, std::unique_ptr<EndpointFeed>> feeds_;
    Panes panes_;
    LineLooks looks_;
    std::vector<TickedLine> lines_; ///< that are drawn
    LayoutHistory history_;
    std::optional<MonitorLayout> pending_; ///< its endpoints are not there yet
    std::set<EndpointId> toTick_;          ///< once their first items are there
    std::set<EndpointId> plotted_;         ///< by themselves or by a layout: what is drawn of them is a person's choice
    std::optional<EndpointId> toOpen_;     ///< once it is there
    std::optional<std::int64_t> span_;     ///< µs to be shown once there is so much
    bool hasSpan_ = false;                 ///< a layout has chosen the span
    QString failure_;                      ///< is shown until it is closed
    QString note_;                         ///< is shown until it is closed, or something is worse
    bool hasOpened_ = false;               ///< something was opened since the connection was set

    FieldsModel* fields_;
    FieldsPanel* panel_;
    ChartBoard* board_;
    MonitorActions* actions_;
    MessageLine* message_;
    ValuesModel* values_;
    QTableView* table_;
    AlarmsModel* alarms_;
    AlarmsDialog* alarmsDialog_ = nullptr;
    LayoutMenu* layouts_;
    Recorder* recorder_;
    MeasurePanel* measure_;
    ValuesExport* export_;
    StateStrip* strip_;
    EmptyPage* empty_;
    QStackedWidget* stack_;
    QTimer patience_;  ///< runs while a live endpoint may still come
    QTimer layoutDue_; ///< to be told
    QTimer textsDue_;
    QTimer everySecond_; ///< while it is visible
    QTimer watching_;    ///< always: alarms are judged while nobody looks
};

} // namespace iotman
