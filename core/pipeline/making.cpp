#include "core/pipeline/making.h"

#include "core/model/encoding.h"

namespace iotman::pipeline {

namespace {

/// What is shown of a datapoint that failed: lists of outputs hold one each.
std::string cut(std::string_view payload)
{
    constexpr std::size_t longest = std::size_t(16) * 1024;
    const std::string_view start = cutBetweenCharacters(payload, longest);
    return std::string(start) + (start.size() < payload.size() ? "…" : "");
}

} // namespace

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

Making::Making(std::span<const std::shared_ptr<const CompiledOutput>> outputs, Allowance allowance)
    : outputs_(outputs)
    , allowance_(allowance)
    , made_(outputs_.size())
{
    for (std::size_t o = 0; o < made_.size(); ++o) {
        made_[o].output = outputs_[o]->key;
        made_[o].madeWith = outputs_[o]->madeWith;
    }
}

Expected<void> Making::add(const rules::Payload& payload, const rules::Variables& variables)
{
    std::size_t bytes = 0;
    for (std::size_t o = 0; o < made_.size(); ++o) {
        run(*outputs_[o], payload, variables, count_, made_[o], steps_);
        bytes += made_[o].texts.size();
    }
    if (++count_ == 1)
        return {};
    if (steps_ > allowance_.steps + allowance_.stepsForEach * static_cast<std::int64_t>(count_ * made_.size()))
        return fail(Problem::TooLarge, "the rules of this source take too many steps for these datapoints together; send fewer at once");
    if (bytes > allowance_.bytes)
        return fail(Problem::TooLarge, "the items made of these datapoints take more than " +
                                           std::to_string(forRequest.bytes / (1024 * 1024)) + " MiB; send fewer at once");
    return {};
}

Expected<void> Making::addAll(std::string_view sourceName, const store::Batch& batch, Sequence first, Scratch& scratch)
{
    for (std::size_t i = 0; !made_.empty() && i < batch.datapoints.size(); ++i) {
        if (!scratch.payload.parse(batch.payload(i))) { // which what is stored never is: it was parsed before
            ++count_;
            continue;
        }
        if (auto added = add(scratch.payload, {batch.datapoints[i].time, sourceName, first + i}); !added)
            return added;
    }
    return {};
}

std::vector<std::shared_ptr<const CompiledOutput>> withoutSequence(const CompiledSource& source)
{
    std::vector<std::shared_ptr<const CompiledOutput>> some;
    some.reserve(source.outputs.size());
    for (const auto& output : source.outputs) {
        if (!output->usesId())
            some.push_back(output);
    }
    return some;
}

Prepared prepare(const CompiledSource& source, std::string_view sourceName, const store::Batch& batch, Scratch& scratch)
{
    Prepared prepared{withoutSequence(source), {}, unlimited};
    Making making(prepared.outputs, unlimited);
    (void)making.addAll(sourceName, batch, 0, scratch); // what is not limited does not fail
    prepared.made = making.take();
    return prepared;
}

Expected<std::vector<store::MadeItems>> complete(const CompiledSource& source, std::string_view sourceName, const store::Batch& batch, Sequence first,
                                                 Prepared prepared, Scratch& scratch)
{
    std::vector<store::MadeItems> all;
    std::vector<std::shared_ptr<const CompiledOutput>> changed, needing;
    std::size_t next = 0; // both are in the order of their keys
    for (const auto& output : source.outputs) {
        std::size_t found = next;
        while (found < prepared.outputs.size() && prepared.outputs[found] != output)
            ++found;
        if (found < prepared.outputs.size()) {
            all.push_back(std::move(prepared.made[found]));
            next = found + 1;
        } else {
            (output->usesId() ? needing : changed).push_back(output);
        }
    }
    // What was changed meanwhile is no fault of who sent the datapoints.
    for (const auto& [outputs, allowance] : {std::pair(&changed, unlimited), std::pair(&needing, prepared.left)}) {
        Making making(*outputs, allowance);
        if (auto done = making.addAll(sourceName, batch, first, scratch); !done)
            return fail(done.error());
        for (store::MadeItems& made : making.take())
            all.push_back(std::move(made));
    }
    return all;
}

} // namespace iotman::pipeline
