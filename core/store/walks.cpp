#include "core/store/walks.h"

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

Expected<void> TailWalk::advance()
{
    for (;;) {
        const Expected<bool> row = rows_.next();
        if (!row)
            return fail(row.error());
        entry_.reset();
        if (!*row)
            return {};
        const auto sequence = static_cast<Sequence>(rows_.integer(1));
        if (hidden_.contains(sequence))
            continue;
        entry_ = Entry{{{rows_.integer(0)}, sequence}, Arrival::Live, rows_.blob(2)};
        return {};
    }
}

} // namespace iotman::store
