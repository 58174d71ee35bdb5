// The thread that accepts connections and hands them out.
#pragma once

#include "core/server/connectioncount.h"
#include "core/server/httprequest.h"
#include "core/server/listenaddress.h"

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace iotman::server {

enum class TakenPort {
    Refuse,
    NextFree, ///< the next free one is taken instead, the same for all addresses
};

class Acceptor {
public:
    /// Called on the acceptor's thread with a connected socket, non-blocking, now the callee's.
    using OnAccepted = std::function<void(int descriptor, const Peer& peer, ConnectionCount::Place place)>;
    /// Whether an address stands for many clients, so that only the total limits it: a proxy. Called on the acceptor's thread.
    using IsShared = std::function<bool(const std::string& address)>;

    /// Binds all addresses; connections are only accepted after `start`. Port 0 takes a free one. Errors: Conflict for a taken port,
    /// naming the next free one, Forbidden, NotFound for an address that this machine lacks.
    static Expected<std::unique_ptr<Acceptor>> bind(const std::vector<ListenAddress>& addresses, TakenPort taken);
    ~Acceptor();
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    /// While `connections` is full, new ones wait in the kernel's queue; of an address that has its share they are closed at once.
    void start(OnAccepted onAccepted, IsShared isShared, ConnectionCount& connections);
    void stop();

    /// One per address that is listened on, in the order given.
    const std::vector<std::string>& urls() const { return urls_; }
    int port() const { return port_; } ///< of the first address

private:
    Acceptor();
    Expected<void> add(const ListenAddress& address, int port);
    void work(const std::stop_token& stop, const OnAccepted& onAccepted, const IsShared& isShared, ConnectionCount& connections);

    std::vector<int> listening_;
    std::vector<std::string> urls_;
    int port_ = 0;
    int wake_ = -1;
    std::jthread thread_;
};

} // namespace iotman::server
