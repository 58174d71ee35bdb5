#include "core/pipeline/pipeline.h"

namespace iotman::pipeline {

Pipeline::Pipeline(store::Store& store, OnPublished onPublished, OnCatalog onCatalog) : store_(store), onCatalog_(std::move(onCatalog))
{
    compiled_.store(Compiled::make(*store.catalog(), nullptr));
    store_.setListeners(std::move(onPublished), [this](std::shared_ptr<const Catalog> catalog) {
        compiled_.store(Compiled::make(*catalog, compiled_.load().get()));
        if (onCatalog_)
            onCatalog_(std::move(catalog));
    });
}

void Pipeline::append(store::Batch batch, SourceName source, Prepared prepared, store::Reply<store::Committed> reply)
{
    for (const store::MadeItems& made : prepared.made)
        batch.preparedBytes += made.texts.size() + made.items.size() * sizeof(store::MadeItem);
    auto make = [this, source = std::move(source), prepared = std::move(prepared)](
                    const store::Batch& stored, Sequence first, const Catalog&) mutable -> Expected<std::vector<store::MadeItems>> {
        const std::shared_ptr<const Compiled> now = compiled_.load();
        const CompiledSource* compiledSource = now->source(source);
        if (!compiledSource)
            return std::vector<store::MadeItems>();
        // Asked again (a commit that is tried once more), all are made anew.
        return complete(*compiledSource, source.text, stored, first, std::exchange(prepared, {{}, {}, prepared.left}), writerScratch_);
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
