// Many readers of one WebSocket URL in one thread: as little as a reader can cost, so that the server is what is measured.
//
//     bench_readers PORT TARGET COUNT
//
// Says `open` when all are; then, for each line `N` on stdin, `took N` once every reader has got N further messages.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Reader {
    int descriptor = -1;
    std::string received;
    std::int64_t messages = 0;
};

[[noreturn]] void give_up(std::string_view why)
{
    std::cerr << "bench_readers: " << why << ": " << std::strerror(errno) << '\n';
    std::exit(1);
}

/// Connects and shakes hands (RFC 6455 §4.1). What came past the answer's head stays in `received`.
Reader opened(int port, const std::string& target)
{
    Reader reader;
    reader.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(reader.descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        give_up("connecting failed");
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                                "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    if (send(reader.descriptor, request.data(), request.size(), 0) != static_cast<ssize_t>(request.size()))
        give_up("asking failed");
    std::array<char, 4096> buffer{};
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
        const ssize_t got = recv(reader.descriptor, buffer.data(), buffer.size(), 0);
        if (got <= 0)
            give_up("no answer");
        reader.received.append(buffer.data(), static_cast<std::size_t>(got));
        end = reader.received.find("\r\n\r\n");
    }
    if (!reader.received.starts_with("HTTP/1.1 101"))
        give_up("refused with " + reader.received.substr(0, reader.received.find('\r')));
    reader.received.erase(0, end + 4);
    return reader;
}

/// Takes whole frames off the front (RFC 6455 §5.2); returns how many of them were messages.
int takeFrames(std::string& received)
{
    constexpr unsigned text = 1;
    constexpr unsigned extended16 = 126;
    constexpr unsigned extended64 = 127;
    int messages = 0;
    std::size_t at = 0;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(received[at + i])); };
    while (received.size() - at >= 2) {
        std::uint64_t size = byte(1) & 0x7f;
        std::size_t head = 2;
        if (size >= extended16) {
            const std::size_t more = size == extended64 ? 8 : 2;
            if (received.size() - at < head + more)
                break;
            size = 0;
            for (std::size_t i = 0; i < more; ++i)
                size = size << 8 | byte(head + i);
            head += more;
        }
        if (received.size() - at < head + size)
            break;
        messages += (byte(0) & 0x0f) == text ? 1 : 0;
        at += head + size;
    }
    received.erase(0, at);
    return messages;
}

} // namespace

int main(int count, char** words)
{
    if (count != 4)
        give_up("expected PORT TARGET COUNT");
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    const int poll = epoll_create1(EPOLL_CLOEXEC);
    std::vector<Reader> readers;
    for (int i = 0; i < std::atoi(words[3]); ++i)
        readers.push_back(opened(std::atoi(words[1]), words[2]));
    for (std::size_t i = 0; i < readers.size(); ++i) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        epoll_ctl(poll, EPOLL_CTL_ADD, readers[i].descriptor, &event);
    }
    std::cout << "open" << std::endl;
    std::int64_t wanted = 0;
    for (std::string line; std::getline(std::cin, line);) {
        wanted += std::atoll(line.c_str());
        std::size_t behind = 0;
        for (const Reader& reader : readers)
            behind += reader.messages < wanted ? 1 : 0;
        std::array<epoll_event, 256> events{};
        std::array<char, 65536> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): filled by recv
        while (behind > 0) {
            const int ready = epoll_wait(poll, events.data(), events.size(), -1);
            for (int i = 0; i < ready; ++i) {
                Reader& reader = readers[events[static_cast<std::size_t>(i)].data.u64];
                const ssize_t got = recv(reader.descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
                if (got <= 0)
                    give_up("a stream ended");
                reader.received.append(buffer.data(), static_cast<std::size_t>(got));
                const bool wasBehind = reader.messages < wanted;
                reader.messages += takeFrames(reader.received);
                behind -= wasBehind && reader.messages >= wanted ? 1 : 0;
            }
        }
        std::cout << "took " << line << std::endl;
    }
}
