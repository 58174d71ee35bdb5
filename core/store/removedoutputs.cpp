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

void RemovedOutputs::leaveOut(const Catalog& catalog)
{
    const std::lock_guard lock(mutex_);
    for (const OutputKey output : catalog.generations())
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
