// What a request brings in, read and made into items on the thread that received it.
#pragma once

#include "core/pipeline/pipeline.h"

#include <string_view>

namespace iotman::pipeline {

/// One per thread.
class Ingest {
public:
    Ingest(Pipeline& pipeline, const Clock& clock) : pipeline_(pipeline), clock_(clock) {}

    /// Takes the body of a request to `source`: one object, an array of objects, or NDJSON. `reply` gets the number accepted once it
    /// is durable, on the writer thread, or at once an error that names line and column; then nothing is stored.
    /// `request` is remembered with the batch.
    void take(const SourceName& source, std::string_view body, std::optional<store::RequestIdentity> request, store::Reply<std::size_t> reply);

private:
    Expected<store::Batch> batchOf(const CompiledSource& source, std::string_view sourceName, std::string_view body, Prepared& prepared);

    Pipeline& pipeline_;
    const Clock& clock_;
    Scratch scratch_;
};

} // namespace iotman::pipeline
