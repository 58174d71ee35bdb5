#include "core/store/check.h"

#include "core/store/catalogrows.h"
#include "core/store/counters.h"
#include "core/store/database.h"
#include "core/store/lateitems.h"
#include "core/store/schema.h"
#include "core/store/sequencewalks.h"
#include "core/store/staging.h"
#include "core/store/walks.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <limits>

namespace iotman::store {

namespace {

constexpr SequenceSpan allSequences{0, std::numeric_limits<std::int64_t>::max()};
const HiddenRanges nothingHidden;

/// What the columns of a block's row say, as the block itself has it.
struct BlockFacts {
    Position first, last;
    Sequence least = std::numeric_limits<Sequence>::max(), greatest = 0;
    std::optional<std::int64_t> leastLive, greatestLive;
    std::int64_t count = 0;

    bool operator==(const BlockFacts&) const = default;
};

BlockFacts factsOf(const BlockView& block)
{
    BlockFacts facts;
    facts.first = block.position(block.size() - 1);
    facts.last = block.position(0);
    facts.count = static_cast<std::int64_t>(block.size());
    for (std::size_t i = 0; i < block.size(); ++i) {
        const Sequence sequence = block.position(i).sequence;
        facts.least = std::min(facts.least, sequence);
        facts.greatest = std::max(facts.greatest, sequence);
        if (block.arrival(i) == Arrival::History)
            continue;
        const auto live = static_cast<std::int64_t>(sequence);
        facts.leastLive = std::min(facts.leastLive.value_or(live), live);
        facts.greatestLive = std::max(facts.greatestLive.value_or(live), live);
    }
    return facts;
}

bool isInOrder(const BlockView& block)
{
    for (std::size_t i = 1; i < block.size(); ++i) {
        if (!(block.position(i) < block.position(i - 1)))
            return false;
    }
    return true;
}

/// Columns: block, body, first_time, first_sequence, last_time, last_sequence, least_sequence, greatest_sequence, least_live,
/// greatest_live, count.
BlockFacts factsIn(const Rows& rows)
{
    const auto sequence = [&](int column) { return static_cast<Sequence>(rows.integer(column)); };
    return {{{rows.integer(2)}, sequence(3)}, {{rows.integer(4)}, sequence(5)}, sequence(6),     sequence(7),
            rows.optionalInteger(8),          rows.optionalInteger(9),          rows.integer(10)};
}

/// What names the row, its sum, and the texts that this is of.
struct SummedTexts {
    const char* sql;
    int texts;
    const char* kind;
};

constexpr SummedTexts summedTexts[] = {
    {"SELECT number, sum, at, who, kind, id, before, after FROM audit WHERE sum IS NOT NULL", 6, "entry of the audit log"},
    {"SELECT key, sum, key, value FROM note WHERE sum IS NOT NULL", 2, "note"},
    {"SELECT number, sum, identity, body, accepted, at FROM request WHERE sum IS NOT NULL", 4, "remembered request"},
};

class Checker {
public:
    explicit Checker(Connection connection)
        : connection_(std::move(connection))
        , counters_(connection_)
        , staging_(connection_)
    {
    }

    Expected<CheckReport> run();

private:
    Expected<void> checkStructure();
    Expected<void> checkTexts(const SummedTexts& summed);
    Expected<void> checkItems(OutputKey output);
    /// `shelf`: an output, or its late layer.
    Expected<void> checkItemBlocks(OutputKey shelf);
    Expected<void> checkLate(OutputKey output);
    Expected<void> checkTail(const char* sql, std::int64_t key, std::string_view kind);
    Expected<std::int64_t> countItems(OutputKey output);
    Expected<void> checkDatapoints(SourceKey source);
    Expected<void> checkDatapointBlocks(SourceKey source);
    Expected<std::int64_t> countDatapoints(SourceKey source);
    Expected<std::vector<std::int64_t>> keys(const char* sql);
    tl::unexpected<Error> wrong(const std::string& what) const;

