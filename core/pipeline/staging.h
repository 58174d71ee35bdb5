// Imports in two steps: rows become datapoints and items that nobody sees, then all of them are shown at once.
#pragma once

#include "core/pipeline/pipeline.h"

#include <string>
#include <utility>
#include <vector>

namespace iotman::pipeline {

/// Stores `batch`, whose `staged` says of which import it is, with what the outputs that read `source` make of it; durable when
/// it returns. Items are made on the calling thread, where no rule needs the sequence. Errors: Conflict without the source; those
/// of Store::append. Never on the writer thread.
Expected<void> stage(Pipeline& pipeline, const SourceName& source, store::Batch batch);

/// Shows what is staged of `import` in one small commit, with `notes`; gives the number of its datapoints. Outputs that came, or
/// whose rules changed, since it was staged first make its items anew, in slices between which the writer serves everyone else;
/// what those made that read the source no longer is removed likewise. Never on the writer thread. Errors: those of
/// Store::commitStaged; Unavailable when outputs change all the time. What is staged is then as before.
Expected<std::int64_t> commitStaged(Pipeline& pipeline, const std::string& import,
                                    const std::vector<std::pair<std::string, std::string>>& notes);

} // namespace iotman::pipeline
