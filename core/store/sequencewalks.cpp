#include "core/store/sequencewalks.h"

#include "core/store/lateitems.h"

#include <algorithm>

namespace iotman::store {

namespace {

/// Few readers want more at once; each window that follows is twice as wide.
constexpr Sequence firstWindow = 512;
/// One window holds about so much at most.
constexpr std::size_t windowBytes = std::size_t(8) * 1024 * 1024;
/// Where blocks reach far, each window meets so many that a wider one costs little more: then the first one is wider.
constexpr Sequence windowsInAReach = 32;
constexpr Sequence widestFirstWindow = 4096;
/// One in so many texts of a block: they are read one by one.
constexpr std::size_t fewOfBlock = 8;

constexpr const char* allBlocks = "SELECT block, least_sequence, body FROM datapoint_block WHERE source = ?1 AND "
                                  "greatest_sequence > ?2 ORDER BY greatest_sequence";
/// What lies in a block is all hidden or not at all.
constexpr const char* visibleBlocks = "SELECT block, least_sequence, body FROM datapoint_block WHERE source = ?1 "
                                      "AND greatest_sequence > ?2 AND NOT hidden(least_sequence, least_sequence) "
                                      "ORDER BY greatest_sequence";
constexpr const char* allOfTail =
    "SELECT time, sequence, payload, history FROM datapoint_tail WHERE source = ?1 AND sequence > ?2 ORDER BY sequence";
constexpr const char* visibleOfTail = "SELECT time, sequence, payload, history FROM datapoint_tail WHERE source = ?1 AND sequence > ?2 "
                                      "AND NOT hidden(sequence, sequence) ORDER BY sequence";

} // namespace

LiveWalk::LiveWalk(Connection& connection)
    : connection_(connection)
    , bodies_(connection, "item_block", "body")
    , selectBlocks_(connection, "SELECT block, least_live, greatest_live FROM item_block WHERE output = ?1 AND greatest_live > ?2 "
                                "AND greatest_live <= ?3 AND least_live <= ?4")
    , selectLots_(connection, "SELECT lot, least_live, greatest_live FROM item_late WHERE output = ?1 AND greatest_live > ?2")
    , lotBody_(connection, "SELECT body FROM item_late WHERE lot = ?1")
    , tail_(connection,
            "SELECT time, sequence, text FROM item_tail WHERE output = ?1 AND sequence > ?2 AND sequence <= ?3 AND history = 0 "
            "ORDER BY sequence")
    , bounds_(connection, "SELECT max((SELECT coalesce(max(sequence), 0) FROM item_tail WHERE output = ?1 AND history = 0), "
                          "(SELECT coalesce(max(greatest_live), 0) FROM item_block WHERE output = ?1 AND greatest_live IS NOT NULL)), "
                          "(SELECT coalesce(max(value), 0) FROM state WHERE name = 'live_width:' || ?1)")
{
}

Expected<void> LiveWalk::visit(OutputKey output, Sequence after, const ItemVisitor& visitor)
{
    output_ = output;
    if (auto done = begin(after); !done)
        return done;
    const Sequence reach = std::max(shelves_[0].width, shelves_[1].width);
    Sequence width = std::clamp(reach / windowsInAReach, firstWindow, widestFirstWindow);
    while (after < last_) {
        Window window{after, std::min(last_, after + width), 0, {}};
        if (auto done = fill(window); !done)
            return done;
        std::sort(window.items.begin(), window.items.end(),
                  [](const Item& a, const Item& b) { return a.position.sequence < b.position.sequence; });
        for (const Item& item : window.items) {
            if (!visitor(item.position, item.text))
                return {};
        }
        after = window.until;
        width *= 2;
    }
    return {};
}

/// Adds the candidates that `rows` has: number, least and greatest sequence.
Expected<void> LiveWalk::addCandidates(Rows rows, bool areLots, std::vector<Candidate>& candidates)
{
    for (;;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        candidates.push_back({areLots, rows.integer(0), static_cast<Sequence>(rows.integer(1)), static_cast<Sequence>(rows.integer(2))});
    }
}

Expected<void> LiveWalk::begin(Sequence after)
{
    lots_.clear();
    last_ = 0;
    shelves_ = {Shelf{output_}, Shelf{layerOf(output_)}};
    for (Shelf& shelf : shelves_) {
        Rows bounds = bounds_.query(shelf.key);
        if (const Expected<bool> row = bounds.next(); !row)
            return fail(row.error());
        last_ = std::max(last_, static_cast<Sequence>(bounds.integer(0)));
        shelf.width = static_cast<Sequence>(bounds.integer(1));
    }
    if (auto done = addCandidates(selectLots_.query(output_, after), true, lots_); !done)
        return done;
    for (const Candidate& lot : lots_)
        last_ = std::max(last_, lot.greatest);
    return {};
}

/// One that begins in the window ends at most a width behind it.
Expected<void> LiveWalk::findBlocks(const Window& window)
{
    blocks_.clear();
    for (const Shelf& shelf : shelves_) {
        if (auto done = addCandidates(selectBlocks_.query(shelf.key, window.after, window.until + shelf.width, window.until), false, blocks_); !done)
            return done;
    }
    return {};
}

Expected<void> LiveWalk::fill(Window& window)
{
    if (auto done = findBlocks(window); !done)
        return done;
    for (const std::vector<Candidate>* candidates : {&blocks_, &lots_}) {
        for (const Candidate& candidate : *candidates) {
            if (candidate.least > window.until || candidate.greatest <= window.after)
                continue;
            if (auto done = candidate.isLot ? fillFromLot(window, candidate.number) : fillFromBlock(window, candidate.number); !done)
                return done;
        }
    }
    return fillFromTail(window);
}

/// Of a block with late items the sequences reach far, and few of them, or none, into the window: only those are read.
Expected<void> LiveWalk::fillFromBlock(Window& window, std::int64_t block)
{
    const Expected<OpenedBlock> opened = openItemBlock(connection_, bodies_, block);
    if (!opened)
        return fail(opened.error());
    const BlockView& view = opened->view;
    wanted_.clear();
    for (std::size_t i = 0; i < view.size(); ++i) {
        if (window.reachesTo(view.position(i).sequence) && view.arrival(i) == Arrival::Live)
            wanted_.push_back(i);
    }
    const bool readsAll = !opened->hasTexts && wanted_.size() * fewOfBlock > view.size();
    if (readsAll) {
        if (auto done = readTexts(bodies_, view, 0, view.size()); !done)
            return done;
    }
    for (const std::size_t i : wanted_) {
        if (!readsAll && !opened->hasTexts) {
            if (auto done = readTexts(bodies_, view, i, i + 1); !done)
                return done;
        }
        window.take(view.position(i), view.text(i));
    }
    return {};
}

Expected<void> LiveWalk::fillFromLot(Window& window, std::int64_t lot)
{
    Rows rows = lotBody_.query(lot);
    if (const Expected<bool> row = rows.next(); !row)
        return fail(row.error());
    const std::optional<BlockView> view = BlockView::parse(rows.blob(0));
    if (!view)
        return damagedBlock(connection_, "late", lot);
    for (std::size_t i = 0; i < view->size(); ++i) {
        if (view->arrival(i) == Arrival::Live)
            window.take(view->position(i), view->text(i));
    }
    return {};
}

Expected<void> LiveWalk::fillFromTail(Window& window)
{
    Rows rows = tail_.query(output_, window.after, window.until);
    for (;;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        window.take({{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))}, rows.blob(2));
    }
}

