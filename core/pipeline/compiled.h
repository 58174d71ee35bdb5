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
    /// Its items cannot be made before the sequence is known.
    bool usesId() const { return transform && transform->usesId(); }
};

struct CompiledSource {
    SourceKey key = 0;
    SourceKind kind = SourceKind::Http;
    bool enabled = true;
    std::optional<ScopeName> requiredScope;
    std::optional<Expected<rules::TimeExpression>> time;
    std::vector<std::shared_ptr<const CompiledOutput>> outputs;
};

/// As it is applied to what is stored; other rules than those by which live items are made now, perhaps.
std::shared_ptr<const CompiledOutput> compiledFor(const Applying& applying);

/// Immutable; any thread.
class Compiled {
public:
    /// Where an output is made anew, live datapoints go into the served generation and into the one that grows beside it. Rules that
    /// `previous` (may be null) holds are taken over from there.
    static std::shared_ptr<const Compiled> make(const Catalog& catalog, const Compiled* previous);

    /// Null when there is no such source.
    const CompiledSource* source(const SourceName& name) const;
    std::shared_ptr<const CompiledOutput> output(OutputKey key) const;

private:
    void addToSources(const std::shared_ptr<const CompiledOutput>& output);

    std::map<SourceName, CompiledSource> sources_;
    std::map<OutputKey, std::shared_ptr<const CompiledOutput>> outputs_;
};

} // namespace iotman::pipeline
