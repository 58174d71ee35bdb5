// The rows of a file as datapoints of a source: what it looks like, its rows one by one, their times.
#pragma once

#include "core/import/detect.h"
#include "core/import/rowreader.h"
#include "core/model/names.h"
#include "core/rules/payload.h"
#include "core/rules/timeexpression.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace iotman::pipeline {

enum class BadRows {
    RefuseAll, ///< any refused row: nothing is stored
    Skip,
};

struct FileLook {
    files::Detected detected; ///< how it is to be read
    std::string digest;       ///< SHA-256 of all of it, base64url
};

/// Reads the file once. Errors: what keeps it from being read.
Expected<FileLook> lookAt(const std::filesystem::path& file, const files::Choices& choices);

/// Two imports into a source are the same when content and way of reading are: then they have the same text here.
std::string sameImport(const FileLook& look, BadRows badRows);

/// Calls `take` for each row and `refuse` for each that is none. An error of `take` ends the reading. Errors: what makes all of
/// the file useless, naming the line.
Expected<void> eachRow(const std::filesystem::path& file, const files::Options& options,
                       const std::function<Expected<void>(files::Row&)>& take,
                       const std::function<void(const files::Refusal&)>& refuse);

/// What makes all of `file` useless, as people read it: `FILE:LINE: why` where it is about a line, else `FILE: why`.
Error errorOfFile(const std::filesystem::path& file, const Error& error);

/// Gives rows the time of their datapoint: the row's own, else what the source's expression says, else the arrival.
/// One thread at a time.
class RowTimes {
public:
    RowTimes(SourceName source, std::optional<rules::TimeExpression> expression, Timestamp arrival);

    /// Errors: BadRequest, when the expression gives none, or the payload is none that rules can read.
    Expected<Timestamp> of(const files::Row& row);

    /// `choices`, and that no column is guessed where the source has an expression: it decides unless somebody chose a column.
    files::Choices unguessed(files::Choices choices) const;

private:
    Expected<Timestamp> inPayload(const files::Row& row);

    SourceName source_;
    std::optional<rules::TimeExpression> expression_;
    Timestamp arrival_;
    rules::Payload payload_;
};

} // namespace iotman::pipeline