    Expected<void> checkStaged();

    Connection connection_;
    Counters counters_;
    Staging staging_;
    SharedHiddenRanges hidden_;
    std::map<StagedKey, std::int64_t> staged_; ///< datapoints that lie in the ranges of an import
    Sequence last_ = 0;
    CheckReport report_;
};

tl::unexpected<Error> Checker::wrong(const std::string& what) const
{
    return fail(Problem::Internal, "“" + connection_.path() + "” is damaged: " + what);
}

Expected<CheckReport> Checker::run()
{
    if (auto done = connection_.execute("BEGIN"); !done)
        return fail(done.error());
    const Expected<std::size_t> version = schemaVersion(connection_, schemaSteps().size());
    if (!version)
        return fail(version.error());
    if (*version < schemaSteps().size())
        return fail(Problem::Conflict,
                    "“" + connection_.path() + "” has an older format: start the server once, which renews it");
    if (auto done = checkStructure(); !done)
        return fail(done.error());
    const Expected<Catalog> catalog = readCatalog(connection_);
    if (!catalog)
        return fail(catalog.error());
    for (const SummedTexts& summed : summedTexts) {
        if (auto done = checkTexts(summed); !done)
            return fail(done.error());
    }
    if (auto done = counters_.load(); !done)
        return fail(done.error());
    const Expected<std::int64_t> last = connection_.integer("SELECT value FROM state WHERE name = 'last_sequence'");
    if (!last)
        return fail(last.error());
    last_ = static_cast<Sequence>(*last);
    Expected<SharedHiddenRanges> hidden = staging_.hidden();
    if (!hidden)
        return fail(hidden.error());
    hidden_ = std::move(*hidden);
    for (const auto& [id, output] : catalog->outputs) {
        if (auto done = checkItems(output.key); !done)
            return fail(done.error());
    }
    const Expected<std::vector<std::int64_t>> sources =
        keys("SELECT source FROM source_count UNION SELECT source FROM datapoint_block UNION SELECT source FROM datapoint_tail");
    if (!sources)
        return fail(sources.error());
    for (const SourceKey source : *sources) {
        if (auto done = checkDatapoints(source); !done)
            return fail(done.error());
    }
    if (auto done = checkStaged(); !done)
        return fail(done.error());
    return report_;
}

/// What is staged is all there: a commit shows it as it is. And where nobody looks lies nothing else.
Expected<void> Checker::checkStaged()
{
    const auto imports = staging_.all();
    if (!imports)
        return fail(imports.error());
    std::map<StagedKey, std::int64_t> room;
    Sequence before = 0;
    for (const HiddenRange& range : hidden_->all()) {
        if (range.first <= before || range.last < range.first || range.last > last_)
            return wrong("the staged datapoints from " + std::to_string(range.first) + " on end at " + std::to_string(range.last));
        before = range.last;
        room[range.staged] += static_cast<std::int64_t>(range.last - range.first + 1);
        const auto isIts = [&](const auto& entry) { return entry.second.key == range.staged && entry.second.source == range.source && !entry.second.lost; };
        if (range.staged != 0 && std::none_of(imports->begin(), imports->end(), isIts))
            return wrong("the staged datapoints from " + std::to_string(range.first) + " on are of no import");
    }
    for (const auto& [name, import] : *imports) {
        if (!import.lost && room[import.key] != import.datapoints)
            return wrong("expected room for " + std::to_string(import.datapoints) + " staged datapoints of import " + name +
                         ", but there is for " + std::to_string(room[import.key]));
        if (!import.lost && staged_[import.key] != import.datapoints)
            return wrong("expected " + std::to_string(import.datapoints) + " staged datapoints of import " + name +
                         ", but there are " + std::to_string(staged_[import.key]));
    }
    return {};
}

/// The bytes by which SQLite decides whether it may write at all ("The SQLite Database File Format", 1.3.3), which its own check
/// does not look at.
bool mayBeWritten(const std::string& path)
{
    constexpr std::size_t versionsAt = 18;
    std::ifstream file(path, std::ios::binary);
    std::array<char, versionsAt + 2> head{};
    const auto isKnown = [&](std::size_t at) { return head[at] == 1 || head[at] == 2; };
    return file.read(head.data(), head.size()) && isKnown(versionsAt) && isKnown(versionsAt + 1);
}

Expected<void> Checker::checkStructure()
{
    if (!mayBeWritten(connection_.path()))
        return wrong("its header is of another format");
    Statement statement(connection_, "PRAGMA integrity_check(1)");
    Rows rows = statement.query();
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    if (!*row || rows.text(0) != "ok")
        return wrong(*row ? std::string(rows.text(0)) : "no answer");
    return {};
}

Expected<void> Checker::checkTexts(const SummedTexts& summed)
{
    Statement statement(connection_, summed.sql);
    for (Rows rows = statement.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        std::vector<std::string_view> texts;
        for (int i = 0; i < summed.texts; ++i)
            texts.push_back(rows.text(2 + i));
        if (sumOf(texts) != rows.integer(1))
            return wrong(std::string(summed.kind) + " “" + std::string(rows.text(0)) + "” has another checksum");
    }
}

Expected<void> Checker::checkItems(OutputKey output)
{
    for (const OutputKey shelf : {output, layerOf(output)}) {
        if (auto done = checkItemBlocks(shelf); !done)
            return done;
    }
    if (auto done = checkLate(output); !done)
        return done;
    if (auto done =
            checkTail("SELECT time, sequence, text, sum FROM item_tail WHERE output = ?1 AND sum IS NOT NULL", output, "item");
        !done)
        return done;
    const Expected<std::int64_t> count = countItems(output);
    if (!count)
        return fail(count.error());
    const std::int64_t expected = counters_.output(output).items;
    if (*count != expected)
        return wrong("expected " + std::to_string(expected) + " items of output " + std::to_string(output) + ", but there are " +
                     std::to_string(*count));
    report_.items += *count;
    return {};
}

/// Each block is intact, sorted, and what its row says; none reaches into the next.
Expected<void> Checker::checkItemBlocks(OutputKey shelf)
{
    Statement statement(connection_, "SELECT block, body, first_time, first_sequence, last_time, last_sequence, least_sequence, "
                                     "greatest_sequence, least_live, greatest_live, count FROM item_block WHERE output = ?1 "
                                     "ORDER BY first_time, first_sequence");
    const Expected<std::int64_t> width =
        connection_.integer(("SELECT coalesce(max(value), 0) FROM state WHERE name = 'live_width:" + std::to_string(shelf) + "'").c_str());
    if (!width)
        return fail(width.error());
    Rows rows = statement.query(shelf);
    Position before = beforeAll;
    for (;;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        const std::string name = "item block " + std::to_string(rows.integer(0));
        const std::optional<BlockView> block = BlockView::parse(rows.blob(1));
        if (!block || !block->isIntact())
            return wrong(name + " has another checksum");
        if (!isInOrder(*block))
            return wrong(name + " is not in order");
        const BlockFacts facts = factsOf(*block);
        if (facts != factsIn(rows))
            return wrong(name + " is not what its row says");
        if (!(before < facts.first))
            return wrong(name + " overlaps the one before");
        if (!rows.isNull(9) && rows.integer(9) - rows.integer(8) > *width)
            return wrong(name + " is wider than any is said to be");
        before = facts.last;
    }
}

/// Each lot is intact, sorted, and what its row says.
Expected<void> Checker::checkLate(OutputKey output)
{
    Statement statement(connection_,
                        "SELECT lot, body, sum, least_live, greatest_live, count FROM item_late WHERE output = ?1 ORDER BY lot");
    for (Rows rows = statement.query(output);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        const std::string name = "late block " + std::to_string(rows.integer(0));
        const std::optional<BlockView> block = BlockView::parse(rows.blob(1));
        if (!block || !block->isIntact() || sumOf({}, rows.blob(1)) != rows.integer(2))
            return wrong(name + " has another checksum");
        if (!isInOrder(*block))
            return wrong(name + " is not in order");
        const BlockFacts facts = factsOf(*block);
        if (facts.leastLive != rows.optionalInteger(3) || facts.greatestLive != rows.optionalInteger(4) ||
            facts.count != rows.integer(5))
            return wrong(name + " is not what its row says");
    }
}

/// `sql`: time, sequence, text, sum.
Expected<void> Checker::checkTail(const char* sql, std::int64_t key, std::string_view kind)
{
    Statement statement(connection_, sql);
    for (Rows rows = statement.query(key);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        const Position position{{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))};
        if (sumOf(position, rows.blob(2)) != rows.integer(3))
            return wrong(std::string(kind) + " " + std::to_string(position.sequence) + " has another checksum");
    }
}

/// Over blocks, tail, late layer and lots together: no position twice.
Expected<std::int64_t> Checker::countItems(OutputKey output)
{
    constexpr const char* selectBlocks = "SELECT block, least_sequence, greatest_sequence FROM item_block WHERE output = ?1 "
                                         "ORDER BY first_time, first_sequence";
    Statement blocks(connection_, selectBlocks), layer(connection_, selectBlocks);
    BlobColumn bodies(connection_, "item_block", "body"), bodiesOfLayer(connection_, "item_block", "body");
    Statement tail(connection_, "SELECT time, sequence, text FROM item_tail WHERE output = ?1 ORDER BY time, sequence");
    BlockWalk blockWalk(connection_, blocks.query(output), bodies, Direction::OldestFirst, beforeAll, allSequences,
                        nothingHidden);
    LateItems late(output);
    LateItems::Statements lots(connection_);
    if (auto done = late.refresh(connection_, lots); !done)
        return fail(done.error());
    LooseWalk looseWalk(TailWalk(tail.query(output), nothingHidden),
                        LateWalk(late, Direction::OldestFirst, beforeAll, allSequences, nothingHidden),
                        BlockWalk(connection_, layer.query(layerOf(output)), bodiesOfLayer, Direction::OldestFirst, beforeAll,
                                  allSequences, nothingHidden),
                        Direction::OldestFirst);
    std::int64_t count = 0;
    Position before = beforeAll;
    bool isRight = true;
    const auto done = visitOldestFirst(blockWalk, looseWalk, [&](const Position& position, std::string_view) {
        count += hidden_->contains(position.sequence) ? 0 : 1;
        isRight = before < position && position.sequence > 0 && position.sequence <= last_;
        before = position;
        return isRight;
    });
    if (!done)
        return fail(done.error());
    if (!isRight)
        return wrong("output " + std::to_string(output) + " has an item twice, or one with a sequence that was never given, at " +
                     before.time.seconds() + "/" + std::to_string(before.sequence));
    return count;
}

Expected<void> Checker::checkDatapoints(SourceKey source)
{
    if (auto done = checkDatapointBlocks(source); !done)
        return done;
    if (auto done = checkTail("SELECT time, sequence, payload, sum FROM datapoint_tail WHERE source = ?1 AND sum IS NOT NULL",
                              source, "datapoint");
        !done)
        return done;
    const Expected<std::int64_t> count = countDatapoints(source);
    if (!count)
        return fail(count.error());
    const std::int64_t expected = counters_.source(source).datapoints;
    if (*count != expected)
        return wrong("expected " + std::to_string(expected) + " datapoints of source " + std::to_string(source) +
                     ", but there are " + std::to_string(*count));
    report_.datapoints += *count;
    return {};
}

Expected<void> Checker::checkDatapointBlocks(SourceKey source)
{
    Statement statement(connection_,
                        "SELECT block, body, least_sequence, greatest_sequence, count, least_time, bytes FROM datapoint_block "
                        "LEFT JOIN datapoint_extent USING (block) WHERE source = ?1");
    Rows rows = statement.query(source);
    for (;;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        const std::string name = "datapoint block " + std::to_string(rows.integer(0));
        const std::optional<std::string> body = decompressed(rows.blob(1));
        const std::optional<BlockView> block = body ? BlockView::parse(*body) : std::nullopt;
        if (!block || !block->isIntact())
            return wrong(name + " has another checksum");
        if (hidden_->contains(block->position(0).sequence) != hidden_->contains(block->position(block->size() - 1).sequence))
            return wrong(name + " is staged in part");
        const BlockFacts facts = factsOf(*block);
        const BlockFacts said{facts.first,
                              facts.last,
                              static_cast<Sequence>(rows.integer(2)),
                              static_cast<Sequence>(rows.integer(3)),
                              facts.leastLive,
                              facts.greatestLive,
                              rows.integer(4)};
        // Blocks of older programs have no extent until retention reads them.
        Timestamp leastTime = Timestamp::max();
        std::int64_t bytes = 0;
        for (std::size_t i = 0; i < block->size(); ++i) {
            leastTime = std::min(leastTime, block->position(i).time);
            bytes += static_cast<std::int64_t>(block->text(i).size());
        }
        const bool hasExtent = !rows.isNull(6);
        if (facts != said || (hasExtent && (rows.integer(5) != leastTime.us || rows.integer(6) != bytes)))
            return wrong(name + " is not what its row says");
    }
}

Expected<std::int64_t> Checker::countDatapoints(SourceKey source)
{
    DatapointWalk walk(connection_, source, allSequences, DatapointWalk::What::All);
    std::int64_t count = 0;
    for (Sequence before = 0;;) {
        if (auto done = walk.advance(); !done)
            return fail(done.error());
        if (!walk.entry())
            return count;
        const Sequence sequence = walk.entry()->position.sequence;
        if (sequence <= before || sequence > last_)
            return wrong("datapoint " + std::to_string(sequence) + " of source " + std::to_string(source) + " is not in order");
        before = sequence;
        if (const HiddenRange* range = hidden_->find(sequence))
            ++staged_[range->staged];
        else
            ++count;
    }
}

Expected<std::vector<std::int64_t>> Checker::keys(const char* sql)
{
    std::vector<std::int64_t> found;
    Statement statement(connection_, sql);
    for (Rows rows = statement.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return found;
        found.push_back(rows.integer(0));
    }
}

} // namespace

Expected<CheckReport> check(const std::filesystem::path& folder)
{
    const std::string path = databasePath(folder);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return fail(Problem::NotFound, "“" + folder.string() + "” is no data folder: it has no database");
    if (std::filesystem::file_size(path, ignored) == 0)
        return fail(Problem::Internal, "“" + path + "” is damaged: it is empty");
    // What was put away where it is only read has no log that is still of use, or cannot be checked there. A log's index that is there can be
    // read, but not on a medium that nobody writes.
    const bool isUnwritable = ::access(folder.c_str(), W_OK) != 0;
    const bool isReadOnly = isUnwritable && (errno == EROFS || !std::filesystem::exists(path + "-shm", ignored));
    if (const std::string log = path + "-wal"; isReadOnly && std::filesystem::exists(log, ignored) && std::filesystem::file_size(log, ignored) > 0)
        return fail(Problem::Internal, "“" + log + "” may hold what is not in the database yet, and the folder is read-only: copy it to where it can be written");
    Expected<Connection> connection = isReadOnly ? Connection::open(path, OpenMode::Unchanging, usualLockTimeout) : openForReading(path, usualLockTimeout);
    if (!connection)
        return fail(connection.error());
    return Checker(std::move(*connection)).run();
}

} // namespace iotman::store
