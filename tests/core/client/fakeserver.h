// A server of the tests' own: it answers what a script says, over HTTP and WebSocket, and keeps what it was asked.
#pragma once

#include "core/client/network.h"
#include "core/model/clock.h"

#include <QList>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>
#include <QWebSocket>
#include <QWebSocketServer>

#include <functional>
#include <memory>

namespace iotman::client {

struct FakeRequest {
    QByteArray method;
    QByteArray target; ///< path and query as sent
    QByteArray head;   ///< all of it, with the request line
    QByteArray body;

    QByteArray header(QByteArrayView name) const;
    QByteArray path() const { return target.left(target.indexOf('?') < 0 ? target.size() : target.indexOf('?')); }
    QString parameter(const QString& name) const;
};

struct FakeAnswer {
    int status = 200;
    QByteArray body;
    QByteArray type = "application/json";
    QByteArray headers; ///< further lines, each ended by CRLF
    bool hang = false;  ///< no answer at all
    QByteArray raw;     ///< these bytes instead of an answer, then the connection is closed
    bool hold = false;  ///< after `raw` the connection stays open, in `held()`
};

class FakeServer : public QObject {
    Q_OBJECT

public:
    enum class Tls {
        No,
        OtherName, ///< with one of the certificates in selfsigned.h
        Expired,
        Signed,    ///< by the authority in certificates/, for iot.example and 127.0.0.1
        Renewed,   ///< the same key, another certificate
        Demanding, ///< as Signed, and who comes must show a certificate of that authority
    };
    /// Listens on a free port of this computer.
    explicit FakeServer(Tls tls = Tls::No);

    QUrl url(const QString& path = {}) const;
    /// The same by the name in its certificate, which only a proxy can find.
    QUrl namedUrl(const QString& path = {}) const;
    /// The answer to each request but upgrades that are let in.
    std::function<FakeAnswer(const FakeRequest&)> answer = [](const FakeRequest&) {
        return FakeAnswer{404, "{}", "application/json", {}, false, {}};
    };
    /// Whether an upgrade is let in; else `answer` refuses it.
    std::function<bool(const FakeRequest&)> upgrade = [](const FakeRequest&) { return true; };
    /// A stream was opened. The socket is the server's.
    std::function<void(QWebSocket&, const FakeRequest&)> opened = [](QWebSocket&, const FakeRequest&) {};
    /// Instead of `opened` where set: the upgrade is answered, and the bytes of frames are up to the script.
    std::function<void(QTcpSocket&, const FakeRequest&)> rawOpened;

    QList<FakeRequest> requests; ///< in order of arrival, upgrades too
    qsizetype count(const QByteArray& path) const;
    /// The subjects of the certificates that were shown, a request each; empty where none was.
    QStringList shown;
    QList<QWebSocket*> streams() const { return streams_; }
    /// Connections that wait for more bytes of the script's, in order; null where one has gone.
    const QList<QPointer<QTcpSocket>>& held() const { return held_; }

private:
    void readyRead(QTcpSocket* socket);
    void respond(QTcpSocket* socket, const FakeAnswer& answer);
    void letIn(QTcpSocket* socket, const FakeRequest& request);

    std::unique_ptr<QTcpServer> server_;
    QWebSocketServer upgrades_{QStringLiteral("fake"), QWebSocketServer::NonSecureMode};
    QList<FakeRequest> upgrading_;
    QList<QWebSocket*> streams_;
    QList<QPointer<QTcpSocket>> held_;
    bool isSecure_ = false;
};

class FakeClock : public Clock {
public:
    Timestamp now() const override { return time; }
    void advance(std::int64_t seconds) { time.us += seconds * 1'000'000; }
    Timestamp time{1'700'000'000'000'000};
};

/// The same byte again and again: 0 draws the longest wait, 255 the shortest.
class FakeRandom : public Random {
public:
    explicit FakeRandom(int byte = 0)
        : byte_(static_cast<std::byte>(byte))
    {
    }
    void fill(std::span<std::byte> bytes) override { std::fill(bytes.begin(), bytes.end(), byte_); }

private:
    std::byte byte_;
};

/// The bytes of a file in certificates/.
QByteArray certificateFile(const QString& name);

/// Collects what the program prints while it lives.
class Printed {
public:
    Printed();
    ~Printed();
    static QString text();
};

/// A token endpoint's answer.
FakeAnswer tokenAnswer(const QByteArray& token, const QByteArray& more = ",\"expires_in\":3600");

} // namespace iotman::client
