#include "tests/e2e/rawhttp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

namespace iotman::test {

namespace {

bool connectTo(int descriptor, int port, Loopback loopback)
{
    if (loopback == Loopback::V6) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(static_cast<quint16>(port));
        address.sin6_addr = in6addr_loopback;
        return connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<quint16>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

} // namespace

RawConnection::RawConnection(int port, Loopback loopback)
    : descriptor_(socket(loopback == Loopback::V6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    constexpr int usual = 10;
    waitAtMost(usual);
    if (!connectTo(descriptor_, port, loopback)) {
        close(descriptor_);
        descriptor_ = -1;
    }
}

void RawConnection::waitAtMost(int seconds)
{
    const timeval longest{seconds, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
}

void RawConnection::reset()
{
    const linger atOnce{1, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
    close(descriptor_);
    descriptor_ = -1;
}

RawConnection::~RawConnection()
{
    if (descriptor_ >= 0)
        close(descriptor_);
}

void RawConnection::send(const QByteArray& bytes)
{
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        const ssize_t taken = ::send(descriptor_, bytes.constData() + sent, static_cast<std::size_t>(bytes.size() - sent), MSG_NOSIGNAL);
        if (taken <= 0)
            return;
        sent += taken;
    }
}

bool RawConnection::receive()
{
    std::array<char, 65536> buffer{};
    const ssize_t got = recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (got <= 0)
        return false;
    received_.append(buffer.data(), got);
    return true;
}

HttpAnswer RawConnection::answer(bool toHead)
{
    HttpAnswer answer;
    while (!received_.contains("\r\n\r\n")) {
        if (!receive()) {
            answer.closed = true;
            return answer;
        }
    }
    const qsizetype end = received_.indexOf("\r\n\r\n");
    const QList<QByteArray> lines = received_.left(end).split('\n');
    received_.remove(0, end + 4);
    answer.status = lines.first().split(' ').value(1).toInt();
    for (const QByteArray& line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        const QByteArray name = line.left(colon).trimmed().toLower();
        const QByteArray value = line.mid(colon + 1).trimmed();
        QByteArray& kept = answer.headers[name];
        kept = kept.isEmpty() ? value : kept + ", " + value;
    }
    const qsizetype length = toHead || answer.status < 200 ? 0 : answer.headers.value("content-length").toLongLong();
    while (received_.size() < length) {
        if (!receive())
            return answer;
    }
    answer.body = received_.left(length);
    received_.remove(0, length);
    answer.closed = answer.headers.value("connection") == "close";
    return answer;
}

bool RawConnection::waitFor(const QByteArray& text)
{
    while (!received_.contains(text)) {
        if (!receive())
            return false;
    }
    received_.remove(0, received_.indexOf(text) + text.size());
    return true;
}

void RawConnection::endWriting()
{
    shutdown(descriptor_, SHUT_WR);
}

QByteArray RawConnection::until(char end)
{
    while (!received_.contains(end)) {
        if (!receive())
            return {};
    }
    const qsizetype at = received_.indexOf(end);
    const QByteArray text = at == 0 ? QByteArray("") : received_.left(at);
    received_.remove(0, at + 1);
    return text;
}

QByteArray RawConnection::line() { return until('\n'); }

QByteArray RawConnection::bytes(qsizetype count)
{
    while (received_.size() < count && receive()) {
    }
    const QByteArray bytes = received_.left(count);
    received_.remove(0, bytes.size());
    return bytes;
}

bool RawConnection::waitForClose()
{
    std::array<char, 65536> buffer{};
    while (true) {
        const ssize_t got = recv(descriptor_, buffer.data(), buffer.size(), 0);
        if (got == 0 || (got < 0 && errno == ECONNRESET))
            return true;
        if (got < 0)
            return false;
    }
}

HttpAnswer request(int port, const QByteArray& method, const QByteArray& target, const QList<QByteArray>& headers, const QByteArray& body)
{
    QByteArray text = method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port) + "\r\n";
    for (const QByteArray& header : headers)
        text += header + "\r\n";
    if (!body.isNull())
        text += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    RawConnection connection(port);
    connection.send(text + "\r\n" + body);
    return connection.answer(method == "HEAD");
}

} // namespace iotman::test
