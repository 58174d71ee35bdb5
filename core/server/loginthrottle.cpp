#include "core/server/loginthrottle.h"

#include "core/model/ascii.h"

#include <algorithm>

namespace iotman::server {

namespace {

constexpr std::size_t freeFailures = 5;
constexpr std::int64_t minute = 60'000'000;
constexpr std::int64_t second = 1'000'000;
constexpr int mostSeconds = 60;
constexpr std::size_t mostRemembered = 10'000;
constexpr std::size_t longestId = 254; // of an e-mail address; a client's is shorter

/// All spellings of an address sign in the same member. Empty for what can be nobody's.
std::string idKey(const std::string& id)
{
    if (id.size() > longestId)
        return {};
    return "id " + (id.find('@') == std::string::npos ? id : lowered(id));
}
std::string addressKey(const std::string& address) { return "address " + address; }

} // namespace

bool LoginThrottle::Failures::isOver(Timestamp now) const
{
    return now.us - counts().us > minute;
}

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

/// Forgets what counts no more, and where that is little the older half at once, so that a flood of ids costs little for each.
void LoginThrottle::makeRoom(Timestamp now)
{
    std::erase_if(failures_, [&](const auto& entry) { return entry.second.isOver(now); });
    if (failures_.size() < mostRemembered / 2)
        return;
    std::vector<Timestamp> times;
    for (const auto& [key, failures] : failures_)
        times.push_back(failures.counts());
    const auto middle = times.begin() + static_cast<long>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    std::erase_if(failures_, [&](const auto& entry) { return entry.second.counts() <= *middle; });
}

void LoginThrottle::countFailure(const std::string& key, Timestamp now)
{
    if (key.empty())
        return;
    if (failures_.size() >= mostRemembered && !failures_.contains(key))
        makeRoom(now);
    Failures& failures = failures_[key];
    // Once there were so many in a minute, each further one counts until a minute in which it could be tried brings none.
    if (!failures.times.empty() && failures.isOver(now))
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
