// A catalog's rules, compiled: which outputs read which source, and how.
#pragma once

#include "core/model/catalog.h"
#include "core/rules/payload.h"
#include "core/rules/timeexpression.h"
#include "core/rules/transform.h"
#include "core/store/store.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace iotman::pipeline {

struct CompiledOutput {
    OutputKey key = 0;
    std::vector<SourceName> sources; ///< empty: all
    std::string filter;
    std::string rule;
    Expected<rules::Transform> transform; ///< an error when a rule of another version does not compile here
    std::string madeWith;                 ///< filter and rule as one text: other items only where it is another

    bool reads(const SourceName& source) const;
};

struct CompiledSource {
    SourceKey key = 0;
    SourceKind kind = SourceKind::Http;
    bool enabled = true;
    std::optional<ScopeName> requiredScope;
    std::optional<Expected<rules::TimeExpression>> time;
    std::vector<std::shared_ptr<const CompiledOutput>> outputs;
    bool usesId = false; ///< an output needs the sequence
};

/// A generation of items that is being made beside the served one: live datapoints go into both.
struct Generation {
    OutputKey key = 0;
    OutputId output;
};

/// Immutable; any thread.
class Compiled {
public:
    /// Rules that `previous` (may be null) holds are taken over from there.
    static std::shared_ptr<const Compiled> make(const Catalog& catalog, const std::vector<Generation>& generations, const Compiled* previous);

    /// Null when there is no such source.
    const CompiledSource* source(const SourceName& name) const;
    std::shared_ptr<const CompiledOutput> output(OutputKey key) const;

private:
    std::map<SourceName, CompiledSource> sources_;
    std::map<OutputKey, std::shared_ptr<const CompiledOutput>> outputs_;
};

/// What evaluation needs and keeps between calls; one per thread.
struct Scratch {
    rules::Payload payload;
};

/// Runs one output on the payload that `scratch` holds and adds what comes of it to `made`, counters included.
/// `steps` gets those that it took added.
void run(const CompiledOutput& output, const rules::Payload& payload, const rules::Variables& variables, std::uint32_t datapoint, store::MadeItems& made,
         std::int64_t& steps);
inline void run(const CompiledOutput& output, const rules::Payload& payload, const rules::Variables& variables, std::uint32_t datapoint, store::MadeItems& made)
{
    std::int64_t steps = 0;
    run(output, payload, variables, datapoint, made, steps);
}

/// Makes the items of a batch whose datapoints get the sequences from `first`.
std::vector<store::MadeItems> makeItems(const CompiledSource& source, std::string_view sourceName, const store::Batch& batch, Sequence first, Scratch& scratch);

} // namespace iotman::pipeline
