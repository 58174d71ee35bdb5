#include "core/server/acceptor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace iotman::server {

namespace {

constexpr int portsTried = 100;
/// Bytes of an answer or a stream that wait in the kernel before any of them is on its way.
constexpr int mostUnsent = 256 * 1024;
/// How long accepting rests when descriptors run out or too many connections are open.
constexpr int restMilliseconds = 100;

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

Address socketAddress(const ListenAddress& address, int port)
{
    Address result;
    if (address.isIpv6()) {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = htons(static_cast<std::uint16_t>(port));
        inet_pton(AF_INET6, address.host.c_str(), &in.sin6_addr);
        std::memcpy(&result.storage, &in, sizeof in);
        result.size = sizeof in;
    } else {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(static_cast<std::uint16_t>(port));
        inet_pton(AF_INET, address.host.c_str(), &in.sin_addr);
        std::memcpy(&result.storage, &in, sizeof in);
        result.size = sizeof in;
    }
    return result;
}

/// A listening socket, or minus errno.
int listenOn(const ListenAddress& address, int port)
{
    const Address bound = socketAddress(address, port);
    const int descriptor = socket(bound.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -errno;
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // More would wait in the kernel for who reads slowly, megabytes each; a connection has it from the socket that it came in at.
    setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &mostUnsent, sizeof mostUnsent);
    if (address.isIpv6())
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&bound.storage), bound.size) == 0 && listen(descriptor, SOMAXCONN) == 0)
        return descriptor;
    const int number = errno;
    ::close(descriptor);
    return -number;
}

int boundPort(int descriptor)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size);
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &storage, sizeof in);
        return ntohs(in.sin6_port);
    }
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    return ntohs(in.sin_port);
}

Peer peerOf(const sockaddr_storage& storage)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &storage, sizeof in);
        inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
        return {text.data(), IN6_IS_ADDR_LOOPBACK(&in.sin6_addr) != 0};
    }
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
    constexpr unsigned loopbackNet = 127;
    return {text.data(), (ntohl(in.sin_addr.s_addr) >> 24) == loopbackNet};
}

int nextFree(const ListenAddress& address, int taken)
{
    for (int port = taken + 1; port <= 65535 && port <= taken + portsTried; ++port) {
        const int descriptor = listenOn(address, port);
        if (descriptor >= 0) {
            ::close(descriptor);
            return port;
        }
    }
    return 0;
}

} // namespace

Acceptor::Acceptor() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Acceptor::~Acceptor()
{
    stop();
    for (const int descriptor : listening_)
        ::close(descriptor);
    ::close(wake_);
}

Expected<void> Acceptor::add(const ListenAddress& address, int port)
{
    const int descriptor = listenOn(address, port);
    const std::string name = address.url(port).substr(std::string_view("http://").size());
    switch (-descriptor) {
    case EADDRINUSE: {
        const int free = nextFree(address, port);
        return fail(Problem::Conflict, "the port of " + name + " is taken by another program" +
                                           (free > 0 ? "; the next free one is " + std::to_string(free) : std::string()));
    }
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
        return fail(Problem::NotFound, "this machine does not have the address " + address.host);
    case EACCES:
        return fail(Problem::Forbidden, "listening on " + name + " is not permitted; ports below 1024 need rights of their own");
    default:
        break;
    }
    if (descriptor < 0)
        return fail(Problem::Internal, "listening on " + name + " failed: " + std::strerror(-descriptor));
    listening_.push_back(descriptor);
    urls_.push_back(address.url(boundPort(descriptor)));
    if (port_ == 0)
        port_ = boundPort(descriptor);
    return {};
}

Expected<std::unique_ptr<Acceptor>> Acceptor::bind(const std::vector<ListenAddress>& addresses, TakenPort taken)
{
    Error first;
    for (int shift = 0; shift <= (taken == TakenPort::NextFree ? portsTried : 0); ++shift) {
        std::unique_ptr<Acceptor> acceptor(new Acceptor);
        bool retry = false;
        for (const ListenAddress& address : addresses) {
            const auto added = acceptor->add(address, address.port == 0 ? 0 : address.port + shift);
            if (added || (address.optional && added.error().kind == Problem::NotFound))
                continue;
            if (shift == 0)
                first = added.error();
            retry = added.error().kind == Problem::Conflict && taken == TakenPort::NextFree;
            if (!retry)
                return fail(added.error());
            break;
        }
        if (!retry)
            return acceptor;
    }
    return fail(first);
}

void Acceptor::start(OnAccepted onAccepted, IsShared isShared, ConnectionCount& connections)
{
    thread_ = std::jthread(
        [this, onAccepted = std::move(onAccepted), isShared = std::move(isShared), &connections](const std::stop_token& stop) {
            work(stop, onAccepted, isShared, connections);
        });
}

void Acceptor::stop()
{
    if (!thread_.joinable())
        return;
    thread_.request_stop();
    const std::uint64_t one = 1;
    (void)!write(wake_, &one, sizeof one);
    thread_.join();
}

void Acceptor::work(const std::stop_token& stop, const OnAccepted& onAccepted, const IsShared& isShared, ConnectionCount& connections)
{
    std::vector<pollfd> waiting;
    for (const int descriptor : listening_)
        waiting.push_back({descriptor, POLLIN, 0});
    waiting.push_back({wake_, POLLIN, 0});
    while (!stop.stop_requested()) {
        const bool full = connections.isFull();
        // While there is no room, only the wake-up is listened to.
        poll(full ? &waiting.back() : waiting.data(), full ? 1 : waiting.size(), full ? restMilliseconds : -1);
        for (std::size_t i = 0; !full && i + 1 < waiting.size(); ++i) {
            if (waiting[i].revents == 0)
                continue;
            sockaddr_storage storage{};
            socklen_t size = sizeof storage;
            const int descriptor = accept4(waiting[i].fd, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor < 0) {
                if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
                    poll(&waiting.back(), 1, restMilliseconds);
                continue;
            }
            const Peer peer = peerOf(storage);
            std::optional<ConnectionCount::Place> place = connections.take(peer.address, isShared(peer.address));
            if (!place) {
                ::close(descriptor);
                continue;
            }
            const int on = 1;
            setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            onAccepted(descriptor, peer, std::move(*place));
        }
    }
}

} // namespace iotman::server
