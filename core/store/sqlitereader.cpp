#include "core/store/sqlitereader.h"

#include "core/store/database.h"
#include "core/store/expireditems.h"
#include "core/store/lateitems.h"
#include "core/store/sequencewalks.h"
#include "core/store/walks.h"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>

namespace iotman::store {

namespace {

/// The greatest sequence that the database can hold.
constexpr Sequence greatestSequence = std::numeric_limits<std::int64_t>::max();

/// Positions and sequences come from cursors: what is beyond the database's numbers means all of them.
Position clamped(const Position& position)
{
    return {position.time, std::min(position.sequence, greatestSequence)};
}

class Passage {
public:
    explicit Passage(ReadGate& gate)
        : gate_(gate)
    {
        gate_.enter();
    }
    ~Passage() { gate_.leave(); }
    Passage(const Passage&) = delete;
    Passage& operator=(const Passage&) = delete;

private:
    ReadGate& gate_;
};

/// Calls `visit` with each entry and its source.
template <class Visit>
Expected<void> visitBySequence(std::vector<std::unique_ptr<DatapointWalk>>& walks, const Visit& visit)
{
    const auto later = [](const auto& a, const auto& b) { return a->entry()->position.sequence > b->entry()->position.sequence; };
    for (const auto& walk : walks) {
        if (auto done = walk->advance(); !done)
            return done;
    }
    std::erase_if(walks, [](const auto& walk) { return !walk->entry(); });
    std::make_heap(walks.begin(), walks.end(), later);
    while (!walks.empty()) {
        std::pop_heap(walks.begin(), walks.end(), later);
        DatapointWalk& first = *walks.back();
        if (!visit(*first.entry(), first.source()))
            return {};
        if (auto done = first.advance(); !done)
            return done;
        if (first.entry())
            std::push_heap(walks.begin(), walks.end(), later);
        else
            walks.pop_back();
    }
    return {};
}

constexpr const char* selectNewestBlocks =
    "SELECT block, least_sequence, greatest_sequence FROM item_block WHERE output = ?1 AND (first_time, first_sequence) < (?2, ?3) "
    "AND NOT hidden(least_sequence, greatest_sequence) ORDER BY first_time DESC, first_sequence DESC";
constexpr const char* selectOldestBlocks =
    "SELECT block, least_sequence, greatest_sequence FROM item_block WHERE output = ?1 AND (first_time, first_sequence) >= (?2, ?3) "
    "AND NOT hidden(least_sequence, greatest_sequence) ORDER BY first_time, first_sequence";

/// What a reader keeps of late items, of all outputs together but the one that it reads.
constexpr std::size_t mostLooseBytes = std::size_t(32) * 1024 * 1024;
constexpr std::size_t mostLoose = 1024; ///< outputs

} // namespace

struct SqliteReader::Statements {
    /// What an output has beside its blocks.
    struct Loose {
        explicit Loose(OutputKey output)
            : late(output)
        {
        }
        std::optional<std::uint64_t> readAt; ///< the transaction that the rest is of
        std::uint64_t usedAt = 0;            ///< rises
        Position tailBegin;                  ///< behind all where the tail is empty
        Position layerBegin;                 ///< the same of the late layer
        LateItems late;
    };

