#include "core/store/mergepace.h"

#include <algorithm>

namespace iotman::store {

void MergePace::wrote(TimePoint begin, TimePoint end)
{
    restsUntil_ = std::min(std::max(restsUntil_, begin) + (end - begin) * (timing_.restForEach + 1), end + timing_.mostRest);
}

std::optional<MergePace::TimePoint> MergePace::nextStep() const
{
    if (!due_)
        return std::nullopt;
    return std::max(*due_, std::min(restsUntil_, steppedAt_ + timing_.atLeastEvery));
}

} // namespace iotman::store
