// Guessing is slowed: after five failures in a minute for one id or one address, each further try waits, up to a minute.
#pragma once

#include "core/model/timestamp.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace iotman::server {

/// Any thread. Remembers a bounded number of ids and addresses; the oldest go first.
class LoginThrottle {
public:
    /// Seconds to wait before this id and address may try again; nothing when they may now.
    std::optional<int> wait(const std::string& id, const std::string& address, Timestamp now);
    void failed(const std::string& id, const std::string& address, Timestamp now);
    void succeeded(const std::string& id);

private:
    struct Failures {
        std::vector<Timestamp> times; ///< of those that count, oldest first; few
        int blocks = 0;
        Timestamp blockedUntil;

        Timestamp last() const { return times.back(); }
        Timestamp counts() const { return std::max(last(), blockedUntil); } ///< a minute from then on
        bool isOver(Timestamp now) const;
    };
    void countFailure(const std::string& key, Timestamp now);
    void makeRoom(Timestamp now);

    std::mutex mutex_;
    std::map<std::string, Failures> failures_;
};

} // namespace iotman::server
