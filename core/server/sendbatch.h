// Bytes for many sockets, sent together.
#pragma once

#include "core/server/channel.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

struct io_uring;

namespace iotman::server {

/// Sends to many sockets in few calls of the kernel (io_uring, Linux 5.6 and later); where it has none or a sandbox forbids it, in one
/// call each. Nothing waits: who has no room takes what it has room for. Used by one thread.
class SendBatch {
public:
    enum class Way { Together, OneByOne };
    explicit SendBatch(Way way = Way::Together);
    ~SendBatch();
    SendBatch(const SendBatch&) = delete;
    SendBatch& operator=(const SendBatch&) = delete;

    /// `descriptor` of a plain connection; `bytes`, which are not empty, stay where they are until `send`.
    void add(int descriptor, std::string_view bytes);
    /// Sends what was added since the last time. What became of each, in that order, until the next `send`.
    std::span<const Channel::Transfer> send();

    /// How it is done here.
    Way way() const { return ring_ ? Way::Together : Way::OneByOne; }

private:
    struct Sending {
        int descriptor;
        std::string_view bytes;
    };
    struct Close {
        void operator()(io_uring* ring) const;
    };

    std::size_t sendTogether(std::span<const Sending> sendings);

    std::unique_ptr<io_uring, Close> ring_;
    std::vector<Sending> sendings_;
    std::vector<Channel::Transfer> transfers_;
};

} // namespace iotman::server
