// Items that come late: how they wait, and go into the late layer.
#include "core/store/blockcut.h"
#include "core/store/entries.h"
#include "core/store/itemwriter.h"
#include "core/store/lateitems.h"

#include <deque>

namespace iotman::store {

namespace {

/// Of what may wait, one in so many may wait on where others are placed, because they are few in their stretch.
constexpr std::size_t waitOn = 4;
/// So few of those that have waited: a block of the late layer that is written anew for fewer would soon be due again.
constexpr std::size_t worthPlacing = lateBlock.entries / 4;
/// What is larger is not few, however few they are.
constexpr std::size_t fewBytes = lateBlock.bytes / 4;
/// So many bytes of late items are placed in a transaction before those of further outputs have to wait for the next one.
constexpr std::size_t placedAtOnce = std::size_t(1) * 1024 * 1024;
/// Those of an output count as so many bytes at least: many small lots cost, too.
constexpr std::size_t placedAtLeast = placedAtOnce / 16;
/// Rows that stayed in the tail when others became the last block; where late items are placed, so many of them go with them,
/// of about so many bytes.
constexpr std::size_t sweptRows = 1024;
constexpr std::size_t sweptBytes = placedAtOnce;
/// Transactions that place nothing after one that did was rolled back.
constexpr int restsAfterFailure = 64;

bool isWorthALateBlock(std::span<const Entry> items)
{
    return items.size() >= lateBlock.entries / 2 || bytesOf(items) >= lateBlock.bytes / 2;
}

} // namespace

/// Of items that are less than a block together no stretch has enough for one: one look at where the last of them stands answers for all.
Expected<std::size_t> ItemWriter::countFew(OutputKey output, Shelf& shelf, std::span<const Entry> items)
{
    const std::size_t before = shelf.lastBlock ? countBefore(items, shelf.lastBlock->first) : 0;
    const std::span<const Entry> some = items.first(std::min(before, worthABlock.entries));
    if (some.empty() || bytesOf(some) >= worthABlock.bytes)
        return 0;
    if (some.size() < worthABlock.entries)
        return some.size();
    return stretchOf(output, shelf, some.back().position).map([&](const Stretch& last) {
        return last.block ? countBefore(some, last.block->first) : 0;
    });
}

Expected<void> ItemWriter::addLate(OutputKey output, Shelf& shelf, std::span<const Entry> items)
{
    if (auto done = learnLots(output, shelf); !done)
        return done;
    std::size_t lots = 1;
    std::size_t count = items.size();
    std::size_t bytes = bytesOf(items);
    for (const Lot& lot : *shelf.waiting) {
        if (lot.isDamaged)
            continue;
        ++lots;
        count += lot.items;
        bytes += lot.bytes;
    }
    const bool isMuch = lots > limits_.lots || count > limits_.items || bytes > limits_.bytes;
    const bool isTooMuch = count > mostLateTimes * limits_.items || bytes > mostLateTimes * limits_.bytes;
    return isTooMuch || (isMuch && mayPlace_ > 0) ? placeWaiting(output, shelf, items) : writeLot(output, shelf, items);
}

Expected<void> ItemWriter::writeLot(OutputKey output, Shelf& shelf, std::span<const Entry> items)
{
    SequenceRange all;
    for (const Entry& item : items)
        all.take(item.position.sequence);
    const SequenceRange live = liveSequences(items);
    const std::vector<Entry> newestFirst(items.rbegin(), items.rend());
    const std::string body = encodeBlock(newestFirst);
    hasNewLate_ = true;
    if (auto done = insertLot_.run(output, live.least, live.greatest, items.size(), sumOf({}, body), Blob{body}); !done)
        return done;
    shelf.waiting->push_back({connection_.lastInsertedRow(), items.size(), body.size(), *all.least, *all.greatest});
    return {};
}

Expected<void> ItemWriter::learnLots(OutputKey output, Shelf& shelf)
{
    if (shelf.waiting)
        return {};
    std::vector<Lot> lots;
    for (Rows rows = readLots_.query(output);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const std::string_view body = rows.blob(1);
        Lot lot{rows.integer(0), 0, body.size(), static_cast<Sequence>(rows.integer(2)), static_cast<Sequence>(rows.integer(3)), true};
        if (lot.greatest == 0)
            lot.greatest = std::numeric_limits<Sequence>::max();
        if (const std::optional<BlockView> view = BlockView::parse(body); view && view->isIntact()) {
            lot.isDamaged = false;
            SequenceRange all;
            for (std::size_t i = 0; i < view->size(); ++i)
                all.take(view->position(i).sequence);
            lot.items = view->size();
            lot.least = *all.least;
            lot.greatest = *all.greatest;
        }
        lots.push_back(lot);
    }
    shelf.waiting = std::move(lots);
    return {};
}

Expected<std::string> ItemWriter::bodyOf(const Lot& lot)
{
    if (lot.isDamaged)
        return std::string();
    Rows rows = readLot_.query(lot.number);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    return *row ? std::string(rows.blob(0)) : std::string();
}

Expected<void> ItemWriter::placeWaiting(OutputKey output, Shelf& shelf, std::span<const Entry> more)
{
    hasPlaced_ = hasNewLate_ = true;
    std::deque<std::string> bodies;
    std::vector<Entry> all(more.begin(), more.end());
    std::vector<Lot> kept;
    for (const Lot& lot : *shelf.waiting) {
        const Expected<std::string> body = bodyOf(lot);
        if (!body)
            return fail(body.error());
        const std::optional<BlockView> view = BlockView::parse(bodies.emplace_back(*body));
        if (!view) {
            kept.push_back(lot);
            continue;
        }
        for (std::size_t i = 0; i < view->size(); ++i)
            all.push_back(view->entry(i));
        if (auto done = removeLot_.run(lot.number); !done)
            return done;
    }
    shelf.waiting = std::move(kept);
    const Expected<std::vector<TailRow>> rows = sweepTail(output, shelf);
    if (!rows)
        return fail(rows.error());
    for (const TailRow& row : *rows)
        all.push_back({row.position, row.arrival, row.text});
    std::sort(all.begin(), all.end(), byPosition);
    mayPlace_ -= std::min(mayPlace_, std::max(placedAtLeast, bytesOf(all)));
    const Expected<std::vector<Entry>> few = placeInLayer(layerOf(output), all);
    if (!few)
        return fail(few.error());
    std::size_t waiting = 0;
    for (std::size_t bytes = 0; waiting < std::min(few->size(), limits_.items / waitOn); ++waiting) {
        bytes += (*few)[waiting].text.size();
        if (bytes > limits_.bytes / waitOn)
            break;
    }
    const std::span<const Entry> left(*few);
    if (auto done = place(output, shelf, left.subspan(waiting), nullptr); !done)
        return done;
    return waiting == 0 ? Expected<void>() : writeLot(output, shelf, left.first(waiting));
}

/// A row there would cost every page before it a query.
Expected<std::vector<ItemWriter::TailRow>> ItemWriter::sweepTail(OutputKey output, Shelf& shelf)
{
    if (!shelf.lastBlock)
        return std::vector<TailRow>();
    const Position& end = shelf.lastBlock->first;
    Expected<std::vector<TailRow>> rows = rowsOf(newestOfTail_.query(output, end.time.us, end.sequence, sweptRows), sweptBytes);
    if (!rows || rows->empty())
        return rows;
    const Position& oldest = rows->back().position;
    if (auto done = removeTail(output, {oldest.time, oldest.sequence - 1}, end); !done)
        return fail(done.error());
    shelf.tails.clear();
    return rows;
}

/// Those of a stretch of the layer. Whatever is done to one stretch, the others stay what they are.
struct ItemWriter::OfStretch {
    Stretch stretch;
    std::span<const Entry> items;
    std::size_t bytes = 0;

