// How many connections are open, all together and of each address: what decides whether one more is taken.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace iotman::server {

struct ConnectionLimits {
    int total = 10'000;
    int ofOneAddress = 8'000; ///< so that no address alone can keep all others out
};

/// All functions may be called from any thread.
class ConnectionCount {
    struct Shared;

public:
    /// One counted connection, for as long as it lives. It may outlive the count.
    class Place {
    public:
        Place() = default; ///< of nothing
        Place(Place&& other) noexcept = default;
        Place& operator=(Place&& other) noexcept;
        ~Place();

    private:
        friend class ConnectionCount;
        Place(std::shared_ptr<Shared> shared, std::string address);

        std::shared_ptr<Shared> shared_;
        std::string address_;
    };

    explicit ConnectionCount(ConnectionLimits limits = {});

    int total() const;
    bool isFull() const; ///< of the total
    /// Nothing where this address has its share. `isShared`: it stands for many clients (a proxy), and only the total counts.
    std::optional<Place> take(std::string_view address, bool isShared);

private:
    std::shared_ptr<Shared> shared_;
};

} // namespace iotman::server