    explicit Statements(Connection opened)
        : connection(std::move(opened))
    {
    }
    Connection connection;
    SharedHiddenRanges hidden = std::make_shared<const HiddenRanges>(); ///< in the transaction that runs
    std::unordered_map<OutputKey, Loose> loose;
    Statement begin{connection, "BEGIN"};
    Statement end{connection, "COMMIT"};
    Statement hiddenRanges{connection, selectHidden};
    Statement newestBlocks{connection, selectNewestBlocks}, newestOfLayer{connection, selectNewestBlocks};
    BlobColumn bodies{connection, "item_block", "body"}, bodiesOfLayer{connection, "item_block", "body"};
    Statement newestTail{connection,
                         "SELECT time, sequence, text FROM item_tail WHERE output = ?1 AND (time, sequence) < (?2, ?3) "
                         "ORDER BY time DESC, sequence DESC"};
    Statement blockAt{connection,
                      "SELECT first_time, first_sequence FROM item_block WHERE output = ?1 "
                      "AND (first_time, first_sequence) <= (?2, ?3) ORDER BY first_time DESC, first_sequence DESC LIMIT 1"};
    Statement oldestBlocks{connection, selectOldestBlocks}, oldestOfLayer{connection, selectOldestBlocks};
    Statement oldestTail{connection,
                         "SELECT time, sequence, text FROM item_tail WHERE output = ?1 AND (time, sequence) > (?2, ?3) "
                         "AND sequence > ?4 AND sequence <= ?5 ORDER BY time, sequence"};
    std::uint64_t transaction = 0;
    std::uint64_t uses = 0; ///< of what is loose
    LateItems::Statements late{connection};
    Statement firstOfTail{connection, "SELECT time, sequence FROM item_tail WHERE output = ?1 ORDER BY time, sequence LIMIT 1"};
    Statement firstOfBlocks{connection, "SELECT first_time, first_sequence FROM item_block WHERE output = ?1 "
                                        "ORDER BY first_time, first_sequence LIMIT 1"};
    LiveWalk live{connection};
    Statement sources{connection, "SELECT source FROM source_count UNION SELECT source FROM staged_import"};
    Statement stagedImports{connection,
                            "SELECT import, staged, source, rows, coalesce(least, 0), coalesce(greatest, 0), lost FROM "
                            "staged_import LEFT JOIN (SELECT staged, min(first) AS least, max(last) AS greatest FROM "
                            "staged_range GROUP BY staged) USING (staged) ORDER BY staged"};
    Statement last{connection, "SELECT value FROM state WHERE name = 'last_sequence'"};
    Statement state{connection, "SELECT value FROM state WHERE name = ?1"};
    Statement note{connection, "SELECT value FROM note WHERE key = ?1"};
    Statement answered{connection, "SELECT body, accepted FROM request WHERE source = ?1 AND identity = ?2 AND at > ?3"};
    ExpiredItems::Statements expired{connection, hidden};
    Statement audit{connection,
                    "SELECT number, at, who, kind, id, before, after FROM audit WHERE number < ?1 ORDER BY number DESC LIMIT ?2"};

    /// Where to start reading blocks for what stands after `position`: the block that may hold it.
    Expected<Position> startOf(OutputKey output, const Position& position)
    {
        Rows rows = blockAt.query(output, position.time.us, position.sequence);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        return *row ? Position{{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))} : position;
    }

    Expected<LooseWalk> newestLoose(OutputKey output, const Position& start)
    {
        return looseOf(output).map([&](const Loose* found) {
            // Most pages lie before the tail, and most outputs have no late layer.
            const bool isInTail = found->tailBegin < start;
            TailWalk tail(isInTail ? std::optional(newestTail.query(output, start.time.us, start.sequence)) : std::nullopt,
                          *hidden);
            const SequenceSpan span{0, greatestSequence};
            const LateWalk items(found->late, Direction::NewestFirst, start, span, *hidden);
            std::optional<BlockWalk> layer;
            if (found->layerBegin < start)
                layer.emplace(connection, newestOfLayer.query(layerOf(output), start.time.us, start.sequence), bodiesOfLayer,
                              Direction::NewestFirst, start, span, *hidden);
            return LooseWalk(std::move(tail), items, std::move(layer), Direction::NewestFirst);
        });
    }
    Expected<LooseWalk> oldestLoose(OutputKey output, const Position& start, const SequenceSpan& span)
    {
        const Expected<const Loose*> found = looseOf(output);
        if (!found)
            return fail(found.error());
        std::optional<BlockWalk> layer;
        if ((*found)->layerBegin < behindAll) {
            const Expected<Position> first = startOf(layerOf(output), start);
            if (!first)
                return fail(first.error());
            layer.emplace(connection, oldestOfLayer.query(layerOf(output), first->time.us, first->sequence), bodiesOfLayer,
                          Direction::OldestFirst, start, span, *hidden);
        }
        TailWalk tail(oldestTail.query(output, start.time.us, start.sequence, span.after, span.until), *hidden);
        const LateWalk items((*found)->late, Direction::OldestFirst, start, span, *hidden);
        return LooseWalk(std::move(tail), items, std::move(layer), Direction::OldestFirst);
    }

