#include "core/server/connectioncount.h"

#include <utility>

namespace iotman::server {

struct ConnectionCount::Shared {
    const ConnectionLimits limits;
    std::mutex mutex;
    int total = 0;
    std::unordered_map<std::string, int> ofAddress;
};

ConnectionCount::Place::Place(std::shared_ptr<Shared> shared, std::string address)
    : shared_(std::move(shared)), address_(std::move(address))
{
}

ConnectionCount::Place& ConnectionCount::Place::operator=(Place&& other) noexcept
{
    std::swap(shared_, other.shared_);
    std::swap(address_, other.address_);
    return *this;
}

ConnectionCount::Place::~Place()
{
    if (!shared_)
        return;
    const std::lock_guard lock(shared_->mutex);
    --shared_->total;
    const auto found = shared_->ofAddress.find(address_);
    if (--found->second == 0)
        shared_->ofAddress.erase(found);
}

ConnectionCount::ConnectionCount(ConnectionLimits limits) : shared_(new Shared{limits, {}, 0, {}}) {}

int ConnectionCount::total() const
{
    const std::lock_guard lock(shared_->mutex);
    return shared_->total;
}

bool ConnectionCount::isFull() const
{
    return total() >= shared_->limits.total;
}

std::optional<ConnectionCount::Place> ConnectionCount::take(std::string_view address, bool isShared)
{
    std::string name(address);
    const std::lock_guard lock(shared_->mutex);
    const auto found = shared_->ofAddress.find(name);
    if (!isShared && found != shared_->ofAddress.end() && found->second >= shared_->limits.ofOneAddress)
        return std::nullopt;
    ++shared_->total;
    ++shared_->ofAddress[name];
    return Place(shared_, std::move(name));
}

} // namespace iotman::server
