#include "core/client/hostedtail.h"

#include <algorithm>

namespace iotman::client {

void HostedTail::remember(const std::string& json)
{
    known_.push_back(json);
    ++counts_[json];
    if (known_.size() <= most_)
        return;
    const auto oldest = counts_.find(known_.front());
    if (--oldest->second == 0)
        counts_.erase(oldest);
    known_.pop_front();
}

HostedTail::CaughtUp HostedTail::catchUp(const std::vector<Item>& newestFirst)
{
    CaughtUp result;
    std::unordered_map<std::string, int> counts = counts_;
    for (const Item& item : newestFirst) {
        const auto known = counts.find(item.json);
        if (known != counts.end() && known->second > 0)
            --known->second;
        else
            result.items.push_back(item);
    }
    std::reverse(result.items.begin(), result.items.end());
    result.isGap = !known_.empty() && !newestFirst.empty() && result.items.size() == newestFirst.size();
    expected_.clear();
    for (const Item& item : result.items) {
        remember(item.json);
        expected_.push_back(item.json);
    }
    return result;
}

bool HostedTail::isRepeat(const std::string& json)
{
    const auto found = std::find(expected_.begin(), expected_.end(), json);
    if (found != expected_.end()) {
        expected_.erase(expected_.begin(), found + 1);
        return true;
    }
    expected_.clear();
    remember(json);
    return false;
}

} // namespace iotman::client
