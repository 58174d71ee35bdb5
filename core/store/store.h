// Where a workspace lies: its catalog, the datapoints that came in, the items that outputs made of them.
//
// One thread writes: it takes what waits, gives sequences, makes the items, commits once for all of it, publishes, answers.
// Any number of threads read, each with a Reader of its own, from consistent snapshots.
#pragma once

#include "core/model/catalog.h"
#include "core/model/cursor.h"
#include "core/model/restored.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iotman::store {

/// One datapoint of a batch; its payload ends at `end` in the batch's `payloads` and starts where the one before ends.
struct Datapoint {
    Timestamp time;
    std::size_t end = 0;
};

/// How what came in reaches readers: live items also on streams, those of the past in pages alone (imports, a mirror's history). Items
/// that are remade are what their datapoints are: to who has read on none of them is new, and who is behind misses none.
enum class Arrival { Live, History };

/// A request that says who it is, so that sent again it stores nothing. Both texts are digests.
struct RequestIdentity {
    std::string identity; ///< unique within the source
    std::string body;
    Timestamp at;
};
/// What such a request got.
struct Answered {
    std::string body;
    std::int64_t accepted = 0;
};
inline constexpr std::int64_t requestMemoryUs = 24LL * 60 * 60 * 1'000'000;
inline constexpr std::int64_t mostRememberedRequests = 100'000; ///< of a source

/// So many datapoints are removed in one step where there is room for it.
inline constexpr std::size_t expiredAtOnce = 8192;

/// How much of a source is kept; what is not given has no limit.
struct Retention {
    std::optional<std::int64_t> ageUs;
    std::optional<std::int64_t> count; ///< the newest by sequence, of those that are not beyond the age
    std::optional<std::int64_t> bytes; ///< of payloads, the same

    bool any() const { return ageUs || count || bytes; }
};
/// Where what is kept begins: datapoints before `time` or with a lesser sequence have expired, and so have their items.
struct Floor {
    Timestamp time = Timestamp::min();
    Sequence sequence = 0;

    bool isBelow(const Position& position) const { return position.time < time || position.sequence < sequence; }
};

/// Sources that keep less than everything, and what they keep.
using KeptSources = std::vector<std::pair<SourceKey, Retention>>;
/// Says what is kept. Any thread.
class Keeping {
public:
    virtual ~Keeping() = default;
    /// Of what an output reads; null where everything is kept.
    virtual std::shared_ptr<const KeptSources> ofOutput(OutputKey output) const = 0;
    /// Of all sources; null where everything is kept.
    virtual std::shared_ptr<const KeptSources> ofAll() const = 0;
    virtual Timestamp now() const = 0;
};

/// The number by which the store knows an import that is staged; never used twice.
using StagedKey = std::int64_t;

/// Says that a batch is staged: stored as any other, and hidden from everybody until its import is committed.
struct Staged {
    std::string import;
    std::int64_t at = 0; ///< how many datapoints of the import are staged already
};
/// What is staged of an import.
struct StagedImport {
    std::string import;
    StagedKey key = 0;
    SourceKey source = 0;
    std::int64_t datapoints = 0;
    Sequence first = 0, last = 0; ///< between these; datapoints of others, too
    bool lost = false;            ///< a snapshot was restored meanwhile: nothing of it is there any more
};
/// What an output must have made of what is staged before it can be committed.
struct StagedNeed {
    OutputKey output = 0;
    std::string madeWith;
    bool isApplied = false; ///< it is being applied to stored datapoints, also to those that are not looked at yet
};
/// Of the outputs that read `source`. Called on the writer thread; must be quick and must not call the store.
using StagedNeeds = std::function<std::vector<StagedNeed>(const Catalog&, const Source& source)>;
struct StagedOutcome {
    std::int64_t datapoints = 0;
    /// Where one of these is not empty, nothing was committed: outputs that have made too little, or made it with something else;
    /// and outputs that have made something and should not have.
    std::vector<OutputKey> toMake, toClear;

    bool committed() const { return toMake.empty() && toClear.empty(); }
};