    Expected<const Loose*> looseOf(OutputKey output)
    {
        Loose& found = loose.try_emplace(output, output).first->second;
        found.usedAt = ++uses;
        if (found.readAt == transaction)
            return &found;
        found.readAt.reset();
        if (auto done = found.late.refresh(connection, late); !done)
            return fail(done.error());
        const Expected<Position> tail = firstIn(firstOfTail, output);
        const Expected<Position> layer = firstIn(firstOfBlocks, layerOf(output));
        if (!tail || !layer)
            return fail(tail ? layer.error() : tail.error());
        found.tailBegin = *tail;
        found.layerBegin = *layer;
        found.readAt = transaction;
        forgetLoose();
        return &found;
    }
    static Expected<Position> firstIn(Statement& statement, OutputKey key)
    {
        Rows rows = statement.query(key);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        return *row ? Position{{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))} : behindAll;
    }
    /// Of outputs that were not read for long.
    void forgetLoose()
    {
        std::size_t bytes = 0;
        for (const auto& [output, one] : loose)
            bytes += one.late.bytes();
        while (loose.size() > 1 && (bytes > mostLooseBytes || loose.size() > mostLoose)) {
            const auto oldest = std::min_element(loose.begin(), loose.end(),
                                                 [](const auto& a, const auto& b) { return a.second.usedAt < b.second.usedAt; });
            bytes -= oldest->second.late.bytes();
            loose.erase(oldest);
        }
    }

    /// `live_floor`: up to there everything is history: a snapshot was restored. `arrivals_since`: up to there datapoints do not say
    /// how they came in. 0 where there is no such sequence.
    Expected<Sequence> stateOf(std::string_view name)
    {
        Rows rows = state.query(name);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        return *row ? static_cast<Sequence>(rows.integer(0)) : 0;
    }

    /// Of those that keep less than everything.
    Expected<std::map<SourceKey, Floor>> floorsOf(const std::vector<SourceKey>& wanted, const Keeping* keeping)
    {
        std::map<SourceKey, Floor> floors;
        const std::shared_ptr<const KeptSources> all = keeping ? keeping->ofAll() : nullptr;
        for (const auto& [source, retention] : all ? *all : KeptSources()) {
            if (std::find(wanted.begin(), wanted.end(), source) == wanted.end())
                continue;
            const Expected<Floor> floor = expired.floors.find(source, retention, keeping->now());
            if (!floor)
                return fail(floor.error());
            floors.emplace(source, *floor);
        }
        return floors;
    }

    Expected<std::vector<SourceKey>> sourceKeys()
    {
        std::vector<SourceKey> keys;
        for (Rows rows = sources.query();;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                return keys;
            keys.push_back(rows.integer(0));
        }
    }
};

SqliteReader::SqliteReader(const HeldFile& held, std::chrono::milliseconds lockTimeout, std::shared_ptr<ReadGate> gate,
                           const Keeping* keeping)
    : held_(held)
    , lockTimeout_(lockTimeout)
    , gate_(std::move(gate))
    , keeping_(keeping)
{
    gate_->add(*this);
}

SqliteReader::~SqliteReader()
{
    gate_->remove(*this);
}

void SqliteReader::endKept()
{
    if (const std::unique_lock lock(using_, std::try_to_lock); lock)
        end();
}

void SqliteReader::end()
{
    // One that cannot be ended would show old items for ever: the connection goes with it.
    if (keptAt_) {
        statements_->bodies.close();
        statements_->bodiesOfLayer.close();
        statements_->live.close();
    }
    if (keptAt_ && !statements_->end.run())
        statements_.reset();
    keptAt_.reset();
}

Expected<void> SqliteReader::open()
{
    if (statements_)
        return {};
    if (auto there = held_.check(); !there)
        return there;
    Expected<Connection> connection = openForReading(held_.path(), lockTimeout_);
    if (!connection)
        return fail(connection.error());
    auto statements = std::make_unique<Statements>(std::move(*connection));
    if (auto done = defineHidden(statements->connection, statements->hidden); !done)
        return done;
    statements_ = std::move(statements);
    return {};
}

template <class T, class Read>
Expected<T> SqliteReader::snapshot(const Read& read)
{
    const Passage passage(*gate_);
    const std::lock_guard lock(using_);
    const std::uint64_t commits = gate_->commits();
    if (keptAt_ != commits)
        end();
    if (auto done = open(); !done)
        return fail(done.error());
    if (!keptAt_) {
        if (auto done = begin(commits); !done)
            return fail(done.error());
    }
    Expected<T> result = read(*statements_);
    if (!result)
        end();
    return result;
}

