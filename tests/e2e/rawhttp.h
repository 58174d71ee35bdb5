// HTTP by hand on a blocking socket: what is sent is exactly what the test wrote.
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qmap.h>

namespace iotman::test {

struct HttpAnswer {
    int status = 0; ///< 0: the connection ended without an answer
    QMap<QByteArray, QByteArray> headers; ///< names in lower case; repeated ones joined with a comma
    QByteArray body;
    bool closed = false; ///< the server closed the connection after the answer
};

enum class Loopback { V4, V6 };

/// One connection.
class RawConnection {
public:
    explicit RawConnection(int port, Loopback loopback = Loopback::V4);
    ~RawConnection();
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    bool isConnected() const { return descriptor_ >= 0; }
    void send(const QByteArray& bytes);
    /// Gives the connection up: the server may see a reset.
    void reset();
    void endWriting(); ///< nothing more will be sent
    /// How long to wait for what comes next, instead of ten seconds.
    void waitAtMost(int seconds);
    /// The next answer; `toHead` when it answers a HEAD request. Waits for ten seconds at most.
    HttpAnswer answer(bool toHead = false);
    /// True once `text` has come, in whatever the server sends. What stood before it is dropped.
    bool waitFor(const QByteArray& text);
    /// The next line without its end (LF); null when none comes within ten seconds.
    QByteArray line();
    /// What stands before the next `end`, which is dropped; null when none comes within ten seconds.
    QByteArray until(char end);
    /// The next bytes; fewer when no more come within ten seconds.
    QByteArray bytes(qsizetype count);
    /// True when the server closes within ten seconds; what it sends until then is dropped.
    bool waitForClose();

private:
    bool receive();

    int descriptor_ = -1;
    QByteArray received_;
};

/// One request on a connection of its own. `headers` are lines without line ends; Host and Content-Length are added.
HttpAnswer request(int port, const QByteArray& method, const QByteArray& target, const QList<QByteArray>& headers = {}, const QByteArray& body = {});

} // namespace iotman::test
