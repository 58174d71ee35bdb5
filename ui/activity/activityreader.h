// Follows a server's activity log into the model.
#pragma once

#include "core/client/eventstream.h"
#include "ui/activity/activityentry.h"
#include "ui/pages/session.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace iotman::ui {

class ActivityModel;

struct ActivityReaderSettings {
    std::chrono::milliseconds gather{100};     ///< at least so long between two changes of the model
    std::chrono::milliseconds poll{1000};      ///< between two reads where the server does not tell by itself
    std::chrono::milliseconds readAgain{5000}; ///< after a read that failed
    client::EventStreamSettings stream;
};

/// Listens to what happens (`/api/activity/events`), and with each new connection reads back to what the model has, so that
/// nothing is missed between the two. A server that has no such stream is read once a second. GUI thread; nothing blocks.
class ActivityReader : public QObject {
    Q_OBJECT

public:
    /// Both must outlive it.
    ActivityReader(Session& session, ActivityModel& model, ActivityReaderSettings settings = {}, QObject* parent = nullptr);

    /// Goes on from what the model has. Does nothing while it is at work.
    void start();
    void stop();

Q_SIGNALS:
    void updated();                          ///< what has come is in the model
    void failed(const iotman::Error& error); ///< it is tried again
    void unsupported();                      ///< the server keeps no log

private:
    void readBack();
    void readPage(const std::string& path);
    void took(const Expected<client::Document>& document, const std::string& path);
    void take(const std::vector<client::ServerEvent>& events);
    void flush();

    Session& session_;
    ActivityModel& model_;
    ActivityReaderSettings settings_;
    SystemRandom random_;
    client::EventStream stream_;
    client::Call call_;
    QTimer again_; ///< the next read
    QTimer flush_;
    std::vector<ActivityEntry> pages_;  ///< of the read under way
    std::vector<ActivityEntry> events_; ///< not in the model yet
    std::uint64_t oldestOpen_ = 0;      ///< the stream that is open and has the lowest number; 0: none
    int pagesRead_ = 0;
    bool started_ = false;
    bool caughtUp_ = false; ///< the model has all that was before the events
    bool isPolled_ = false;
};

} // namespace iotman::ui