/// What one request brings in: stored whole or not at all.
struct Batch {
    SourceKey source = 0;
    std::string payloads; ///< JSON texts, back to back, without separators
    std::vector<Datapoint> datapoints;
    Arrival arrival = Arrival::Live;
    /// Written in the same transaction, read back with Reader::note: how far an import came, an idempotency key's answer.
    std::vector<std::pair<std::string, std::string>> notes;
    /// Remembered in the same transaction for `requestMemoryUs`, read back with Reader::answered.
    std::optional<RequestIdentity> request = {};
    /// Then its items are History.
    std::optional<Staged> staged = {};
    /// Of what waits with it: items that are made already.
    std::size_t preparedBytes = 0;

    std::string_view payload(std::size_t index) const
    {
        const std::size_t start = index == 0 ? 0 : datapoints[index - 1].end;
        return std::string_view(payloads).substr(start, datapoints[index].end - start);
    }
};

/// One item: what an output made of the datapoint at `datapoint` in the batch. Its text ends at `end` in `texts`.
struct MadeItem {
    std::uint32_t datapoint = 0;
    std::size_t end = 0;
};

/// What one output made of a batch.
struct MadeItems {
    OutputKey output = 0;
    std::string texts;
    std::vector<MadeItem> items; ///< in the order of the datapoints; several per datapoint do not occur
    std::int64_t skipped = 0;    ///< datapoints that its filter left out
    std::int64_t failed = 0;
    std::optional<OutputFailure> lastFailure;
    std::string madeWith; ///< the rules; for what is staged: which are to be the same when it is committed
};

/// Called on the writer thread with the catalog and the first sequence that this very commit gives: datapoint i has sequence
/// first + i. Must be quick and must not call the store. With an error nothing of the batch is stored.
using MakeItems = std::function<Expected<std::vector<MadeItems>>(const Batch&, Sequence first, const Catalog&)>;

struct Committed {
    Sequence first = 0;
    std::size_t count = 0;
};

/// A live item, published after it is durable, in the order of sequences.
struct PublishedItem {
    Position position;
    std::string_view text;
};

/// What one commit published for one output.
struct Published {
    OutputKey output = 0;
    std::vector<PublishedItem> items;
};

/// Counters of an output or a source. They survive a restart.
struct OutputCounts {
    std::int64_t items = 0;
    std::int64_t skipped = 0;
    std::int64_t failed = 0;
    std::optional<OutputFailure> lastFailure;
    std::optional<Timestamp> lastItemAt; ///< the newest item's time
};
struct SourceCounts {
    std::int64_t datapoints = 0;
    std::optional<Timestamp> lastDatapointAt; ///< the newest datapoint's time
};

struct AuditEntry {
    std::int64_t number = 0; ///< rising
    Timestamp at;
    std::string who;
    CatalogDifference change; ///< as it is journalled
};

/// One that is read. The text is only valid during the call that hands it over.
struct Item {
    Position position;
    std::string_view text;
};
class BlockView;

/// Items that stand side by side, newest first. Only valid during the call that hands it over.
class ItemRun {
public:
    explicit ItemRun(std::span<const Item> items)
        : items_(items.data())
        , last_(items.size())
    {
    }
    /// The entries first <= index < last of a block that is sorted newest first.
    ItemRun(const BlockView& block, std::size_t first, std::size_t last)
        : block_(&block)
        , first_(first)
        , last_(last)
    {
    }

    std::size_t size() const { return last_ - first_; }
    Item operator[](std::size_t index) const { return block_ ? ofBlock(first_ + index) : items_[first_ + index]; }
    /// The first `count` of them.
    ItemRun first(std::size_t count) const
    {
        ItemRun run = *this;
        run.last_ = first_ + count;
        return run;
    }
    /// All texts with a comma between two, where they are stored so.
    std::optional<std::string_view> joined() const;
    /// How many stand before the first one of which `check` is false; those behind it are not looked at.
    template <class Check>
    std::size_t countWhile(const Check& check) const
    {
        std::size_t count = 0;
        while (count < size() && check((*this)[count]))
            ++count;
        return count;
    }
    template <class Check>
    bool all(const Check& check) const { return countWhile(check) == size(); }

private:
    Item ofBlock(std::size_t index) const;

