#include "core/store/walks.h"

#include <algorithm>
#include <array>
#include <utility>

namespace iotman::store {

tl::unexpected<Error> damagedBlock(const Connection& connection, std::string_view kind, std::int64_t block)
{
    return fail(Problem::Internal,
                "“" + connection.path() + "” is damaged in " + std::string(kind) + " block " + std::to_string(block));
}

BlockWalk::BlockWalk(const Connection& connection, Rows rows, Direction direction, const Position& start,
                     const SequenceSpan& span, const HiddenRanges& hidden)
    : connection_(connection)
    , rows_(std::move(rows))
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
        block_ = BlockView::parse(rows_.blob(3));
        if (!block_)
            return damagedBlock(connection_, "item", rows_.integer(0));
        if (direction_ == Direction::NewestFirst)
            next_ = static_cast<std::ptrdiff_t>(block_->firstBefore(start_));
        else
            next_ = static_cast<std::ptrdiff_t>(block_->firstBefore({start_.time, start_.sequence + 1})) - 1;
        return true;
    }
}

std::size_t BlockWalk::run(std::span<Item> items, const Position& last)
{
    items[0] = {entry_->position, entry_->text};
    const bool isWhole = hidden_.empty() && span_.after == 0 && span_.until == behindAll.sequence;
    if (!isWhole)
        return 1;
    const auto next = static_cast<std::size_t>(next_);
    const std::size_t end = std::max(next, block_->firstBefore(last));
    const std::span<Item> rest = items.subspan(1, std::min(items.size() - 1, end - next));
    block_->read(next, rest);
    next_ += static_cast<std::ptrdiff_t>(rest.size());
    return 1 + rest.size();
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

LateWalk::LateWalk(std::span<const Item> newestFirst, Direction direction, const Position& start, const SequenceSpan& span,
                   const HiddenRanges& hidden)
    : items_(newestFirst)
    , direction_(direction)
    , span_(span)
    , hidden_(hidden)
{
    const auto isBeyond = [&](const Item& item) {
        return direction == Direction::NewestFirst ? !(item.position < start) : item.position > start;
    };
    next_ = std::partition_point(items_.begin(), items_.end(), isBeyond) - items_.begin();
    if (direction == Direction::OldestFirst)
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

LooseWalk::LooseWalk(TailWalk tail, LateWalk late, Direction direction)
    : tail_(std::move(tail))
    , late_(late)
    , direction_(direction)
{
}

Expected<void> LooseWalk::advance()
{
    if (!isBegun_ || isLate_)
        late_.advance();
    if (!isBegun_ || !isLate_) {
        if (auto done = tail_.advance(); !done)
            return done;
    }
    isBegun_ = true;
    isLate_ = late_.entry() && (!tail_.entry() || (direction_ == Direction::OldestFirst) ==
                                                     (late_.entry()->position < tail_.entry()->position));
    return {};
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
    constexpr std::size_t atOnce = 64;
    std::array<Item, atOnce> items;
    std::size_t count = 0;
    const auto hand = [&] {
        const std::size_t gathered = std::exchange(count, 0);
        return gathered == 0 || visit(std::span(items).first(gathered));
    };
    if (auto done = blocks.advance(); !done)
        return done;
    if (auto done = loose.advance(); !done)
        return done;
    while (blocks.entry() || loose.entry()) {
        const bool fromBlock = !loose.entry() || (blocks.entry() && loose.entry()->position < blocks.entry()->position);
        const Entry& entry = fromBlock ? *blocks.entry() : *loose.entry();
        if (entry.position < last)
            break;
        if (fromBlock)
            count += blocks.run(std::span(items).subspan(count), loose.entry() ? std::max(last, loose.entry()->position) : last);
        else
            items.at(count++) = {entry.position, entry.text};
        if (fromBlock && blocks.advanceInBlock()) {
            if (count == atOnce && !hand())
                return {};
            continue;
        }
        // What was gathered has texts that may not outlive the step.
        const bool textsStay = !fromBlock && loose.isLate();
        if ((!textsStay || count == atOnce) && !hand())
            return {};
        if (auto done = fromBlock ? blocks.advance() : loose.advance(); !done)
            return done;
    }
    hand();
    return {};
}

} // namespace iotman::store
