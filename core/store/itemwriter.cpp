#include "core/store/itemwriter.h"

#include "core/store/blockcut.h"
#include "core/store/entries.h"
#include "core/store/lateitems.h"

#include <algorithm>

namespace iotman::store {

namespace {

/// A block is written anew once its stretch has gathered so many late items.
constexpr std::size_t worthRewriting = 8;
/// So many bytes of blocks are written anew at once, for each byte that is placed, and at least. Where a batch touches every block of a
/// long time, all would be due together; those beyond wait for the next late item.
constexpr std::size_t rewrittenForEach = 8;
constexpr std::size_t rewrittenAtLeast = std::size_t(4) * 1024 * 1024;
/// Behind a block so many rows may wait; then the oldest are sealed and the newest kept back, since neighbours of theirs may yet
/// come.
constexpr std::size_t itemTailRows = 192;
constexpr std::size_t keptBack = 64;
/// Counts that are remembered for each output; they are counted again when asked for.
constexpr std::size_t rememberedTails = 65'536;
/// Ranges of blocks that are read at once.
constexpr std::size_t rangesAtOnce = 256;

BlockLimits usualBlock(OutputKey shelf)
{
    return isLayer(shelf) ? lateBlock : itemBlock;
}

} // namespace

ItemWriter::ItemWriter(Connection& connection, const LateLimits& late)
    : limits_(late)
    , connection_(connection)
    , lastBlock_(connection,
                 "SELECT block, first_time, first_sequence, last_time, last_sequence FROM item_block WHERE output = ?1 "
                 "ORDER BY first_time DESC, first_sequence DESC LIMIT 1")
    , blockAt_(connection, "SELECT block, first_time, first_sequence, last_time, last_sequence FROM item_block WHERE output = ?1 "
                           "AND (first_time, first_sequence) <= (?2, ?3) ORDER BY first_time DESC, first_sequence DESC LIMIT 1")
    , blockBehind_(connection, "SELECT first_time, first_sequence FROM item_block WHERE output = ?1 "
                               "AND (first_time, first_sequence) > (?2, ?3) ORDER BY first_time, first_sequence LIMIT 1")
    , blocksBefore_(connection,
                    "SELECT block, first_time, first_sequence, last_time, last_sequence FROM item_block WHERE output = ?1 "
                    "AND (first_time, first_sequence) < (?2, ?3) ORDER BY first_time DESC, first_sequence DESC LIMIT ?4")
    , body_(connection, "SELECT body FROM item_block WHERE block = ?1")
    , insertBlock_(
          connection,
          "INSERT INTO item_block (output, first_time, first_sequence, last_time, last_sequence, least_sequence, "
          "greatest_sequence, least_live, greatest_live, count, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
    , updateBlock_(connection,
                   "UPDATE item_block SET output = ?1, first_time = ?2, first_sequence = ?3, last_time = ?4, last_sequence = ?5, "
                   "least_sequence = ?6, greatest_sequence = ?7, least_live = ?8, greatest_live = ?9, count = ?10, body = ?11 "
                   "WHERE block = ?12")
    , removeBlock_(connection, "DELETE FROM item_block WHERE block = ?1")
    , insertTail_(connection,
                  "INSERT INTO item_tail (output, time, sequence, history, text, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
    , countTail_(
          connection,
          "SELECT count(*) FROM item_tail WHERE output = ?1 AND (time, sequence) > (?2, ?3) AND (time, sequence) < (?4, ?5)")
    , readTail_(connection, "SELECT time, sequence, history, text FROM item_tail WHERE output = ?1 "
                            "AND (time, sequence) > (?2, ?3) AND (time, sequence) < (?4, ?5) ORDER BY time, sequence")
    , newestOfTail_(connection, "SELECT time, sequence, history, text FROM item_tail WHERE output = ?1 AND (time, sequence) < (?2, ?3) "
                                "ORDER BY time DESC, sequence DESC LIMIT ?4")
    , removeTail_(connection,
                  "DELETE FROM item_tail WHERE output = ?1 AND (time, sequence) > (?2, ?3) AND (time, sequence) < (?4, ?5)")
    , removeRow_(connection, "DELETE FROM item_tail WHERE output = ?1 AND time = ?2 AND sequence = ?3 RETURNING 1")
    , rowsBetween_(connection, "SELECT 1 FROM item_tail WHERE output = ?1 AND time BETWEEN ?2 AND ?3 LIMIT 1")
    , readWidth_(connection, "SELECT coalesce(max(value), 0) FROM state WHERE name = 'live_width:' || ?1")
    , writeWidth_(connection, "INSERT OR REPLACE INTO state (name, value) VALUES ('live_width:' || ?1, ?2)")
    , removeWidth_(connection, "DELETE FROM state WHERE name = 'live_width:' || ?1")
    , insertLot_(connection,
                 "INSERT INTO item_late (output, least_live, greatest_live, count, sum, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
    , readLots_(connection, "SELECT lot, body, coalesce(least_live, 0), coalesce(greatest_live, 0) FROM item_late WHERE output = ?1 ORDER BY lot")
    , readLot_(connection, "SELECT body FROM item_late WHERE lot = ?1")
    , removeLot_(connection, "DELETE FROM item_late WHERE lot = ?1")
    , removeLots_(connection, "DELETE FROM item_late WHERE output = ?1")
    , removeSomeBlocks_(connection,
                        "DELETE FROM item_block WHERE block IN (SELECT block FROM item_block WHERE output IN (?1, ?2) LIMIT 64)")
    , removeSomeTail_(connection, "DELETE FROM item_tail WHERE output = ?1 AND (time, sequence) <= (SELECT time, sequence FROM "
                                  "(SELECT time, sequence FROM item_tail WHERE output = ?1 ORDER BY time, sequence LIMIT 1024) "
                                  "ORDER BY time DESC, sequence DESC LIMIT 1)")
    , hasItems_(
          connection,
          "SELECT EXISTS (SELECT 1 FROM item_block WHERE output IN (?1, ?2)) OR EXISTS (SELECT 1 FROM item_tail WHERE output = ?1)")
    , lastBlockNumber_(connection, "SELECT coalesce(max(block), 0) FROM item_block")
    , lastLotNumber_(connection, "SELECT coalesce(max(lot), 0) FROM item_late")
    , mergeable_(connection, "SELECT block, first_time, first_sequence, last_time, last_sequence, body FROM item_block "
                             "WHERE output = ?1 AND (first_time, first_sequence) > (?2, ?3) AND block <= ?4 "
                             "ORDER BY first_time, first_sequence")
    , newInLayer_(connection, "SELECT first_time, first_sequence FROM item_block WHERE output = ?1 AND (first_time, first_sequence) > (?2, ?3) "
                              "AND block BETWEEN ?4 AND ?5 ORDER BY first_time, first_sequence LIMIT 1")
    , layerBehind_(connection, "SELECT coalesce(min(output), 0) FROM item_block WHERE output > ?1 AND output < 0")
    , newestLots_(connection, "SELECT output, max(lot) FROM item_late WHERE output > ?1 GROUP BY output ORDER BY output LIMIT 1")
{
}

BlockRange ItemWriter::rangeIn(const Rows& rows)
{
    return {rows.integer(0),
            {{rows.integer(1)}, static_cast<Sequence>(rows.integer(2))},
            {{rows.integer(3)}, static_cast<Sequence>(rows.integer(4))}};
}

Expected<void> ItemWriter::add(OutputKey output, std::span<const Entry> items)
{
    const Expected<Shelf*> shelf = this->shelf(output);
    if (!shelf)
        return fail(shelf.error());
    std::vector<Entry> late;
    if (auto done = place(output, **shelf, items, &late); !done)
        return done;
    return late.empty() ? Expected<void>() : addLate(output, **shelf, late);
}

void ItemWriter::allowRewriting(std::span<const Entry> items)
{
    mayRewrite_ = std::max(rewrittenAtLeast, rewrittenForEach * bytesOf(items));
}

Expected<void> ItemWriter::place(OutputKey output, Shelf& shelf, std::span<const Entry> items, std::vector<Entry>* late)
{
    allowRewriting(items);
    while (!items.empty()) {
        const Expected<std::size_t> few = late ? countFew(output, shelf, items) : 0;
        if (!few)
            return fail(few.error());
        if (*few > 0) {
            late->insert(late->end(), items.begin(), items.begin() + static_cast<std::ptrdiff_t>(*few));
            items = items.subspan(*few);
            continue;
        }
        const Expected<Stretch> stretch = stretchOf(output, shelf, items.front().position);
        if (!stretch)
            return fail(stretch.error());
        const std::size_t here = stretch->end ? countBefore(items, *stretch->end) : items.size();
        const std::span<const Entry> ofStretch = items.first(here);
        items = items.subspan(here);
        if (late && stretch->end && !isWorthABlock(ofStretch)) {
            late->insert(late->end(), ofStretch.begin(), ofStretch.end());
            continue;
        }
        std::size_t inside = stretch->block ? countBefore(ofStretch, stretch->block->last) : 0;
        // What stands between two blocks goes into the first of them, unless it is enough for one of its own.
        if (stretch->block && stretch->end && !isWorthABlock(ofStretch.subspan(inside)))
            inside = ofStretch.size();
        // Behind first: rewriting the block would change what it is called. Where those behind became blocks, nothing of the tail is left
        // behind this one: it can be rewritten up to the end of the old stretch.
        if (auto done = addBehind(output, shelf, *stretch, ofStretch.subspan(inside)); !done)
            return done;
        if (inside > 0) {
            if (auto done = addInside(output, shelf, *stretch, ofStretch.first(inside)); !done)
                return done;
        }
    }
    return {};
}

Expected<bool> ItemWriter::removeSome(OutputKey output)
{
    shelves_.erase(output);
    shelves_.erase(layerOf(output));
    leftLots_.erase(output);
    if (auto done = removeLots_.run(output); !done)
        return fail(done.error());
    if (auto done = removeSomeBlocks_.run(output, layerOf(output)); !done)
        return fail(done.error());
    if (auto done = removeSomeTail_.run(output); !done)
        return fail(done.error());
    Rows rows = hasItems_.query(output, layerOf(output));
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    return rows.integer(0) != 0;
}

Expected<ItemWriter::Shelf*> ItemWriter::shelf(OutputKey output)
{
    if (const auto known = shelves_.find(output); known != shelves_.end()) {
        if (known->second.tails.size() > rememberedTails)
            known->second.tails.clear();
        return &known->second;
    }
    Shelf shelf;
    Rows rows = lastBlock_.query(output);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    if (*row)
        shelf.lastBlock = rangeIn(rows);
    return &shelves_.emplace(output, std::move(shelf)).first->second;
}

Expected<Stretch> ItemWriter::stretchOf(OutputKey output, Shelf& shelf, const Position& position)
{
    if (!shelf.lastBlock || shelf.lastBlock->first <= position)
        return Stretch{shelf.lastBlock, std::nullopt};
    std::optional<Stretch> known = shelf.ranges.stretchAt(position);
    while (!known && shelf.ranges.room() > 0) {
        if (auto done = learnRanges(output, shelf); !done)
            return fail(done.error());
        known = shelf.ranges.stretchAt(position);
    }
    return known ? Expected<Stretch>(*known) : storedStretch(output, position);
}

/// What comes late is mostly not very late: the ranges of the newest blocks answer without a query.
Expected<void> ItemWriter::learnRanges(OutputKey output, Shelf& shelf)
{
    const std::size_t asked = std::min(rangesAtOnce, shelf.ranges.room());
    const Position begin = shelf.ranges.begin();
    std::vector<BlockRange> older;
    for (Rows rows = blocksBefore_.query(output, begin.time.us, begin.sequence, asked);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        older.push_back(rangeIn(rows));
    }
    shelf.ranges.addOlder(older, asked);
    return {};
}

Expected<Stretch> ItemWriter::storedStretch(OutputKey output, const Position& position)
{
    Stretch stretch;
    {
        Rows rows = blockAt_.query(output, position.time.us, position.sequence);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (*row)
            stretch.block = rangeIn(rows);
    }
    Rows rows = blockBehind_.query(output, position.time.us, position.sequence);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    if (*row)
        stretch.end = Position{{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))};
    return stretch;
}

Expected<void> ItemWriter::addInside(OutputKey output, Shelf& shelf, const Stretch& stretch, std::span<const Entry> items)
{
    const BlockRange& block = *stretch.block;
    const Position end = stretch.end.value_or(block.last);
    const auto count = [&](std::optional<std::size_t>& known, const Position& after, const Position& before) -> Expected<std::size_t> {
        if (!known) {
            const Expected<std::size_t> counted = countTail(output, after, before);
            if (!counted)
                return counted;
            known = *counted;
        }
        return *known;
    };
    TailCount& tails = shelf.tails[block.block];
    const Expected<std::size_t> inside = count(tails.inside, block.first, block.last);
    const Expected<std::size_t> behind = stretch.end ? count(tails.behind, block.last, end) : 0;
    if (!inside || !behind)
        return fail(inside ? behind.error() : inside.error());
    if (*inside + *behind + items.size() >= worthRewriting && mayRewrite_ > 0) {
        const Expected<bool> rewritten = rewrite(output, shelf, block, end, items);
        if (!rewritten || *rewritten)
            return rewritten.map([](bool) {});
    }
    const std::size_t within = countBefore(items, block.last);
    *tails.inside += within;
    if (stretch.end)
        *tails.behind += items.size() - within;
    return addToTail(output, items);
}

Expected<bool> ItemWriter::rewrite(OutputKey output, Shelf& shelf, const BlockRange& block, const Position& end, std::span<const Entry> items)
{
    const Expected<std::vector<TailRow>> rows = tail(output, block.first, end);
    if (!rows)
        return fail(rows.error());
    const Expected<std::optional<std::string>> body = intactBody(block);
    if (!body)
        return fail(body.error());
    if (!*body)
        return false;
    const BlockView view = *BlockView::parse(**body);
    std::vector<Entry> stored;
    appendOldestFirst(view, stored);

    if (auto done = removeBlock_.run(block.block); !done)
        return fail(done.error());
    if (auto done = removeTail(output, block.first, end); !done)
        return fail(done.error());
    shelf.tails.erase(block.block);
    shelf.ranges.remove(block);
    const bool wasLast = shelf.lastBlock && shelf.lastBlock->block == block.block;
    if (wasLast)
        shelf.lastBlock.reset();
    const std::vector<Entry> all = merged(stored, merged(entriesOf(*rows), items));
    mayRewrite_ -= std::min(mayRewrite_, bytesOf(all));
    return writeBlocks(output, shelf, all, usualBlock(output)).map([] { return true; });
}

Expected<std::optional<std::string>> ItemWriter::intactBody(const BlockRange& block)
{
    Rows rows = body_.query(block.block);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    std::optional<std::string> body;
    if (*row)
        body = rows.blob(0);
    const std::optional<BlockView> view = body ? BlockView::parse(*body) : std::nullopt;
    return view && view->isIntact() ? body : std::nullopt;
}

Expected<void> ItemWriter::addBehind(OutputKey output, Shelf& shelf, const Stretch& stretch, std::span<const Entry> items)
{
    if (items.empty())
        return {};
    const Position after = stretch.block ? stretch.block->last : beforeAll;
    const Position before = stretch.end.value_or(behindAll);
    std::optional<std::size_t>& behind = shelf.tails[stretch.block ? stretch.block->block : 0].behind;
    if (!behind) {
        const Expected<std::size_t> counted = countTail(output, after, before);
        if (!counted)
            return fail(counted.error());
        behind = *counted;
    }
    const bool isWorth = isWorthABlock(items);
    if (!isWorth && *behind + items.size() < itemTailRows) {
        *behind += items.size();
        return addToTail(output, items);
    }
    if (*behind == 0 && isWorth)
        return writeBlocks(output, shelf, items, usualBlock(output));

    const Expected<std::vector<TailRow>> rows = tail(output, after, before);
    if (!rows)
        return fail(rows.error());
    const std::vector<Entry> all = merged(entriesOf(*rows), items);
    const std::size_t kept = isWorth ? 0 : keptBack;
    if (auto done = removeTail(output, after, before); !done)
        return done;
    behind = 0;
    const std::span<const Entry> sealed = std::span(all).first(all.size() - kept);
    if (auto done = writeBlocks(output, shelf, sealed, usualBlock(output)); !done)
        return done;
    return addToTail(output, std::span(all).last(kept));
}

Expected<void> ItemWriter::addToTail(OutputKey output, std::span<const Entry> items)
{
    for (const Entry& item : items) {
        const bool history = item.arrival == Arrival::History;
        if (auto done = insertTail_.run(output, item.position.time.us, item.position.sequence, history, Blob{item.text},
                                        sumOf(item.position, item.text));
            !done)
            return done;
    }
    return {};
}

Expected<void> ItemWriter::writeBlocks(OutputKey output, Shelf& shelf, std::span<const Entry> items, BlockLimits limits)
{
    for (const std::span<const Entry> block : cutIntoBlocks(items, limits)) {
        if (auto done = writeBlock(output, shelf, block, std::nullopt); !done)
            return done;
    }
    return {};
}

Expected<void> ItemWriter::writeBlock(OutputKey output, Shelf& shelf, std::span<const Entry> items, std::optional<std::int64_t> instead)
{
    SequenceRange all;
    for (const Entry& item : items)
        all.take(item.position.sequence);
    const SequenceRange live = liveSequences(items);
    const Position first = items.front().position;
    const Position last = items.back().position;
    const std::vector<Entry> newestFirst(items.rbegin(), items.rend());
    const std::string body = encodeBlock(newestFirst);
    const auto write = [&](Statement& statement, auto... block) {
        return statement.run(output, first.time.us, first.sequence, last.time.us, last.sequence, *all.least, *all.greatest, live.least,
                             live.greatest, items.size(), Blob{body}, block...);
    };
    if (auto done = instead ? write(updateBlock_, *instead) : write(insertBlock_); !done)
        return done;
    const BlockRange range{instead.value_or(connection_.lastInsertedRow()), first, last};
    if (isLayer(output) && !instead)
        newInLayers_ = std::min(newInLayers_, range.block); // a number may be that of one that is gone
    shelf.ranges.add(range);
    if (!shelf.lastBlock || shelf.lastBlock->first < first)
        shelf.lastBlock = range;
    return live.least ? keepWidth(output, shelf, *live.greatest - *live.least) : Expected<void>();
}

Expected<void> ItemWriter::forgetWidth(OutputKey output)
{
    return removeWidth_.run(output).and_then([&] { return removeWidth_.run(layerOf(output)); });
}

/// What LiveWalk goes by. It only grows, by more than is needed, so that it is seldom written.
Expected<void> ItemWriter::keepWidth(OutputKey output, Shelf& shelf, Sequence width)
{
    if (!shelf.liveWidth) {
        Rows rows = readWidth_.query(output);
        if (const Expected<bool> row = rows.next(); !row)
            return fail(row.error());
        shelf.liveWidth = static_cast<Sequence>(rows.integer(0));
    }
    if (width <= *shelf.liveWidth)
        return {};
    shelf.liveWidth = width + width / 4;
    return writeWidth_.run(output, *shelf.liveWidth);
}

Expected<std::size_t> ItemWriter::countTail(OutputKey output, const Position& after, const Position& before)
{
    Rows rows = countTail_.query(output, after.time.us, after.sequence, before.time.us, before.sequence);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    return static_cast<std::size_t>(rows.integer(0));
}

Expected<std::vector<ItemWriter::TailRow>> ItemWriter::tail(OutputKey output, const Position& after, const Position& before)
{
    return rowsOf(readTail_.query(output, after.time.us, after.sequence, before.time.us, before.sequence));
}

Expected<std::vector<ItemWriter::TailRow>> ItemWriter::rowsOf(Rows rows, std::size_t most)
{
    std::vector<TailRow> found;
    for (std::size_t bytes = 0; bytes <= most;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        found.push_back({{{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))},
                         arrivalOf(rows.integer(2)),
                         std::string(rows.blob(3))});
        bytes += found.back().text.size();
    }
    return found;
}

Expected<void> ItemWriter::removeTail(OutputKey output, const Position& after, const Position& before)
{
    return removeTail_.run(output, after.time.us, after.sequence, before.time.us, before.sequence);
}

} // namespace iotman::store
