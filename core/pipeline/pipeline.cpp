#include "core/pipeline/pipeline.h"

namespace iotman::pipeline {

Pipeline::Pipeline(store::Store& store, OnPublished onPublished, OnCatalog onCatalog) : store_(store), onCatalog_(std::move(onCatalog))
{
    compiled_.store(Compiled::make(*store.catalog(), {}, nullptr));
    store_.setListeners(std::move(onPublished), [this](std::shared_ptr<const Catalog> catalog) {
        recompile(*catalog);
        if (onCatalog_)
            onCatalog_(std::move(catalog));
    });
}

void Pipeline::recompile(const Catalog& catalog)
{
    compiled_.store(Compiled::make(catalog, generations_, compiled_.load().get()));
}

void Pipeline::beginGeneration(const Catalog& catalog, const Generation& generation)
{
    generations_.push_back(generation);
    recompile(catalog);
}

void Pipeline::endGeneration(const Catalog& catalog, OutputKey key)
{
    std::erase_if(generations_, [&](const Generation& generation) { return generation.key == key; });
    recompile(catalog);
}

void Pipeline::append(store::Batch batch, SourceName source, std::shared_ptr<const Compiled> with,
                      std::optional<std::vector<store::MadeItems>> prepared, store::Reply<store::Committed> reply)
{
    auto make = [this, source = std::move(source), with = std::move(with), prepared = std::move(prepared)](
                    const store::Batch& stored, Sequence first, const Catalog&) mutable -> std::vector<store::MadeItems> {
        const std::shared_ptr<const Compiled> now = compiled_.load();
        if (prepared && with == now) {
            std::vector<store::MadeItems> items = std::move(*prepared);
            prepared.reset(); // asked again (a commit that is tried once more), they are made anew
            return items;
        }
        const CompiledSource* compiledSource = now->source(source);
        return compiledSource ? makeItems(*compiledSource, source.text, stored, first, writerScratch_) : std::vector<store::MadeItems>();
    };
    store_.append(std::move(batch), std::move(make), std::move(reply));
}

Expected<void> checkRules(const OutputDraft& draft)
{
    const Expected<rules::Transform> transform = rules::Transform::compile(draft.filter, draft.rule);
    if (transform)
        return {};
    return fail(transform.error().below("/" + transform.error().field));
}

Expected<void> checkTime(const std::optional<std::string>& expression)
{
    if (!expression)
        return {};
    const Expected<rules::TimeExpression> time = rules::TimeExpression::compile(*expression);
    if (time)
        return {};
    return fail(time.error().below("/time"));
}

} // namespace iotman::pipeline
