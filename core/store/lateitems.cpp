#include "core/store/lateitems.h"

#include "core/store/walks.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace iotman::store {

LateItems::Statements::Statements(Connection& connection)
    : lots(connection, "SELECT lot, sum FROM item_late WHERE output = ?1 ORDER BY lot")
    , body(connection, "SELECT body FROM item_late WHERE lot = ?1")
{
}

Expected<void> LateItems::refresh(const Connection& connection, Statements& statements)
{
    std::vector<Lot> found;
    for (Rows rows = statements.lots.query(output_);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        found.push_back({rows.integer(0), rows.integer(1)});
    }
    // Lots are added behind the others and go together. A snapshot that is restored may bring others of the same numbers.
    const auto isSame = [](const Lot& a, const Lot& b) { return a.number == b.number && a.sum == b.sum; };
    const auto differs = std::mismatch(lots_.begin(), lots_.end(), found.begin(), found.end(), isSame).first;
    if (differs != lots_.end())
        clear();
    else if (found.size() == lots_.size())
        return {};
    for (std::size_t i = lots_.size(); i < found.size(); ++i) {
        if (auto done = readLot(connection, statements, found[i]); !done) {
            clear();
            return done;
        }
    }
    guides_.clear();
    for (std::size_t i = 0; i < items_.size(); i += guideStep)
        guides_.push_back(items_[i].position);
    bytes_ = std::accumulate(lots_.begin(), lots_.end(), items_.capacity() * sizeof(Item),
                             [](std::size_t bytes, const Lot& lot) { return bytes + lot.body.capacity(); });
    return {};
}

void LateItems::clear()
{
    items_ = {};
    guides_ = {};
    lots_.clear();
    bytes_ = 0;
}

Expected<void> LateItems::readLot(const Connection& connection, Statements& statements, Lot lot)
{
    {
        Rows rows = statements.body.query(lot.number);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (*row)
            lot.body = rows.blob(0);
    }
    const std::int64_t number = lot.number;
    lots_.push_back(std::move(lot));
    const std::optional<BlockView> view = BlockView::parse(lots_.back().body); // where the bytes stay
    if (!view) {
        lots_.pop_back();
        return damagedBlock(connection, "late", number);
    }
    const std::size_t known = items_.size();
    for (std::size_t i = 0; i < view->size(); ++i)
        items_.push_back({view->position(i), view->text(i)});
    const auto added = items_.begin() + static_cast<std::ptrdiff_t>(known);
    std::inplace_merge(items_.begin(), added, items_.end(), [](const Item& a, const Item& b) { return b.position < a.position; });
    return {};
}

} // namespace iotman::store
