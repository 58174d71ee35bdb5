// What has been asked of the server lately, for the people who run it. Bounded: the oldest goes first.
#pragma once

#include "core/model/json.h"
#include "core/server/httprequest.h"
#include "core/store/store.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace iotman::server {

/// Where a stream is among the live items that its output has made since the server started, counted from 1.
struct StreamPlace {
    OutputKey output = 0;               ///< another one once its items were made anew
    std::uint64_t began = 0;            ///< the last item before it was live
    std::optional<std::uint64_t> ended; ///< the last item that it took; nothing while it is open, or where it never caught up

    bool operator==(const StreamPlace&) const = default;
};

/// How a stream ended.
struct StreamEnd {
    std::int64_t tookUs = 0;
    std::uint64_t bytes = 0; ///< sent
    std::string reason;      ///< why we closed it
    OutputKey output = 0;    ///< that it read last
    std::optional<std::uint64_t> taken; ///< as in its place
};

/// A request and its answer, or a stream. Holds no secret.
struct Exchange {
    Timestamp at;       ///< when its head was there
    std::string client; ///< address
    std::string method; ///< empty where the request could not be read
    std::string target;
    int status = 0;
    std::int64_t tookUs = 0; ///< up to the answer; of a stream that has ended, all of it
    std::uint64_t bytes = 0; ///< sent
    bool stream = false;
    bool open = false; ///< a stream that has not ended
    std::string origin;
    Trace trace;
    std::string headers; ///< of the request, a line each: name, colon, blank, value
    std::optional<StreamPlace> place; ///< of a stream
};

/// Items of the past were added, remade or went: who keeps them reads that range again.
struct HistoryChanged {
    Timestamp at;
    EndpointId endpoint;
    std::optional<Timestamp> from, to; ///< inclusive; nothing: open
};

/// All functions may be called from any thread. Adding is what every request pays for: one allocation, and a lock held for a push.
class Activity {
public:
    static constexpr std::size_t mostEntries = 100'000;
    static constexpr std::size_t mostBytes = 56 << 20; ///< of all entries: those of long requests are fewer

    /// Returns the entry's number, rising from 1.
    std::uint64_t add(const Exchange& exchange);
    void add(HistoryChanged change);
    /// A stream has ended. Where its entry is gone already, nothing happens.
    void streamEnded(std::uint64_t number, StreamEnd end);

    /// Entries with a number below `before`, newest first.
    struct Entry {
        std::uint64_t number = 0;
        std::uint64_t change = 0; ///< rises with each change of any entry
        std::optional<Exchange> exchange;
        std::optional<HistoryChanged> history;
    };
    std::vector<Entry> newestFirst(std::uint64_t before, std::size_t limit) const;
    /// Entries changed after `change`, in the order of their changes, at most `limit`.
    std::vector<Entry> changedAfter(std::uint64_t change, std::size_t limit) const;
    std::uint64_t lastChange() const { return change_.load(); }

    /// Called after each change, on the thread that made it. Set once, before the first.
    void setListener(std::function<void()> listener) { listener_ = std::move(listener); }

private:
    /// An exchange with its texts in one piece, or the news of a history.
    struct Kept {
        enum Text { Client, Method, Target, Origin, Caller, Reason, Headers, Texts };

        explicit Kept(const Exchange& exchange);
        explicit Kept(HistoryChanged news);
        Exchange exchange() const;
        std::string text(Text which) const;
        std::size_t bytes() const;

        std::uint64_t added = 0;  ///< the change that brought it
        std::uint64_t change = 0; ///< its last one
        Timestamp at;
        std::int64_t tookUs = 0;
        std::uint64_t sent = 0;
        std::int16_t status = 0;
        bool stream = false, open = false, extension = false;
        std::array<std::uint16_t, Texts> sizes{};
        std::unique_ptr<char[]> texts;
        std::unique_ptr<HistoryChanged> history;
        std::unique_ptr<StreamPlace> place;
    };

    std::uint64_t keep(Kept kept);
    /// The three below under the mutex.
    Entry entryAt(std::size_t index) const;
    std::uint64_t firstNumber() const { return lastNumber_ - kept_.size() + 1; }
    void dropOldest();
    void tell() const;

    mutable std::mutex mutex_;
    std::deque<Kept> kept_; ///< by number
    std::size_t bytes_ = 0;
    std::uint64_t lastNumber_ = 0;
    std::map<std::uint64_t, std::uint64_t> ended_; ///< by change: numbers of the entries that changed after they were added
    std::atomic<std::uint64_t> change_ = 0;
    std::function<void()> listener_;
};

/// `{"event":"request"|"stream"|"history-changed",…}`.
Json toJson(const Activity::Entry& entry);

/// The log as a stream reads it: what changed after a cursor, as if it were an output's items.
class ActivityFeed final : public store::Reader {
public:
    /// Stands for the log where an output is asked for.
    static constexpr OutputKey output = -1;

    explicit ActivityFeed(const Activity& activity)
        : activity_(activity)
    {
    }

    Expected<void> newestFirst(OutputKey, Timestamp, Timestamp, const std::optional<Position>&,
                               const store::ItemsVisitor&) override
    {
        return {};
    }
    Expected<void> oldestFirst(OutputKey, Sequence, Sequence, const Position&, const store::ItemVisitor&) override { return {}; }
    Expected<void> bySequence(OutputKey output, Sequence after, const store::ItemVisitor& visit) override;
    Expected<void> datapoints(std::optional<SourceKey>, Sequence, Sequence, const store::DatapointVisitor&) override
    {
        return {};
    }
    Expected<Sequence> lastSequence() override { return activity_.lastChange(); }
    Expected<std::optional<std::string>> note(std::string_view) override { return std::optional<std::string>(); }
    Expected<std::optional<store::Answered>> answered(SourceKey, std::string_view, Timestamp) override
    {
        return std::optional<store::Answered>();
    }
    Expected<store::Floor> floor(SourceKey, const store::Retention&, Timestamp) override { return store::Floor{}; }
    Expected<std::vector<store::AuditEntry>> audit(std::int64_t, int) override { return std::vector<store::AuditEntry>(); }

private:
    const Activity& activity_;
};

} // namespace iotman::server
