#include "core/store/walks.h"

#include <algorithm>
#include <array>

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
    const std::span<Item> rest = items.subspan(1, std::min(items.size() - 1, block_->size() - next));
    block_->read(next, rest);
    std::size_t count = rest.size();
    if (count > 0 && rest.back().position < last)
        count = static_cast<std::size_t>(
            std::partition_point(rest.begin(), rest.end(), [&](const Item& item) { return last <= item.position; }) - rest.begin());
    next_ += static_cast<std::ptrdiff_t>(count);
    return 1 + count;
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

Expected<void> visitOldestFirst(BlockWalk& blocks, TailWalk& tail, const ItemVisitor& visit)
{
    if (auto done = blocks.advance(); !done)
        return done;
    if (auto done = tail.advance(); !done)
        return done;
    while (blocks.entry() || tail.entry()) {
        const bool fromBlock = !tail.entry() || (blocks.entry() && blocks.entry()->position < tail.entry()->position);
        const Entry& entry = fromBlock ? *blocks.entry() : *tail.entry();
        if (!visit(entry.position, entry.text))
            return {};
        if (fromBlock && blocks.advanceInBlock())
            continue;
        if (auto done = fromBlock ? blocks.advance() : tail.advance(); !done)
            return done;
    }
    return {};
}

Expected<void> visitNewestFirst(BlockWalk& blocks, TailWalk& tail, const Position& last, const ItemsVisitor& visit)
{
    constexpr std::size_t atOnce = 64;
    std::array<Item, atOnce> items;
    if (auto done = blocks.advance(); !done)
        return done;
    if (auto done = tail.advance(); !done)
        return done;
    while (blocks.entry() || tail.entry()) {
        const bool fromBlock = !tail.entry() || (blocks.entry() && tail.entry()->position < blocks.entry()->position);
        const Entry& entry = fromBlock ? *blocks.entry() : *tail.entry();
        if (entry.position < last)
            return {};
        std::size_t count = 1;
        if (fromBlock)
            count = blocks.run(items, tail.entry() ? std::max(last, tail.entry()->position) : last);
        else
            items.front() = {entry.position, entry.text};
        if (!visit(std::span(items).first(count)))
            return {};
        if (auto done = fromBlock ? blocks.advance() : tail.advance(); !done)
            return done;
    }
    return {};
}

} // namespace iotman::store
