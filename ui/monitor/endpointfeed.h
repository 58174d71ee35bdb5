// One endpoint's history and stream, on their way into a chart's series.
#pragma once

#include "core/client/historythenlive.h"
#include "ui/monitor/endpointseries.h"
#include "ui/monitor/linklog.h"
#include "ui/monitor/ratemeter.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace iotman {

/// What a feed needs of the world; all of it must outlive the feed. Without `tokens` it reads as the public does.
struct FeedWorld {
    client::Network& network;
    client::TokenSource* tokens;
    const Clock& clock;
    Random& random;
};

enum class FeedPhase {
    Stopped,
    Connecting, ///< the newest page or the stream is asked for
    Live,
    Waiting,      ///< to reconnect
    Refused,      ///< no further try by itself
    SignInNeeded, ///< as well
};

struct FeedState {
    FeedPhase phase = FeedPhase::Stopped;
    std::optional<Error> why;         ///< of Waiting, Refused, SignInNeeded
    std::optional<Timestamp> retryAt; ///< of Waiting
};

/// Reads the newest page, decides by it how items become lines (endpointshape.h), then reads on while the stream runs. GUI
/// thread.
class EndpointFeed : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t firstHistory = 50'000; ///< items; older ones are read when someone looks there
    static constexpr int pageLimit = 1000;              ///< the newest page is to be there at once
    static constexpr int olderPageLimit = 10'000;       ///< the fewer requests, the sooner all is there

    /// `set` must outlive the feed, which takes its series out of it at the end.
    EndpointFeed(FeedWorld world, client::EndpointAddress address, SeriesSet& set, QObject* parent = nullptr);
    ~EndpointFeed() override;

    /// Begins anew, by its own rule or by `rule`.
    void start(std::optional<ReadingRule> rule = std::nullopt);
    /// Shows these items, newest first, and reads nothing.
    void showItems(const std::vector<client::Item>& items);
    /// Does not wait any longer; also after a refusal.
    void retryNow();
    /// Reads up to `firstHistory` items that are older than all so far. Does nothing while history is being read, when there is
    /// none, or on a service that tells no times.
    void readOlder();

    /// The server has changed what was in `range`: forgets it and reads it again. Live values go on meanwhile.
    void reread(TimeRange range);

    const FeedState& state() const { return state_; }
    bool isReadingHistory() const { return isReadingHistory_; }
    /// All there is was read.
    bool hasAllHistory() const { return hasAllHistory_; }
    /// Why the history ends where it does, when that is not its beginning.
    const std::optional<Error>& historyError() const { return historyError_; }
    /// Nothing before the first items.
    const std::optional<EndpointShape>& shape() const { return shape_; }
    const EndpointSeries* series() const { return series_.get(); }
    /// By a person; nothing where items are read by what they are.
    const std::optional<ReadingRule>& wantedRule() const { return wanted_; }
    /// That all feeds of a page put their series into.
    const SeriesSet& set() const { return set_; }
    const LinkLog& links() const { return links_; }
    double perSecond() { return rate_.perSecond(world_.clock.now()); }
    /// From the datapoint's time to its arrival here, of the newest item of the stream; µs. Nothing where no time is told.
    std::optional<std::int64_t> delay() const { return delay_; }

Q_SIGNALS:
    /// The first items have come: `shape` and `series` are there.
    void shaped();
    /// The series and everything made from them go when this returns.
    void aboutToRestart();
    /// Values came; `live` of the items over the stream.
    void valuesCame(std::size_t live);
    void stateChanged();
    /// Items of the stream as they came.
    void itemsCame(const std::vector<iotman::client::StreamItem>& items);

private:
    void readFresh();
    void shapeBy(const std::vector<client::Item>& sample);
    void historyArrived(const std::vector<client::Item>& items);
    void liveArrived(const std::vector<client::StreamItem>& items);
    void addHistory(const std::vector<client::Item>& items);
    bool isBeforeHistory(std::optional<Timestamp> time) const;
    void noteOldest(const client::Item& item);
    void progressed(const client::HistoryProgress& progress);
    void historyFailed(const Error& error);
    void streamStatus(const client::StreamStatus& status);
    void enter(FeedState state);
    void rereadNext();
    void rereadPage();
    void rereadArrived(Expected<client::Page> page);
    void endReread();
    void readOlderPage();
    void olderArrived(Expected<client::Page> page);

    FeedWorld world_;
    client::PageReader pages_;
    client::StreamReader stream_;
    std::unique_ptr<client::HistoryThenLive> reading_;
    SeriesSet& set_;
    std::optional<ReadingRule> wanted_; ///< by a person
    std::optional<EndpointShape> shape_;
    std::unique_ptr<EndpointSeries> series_;
    FeedState state_;
    bool isReadingHistory_ = false;
    bool hasAllHistory_ = false;
    std::optional<Error> historyError_;
    LinkLog links_;
    RateMeter rate_;
    std::optional<std::int64_t> delay_;

    std::optional<Timestamp> oldest_; ///< time of the oldest item read
    std::size_t atOldest_ = 0;        ///< how many items of that time were read
    std::unique_ptr<client::PageWalk> older_;
    std::size_t toSkip_ = 0;    ///< of the items that `older_` brings first: they were read before
    std::size_t olderLeft_ = 0; ///< items still to be read now
    client::Call olderPage_;

    std::vector<TimeRange> toReread_; ///< still to be read again
    std::optional<TimeRange> rereading_;
    std::unique_ptr<client::PageWalk> again_;
    client::Call againPage_;
    std::vector<client::Item> readAgain_;      ///< newest first
    std::vector<client::StreamItem> heldLive_; ///< came meanwhile, of that range: the pages may have them too
};

} // namespace iotman