Expected<void> SqliteReader::begin(std::uint64_t commits)
{
    if (auto done = statements_->begin.run(); !done)
        return done;
    keptAt_ = commits;
    ++statements_->transaction;
    Expected<SharedHiddenRanges> hidden = readHidden(statements_->hiddenRanges);
    if (!hidden) {
        end();
        return fail(hidden.error());
    }
    statements_->hidden = std::move(*hidden);
    return {};
}

template <class Visitor, class Read>
Expected<void> SqliteReader::items(OutputKey output, const Visitor& visit, const Read& read)
{
    const std::shared_ptr<const KeptSources> kept = keeping_ ? keeping_->ofOutput(output) : nullptr;
    brokenOff_.reset();
    auto visited = snapshot<void>([&](Statements& on) -> Expected<void> {
        if (!kept)
            return read(on, visit);
        Expected<ExpiredItems> expired = ExpiredItems::of(on.expired, *kept, keeping_->now());
        if (!expired)
            return fail(expired.error());
        auto done = read(on, expired->leftOut(visit));
        brokenOff_ = expired->brokenOff();
        return expired->error() ? fail(*expired->error()) : done;
    });
    // Behind the snapshot: what it lacks was said to go before it went.
    if (visited && gate_->removed().contains(output))
        return fail(Error{Problem::Unavailable, "the items of this output were replaced while they were read", {}, 0, {}, 1});
    return visited;
}

Expected<void> SqliteReader::newestFirst(OutputKey output, Timestamp from, Timestamp to, const std::optional<Position>& before,
                                         const ItemsVisitor& visit)
{
    const Position start = clamped(std::min(before.value_or(Position{to, greatestSequence}), Position{to, greatestSequence}));
    return items(output, visit, [&](Statements& on, const ItemsVisitor& kept) -> Expected<void> {
        BlockWalk blocks(on.connection, on.newestBlocks.query(output, start.time.us, start.sequence), on.bodies,
                         Direction::NewestFirst, start, {0, greatestSequence}, *on.hidden);
        Expected<LooseWalk> loose = on.newestLoose(output, start);
        return loose ? visitNewestFirst(blocks, *loose, Position{from, 0}, kept) : fail(loose.error());
    });
}

Expected<void> SqliteReader::oldestFirst(OutputKey output, Sequence after, Sequence until, const Position& position,
                                         const ItemVisitor& visit)
{
    const Position start = clamped(position);
    const SequenceSpan span{std::min(after, greatestSequence), std::min(until, greatestSequence)};
    return items(output, visit, [&](Statements& on, const ItemVisitor& kept) -> Expected<void> {
        const Expected<Position> first = on.startOf(output, start);
        if (!first)
            return fail(first.error());
        BlockWalk blocks(on.connection, on.oldestBlocks.query(output, first->time.us, first->sequence), on.bodies,
                         Direction::OldestFirst, start, span, *on.hidden);
        Expected<LooseWalk> loose = on.oldestLoose(output, start, span);
        return loose ? visitOldestFirst(blocks, *loose, kept) : fail(loose.error());
    });
}

Expected<void> SqliteReader::bySequence(OutputKey output, Sequence after, const ItemVisitor& visit)
{
    return items(output, visit, [&](Statements& on, const ItemVisitor& kept) -> Expected<void> {
        const Expected<Sequence> floor = on.stateOf("live_floor");
        if (!floor)
            return fail(floor.error());
        return on.live.visit(output, std::min(std::max(after, *floor), greatestSequence), kept);
    });
}

Expected<void> SqliteReader::datapoints(std::optional<SourceKey> source, Sequence after, Sequence until,
                                        const DatapointVisitor& visit)
{
    constexpr int mostPassed = 20'000; // that have expired
    const SequenceSpan span{std::min(after, greatestSequence), std::min(until, greatestSequence)};
    brokenOff_.reset();
    return snapshot<void>([&](Statements& on) -> Expected<void> {
        Expected<std::vector<SourceKey>> keys = source ? std::vector<SourceKey>{*source} : on.sourceKeys();
        if (!keys)
            return fail(keys.error());
        std::vector<std::unique_ptr<DatapointWalk>> walks;
        for (const SourceKey key : *keys)
            walks.push_back(std::make_unique<DatapointWalk>(on.connection, key, span, DatapointWalk::What::Visible));
        const Expected<std::map<SourceKey, Floor>> floors = on.floorsOf(*keys, keeping_);
        if (!floors)
            return fail(floors.error());
        int passed = 0;
        return visitBySequence(walks, [&](const Entry& datapoint, SourceKey of) {
            const auto floor = floors->find(of);
            if (floor == floors->end() || !floor->second.isBelow(datapoint.position))
                return visit(datapoint.position, of, datapoint.text);
            if (++passed >= mostPassed)
                brokenOff_ = datapoint.position;
            return !brokenOff_;
        });
    });
}

