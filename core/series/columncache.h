// The columns of the view before, kept while a view moves on.
#pragma once

#include "core/series/series.h"

namespace iotman {

/// Columns stand still in time (columngrid.h), so those that were complete in the last view need not be read again: a view that
/// follows live data reads what is new. One series, one thread.
class ColumnCache {
public:
    /// As series.columns(window); always of the same series.
    const Columns& columns(const Series& series, const ColumnWindow& window);
    void clear() { isFilled_ = false; }

private:
    std::int64_t keptFrom(const Series& series, const ColumnWindow& window) const;

    Columns columns_;
    bool isFilled_ = false;
    std::uint64_t past_ = 0;
    std::int64_t complete_ = 0; ///< columns before this one do not change any more
};

} // namespace iotman
