// The datapoints that came last, for whoever writes rules.
#pragma once

#include "core/store/store.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

struct StoredDatapoint {
    Position position;
    std::string payload; ///< the bytes that came in
};

struct NewestDatapoints {
    std::vector<StoredDatapoint> datapoints; ///< by sequence descending
    bool more = false;                       ///< there are earlier ones
};

/// At most `limit` datapoints of `source` with a sequence below `before`; fewer once they hold `mostBytes`, but at least one
/// where there is one. Reads backwards in growing windows, so a source that is quiet among busy ones costs a few look-ups.
/// Errors: those of the reader.
Expected<NewestDatapoints> newestDatapoints(store::Reader& reader, SourceKey source, Sequence before, std::size_t limit,
                                            std::size_t mostBytes);

/// What a request asks: `?limit=` (1 to 1,000, usually 20) and `?before=`, a sequence.
struct DatapointsQuery {
    std::size_t limit = 20;
    Sequence before = INT64_MAX; ///< what the database can compare

    /// `text` is what stands behind the `?`. Errors: BadRequest with the field.
    static Expected<DatapointsQuery> parse(std::string_view text);
};

} // namespace iotman::server
