// Datapoints made into items: by the thread that brings them in, and by the writer what needs their sequences.
#pragma once

#include "core/pipeline/compiled.h"

#include <limits>
#include <span>

namespace iotman::pipeline {

/// What evaluation needs and keeps between calls; one per thread.
struct Scratch {
    rules::Payload payload;
};

/// Runs one output on the payload and adds what comes of it to `made`, counters included. `steps` gets those that it took added.
void run(const CompiledOutput& output, const rules::Payload& payload, const rules::Variables& variables, std::uint32_t datapoint, store::MadeItems& made,
         std::int64_t& steps);
inline void run(const CompiledOutput& output, const rules::Payload& payload, const rules::Variables& variables, std::uint32_t datapoint, store::MadeItems& made)
{
    std::int64_t steps = 0;
    run(output, payload, variables, datapoint, made, steps);
}

/// What may be spent on datapoints that come together: who asks has a thread that others wait for. One alone may take what its rules may.
struct Allowance {
    std::int64_t steps = std::numeric_limits<std::int64_t>::max() / 2;
    std::int64_t stepsForEach = 0; ///< and these for each item that is to be made
    std::size_t bytes = std::numeric_limits<std::size_t>::max();
};

/// On the thread that received a request: some seconds at most.
inline constexpr Allowance forRequest{20'000'000, 400, std::size_t(256) * 1024 * 1024};
/// On the writer thread, for which all of them wait.
inline constexpr Allowance forRequestInWriter{2'000'000, 400, std::size_t(256) * 1024 * 1024};
/// What the program brings in itself, in pieces of its own.
inline constexpr Allowance unlimited{};

/// The items of one batch, made by some of its source's outputs.
struct Prepared {
    std::vector<std::shared_ptr<const CompiledOutput>> outputs;
    std::vector<store::MadeItems> made; ///< one for each output
    Allowance left;                     ///< for those that need sequences
};

/// Runs outputs on the datapoints of a batch, in their order.
class Making {
public:
    /// `outputs` outlive it.
    Making(std::span<const std::shared_ptr<const CompiledOutput>> outputs, Allowance allowance);

    /// Errors: TooLarge when the datapoints so far took more than is allowed.
    Expected<void> add(const rules::Payload& payload, const rules::Variables& variables);
    /// All of a batch whose datapoints get the sequences from `first`. Errors: as above.
    Expected<void> addAll(std::string_view sourceName, const store::Batch& batch, Sequence first, Scratch& scratch);
    /// Once.
    std::vector<store::MadeItems> take() { return std::move(made_); }

private:
    std::span<const std::shared_ptr<const CompiledOutput>> outputs_;
    Allowance allowance_;
    std::vector<store::MadeItems> made_;
    std::int64_t steps_ = 0;
    std::uint32_t count_ = 0;
};

/// The outputs of a source that can run before a batch is stored.
std::vector<std::shared_ptr<const CompiledOutput>> withoutSequence(const CompiledSource& source);

/// Makes what can be made of a batch before it is stored.
Prepared prepare(const CompiledSource& source, std::string_view sourceName, const store::Batch& batch, Scratch& scratch);

/// In the writer: the items of all outputs of `source`, those of `prepared` taken over where the output is the same still.
/// Errors: TooLarge, beyond what `prepared` leaves to the rest.
Expected<std::vector<store::MadeItems>> complete(const CompiledSource& source, std::string_view sourceName, const store::Batch& batch, Sequence first,
                                                 Prepared prepared, Scratch& scratch);

} // namespace iotman::pipeline
