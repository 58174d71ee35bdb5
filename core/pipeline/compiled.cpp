#include "core/pipeline/compiled.h"

#include <algorithm>

namespace iotman::pipeline {

namespace {

/// What is shown of a datapoint that failed: lists of outputs hold one each.
std::string cut(std::string_view payload)
{
    constexpr std::size_t longest = std::size_t(16) * 1024;
    std::size_t end = std::min(payload.size(), longest);
    while (end < payload.size() && (static_cast<unsigned char>(payload[end]) & 0xc0) == 0x80)
        --end; // between characters
    return std::string(payload.substr(0, end)) + (end < payload.size() ? "…" : "");
}

std::shared_ptr<const CompiledOutput> compile(const Output& output, OutputKey key, const Compiled* previous)
{
    if (previous) {
        const std::shared_ptr<const CompiledOutput> old = previous->output(key);
        if (old && old->rule == output.rule && old->filter == output.filter && old->sources == output.sources)
            return old;
    }
    return std::make_shared<CompiledOutput>(
        CompiledOutput{key, output.sources, output.filter, output.rule, rules::Transform::compile(output.filter, output.rule),
                       output.filter + '\n' + output.rule});
}

} // namespace

bool CompiledOutput::reads(const SourceName& source) const
{
    return sources.empty() || std::find(sources.begin(), sources.end(), source) != sources.end();
}

std::shared_ptr<const Compiled> Compiled::make(const Catalog& catalog, const std::vector<Generation>& generations, const Compiled* previous)
{
    auto compiled = std::make_shared<Compiled>();
    for (const auto& [id, output] : catalog.outputs)
        compiled->outputs_.emplace(output.key, compile(output, output.key, previous));
    for (const Generation& generation : generations) {
        const auto output = catalog.outputs.find(generation.output);
        if (output != catalog.outputs.end())
            compiled->outputs_.emplace(generation.key, compile(output->second, generation.key, previous));
    }
    for (const auto& [name, source] : catalog.sources) {
        CompiledSource made{source.key, source.kind, source.enabled, source.requiredScope, std::nullopt, {}, false};
        if (source.time)
            made.time = rules::TimeExpression::compile(*source.time);
        for (const auto& [key, output] : compiled->outputs_) {
            if (!output->reads(name))
                continue;
            made.outputs.push_back(output);
            made.usesId = made.usesId || (output->transform && output->transform->usesId());
        }
        compiled->sources_.emplace(name, std::move(made));
    }
    return compiled;
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

void run(const CompiledOutput& output, const rules::Payload& payload, const rules::Variables& variables, std::uint32_t datapoint, store::MadeItems& made,
         std::int64_t& steps)
{
    Error error;
    const rules::Transform::Outcome outcome =
        output.transform ? output.transform->run(payload, variables, made.texts, error, steps) : rules::Transform::Outcome::Failed;
    switch (outcome) {
    case rules::Transform::Outcome::Item:
        made.items.push_back({datapoint, made.texts.size()});
        break;
    case rules::Transform::Outcome::Filtered:
        ++made.skipped;
        break;
    case rules::Transform::Outcome::Failed:
        ++made.failed;
        made.lastFailure = OutputFailure{variables.ts, output.transform ? error.detail : output.transform.error().detail, cut(payload.text())};
        break;
    }
}

std::vector<store::MadeItems> makeItems(const CompiledSource& source, std::string_view sourceName, const store::Batch& batch, Sequence first, Scratch& scratch)
{
    std::vector<store::MadeItems> made(source.outputs.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        made[i].output = source.outputs[i]->key;
        made[i].madeWith = source.outputs[i]->madeWith;
    }
    for (std::size_t i = 0; !made.empty() && i < batch.datapoints.size(); ++i) {
        if (!scratch.payload.parse(batch.payload(i)))
            continue; // what is stored was parsed before
        const rules::Variables variables{batch.datapoints[i].time, sourceName, first + i};
        for (std::size_t o = 0; o < made.size(); ++o)
            run(*source.outputs[o], scratch.payload, variables, static_cast<std::uint32_t>(i), made[o]);
    }
    return made;
}

} // namespace iotman::pipeline
