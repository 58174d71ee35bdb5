#include "core/store/walks.h"

#include <algorithm>

namespace iotman::store {

namespace {

/// Of a block of items nearly always all that stands before the texts.
constexpr std::size_t usualHead = 1024;
/// A block that is not larger lies in one of SQLite's pages: it is read at once.
constexpr std::size_t smallBlock = 4096;

} // namespace

tl::unexpected<Error> damagedBlock(const Connection& connection, std::string_view kind, std::int64_t block)
{
    return fail(Problem::Internal,
                "“" + connection.path() + "” is damaged in " + std::string(kind) + " block " + std::to_string(block));
}

Expected<OpenedBlock> openItemBlock(const Connection& connection, BlobColumn& bodies, std::int64_t block)
{
    const Expected<bool> found = bodies.seek(block);
    if (!found)
        return fail(found.error());
    const std::size_t size = bodies.value().size();
    const std::size_t first = size <= smallBlock ? size : usualHead;
    if (*found) {
        if (auto done = bodies.read(0, first); !done)
            return fail(done.error());
    }
    if (const std::size_t all = size < BlockView::headerSize ? 0 : std::min(size, BlockView::bytesBeforeTexts(bodies.value())); all > first) {
        if (auto done = bodies.read(first, all - first); !done)
            return fail(done.error());
    }
    const std::optional<BlockView> view = BlockView::parse(bodies.value());
    if (!view)
        return damagedBlock(connection, "item", block);
    return OpenedBlock{*view, first == size};
}

Expected<void> readTexts(BlobColumn& bodies, const BlockView& view, std::size_t first, std::size_t last)
{
    if (first >= last)
        return {};
    const std::string_view texts = view.texts(first, last);
    // With the comma before them: a run may begin among those that were read before.
    const std::size_t gap = first > 0 && view.isJoined() ? 1 : 0;
    return bodies.read(static_cast<std::size_t>(texts.data() - bodies.value().data()) - gap, texts.size() + gap);
}

BlockWalk::BlockWalk(const Connection& connection, Rows rows, BlobColumn& bodies, Direction direction, const Position& start,
                     const SequenceSpan& span, const HiddenRanges& hidden)
    : connection_(connection)
    , rows_(std::move(rows))
    , bodies_(bodies)
    , direction_(direction)
    , start_(start)
    , span_(span)
    , hidden_(hidden)
{
}

Expected<void> BlockWalk::advance()
{
    for (;;) {
        if (advanceInBlock())
            return {};
        const Expected<bool> opened = openNext();
        if (!opened)
            return fail(opened.error());
        if (!*opened) {
            block_.reset();
            entry_.reset();
            return {};
        }
    }
}

Expected<bool> BlockWalk::openNext()
{
    for (;;) {
        const Expected<bool> row = rows_.next();
        if (!row || !*row)
            return row;
        const auto least = static_cast<Sequence>(rows_.integer(1));
        const auto greatest = static_cast<Sequence>(rows_.integer(2));
        if (least > span_.until || greatest <= span_.after)
            continue;
        return open(rows_.integer(0)).map([] { return true; });
    }
}

Expected<void> BlockWalk::open(std::int64_t block)
{
    const Expected<OpenedBlock> opened = openItemBlock(connection_, bodies_, block);
    if (!opened)
        return fail(opened.error());
    block_ = opened->view;
    if (direction_ == Direction::NewestFirst) {
        const std::size_t first = block_->firstBefore(start_);
        next_ = static_cast<std::ptrdiff_t>(first);
        unread_ = opened->hasTexts ? block_->size() : first;
        return {};
    }
    const std::size_t end = block_->firstBefore({start_.time, start_.sequence + 1});
    next_ = static_cast<std::ptrdiff_t>(end) - 1;
    return opened->hasTexts ? Expected<void>() : readTexts(bodies_, *block_, 0, end);
}

Expected<ItemRun> BlockWalk::run(std::size_t most, const Position& last)
{
    const auto next = static_cast<std::size_t>(next_);
    const bool isWhole = hidden_.empty() && span_.after == 0 && span_.until == behindAll.sequence;
    const std::size_t end = isWhole ? std::min(next - 1 + most, std::max(next, block_->firstBefore(last))) : next;
    if (end > unread_) {
        // Runs are short where late items stand between them, or where some are left out: what follows is read with them.
        const std::size_t until = isWhole ? std::min(block_->size(), next - 1 + most) : block_->size();
        if (auto done = readTexts(bodies_, *block_, unread_, until); !done)
            return fail(done.error());
        unread_ = until;
    }
    next_ = static_cast<std::ptrdiff_t>(end);
    return ItemRun(*block_, next - 1, end);
}

Expected<void> BlockWalk::readText()
{
    const auto here = static_cast<std::size_t>(next_) - 1;
    if (here < unread_)
        return {};
    return readTexts(bodies_, *block_, unread_, block_->size()).map([&] { unread_ = block_->size(); });
}

Expected<void> TailWalk::advance()
{
    while (rows_) {
        const Expected<bool> row = rows_->next();
        if (!row)
            return fail(row.error());
        entry_.reset();
        if (!*row)
            return {};
        const auto sequence = static_cast<Sequence>(rows_->integer(1));
        if (hidden_.contains(sequence))
            continue;
        entry_ = Entry{{{rows_->integer(0)}, sequence}, Arrival::Live, rows_->blob(2)};
        return {};
    }
    return {};
}

LateWalk::LateWalk(const LateItems& late, Direction direction, const Position& start, const SequenceSpan& span, const HiddenRanges& hidden)
    : items_(late.items())
    , direction_(direction)
    , span_(span)
    , hidden_(hidden)
{
    const bool isNewestFirst = direction == Direction::NewestFirst;
    next_ = static_cast<std::ptrdiff_t>(late.firstWhere(
        [&](const Position& position) { return isNewestFirst ? position < start : !(start < position); }));
    if (!isNewestFirst)
        --next_;
}

void LateWalk::advance()
{
    entry_.reset();
    while (!entry_ && next_ >= 0 && next_ < static_cast<std::ptrdiff_t>(items_.size())) {
        const Item& item = items_[static_cast<std::size_t>(next_)];
        if (span_.contains(item.position.sequence) && !hidden_.contains(item.position.sequence))
            entry_ = Entry{item.position, Arrival::Live, item.text};
        next_ += direction_ == Direction::NewestFirst ? 1 : -1;
    }
}

LooseWalk::LooseWalk(TailWalk tail, LateWalk late, std::optional<BlockWalk> layer, Direction direction)
    : tail_(std::move(tail))
    , late_(late)
    , layer_(std::move(layer))
    , direction_(direction)
{
}

Expected<void> LooseWalk::advance()
{
    if (!isBegun_ || at_ == At::Late)
        late_.advance();
    if (!isBegun_ || at_ == At::Tail) {
        if (auto done = tail_.advance(); !done)
            return done;
    }
    if (layer_ && (!isBegun_ || at_ == At::Layer)) {
        if (auto done = advanceLayer(); !done)
            return done;
    }
    isBegun_ = true;
    at_ = first();
    return at_ == At::Layer && direction_ == Direction::NewestFirst ? layer_->readText() : Expected<void>();
}

Expected<void> LooseWalk::advanceLayer()
{
    return layer_->advanceInBlock() ? Expected<void>() : layer_->advance();
}

LooseWalk::At LooseWalk::first() const
{
    const auto isBefore = [&](const std::optional<Entry>& a, const std::optional<Entry>& b) {
        return a && (!b || (direction_ == Direction::OldestFirst) == (a->position < b->position));
    };
    const bool isLate = isBefore(late_.entry(), tail_.entry());
    const std::optional<Entry>& waiting = isLate ? late_.entry() : tail_.entry();
    if (layer_ && isBefore(layer_->entry(), waiting))
        return At::Layer;
    return isLate ? At::Late : At::Tail;
}

Expected<void> visitOldestFirst(BlockWalk& blocks, LooseWalk& loose, const ItemVisitor& visit)
{
    if (auto done = blocks.advance(); !done)
        return done;
    if (auto done = loose.advance(); !done)
        return done;
    while (blocks.entry() || loose.entry()) {
        const bool fromBlock = !loose.entry() || (blocks.entry() && blocks.entry()->position < loose.entry()->position);
        const Entry& entry = fromBlock ? *blocks.entry() : *loose.entry();
        if (!visit(entry.position, entry.text))
            return {};
        if (fromBlock && blocks.advanceInBlock())
            continue;
        if (auto done = fromBlock ? blocks.advance() : loose.advance(); !done)
            return done;
    }
    return {};
}

Expected<void> visitNewestFirst(BlockWalk& blocks, LooseWalk& loose, const Position& last, const ItemsVisitor& visit)
{
    // What is handed over beyond a page's end was read in vain. Measured with pages of 100: with 32 they take longer.
    constexpr std::size_t atOnce = 64;
    if (auto done = blocks.advance(); !done)
        return done;
    if (auto done = loose.advance(); !done)
        return done;
    while (blocks.entry() || loose.entry()) {
        const bool fromBlock = !loose.entry() || (blocks.entry() && loose.entry()->position < blocks.entry()->position);
        const Entry& entry = fromBlock ? *blocks.entry() : *loose.entry();
        if (entry.position < last)
            return {};
        if (fromBlock) {
            const Expected<ItemRun> run = blocks.run(atOnce, loose.entry() ? std::max(last, loose.entry()->position) : last);
            if (!run)
                return fail(run.error());
            if (!visit(*run))
                return {};
        } else if (const Item item{entry.position, entry.text}; !visit(ItemRun({&item, 1}))) {
            return {};
        }
        if (fromBlock && blocks.advanceInBlock())
            continue;
        if (auto done = fromBlock ? blocks.advance() : loose.advance(); !done)
            return done;
    }
    return {};
}

} // namespace iotman::store
