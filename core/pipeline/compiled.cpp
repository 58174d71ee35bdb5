#include "core/pipeline/compiled.h"

#include <algorithm>

namespace iotman::pipeline {

namespace {

std::shared_ptr<const CompiledOutput> compile(const Output& output, OutputKey key, const Compiled* previous)
{
    if (previous) {
        const std::shared_ptr<const CompiledOutput> old = previous->output(key);
        if (old && old->rule == output.rule && old->filter == output.filter && old->sources == output.sources)
            return old;
    }
    return compiledFor(applyingTo(output, key, 0));
}

} // namespace

std::shared_ptr<const CompiledOutput> compiledFor(const Applying& applying)
{
    return std::make_shared<CompiledOutput>(CompiledOutput{applying.key, applying.sources, applying.filter, applying.rule,
                                                           rules::Transform::compile(applying.filter, applying.rule),
                                                           applying.filter + '\n' + applying.rule});
}

bool CompiledOutput::reads(const SourceName& source) const
{
    return sources.empty() || std::find(sources.begin(), sources.end(), source) != sources.end();
}

std::shared_ptr<const Compiled> Compiled::make(const Catalog& catalog, const Compiled* previous)
{
    auto compiled = std::make_shared<Compiled>();
    for (const auto& [id, output] : catalog.outputs) {
        compiled->outputs_.emplace(output.key, compile(output, output.key, previous));
        if (output.applying && output.applying->key != output.key)
            compiled->outputs_.emplace(output.applying->key, compile(output, output.applying->key, previous));
    }
    for (const auto& [name, source] : catalog.sources) {
        CompiledSource made{source.key, source.kind, source.enabled, source.requiredScope, std::nullopt, {}};
        if (source.time)
            made.time = rules::TimeExpression::compile(*source.time);
        compiled->sources_.emplace(name, std::move(made));
    }
    for (const auto& [key, output] : compiled->outputs_)
        compiled->addToSources(output);
    return compiled;
}

void Compiled::addToSources(const std::shared_ptr<const CompiledOutput>& output)
{
    if (output->sources.empty()) {
        for (auto& [name, source] : sources_)
            source.outputs.push_back(output);
        return;
    }
    for (const SourceName& name : output->sources) {
        const auto found = sources_.find(name);
        if (found != sources_.end() && (found->second.outputs.empty() || found->second.outputs.back() != output)) // named twice
            found->second.outputs.push_back(output);
    }
}

const CompiledSource* Compiled::source(const SourceName& name) const
{
    const auto found = sources_.find(name);
    return found == sources_.end() ? nullptr : &found->second;
}

std::shared_ptr<const CompiledOutput> Compiled::output(OutputKey key) const
{
    const auto found = outputs_.find(key);
    return found == outputs_.end() ? nullptr : found->second;
}

} // namespace iotman::pipeline
