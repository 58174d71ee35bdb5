// Values of several series as rows of CSV or NDJSON. Values only: what to write where is decided by whoever calls.
#pragma once

#include "core/series/seriesset.h"
#include "core/series/timeaxis.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman {

/// One row for each time at which at least one series has a value, in order of time; where a series has several values at one
/// time, as many rows. Times are ISO 8601 with the zone's offset, and Unix seconds; numbers have the digits that
/// came, without needless zeros. A null is an empty cell.
///
/// CSV (RFC 4180, UTF-8, CRLF): the first row names the columns, the zone among them. NDJSON: one object a line; a series that
/// has no value at that time is left out.
class RowWriter {
public:
    enum class Format { Csv, Ndjson };

    /// `zone`: as people name it; `offsets`: of that zone. The set must outlive the writer.
    RowWriter(Format format, const SeriesSet& set, std::vector<SeriesId> series, std::string zone, OffsetAt offsets);

    /// The row of names; empty for NDJSON.
    std::string head() const;
    /// The rows of a range.
    std::string rows(TimeRange range) const;

private:
    struct Cell {
        Timestamp time;
        std::size_t series = 0;
        std::size_t nth = 0; ///< of the values that the series has at this time
        double value = 0;
        std::string_view written; ///< its digits, where a double does not hold them
    };

    std::string valueText(const Cell& cell) const;
    void writeRow(std::string& out, Timestamp time, const std::vector<const Cell*>& cells) const;

    Format format_;
    const SeriesSet& set_;
    std::vector<SeriesId> series_;
    std::string zone_;
    OffsetAt offsets_;
};

} // namespace iotman