Expected<void> SqliteReader::allDatapoints(Sequence after, Sequence until, const StagedVisitor& visit)
{
    const SequenceSpan span{std::min(after, greatestSequence), std::min(until, greatestSequence)};
    return snapshot<void>([&](Statements& on) -> Expected<void> {
        const Expected<std::vector<SourceKey>> keys = on.sourceKeys();
        if (!keys)
            return fail(keys.error());
        const Expected<Sequence> since = on.stateOf("arrivals_since");
        if (!since)
            return fail(since.error());
        std::vector<std::unique_ptr<DatapointWalk>> walks;
        for (const SourceKey key : *keys)
            walks.push_back(std::make_unique<DatapointWalk>(on.connection, key, span, DatapointWalk::What::All));
        return visitBySequence(walks, [&](const Entry& datapoint, SourceKey source) {
            const HiddenRange* range = on.hidden->find(datapoint.position.sequence);
            const bool isDiscarded = range && range->staged == 0;
            const Arrival arrival = datapoint.position.sequence <= *since ? Arrival::History : datapoint.arrival;
            return isDiscarded || visit(KeptDatapoint{datapoint.position, source, arrival, range ? range->staged : 0, datapoint.text});
        });
    });
}

Expected<std::vector<StagedImport>> SqliteReader::stagedImports()
{
    using Imports = std::vector<StagedImport>;
    return snapshot<Imports>([](Statements& on) -> Expected<Imports> {
        Imports imports;
        for (Rows rows = on.stagedImports.query();;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                return imports;
            imports.push_back({std::string(rows.text(0)), rows.integer(1), rows.integer(2), rows.integer(3),
                               static_cast<Sequence>(rows.integer(4)), static_cast<Sequence>(rows.integer(5)),
                               rows.integer(6) != 0});
        }
    });
}

Expected<Sequence> SqliteReader::lastSequence()
{
    return snapshot<Sequence>([](Statements& on) -> Expected<Sequence> {
        Rows rows = on.last.query();
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        return static_cast<Sequence>(rows.integer(0));
    });
}

Expected<std::optional<std::string>> SqliteReader::note(std::string_view key)
{
    using Note = std::optional<std::string>;
    return snapshot<Note>([&](Statements& on) -> Expected<Note> {
        Rows rows = on.note.query(key);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        return *row ? Note(rows.text(0)) : Note();
    });
}

Expected<std::optional<Answered>> SqliteReader::answered(SourceKey source, std::string_view identity, Timestamp since)
{
    using Found = std::optional<Answered>;
    return snapshot<Found>([&](Statements& on) -> Expected<Found> {
        Rows rows = on.answered.query(source, identity, since.us);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        return *row ? Found(Answered{std::string(rows.text(0)), rows.integer(1)}) : Found();
    });
}

Expected<Floor> SqliteReader::floor(SourceKey source, const Retention& retention, Timestamp now)
{
    return snapshot<Floor>([&](Statements& on) { return on.expired.floors.find(source, retention, now); });
}

Expected<std::vector<AuditEntry>> SqliteReader::audit(std::int64_t before, int limit)
{
    return snapshot<std::vector<AuditEntry>>([&](Statements& on) -> Expected<std::vector<AuditEntry>> {
        std::vector<AuditEntry> entries;
        for (Rows rows = on.audit.query(before, std::max(limit, 0));;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                return entries;
            CatalogDifference change{std::string(rows.text(3)), std::string(rows.text(4)), std::string(rows.text(5)),
                                     std::string(rows.text(6))};
            entries.push_back({rows.integer(0), {rows.integer(1)}, std::string(rows.text(2)), std::move(change)});
        }
    });
}

} // namespace iotman::store
