// The page Activity: what was asked of the server, why it was refused, and what could go better.
#pragma once

#include "ui/activity/activityhints.h"
#include "ui/pages/session.h"

#include <QTimeZone>
#include <QTimer>
#include <QWidget>

#include <functional>

class QAction;
class QLabel;
class QPushButton;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTableView;
class QTabWidget;

namespace iotman {
class EmptyPage;
class MessageLine;
class Toast;
} // namespace iotman

namespace iotman::ui {

class ActivityDetails;
class ActivityFilter;
class ActivityFilterBar;
class ActivityModel;
class ActivityReader;
class HintList;
class StreamsPane;

/// A live list, the details of the current entry below it, and hints beside those. Follows the server while it is seen.
class ActivityPage : public QWidget {
    Q_OBJECT

public:
    /// Both must outlive the page. `settings` remembers the columns.
    ActivityPage(Session& session, QSettings& settings, QWidget* parent = nullptr);
    ~ActivityPage() override;

    void setZone(const QTimeZone& zone);

    QTableView* table() const { return table_; }
    ActivityModel* model() const { return model_; }
    StreamsPane* streams() const { return streams_; }
    QTabWidget* lists() const { return lists_; } ///< requests and open streams
    QAction* followAction() const { return follow_; }
    MessageLine* stoppedLine() const { return stopped_; } ///< that nothing new is shown
    QLabel* countLabel() const { return count_; }
    ActivityFilterBar* filterBar() const { return fields_; }
    ActivityDetails* details() const { return details_; }
    QAction* sendAgainAction() const { return again_; }
    QAction* copyCurlAction() const { return curl_; }
    QAction* weatherAction() const { return weather_; }
    const std::vector<ActivityHint>& hints() const;

Q_SIGNALS:
    void read(); ///< what is new has come

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QAction* add(const QString& text, const QString& iconName, const std::function<void()>& triggered);
    void makeActions();
    void arrange();
    void follow();
    void finished();
    void tellHints();
    void streamsRead();
    void filtered();
    void updatePermits();
    void listChanged();
    void updateMainPart();
    void updateHints();
    void showCurrent();
    const ActivityEntry* current() const;
    void sendAgain();
    void askWeather();
    void copy(const QString& text, const QString& done);
    void showOnly(const ActivityHint& hint);

    Session& session_;
    QSettings& settings_;
    ActivityModel* model_;
    ActivityFilter* filter_;
    ActivityReader* reader_;
    client::Call resend_;
    QTimer hintsDue_{this};
    bool hintsAreStale_ = false;

    QAction *follow_, *clear_, *own_, *again_, *curl_, *copyText_, *copyCsv_, *weather_;
    QLabel* count_;
    ActivityFilterBar* fields_;
    QPushButton* showAll_;
    MessageLine* stopped_;
    MessageLine* message_;
    QTabWidget* lists_;
    QWidget* requests_; ///< filters and list
    QStackedWidget* stack_;
    QTableView* table_;
    StreamsPane* streams_;
    EmptyPage* empty_;
    EmptyPage* nothingFound_;
    ActivityDetails* details_ = nullptr;
    HintList* hints_;
    QSplitter* all_;
    QSplitter* below_;
    Toast* toast_;
};

/// The curl line of an entry at the server `base`.
std::string curlOf(const ActivityEntry& entry, const std::string& base);

/// What to know of such a `line` when it has been copied: which parts of what was asked are not in it.
QString copiedText(const ActivityEntry& entry, const std::string& line);

/// Why an entry may not be sent again; empty: it may. GET and HEAD of /data/out alone, and no streams.
QString notSentAgain(const ActivityEntry& entry);

} // namespace iotman::ui