    const Item* items_ = nullptr;
    const BlockView* block_ = nullptr; ///< instead of the items
    std::size_t first_ = 0;
    std::size_t last_ = 0;
};
/// Called with the next items of a walk; returning false ends it.
using ItemsVisitor = std::function<bool(const ItemRun&)>;

/// Called for each item; returning false ends the walk. The text is only valid during the call.
using ItemVisitor = std::function<bool(const Position&, std::string_view text)>;
/// For whoever wants them one by one.
inline ItemsVisitor oneByOne(ItemVisitor visit)
{
    return [visit = std::move(visit)](const ItemRun& items) {
        return items.all([&](const Item& item) { return visit(item.position, item.text); });
    };
}

/// Called for each datapoint; returning false ends the walk.
using DatapointVisitor = std::function<bool(const Position&, SourceKey, std::string_view payload)>;

/// A datapoint as it is stored. The payload is only valid during the call that hands it over.
struct KeptDatapoint {
    Position position;
    SourceKey source = 0;
    Arrival arrival = Arrival::Live;
    StagedKey staged = 0; ///< 0 where everybody sees it
    std::string_view payload;
};
/// Called for each datapoint; returning false ends the walk.
using StagedVisitor = std::function<bool(const KeptDatapoint&)>;

/// A thread's own way to read. Nobody sees what is staged. Each call sees one consistent snapshot; none is kept open between
/// calls. Not thread-safe: one per thread. Errors of all calls: Unavailable (locked too long), Internal (damaged, says where). Those
/// that read an output: Unavailable also where another generation has taken its place by now and its items go; then those that were
/// visited are some of them, and the catalog has the new one.
class Reader {
public:
    virtual ~Reader() = default;

    /// Items of `output` with from <= time <= to that stand before `before`, newest first: (time, sequence) descending.
    virtual Expected<void> newestFirst(OutputKey output, Timestamp from, Timestamp to, const std::optional<Position>& before,
                                       const ItemsVisitor& visit) = 0;

    /// Items with after < sequence <= until that stand after `position`, oldest first: (time, sequence) ascending. For replays.
    virtual Expected<void> oldestFirst(OutputKey output, Sequence after, Sequence until, const Position& position,
                                       const ItemVisitor& visit) = 0;

    /// Live items with sequence > after, by sequence ascending. History is left out. For streams that fell behind.
    virtual Expected<void> bySequence(OutputKey output, Sequence after, const ItemVisitor& visit) = 0;

    /// Datapoints of `source`, or of all sources, with after < sequence <= until, by sequence ascending.
    virtual Expected<void> datapoints(std::optional<SourceKey> source, Sequence after, Sequence until,
                                      const DatapointVisitor& visit) = 0;

    /// The greatest sequence committed so far; 0 when there is none.
    virtual Expected<Sequence> lastSequence() = 0;

    /// A note of a batch; nothing when there is none.
    virtual Expected<std::optional<std::string>> note(std::string_view key) = 0;

    /// What the request of this identity got, if it came after `since`.
    virtual Expected<std::optional<Answered>> answered(SourceKey source, std::string_view identity, Timestamp since) = 0;

    /// Where what is kept of `source` begins.
    virtual Expected<Floor> floor(SourceKey source, const Retention& retention, Timestamp now) = 0;

    /// Where the last walk broke off because it met so much that has expired and is not removed yet: it goes on behind this (what is
    /// read by sequence: behind its sequence). Nothing where it ended as it was asked to.
    virtual std::optional<Position> brokenOff() const { return std::nullopt; }

    /// Audit entries with number < before, newest first, at most `limit`.
    virtual Expected<std::vector<AuditEntry>> audit(std::int64_t before, int limit) = 0;
};

/// A thread's own way to read what imports have staged as well. As a Reader otherwise.
class StagedReader {
public:
    virtual ~StagedReader() = default;

    /// Imports that are staged, lost ones among them.
    virtual Expected<std::vector<StagedImport>> stagedImports() = 0;

    /// Datapoints of all sources with after < sequence <= until, by sequence ascending; what was discarded is left out.
    virtual Expected<void> allDatapoints(Sequence after, Sequence until, const StagedVisitor& visit) = 0;
};

