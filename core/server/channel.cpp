#include "core/server/channel.h"

#include "core/model/encoding.h"

#include <linux/sockios.h>
#include <linux/tcp.h> // netinet/tcp.h has an older tcp_info
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>
#include <utility>

namespace iotman::server {

namespace {

/// OpenSSL's own socket BIO writes without MSG_NOSIGNAL: a client that went would end the process.
int descriptorOf(BIO* bio)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int writeToSocket(BIO* bio, const char* data, int size)
{
    BIO_clear_retry_flags(bio);
    const ssize_t sent = ::send(descriptorOf(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int readFromSocket(BIO* bio, char* data, int size)
{
    BIO_clear_retry_flags(bio);
    const ssize_t got = ::recv(descriptorOf(bio), data, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_retry_read(bio);
    return static_cast<int>(got);
}

long controlSocket(BIO*, int command, long, void*)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* socketMethod()
{
    static const BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
        BIO_meth_set_write(made, writeToSocket);
        BIO_meth_set_read(made, readFromSocket);
        BIO_meth_set_ctrl(made, controlSocket);
        return made;
    }();
    return method;
}

std::string lastReason()
{
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason ? reason : "it cannot be read";
}

/// RFC 7301: we speak HTTP/1.1 alone.
int chooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                   unsigned int offeredSize, void*)
{
    static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, size, ours.data(), ours.size(), offered, offeredSize) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

/// What became of a call that sends.
template <class Send> Channel::Transfer sent(const Send& send)
{
    while (true) {
        const ssize_t bytes = send();
        if (bytes > 0)
            return {Channel::Result::Moved, static_cast<std::size_t>(bytes), false};
        if (bytes < 0 && errno == EINTR)
            continue;
        if (bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return {Channel::Result::Later, 0, false};
        return {Channel::Result::Ended, 0, true};
    }
}

} // namespace

Expected<std::shared_ptr<const TlsIdentity>> TlsIdentity::load(const std::filesystem::path& certificate,
                                                               const std::filesystem::path& key)
{
    for (const auto& [option, file] : {std::pair("--tls-cert", certificate), std::pair("--tls-key", key)}) {
        if (::access(file.c_str(), R_OK) != 0)
            return fail(Problem::Internal,
                        std::string(option) + ": “" + file.string() + "” cannot be read: " + std::strerror(errno));
    }
    std::shared_ptr<TlsIdentity> identity(new TlsIdentity(SSL_CTX_new(TLS_server_method())));
    SSL_CTX* context = identity->context_;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, chooseProtocol, nullptr);
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
        return fail(Problem::BadRequest,
                    "--tls-cert: “" + certificate.string() + "”: expected a certificate in PEM: " + lastReason());
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(context) != 1)
        return fail(Problem::BadRequest,
                    "--tls-key: “" + key.string() + "”: expected the certificate's key in PEM: " + lastReason());
    return std::shared_ptr<const TlsIdentity>(std::move(identity));
}

std::string TlsIdentity::digest() const
{
    std::string bytes(SHA256_DIGEST_LENGTH, '\0');
    X509_digest(SSL_CTX_get0_certificate(context_), EVP_sha256(), reinterpret_cast<unsigned char*>(bytes.data()), nullptr);
    return hexText(bytes);
}

TlsIdentity::~TlsIdentity()
{
    SSL_CTX_free(context_);
}

Channel::Channel(int descriptor, const std::shared_ptr<const TlsIdentity>& identity, ConnectionCount::Place place)
    : descriptor_(descriptor)
    , place_(std::move(place))
{
    if (!identity)
        return;
    tls_ = SSL_new(identity->context_);
    BIO* bio = BIO_new(socketMethod());
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
    BIO_set_init(bio, 1);
    SSL_set_bio(tls_, bio, bio);
    SSL_set_accept_state(tls_);
}

Channel::Channel(Channel&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
    , tls_(std::exchange(other.tls_, nullptr))
    , place_(std::move(other.place_))
{
}

Channel& Channel::operator=(Channel&& other) noexcept
{
    if (this != &other) {
        close();
        descriptor_ = std::exchange(other.descriptor_, -1);
        tls_ = std::exchange(other.tls_, nullptr);
        place_ = std::move(other.place_);
    }
    return *this;
}

Channel::~Channel()
{
    close();
}

void Channel::close()
{
    if (tls_)
        SSL_free(std::exchange(tls_, nullptr));
    if (descriptor_ >= 0)
        ::close(std::exchange(descriptor_, -1));
}

/// Of an SSL_read or SSL_write that moved nothing.
Channel::Transfer Channel::judged(int result) const
{
    const int error = SSL_get_error(tls_, result);
    ERR_clear_error();
    switch (error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return {Result::Later, 0, false};
    case SSL_ERROR_ZERO_RETURN:
        return {Result::Ended, 0, false};
    default:
        return {Result::Ended, 0, true};
    }
}

Channel::Transfer Channel::read(std::span<char> buffer)
{
    if (tls_) {
        const int got = SSL_read(tls_, buffer.data(), static_cast<int>(std::min<std::size_t>(buffer.size(), INT_MAX)));
        return got > 0 ? Transfer{Result::Moved, static_cast<std::size_t>(got), false} : judged(got);
    }
    const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0)
        return {Result::Moved, static_cast<std::size_t>(got), false};
    if (got == 0)
        return {Result::Ended, 0, false};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return {Result::Later, 0, false};
    return {Result::Ended, 0, true};
}

Channel::Transfer Channel::write(std::string_view bytes)
{
    if (tls_) {
        const int sent = SSL_write(tls_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)));
        return sent > 0 ? Transfer{Result::Moved, static_cast<std::size_t>(sent), false} : judged(sent);
    }
    return sent([&] { return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT); });
}

Channel::Transfer Channel::write(std::string_view first, std::string_view second)
{
    if (second.empty())
        return write(first);
    if (tls_)
        return write(std::string(first).append(second)); // one record rather than two
    std::array parts{iovec{const_cast<char*>(first.data()), first.size()},
                     iovec{const_cast<char*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    return sent([&] { return ::sendmsg(descriptor_, &message, MSG_NOSIGNAL | MSG_DONTWAIT); });
}

bool Channel::hasUnread() const
{
    return tls_ && SSL_pending(tls_) > 0;
}

Channel::Delivery Channel::delivery() const
{
    tcp_info info{};
    socklen_t size = sizeof info;
    int unconfirmed = 0;
    if (::getsockopt(descriptor_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || ::ioctl(descriptor_, SIOCOUTQ, &unconfirmed) != 0)
        return {};
    return {info.tcpi_bytes_acked, unconfirmed == 0};
}

void Channel::endWriting()
{
    if (tls_ && SSL_is_init_finished(tls_))
        SSL_shutdown(tls_);
    ERR_clear_error();
    ::shutdown(descriptor_, SHUT_WR);
}

} // namespace iotman::server
