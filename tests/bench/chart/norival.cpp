#include "tests/bench/chart/bench.h"

namespace bench {

std::unique_ptr<Chart> rivalChart(double, bool)
{
    return nullptr;
}

} // namespace bench
