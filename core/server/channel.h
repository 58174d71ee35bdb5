// The bytes of one connection, plain or through TLS: read and written without waiting.
#pragma once

#include "core/model/error.h"
#include "core/server/connectioncount.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace iotman::server {

/// A certificate and its key (`--tls-cert`, `--tls-key`), ready for connections. Immutable; any thread.
class TlsIdentity {
public:
    /// PEM files: the certificate with those that vouch for it, and its key. Errors: one sentence that names the file.
    static Expected<std::shared_ptr<const TlsIdentity>> load(const std::filesystem::path& certificate,
                                                             const std::filesystem::path& key);
    /// SHA-256 of the certificate, in hexadecimal.
    std::string digest() const;

    ~TlsIdentity();
    TlsIdentity(const TlsIdentity&) = delete;
    TlsIdentity& operator=(const TlsIdentity&) = delete;

private:
    friend class Channel;
    explicit TlsIdentity(ssl_ctx_st* context)
        : context_(context)
    {
    }

    ssl_ctx_st* context_;
};

/// Owns a connected, non-blocking socket and its place among the counted ones. Used by one thread at a time; may be handed to another.
class Channel {
public:
    /// Without an identity the connection is plain. The handshake happens during the first reads and writes.
    Channel(int descriptor, const std::shared_ptr<const TlsIdentity>& identity, ConnectionCount::Place place);
    Channel() = default; ///< of nothing
    Channel(Channel&& other) noexcept;
    Channel& operator=(Channel&& other) noexcept;
    ~Channel();

    int descriptor() const { return descriptor_; }
    bool isTls() const { return tls_ != nullptr; }

    enum class Result {
        Moved, ///< some bytes were
        Later, ///< nothing at the moment: wait until the socket is ready
        Ended, ///< the other side closes its direction (reading), or the connection failed
    };
    struct Transfer {
        Result result = Result::Ended;
        std::size_t bytes = 0;
        bool failed = false; ///< of Ended: not a regular end
    };
    Transfer read(std::span<char> buffer);
    Transfer write(std::string_view bytes);
    /// Both, one behind the other, in one go; `bytes` of the result counts them together.
    Transfer write(std::string_view first, std::string_view second);

    /// What the other side has confirmed of all that was written; on a connection that is no TCP, as if it had all.
    struct Delivery {
        std::uint64_t confirmed = 0; ///< bytes
        bool isWhole = true;
    };
    Delivery delivery() const;

    /// Bytes that have been decrypted already: the socket's readiness does not tell of them.
    bool hasUnread() const;
    /// Says that nothing more will be sent.
    void endWriting();

private:
    void close();
    Transfer judged(int result) const;

    int descriptor_ = -1;
    ssl_st* tls_ = nullptr;
    ConnectionCount::Place place_;
};

} // namespace iotman::server
