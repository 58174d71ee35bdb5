#include "core/pipeline/staging.h"

#include "core/pipeline/slice.h"

#include <algorithm>

namespace iotman::pipeline {

namespace {

/// So often may outputs change while a commit makes good what changed before.
constexpr int attempts = 10;

/// What must have been made of what is staged of a source, by the catalog as it is.
std::vector<store::StagedNeed> needsOf(const Catalog& catalog, const CompiledSource* source)
{
    std::vector<store::StagedNeed> needs;
    if (!source)
        return needs;
    for (const auto& output : source->outputs)
        needs.push_back({output->key, output->madeWith, catalog.outputApplying(output->key) != nullptr});
    return needs;
}

/// What an output makes of the datapoints of one import, a slice at a time, in the place of what it made before.
class Remaking {
public:
    Remaking(Pipeline& pipeline, store::StagedImport import, OutputKey output)
        : pipeline_(pipeline)
        , reader_(pipeline.store().stagedReader())
        , import_(std::move(import))
        , output_(output)
        , done_(import_.first - 1)
    {
    }

    /// `make`: false removes only.
    Expected<void> run(bool make)
    {
        for (bool isFirst = true; done_ < import_.last; isFirst = false) {
            store::Store::Remade remade;
            remade.output = output_;
            remade.staged = import_.key;
            remade.startsAnew = make && isFirst;
            if (auto read = slice(remade, make); !read)
                return read;
            if (auto added = store::await<void>(
                    [&](store::Reply<void> reply) { pipeline_.store().addRemade(std::move(remade), std::move(reply)); });
                !added)
                return added;
        }
        return {};
    }

private:
    Expected<void> slice(store::Store::Remade& remade, bool make)
    {
        const std::shared_ptr<const CompiledOutput> output = make ? pipeline_.compiled()->output(output_) : nullptr;
        const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
        const Source* source = catalog->sourceByKey(import_.source);
        const std::string_view name = source ? std::string_view(source->name.text) : std::string_view();
        store::MadeItems made;
        Sequence last = import_.last;
        const auto visit = [&](const store::KeptDatapoint& datapoint) {
            if (datapoint.staged != import_.key)
                return true;
            const Position& position = datapoint.position;
            remade.replaced.push_back(position);
            if (output && scratch_.payload.parse(datapoint.payload)) {
                const std::size_t before = made.items.size();
                iotman::pipeline::run(*output, scratch_.payload, {position.time, name, position.sequence}, 0, made);
                if (made.items.size() > before)
                    remade.items.push_back({position, datapoint.arrival, made.texts.size()});
            }
            const bool isCut = remade.replaced.size() == sliceDatapoints || made.texts.size() >= sliceBytes;
            if (isCut)
                last = position.sequence;
            return !isCut;
        };
        if (auto read = reader_->allDatapoints(done_, import_.last, visit); !read)
            return read;
        std::sort(remade.replaced.begin(), remade.replaced.end());
        remade.texts = std::move(made.texts);
        remade.skipped = made.skipped;
        remade.failed = made.failed;
        remade.lastFailure = std::move(made.lastFailure);
        if (output)
            remade.madeWith = output->madeWith;
        done_ = last;
        return {};
    }

    Pipeline& pipeline_;
    const std::unique_ptr<store::StagedReader> reader_;
    const store::StagedImport import_;
    const OutputKey output_;
    Sequence done_;
    Scratch scratch_;
};

Expected<store::StagedImport> facts(Pipeline& pipeline, const std::string& import)
{
    const auto imports = pipeline.store().stagedReader()->stagedImports();
    if (!imports)
        return fail(imports.error());
    const auto found =
        std::find_if(imports->begin(), imports->end(), [&](const store::StagedImport& some) { return some.import == import; });
    if (found == imports->end())
        return fail(Problem::Conflict, "nothing is staged of this import any more");
    return *found;
}

Expected<void> makeGood(Pipeline& pipeline, const std::string& import, const store::StagedOutcome& outcome)
{
    const Expected<store::StagedImport> staged = facts(pipeline, import);
    if (!staged)
        return fail(staged.error());
    for (const OutputKey output : outcome.toMake) {
        if (auto made = Remaking(pipeline, *staged, output).run(true); !made)
            return made;
    }
    for (const OutputKey output : outcome.toClear) {
        if (auto cleared = Remaking(pipeline, *staged, output).run(false); !cleared)
            return cleared;
    }
    return {};
}

} // namespace

Expected<void> stage(Pipeline& pipeline, const SourceName& source, store::Batch batch)
{
    const std::shared_ptr<const Compiled> compiled = pipeline.compiled();
    const CompiledSource* known = compiled->source(source);
    if (!known)
        return fail(Problem::Conflict, "the source “" + source.text + "” is gone");
    batch.source = known->key;
    Scratch scratch;
    Prepared prepared = prepare(*known, source.text, batch, scratch);
    return store::await<store::Committed>([&](store::Reply<store::Committed> reply) {
               pipeline.append(std::move(batch), source, std::move(prepared), std::move(reply));
           })
        .map([](const store::Committed&) {});
}

Expected<std::int64_t> commitStaged(Pipeline& pipeline, const std::string& import,
                                    const std::vector<std::pair<std::string, std::string>>& notes)
{
    std::vector<OutputKey> cleared;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto outcome = store::await<store::StagedOutcome>([&](store::Reply<store::StagedOutcome> reply) {
            const auto needs = [&pipeline](const Catalog& catalog, const Source& source) {
                return needsOf(catalog, pipeline.compiled()->source(source.name));
            };
            pipeline.store().commitStaged(import, needs, cleared, notes, std::move(reply));
        });
        if (!outcome)
            return fail(outcome.error());
        if (outcome->committed())
            return outcome->datapoints;
        // Not found: an output was replaced or deleted meanwhile, and others are asked for now.
        if (auto made = makeGood(pipeline, import, *outcome); !made && made.error().kind != Problem::NotFound)
            return fail(made.error());
        cleared = outcome->toClear;
    }
    return fail(Error{Problem::Unavailable, "outputs that read this source are changed all the time", {}, 0, {}, 1});
}

} // namespace iotman::pipeline