/// The note that keeps the name of a source that is deleted: its datapoints stay, and rules may ask for it.
inline std::string formerNameNote(SourceKey source) { return "source-name:" + std::to_string(source); }

template <class T>
using Reply = std::function<void(Expected<T>)>;

/// All functions may be called from any thread. Replies come on the writer thread, after the commit is durable; what was
/// waiting at destruction is answered with Unavailable.
class Store {
public:
    virtual ~Store() = default;

    /// The catalog as last committed. Never null.
    virtual std::shared_ptr<const Catalog> catalog() const = 0;

    /// Runs `change` on a copy of the current catalog, on the writer thread; when it gives no error the copy becomes the catalog,
    /// with one audit entry per difference, durable before the reply. Items of outputs whose key is gone are removed behind.
    /// `change` also sees the greatest sequence committed so far; `bytes` are what it keeps meanwhile, where that is much. Errors:
    /// Unavailable with retryAfter when too much waits.
    virtual void change(std::string who, Timestamp at, std::function<Expected<void>(Catalog&, Sequence last)> change,
                        Reply<void> reply, std::size_t bytes = 0) = 0;

    /// Leaves a trace in the audit log of what changes no catalog (a token that was minted, say). `entry` holds no secret.
    virtual void journal(std::string who, Timestamp at, CatalogDifference entry, Reply<void> reply) = 0;

    /// Writes notes that belong to no batch. An empty value removes its note.
    virtual void remember(std::vector<std::pair<std::string, std::string>> notes, Reply<void> reply) = 0;

    /// Removes datapoints of `source` below `floor` and the items made of them, `most` at most, and counts them no more. The reply is
    /// true while some may be left. Nothing is done where the catalog is not `version` any more: the floor was that of other rules, or of
    /// what was stored before a restore. Errors: NoSpace when it takes more of the disk than there is; fewer may fit.
    virtual void expire(SourceKey source, Floor floor, std::uint64_t version, Reply<bool> reply, std::size_t most = expiredAtOnce) = 0;
    /// How often that removed something. Not kept over a restart. Asked before datapoints are read that items are remade of.
    virtual std::uint64_t expiries() const = 0;

    /// Errors: Unavailable with retryAfter when too much waits (`mostWaitingBytes`), NoSpace when the disk is full, NotFound when
    /// the source is gone, what `make` says; for what is staged Conflict, when `at` is wrong, the source is another one, or too many pieces are
    /// staged.
    virtual void append(Batch batch, MakeItems make, Reply<Committed> reply) = 0;

    /// Shows what is staged of `import` to everybody, in one commit that costs the same for few and many: if what outputs made of
    /// it is what `needs` says, else the outcome says what is still to be done (addRemade). `cleared` are outputs of which the
    /// caller has removed all that they had made of it. Writes `notes` where it commits. Nothing staged is nothing to show.
    /// Errors: Conflict when the source is gone or the import is lost; Unavailable with retryAfter when an output must be applied
    /// to the end first.
    virtual void commitStaged(std::string import, StagedNeeds needs, std::vector<OutputKey> cleared,
                              std::vector<std::pair<std::string, std::string>> notes, Reply<StagedOutcome> reply) = 0;

    /// What is staged of `import` is never shown; it is removed behind.
    virtual void discardStaged(std::string import, Reply<void> reply) = 0;

    /// Writes items of stored datapoints, all of the same generation `output`, which is served or grows beside the one that is:
    /// positions and arrivals are those of their datapoints; what is staged is History. Nothing is published. Counters follow.
    /// Of datapoints that have expired since they were read nothing is written. Errors: Unavailable when `staged` is staged no longer;
    /// read again, then. NotFound when the generation is not, or not any longer, that of an output of the catalog.
    struct RemadeItem {
        Position position;
        Arrival arrival = Arrival::Live;
        std::size_t end = 0;
        SourceKey source = 0; ///< of its datapoint; 0 for what is staged, which does not expire
    };
    struct Remade {
        OutputKey output = 0;
        std::string texts;
        std::vector<RemadeItem> items;
        std::int64_t skipped = 0;
        std::int64_t failed = 0;
        std::optional<OutputFailure> lastFailure;
        std::vector<std::pair<std::string, std::string>> notes; ///< as a batch's
        StagedKey staged = 0;                                   ///< the datapoints are of this import, none of others
        std::string madeWith = {};                              ///< as MadeItems'
        std::vector<Position> replaced = {}; ///< what the output has at these goes first; it is counted with `startsAnew` alone
        bool startsAnew = false;             ///< what it made of this import so far counts no more
        bool isApplied = false;              ///< only as long as the output is being applied
        std::uint64_t expiries = 0;          ///< Store::expiries before the datapoints were read
    };
    virtual void addRemade(Remade items, Reply<void> reply) = 0;

