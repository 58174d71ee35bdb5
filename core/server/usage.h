// When clients, members and endpoints were last used. Any thread.
#pragma once

#include "core/model/names.h"
#include "core/model/timestamp.h"

#include <map>
#include <mutex>
#include <optional>

namespace iotman::server {

template <class Id>
class LastUsed {
public:
    void used(const Id& id, Timestamp at)
    {
        const std::lock_guard lock(mutex_);
        last_.insert_or_assign(id, at);
    }
    std::optional<Timestamp> last(const Id& id) const
    {
        const std::lock_guard lock(mutex_);
        const auto found = last_.find(id);
        return found == last_.end() ? std::nullopt : std::optional(found->second);
    }

    std::map<Id, Timestamp> all() const
    {
        const std::lock_guard lock(mutex_);
        return last_;
    }

private:
    mutable std::mutex mutex_;
    std::map<Id, Timestamp> last_;
};

struct Usage {
    LastUsed<ClientId> clients;
    LastUsed<MemberId> members;
    LastUsed<EndpointId> endpoints;
};

} // namespace iotman::server