void LiveWalk::Window::take(const Position& position, std::string_view text)
{
    if (!reachesTo(position.sequence))
        return;
    items.push_back({position, std::string(text)});
    bytes += text.size();
    if (bytes <= windowBytes || items.size() == 1)
        return;
    // Keeps the earlier half. Sequences differ, so the window ends with the last one that is kept.
    const auto half = items.begin() + static_cast<std::ptrdiff_t>((items.size() - 1) / 2);
    std::nth_element(items.begin(), half, items.end(),
                     [](const Item& a, const Item& b) { return a.position.sequence < b.position.sequence; });
    until = half->position.sequence;
    items.erase(half + 1, items.end());
    bytes = 0;
    for (const Item& item : items)
        bytes += item.text.size();
}

DatapointWalk::DatapointWalk(Connection& connection, SourceKey source, const SequenceSpan& span, What what)
    : connection_(connection)
    , source_(source)
    , span_(span)
    , selectBlocks_(connection, what == What::All ? allBlocks : visibleBlocks)
    , selectTail_(connection, what == What::All ? allOfTail : visibleOfTail)
    , blocks_(selectBlocks_.query(source, span.after))
    , tail_(selectTail_.query(source, span.after))
{
}

Expected<void> DatapointWalk::advance()
{
    for (;;) {
        while (block_ && next_ < block_->size()) {
            entry_ = block_->entry(next_++);
            if (entry_->position.sequence > span_.until) {
                entry_.reset();
                return {};
            }
            if (entry_->position.sequence > span_.after)
                return {};
        }
        block_.reset();
        if (blocksEnded_)
            break;
        if (auto done = openNext(); !done)
            return done;
    }
    const Expected<bool> row = tail_.next();
    if (!row)
        return fail(row.error());
    entry_.reset();
    if (*row && static_cast<Sequence>(tail_.integer(1)) <= span_.until)
        entry_ = Entry{{{tail_.integer(0)}, static_cast<Sequence>(tail_.integer(1))}, arrivalOf(tail_.integer(3)), tail_.blob(2)};
    return {};
}

Expected<void> DatapointWalk::openNext()
{
    const Expected<bool> row = blocks_.next();
    if (!row)
        return fail(row.error());
    if (!*row || static_cast<Sequence>(blocks_.integer(1)) > span_.until) {
        blocksEnded_ = true;
        return {};
    }
    std::optional<std::string> body = decompressed(blocks_.blob(2));
    if (!body)
        return damagedBlock(connection_, "datapoint", blocks_.integer(0));
    body_ = std::move(*body);
    block_ = BlockView::parse(body_);
    next_ = 0;
    if (!block_)
        return damagedBlock(connection_, "datapoint", blocks_.integer(0));
    return {};
}

} // namespace iotman::store
