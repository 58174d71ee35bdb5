// An endpoint's history and what comes after it, as one: no gap and no repeat.
#pragma once

#include "core/client/hostedtail.h"
#include "core/client/pagewalk.h"
#include "core/client/repeatfilter.h"
#include "core/client/streamreader.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace iotman::client {

/// Which history. Neither bound: all of it.
struct HistoryRange {
    std::optional<Timestamp> from;     ///< inclusive
    std::optional<std::size_t> atMost; ///< the walk ends with the page that reaches this many items
    int pageLimit = 1000;              ///< items asked for at a time
};

struct HistoryProgress {
    std::size_t items = 0;           ///< of the history told so far
    std::optional<Timestamp> oldest; ///< where the walk stands; nothing on hosted services
    bool isComplete = false;
};

/// Reads the newest page, starts the stream at that page's moment, and walks on to older pages while the stream runs. With a
/// hosted service, which tells no such moment, it compares the newest page with what it knows whenever the stream has opened.
class HistoryThenLive : public QObject {
    Q_OBJECT

public:
    /// `pages` and `stream` must outlive this and be of the same endpoint; nobody else starts or stops `stream`. Its
    /// `statusChanged` tells of the link.
    HistoryThenLive(PageReader& pages, StreamReader& stream, HistoryRange range, const Clock& clock, Random& random,
                    BackoffSettings backoff = {}, QObject* parent = nullptr);

    void start();
    /// Ends both the walk and the stream.
    void stop();

Q_SIGNALS:
    /// A page of history, newest first, each page older than the one before.
    void historyArrived(const std::vector<iotman::client::Item>& items);
    /// Items after the history, in the order of arrival.
    void liveArrived(const std::vector<iotman::client::StreamItem>& items);
    void progressed(const iotman::client::HistoryProgress& progress);
    /// The history could not be read for now; it goes on by itself after `delay`.
    void waiting(const iotman::Error& why, std::chrono::milliseconds delay);
    /// The history cannot be read any further. The stream goes on if it had begun.
    void failed(const iotman::Error& error);
    /// Something may be missing before the next live items: a hosted service sent more than a page while the link was down.
    void gapPossible();

private:
    void readNext();
    void pageArrived(Expected<Page> page);
    void begin(const Page& newest);
    void streamItems(const std::vector<StreamItem>& items);
    void streamStatus(const StreamStatus& status);
    void catchUp();
    void caughtUp(Expected<PageAnswer> answer);
    void told(const std::vector<StreamItem>& items);
    void later(const Error& why, QTimer& timer);
    std::function<bool()> sameRun();

    PageReader& pages_;
    StreamReader& stream_;
    HistoryRange range_;
    const Clock& clock_;
    Backoff backoff_;
    std::unique_ptr<PageWalk> walk_;
    std::optional<RepeatFilter> filter_; ///< of a service with cursors
    std::optional<HostedTail> tail_;     ///< of one without
    HistoryProgress progress_;
    bool isRunning_ = false;
    std::uint64_t run_ = 0;        ///< rises with each start and stop
    bool isCatchingUp_ = false;    ///< the newest page is being compared
    std::vector<StreamItem> held_; ///< meanwhile
    Call page_;
    Call newest_;
    QTimer nextTry_;
    QTimer nextCatchUp_;
};

} // namespace iotman::client
