// The streams that are open at the moment, and what each is behind.
#pragma once

#include "ui/activity/openstream.h"
#include "ui/pages/session.h"

#include <QTimeZone>
#include <QTimer>
#include <QWidget>

class QSettings;

namespace iotman::ui {

class ListPane;

/// Asks the server once a second while it is followed. GUI thread; nothing blocks.
class StreamsPane : public QWidget {
    Q_OBJECT

public:
    /// Both must outlive it. `settings` remembers the columns.
    StreamsPane(Session& session, QSettings& settings, std::chrono::milliseconds every = std::chrono::seconds(1),
                QWidget* parent = nullptr);

    void start();
    void stop(); ///< what is shown stays
    void setZone(const QTimeZone& zone) { zone_ = zone; }

    ListPane* list() const { return list_; }
    const std::vector<OpenStream>& streams() const { return streams_; }
    int count() const { return static_cast<int>(streams_.size()); }
    std::uint64_t current() const; ///< the number of the current stream's entry; 0: there is none

Q_SIGNALS:
    void read(); ///< the list is as it is now
    void currentChanged();

private:
    void ask();
    void took(const Expected<client::Document>& document);

    Session& session_;
    ListPane* list_;
    client::Call call_;
    QTimer again_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    std::vector<OpenStream> streams_;
    bool started_ = false;
};

} // namespace iotman::ui
