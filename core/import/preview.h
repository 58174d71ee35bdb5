// The first rows of a file as an import would make them.
#pragma once

#include "core/import/detect.h"
#include "core/import/rowreader.h"

namespace iotman::files {

struct Preview {
    std::vector<std::variant<Row, Refusal>> rows; ///< the first `previewRows`, refused ones in their places
    std::vector<std::string> columns;             ///< Csv only
    OddHours oddHours;
    std::optional<Error> error; ///< what ends the reading: options that contradict, no such time column, a broken array
};

/// Of a sample that is the start of a file, the row that its end cuts is left out.
Preview preview(std::string_view sample, Sample extent, const Options& options);

} // namespace iotman::files