    /// Copies the present state, as of one commit, into a new file: what `restoreSnapshot` brings back. Blocks, on any thread; writes go
    /// on meanwhile. Errors: Conflict when the file exists, NoSpace, Unavailable, Internal.
    virtual Expected<void> saveSnapshot(const std::filesystem::path& file, Timestamp at, Extent extent) const = 0;

    /// Brings back what `file` holds, in one commit: datapoints, items, counters, notes, and of the catalog what `restored` says. The
    /// greatest sequence stays; up to it nothing is live any more. `replaced` is called on the writer thread when it is durable, before
    /// anybody hears of the new catalog. `entry` goes into the audit log beside the differences. Errors: Internal when the file is
    /// damaged, with nothing changed; Conflict when a newer program wrote it; NoSpace.
    virtual void restoreSnapshot(std::filesystem::path file, std::string who, Timestamp at, CatalogDifference entry,
                                 std::function<void()> replaced, Reply<void> reply) = 0;

    /// Breaks off what takes long, before the end: snapshots, restores and remaking change nothing and say Unavailable from now on.
    virtual void breakOff() = 0;

    /// Calls `listener` on the writer thread after each commit that made live items, before the replies; and `catalogListener`
    /// after each change of the catalog. Set once, before the first append.
    virtual void setListeners(std::function<void(std::span<const Published>)> listener,
                              std::function<void(std::shared_ptr<const Catalog>)> catalogListener) = 0;

    virtual std::unique_ptr<Reader> reader() = 0;
    /// A reader that leaves out datapoints that are not kept any longer, removed or not, and their items. `keeping` outlives it.
    virtual std::unique_ptr<Reader> retainedReader(const Keeping& keeping) = 0;
    virtual std::unique_ptr<StagedReader> stagedReader() = 0;

    virtual OutputCounts counts(OutputKey output) const = 0;
    virtual SourceCounts sourceCounts(SourceKey source) const = 0;
    /// Another number after each commit that changed items of `output`, shown before the commit is answered. Not kept over a restart.
    virtual std::uint64_t revision(OutputKey output) const = 0;

    /// Bytes that wait to be written.
    virtual std::size_t waitingBytes() const = 0;

    /// Bytes that the database and its log take on the disk.
    virtual std::int64_t storedBytes() const = 0;

    /// Whether what is stored still lies where it was opened. Errors: Unavailable. Quick.
    virtual Expected<void> inPlace() const = 0;

    /// Why the last commit failed, while none has succeeded since (the disk is full, say); nothing when all is well.
    virtual std::optional<Error> trouble() const = 0;
};

/// Writes as much as a small batch and removes it again, so that `trouble` tells whether that goes. Returns at once; calls `tried` on the
/// writer thread.
inline void tryToWrite(Store& store, std::function<void()> tried = [] {})
{
    constexpr const char* note = "tried";
    constexpr std::size_t bytes = std::size_t(64) * 1024;
    store.remember({{note, std::string(bytes, ' ')}}, [&store, tried = std::move(tried)](const Expected<void>& done) {
        if (done)
            store.remember({{note, {}}}, [](const Expected<void>&) {});
        tried();
    });
}

/// Blocks until `request`, which is handed a reply, has been answered. For start-up, the command line and tests; never on the
/// writer thread.
template <class T>
Expected<T> await(const std::function<void(Reply<T>)>& request);

} // namespace iotman::store

#include "core/store/await.h"
