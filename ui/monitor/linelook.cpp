#include "ui/monitor/linelook.h"

#include <algorithm>

namespace iotman {

const LineLook& LineLooks::of(const LineKey& key) const
{
    static const LineLook byItself;
    const auto found = std::find_if(looks_.begin(), looks_.end(), [&](const auto& each) { return each.first == key; });
    return found == looks_.end() ? byItself : found->second;
}

void LineLooks::set(const LineKey& key, const LineLook& look)
{
    std::erase_if(looks_, [&](const auto& each) { return each.first == key; });
    if (look != LineLook())
        looks_.emplace_back(key, look);
}

} // namespace iotman
