#include "core/server/loginthrottle.h"

#include <algorithm>

namespace iotman::server {

namespace {

constexpr std::size_t freeFailures = 5;
constexpr std::int64_t minute = 60'000'000;
constexpr std::int64_t second = 1'000'000;
constexpr int mostSeconds = 60;
constexpr std::size_t mostRemembered = 10'000;

std::string idKey(const std::string& id) { return "id " + id; }
std::string addressKey(const std::string& address) { return "address " + address; }

} // namespace

std::optional<int> LoginThrottle::wait(const std::string& id, const std::string& address, Timestamp now)
{
    const std::lock_guard lock(mutex_);
    std::int64_t longest = 0;
    for (const std::string& key : {idKey(id), addressKey(address)}) {
        const auto found = failures_.find(key);
        if (found != failures_.end())
            longest = std::max(longest, found->second.blockedUntil.us - now.us);
    }
    if (longest <= 0)
        return std::nullopt;
    return static_cast<int>(std::min<std::int64_t>((longest + second - 1) / second, mostSeconds));
}

/// Forgets the older half at once, so that a flood of ids costs little for each.
void LoginThrottle::makeRoom()
{
    std::vector<Timestamp> times;
    for (const auto& [key, failures] : failures_)
        times.push_back(failures.last());
    const auto middle = times.begin() + static_cast<long>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    std::erase_if(failures_, [&](const auto& entry) { return entry.second.last() <= *middle; });
}

void LoginThrottle::countFailure(const std::string& key, Timestamp now)
{
    if (failures_.size() >= mostRemembered && !failures_.contains(key))
        makeRoom();
    Failures& failures = failures_[key];
    // Once there were so many in a minute, each further one counts until a minute in which it could be tried brings none.
    if (!failures.times.empty() && now.us - std::max(failures.last(), failures.blockedUntil).us > minute)
        failures = {};
    if (failures.blocks == 0)
        std::erase_if(failures.times, [&](Timestamp time) { return now.us - time.us > minute; });
    failures.times.push_back(now);
    if (failures.times.size() < freeFailures)
        return;
    failures.times.erase(failures.times.begin());
    const int doublings = std::min(failures.blocks++, 6);
    failures.blockedUntil = {now.us + std::min<std::int64_t>(std::int64_t{1} << doublings, mostSeconds) * second};
}

void LoginThrottle::failed(const std::string& id, const std::string& address, Timestamp now)
{
    const std::lock_guard lock(mutex_);
    countFailure(idKey(id), now);
    countFailure(addressKey(address), now);
}

void LoginThrottle::succeeded(const std::string& id)
{
    const std::lock_guard lock(mutex_);
    failures_.erase(idKey(id));
}

} // namespace iotman::server
