// The rows of a file as datapoints, one after the other, in memory that does not grow with the file.
#pragma once

#include "core/import/bytesource.h"
#include "core/import/options.h"
#include "core/import/zone.h"

#include <memory>
#include <variant>

namespace iotman::files {

struct Row {
    std::int64_t line = 1;         ///< where it starts, as an editor counts: from 1; LF, CR LF and CR each end a line
    std::int64_t element = 0; ///< of an array in a JSON file, from 1: all of it may stand on one line
    std::optional<Timestamp> time; ///< nothing: the arrival is its time
    OddHour odd = OddHour::None;   ///< how `time` was decided on a day when the clocks change
    std::string payload;           ///< one JSON object: keys in column order, or the very bytes of a JSON file
};

/// A row that is no datapoint, and why. The reader goes on behind it.
struct Refusal {
    std::int64_t line = 1; ///< where the row starts
    std::string reason;    ///< a sentence that says what was expected and what came; column and other lines named in it

    bool operator==(const Refusal&) const = default;
};

struct End {};

using Next = std::variant<Row, Refusal, End>;

/// Times on days when the clocks change.
struct OddHours {
    std::int64_t skipped = 0; ///< moved forward
    std::int64_t twice = 0;   ///< read as the earlier

    void count(OddHour odd);
    OddHours& operator+=(const OddHours& more);
    bool operator==(const OddHours&) const = default;
};

/// What each format implements.
class Rows {
public:
    virtual ~Rows() = default;
    virtual Expected<Next> next() = 0;
    virtual std::int64_t bytesRead() const = 0;
    virtual std::vector<std::string> columns() const { return {}; }
};

/// Reads a file row by row. A row's text and its payload may have 1 MiB each. Whether one refused row spoils the whole
/// import is for the caller to decide.
///
/// Csv: a row with too few or too many fields is refused. Where quotes go wrong, the row that starts there is refused and
/// reading goes on in the line after the one it starts in. Blank lines are no rows. A bad header is an error.
/// Ndjson: a line is one object. Json: one array of objects, or one object; broken commas and brackets between the
/// elements end the reading with an error, since nobody knows what the rest means.
///
/// Not thread-safe; it may move between threads.
class RowReader {
public:
    /// `source` must outlive the reader and is read from where it is. Errors: BadRequest for options that contradict each
    /// other or a zone that does not exist, with `field`.
    static Expected<RowReader> open(ByteSource& source, const Options& options);

    /// Errors: the source's, and what makes all of the file useless (a header without the time column, a broken array);
    /// `detail` names the line, and `line` is it. After an error or the end, do not call it again.
    Expected<Next> next();

    /// Bytes taken from the source so far: with the file's size, the progress.
    std::int64_t bytesRead() const { return rows_->bytesRead(); }
    /// Of the rows delivered so far.
    const OddHours& oddHours() const { return oddHours_; }
    /// Csv: the keys of the payloads, known once `next` has been called.
    std::vector<std::string> columns() const { return rows_->columns(); }

private:
    explicit RowReader(std::unique_ptr<Rows> rows);

    std::unique_ptr<Rows> rows_;
    OddHours oddHours_;
};

} // namespace iotman::files
