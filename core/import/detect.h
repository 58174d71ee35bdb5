// What a file is, from its start: everything a person would otherwise have to say, with the reason for each guess.
#pragma once

#include "core/import/options.h"

namespace iotman::files {

enum class Setting { Format, Encoding, Separator, DecimalMark, Header, Types, NullTexts, TimeColumn, TimeFormat, Zone };

struct Reason {
    Setting setting = Setting::Format;
    std::string text; ///< a sentence for people
    bool sure = true; ///< false: a person should confirm it; a command line without the choice should refuse

    bool operator==(const Reason&) const = default;
};

struct Column {
    std::string name;
    CellType type = CellType::Auto; ///< Csv: what `Options::types` says; Json: what the sample's values are
    std::string example;            ///< the first value that is not empty, as it stands

    bool operator==(const Column&) const = default;
};

struct Detected {
    Options options;
    std::vector<Reason> reasons;
    std::vector<Column> columns; ///< in the order of the file; of JSON the members, in the order they first appear
    /// The times carry no zone, and nobody has chosen one: ask, with `options.zone` (UTC, wherever this runs) as the default.
    bool asksForZone = false;

    /// What `reasons` says of a setting; null where it says nothing.
    const Reason* reason(Setting setting) const;
};

/// How much of a file a sample is.
enum class Sample {
    Start, ///< its first bytes: the last row may be cut
    Whole,
};

/// Looks at the first `sampleSize` bytes of a file. `choices` are taken as they are; the rest is guessed to fit them.
/// Never fails: what cannot be read as chosen shows in the preview.
Detected detect(std::string_view sample, Sample extent, const Choices& choices = {});

} // namespace iotman::files
