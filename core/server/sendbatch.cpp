#include "core/server/sendbatch.h"

#include <liburing.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace iotman::server {

namespace {

constexpr unsigned mostTogether = 256;
constexpr int sendFlags = MSG_NOSIGNAL | MSG_DONTWAIT;

/// `result`: the bytes that went, or the error as a negative number.
Channel::Transfer transferOf(std::int64_t result)
{
    if (result > 0)
        return {Channel::Result::Moved, static_cast<std::size_t>(result), false};
    if (result == -EAGAIN || result == -EWOULDBLOCK || result == -EINTR)
        return {Channel::Result::Later, 0, false};
    return {Channel::Result::Ended, 0, true};
}

bool canSend(io_uring& ring)
{
    const std::unique_ptr<io_uring_probe, decltype(&io_uring_free_probe)> probe(io_uring_get_probe_ring(&ring), &io_uring_free_probe);
    return probe && io_uring_opcode_supported(probe.get(), IORING_OP_SEND) != 0;
}

} // namespace

void SendBatch::Close::operator()(io_uring* ring) const
{
    io_uring_queue_exit(ring);
    delete ring;
}

SendBatch::SendBatch(Way way)
{
    if (way == Way::OneByOne)
        return;
    auto ring = std::make_unique<io_uring>();
    if (io_uring_queue_init(mostTogether, ring.get(), 0) != 0)
        return;
    ring_.reset(ring.release());
    if (!canSend(*ring_))
        ring_.reset();
}

SendBatch::~SendBatch() = default;

void SendBatch::add(int descriptor, std::string_view bytes)
{
    sendings_.push_back({descriptor, bytes});
}

std::span<const Channel::Transfer> SendBatch::send()
{
    transfers_.assign(sendings_.size(), {});
    std::size_t done = 0;
    while (ring_ && done < sendings_.size()) {
        const std::size_t wanted = std::min<std::size_t>(mostTogether, sendings_.size() - done);
        const std::size_t went = sendTogether(std::span(sendings_).subspan(done, wanted));
        done += went;
        if (went < wanted)
            ring_.reset(); // the kernel takes no more this way
    }
    for (; done < sendings_.size(); ++done) {
        const ssize_t sent = ::send(sendings_[done].descriptor, sendings_[done].bytes.data(), sendings_[done].bytes.size(), sendFlags);
        transfers_[done] = transferOf(sent < 0 ? -errno : sent);
    }
    sendings_.clear();
    return transfers_;
}

/// How many of them, from the first on, the kernel took; `transfers_` says what became of those.
std::size_t SendBatch::sendTogether(std::span<const Sending> sendings)
{
    const std::size_t first = static_cast<std::size_t>(sendings.data() - sendings_.data());
    for (std::size_t i = 0; i < sendings.size(); ++i) {
        io_uring_sqe* entry = io_uring_get_sqe(ring_.get());
        io_uring_prep_send(entry, sendings[i].descriptor, sendings[i].bytes.data(), sendings[i].bytes.size(), sendFlags);
        io_uring_sqe_set_data64(entry, first + i);
    }
    bool isRefused = false;
    std::size_t taken = sendings.size();
    for (std::size_t answered = 0; answered < taken;) {
        const auto missing = static_cast<unsigned>(taken - answered);
        const int result = isRefused ? io_uring_wait_cqe_nr(ring_.get(), nullptr, missing) : io_uring_submit_and_wait(ring_.get(), missing);
        if (result < 0 && result != -EINTR) {
            if (isRefused)
                break;
            isRefused = true;
            taken -= io_uring_sq_ready(ring_.get());
        }
        unsigned head = 0;
        unsigned count = 0;
        io_uring_cqe* entry = nullptr;
        io_uring_for_each_cqe(ring_.get(), head, entry)
        {
            transfers_[entry->user_data] = transferOf(entry->res);
            ++count;
        }
        io_uring_cq_advance(ring_.get(), count);
        answered += count;
    }
    return taken;
}

} // namespace iotman::server