    bool areFew() const { return items.size() < worthPlacing && bytes <= fewBytes; }
};

Expected<std::vector<Entry>> ItemWriter::placeInLayer(OutputKey layer, std::span<const Entry> items)
{
    const Expected<Shelf*> shelf = this->shelf(layer);
    if (!shelf)
        return fail(shelf.error());
    allowRewriting(items);
    Expected<std::vector<OfStretch>> parts = placeBehind(layer, **shelf, items);
    if (!parts)
        return fail(parts.error());
    // Where they are few, a block would soon be due again: they wait, and those that would be too many to wait go where they are most.
    std::stable_sort(parts->begin(), parts->end(), [](const OfStretch& a, const OfStretch& b) { return a.items.size() > b.items.size(); });
    std::size_t leftItems = 0, leftBytes = 0;
    for (const OfStretch& part : *parts) {
        leftItems += part.items.size();
        leftBytes += part.bytes;
    }
    std::vector<Entry> few;
    for (const OfStretch& part : *parts) {
        const bool mayWait = part.areFew() && leftItems <= limits_.items / waitOn && leftBytes <= limits_.bytes / waitOn;
        Expected<bool> placed = false;
        if (part.stretch.block && !mayWait && mayRewrite_ > 0)
            placed = rewrite(layer, **shelf, *part.stretch.block, part.stretch.end.value_or(behindAll), part.items);
        if (!placed)
            return fail(placed.error());
        if (*placed) {
            leftItems -= part.items.size();
            leftBytes -= part.bytes;
        } else {
            few.insert(few.end(), part.items.begin(), part.items.end());
        }
    }
    std::sort(few.begin(), few.end(), byPosition);
    return few;
}

Expected<std::vector<ItemWriter::OfStretch>> ItemWriter::placeBehind(OutputKey layer, Shelf& shelf, std::span<const Entry> items)
{
    std::vector<OfStretch> left;
    while (!items.empty()) {
        const Expected<Stretch> stretch = stretchOf(layer, shelf, items.front().position);
        if (!stretch)
            return fail(stretch.error());
        std::span<const Entry> here = stretch->end ? items.first(countBefore(items, *stretch->end)) : items;
        items = items.subspan(here.size());
        const std::size_t inside = stretch->block ? countBefore(here, stretch->block->last) : 0;
        if (isWorthALateBlock(here.subspan(inside))) {
            if (auto done = writeBlocks(layer, shelf, here.subspan(inside), lateBlock); !done)
                return fail(done.error());
            here = here.first(inside);
        }
        if (!here.empty())
            left.push_back({*stretch, here, bytesOf(here)});
    }
    return left;
}

void ItemWriter::begin()
{
    hasPlaced_ = hasMerged_ = false;
    mayPlace_ = rests_ > 0 ? 0 : placedAtOnce;
    rests_ = std::max(0, rests_ - 1);
}

void ItemWriter::rolledBack()
{
    shelves_.clear();
    if (hasPlaced_)
        rests_ = restsAfterFailure;
    if (hasPlaced_ || hasMerged_)
        lookAtAllThatIsLate();
}

void ItemWriter::forget()
{
    shelves_.clear();
    round_ = {};
    lookAtAllThatIsLate();
}

void ItemWriter::lookAtAllThatIsLate()
{
    leftLots_.clear();
    newInLayers_ = 0;
    hasNewLate_ = true;
}

} // namespace iotman::store
