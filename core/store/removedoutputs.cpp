#include "core/store/removedoutputs.h"

namespace iotman::store {

namespace {

/// Far more than are served by a catalog that anyone still goes by.
constexpr std::size_t mostRemembered = 100'000;

} // namespace

void RemovedOutputs::add(OutputKey output)
{
    const std::lock_guard lock(mutex_);
    outputs_.insert(output);
    if (outputs_.size() > mostRemembered)
        outputs_.erase(outputs_.begin());
    greatest_ = std::max(greatest_.load(), output);
}

void RemovedOutputs::leaveOut(const Catalog& served)
{
    const std::lock_guard lock(mutex_);
    for (const auto& [id, output] : served.outputs)
        outputs_.erase(output.key);
}

void RemovedOutputs::leaveOut(const std::set<OutputKey>& growing)
{
    if (growing.empty())
        return;
    const std::lock_guard lock(mutex_);
    for (const OutputKey output : growing)
        outputs_.erase(output);
}

bool RemovedOutputs::contains(OutputKey output) const
{
    if (output > greatest_)
        return false;
    const std::lock_guard lock(mutex_);
    return outputs_.contains(output);
}

} // namespace iotman::store
