#include "tests/core/client/strictserver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace iotman::client {

namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

Context strictContext()
{
    const std::string folder = IOTMAN_SOURCE_DIR "/tests/core/client/certificates/";
    Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    SSL_CTX_use_certificate_file(context.get(), (folder + "server.pem").c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context.get(), (folder + "server.key").c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_load_verify_file(context.get(), (folder + "authority.pem").c_str());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return context;
}

void serve(SSL_CTX& context, int socket)
{
    const timeval patience{5, 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const Session session(SSL_new(&context), &SSL_free);
    SSL_set_fd(session.get(), socket);
    char bytes[4096];
    if (SSL_accept(session.get()) == 1 && SSL_read(session.get(), bytes, sizeof bytes) > 0) {
        constexpr std::string_view answer = "HTTP/1.1 404 Nothing\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        SSL_write(session.get(), answer.data(), static_cast<int>(answer.size()));
        SSL_shutdown(session.get());
    }
    // What is not read makes the system drop what was sent, the alert too.
    shutdown(socket, SHUT_WR);
    while (read(socket, bytes, sizeof bytes) > 0) {
    }
    close(socket);
}

} // namespace

StrictServer::StrictServer()
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    listen(listener_, 16);
    thread_ = std::jthread([listener = listener_] {
        const Context context = strictContext();
        for (int socket; (socket = accept(listener, nullptr, nullptr)) >= 0;)
            serve(*context, socket);
    });
}

StrictServer::~StrictServer()
{
    shutdown(listener_, SHUT_RDWR); // accept returns
    thread_.join();
    close(listener_);
}

QUrl StrictServer::url() const
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    return QUrl(QStringLiteral("https://127.0.0.1:%1").arg(ntohs(address.sin_port)));
}

} // namespace iotman::client
