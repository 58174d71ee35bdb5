// The contract lab: another server of ours is equal, one that differs in known ways is told so.
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qtimer.h>
#include <QtCore/qxmlstream.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/QtTest>

#include <functional>

using namespace iotman::test;

namespace {

/// Answers each request through a real server, with something changed on the way.
class Double : public QTcpServer {
public:
    using Change = std::function<HttpAnswer(const QByteArray& method, const QByteArray& target, HttpAnswer answer)>;

    /// Of what the server sends on a stream, its answer to the upgrade too.
    using StreamChange = std::function<QByteArray(QByteArray bytes)>;

    Double(
        int port, Change change, StreamChange streamChange = [](QByteArray bytes) { return bytes; })
        : port_(port)
        , change_(std::move(change))
        , streamChange_(std::move(streamChange))
    {
        QObject::connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { serve(socket); });
            QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        });
        listen(QHostAddress::LocalHost);
    }

private:
    void serve(QTcpSocket* socket)
    {
        QByteArray received = socket->property("received").toByteArray() + socket->readAll();
        socket->setProperty("received", received);
        const qsizetype end = received.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        if (received.left(end).toLower().contains("\r\nupgrade:"))
            return tunnel(socket, received);
        const QList<QByteArray> lines = received.left(end).split('\n');
        QList<QByteArray> headers;
        qsizetype length = 0;
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const QByteArray name = lines[i].left(lines[i].indexOf(':')).toLower();
            if (name == "content-length")
                length = lines[i].mid(15).trimmed().toLongLong();
            else if (name != "host" && name != "connection" && name != "accept-encoding")
                headers.append(lines[i].trimmed());
        }
        const QByteArray body = received.mid(end + 4);
        if (body.size() < length)
            return;
        const QList<QByteArray> first = lines.first().trimmed().split(' ');
        HttpAnswer answer = request(port_, first.value(0), first.value(1), headers, length > 0 ? body : QByteArray());
        // What is addressed to the double leads back to it.
        answer.body.replace(QByteArray("127.0.0.1:" + QByteArray::number(port_)),
                            QByteArray("127.0.0.1:" + QByteArray::number(serverPort())));
        answer = change_(first.value(0), first.value(1), answer);
        QByteArray text = "HTTP/1.1 " + QByteArray::number(answer.status) + " X\r\nConnection: close\r\n";
        for (auto header = answer.headers.constBegin(); header != answer.headers.constEnd(); ++header) {
            if (header.key() != "content-length" && header.key() != "connection")
                text += header.key() + ": " + header.value() + "\r\n";
        }
        if (first.value(0) != "HEAD")
            text += "Content-Length: " + QByteArray::number(answer.body.size()) + "\r\n\r\n" + answer.body;
        else
            text += "\r\n";
        socket->write(text);
        socket->disconnectFromHost();
    }

    /// A stream: bytes go both ways.
    void tunnel(QTcpSocket* socket, const QByteArray& received)
    {
        socket->disconnect(this);
        QObject::disconnect(socket, &QTcpSocket::readyRead, nullptr, nullptr);
        auto* server = new QTcpSocket(socket);
        QObject::connect(server, &QTcpSocket::readyRead, socket,
                         [this, socket, server] { socket->write(streamChange_(server->readAll())); });
        QObject::connect(server, &QTcpSocket::disconnected, socket, &QTcpSocket::disconnectFromHost);
        QObject::connect(socket, &QTcpSocket::readyRead, server, [socket, server] { server->write(socket->readAll()); });
        server->connectToHost(QHostAddress::LocalHost, static_cast<quint16>(port_));
        server->write(received);
    }

    int port_;
    Change change_;
    StreamChange streamChange_;
};

HttpAnswer same(const QByteArray&, const QByteArray&, HttpAnswer answer)
{
    return answer;
}

} // namespace

class TestContract : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    QTemporaryDir dir_;
    QTimer beat_;
    int beats_ = 0;

    /// Something comes all the time, three at once: streams have messages, and pages ties.
    void beat()
    {
        QByteArray rows;
        for (int i = 0; i < 3; ++i)
            rows += "{\"t\":" + QByteArray::number(2000 + beats_) + ",\"n\":" + QByteArray::number(i) +
                    ",\"big\":12345678901234567890,\"v\":1.50}\n";
        ++beats_;
        request(server_->port(), "POST", "/data/in/in", {}, rows);
    }

    /// The command, while this process serves as the other side.
    QByteArray compare(int port, const QByteArray& endpoint, int& code, const QStringList& options = {},
                       const QByteArray& secret = {}) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        if (!secret.isNull())
            environment.insert(QStringLiteral("IOTMAN_CLIENT_SECRET"), QString::fromUtf8(secret));
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        const QString url = QStringLiteral("http://127.0.0.1:%1/data/out/%2").arg(port).arg(QString::fromUtf8(endpoint));
        process.start(QStringLiteral(IOTMAN_SERVER),
                      QStringList{QStringLiteral("contract"), url, QStringLiteral("--pause"), QStringLiteral("0")} + options);
        QSignalSpy finished(&process, &QProcess::finished);
        if (process.state() != QProcess::NotRunning)
            finished.wait(60'000);
        code = process.exitCode();
        return process.readAll();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(dir_.filePath(QStringLiteral("w.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"iotman\": 1, \"scopes\": [{\"name\": \"a:b\"}, {\"name\": \"a:c\"}], \"sources\": [{\"name\": \"in\", "
                   "\"kind\": \"http\", \"time\": "
                   "\"$.t\"}],"
                   "\"outputs\": [{\"name\": \"all\", \"rule\": \"$\"}],"
                   "\"endpoints\": [{\"id\": \"open\", \"output\": \"all\"}, {\"id\": \"closed\", \"output\": \"all\", "
                   "\"required_scope\": \"a:b\"}],"
                   "\"clients\": [{\"id\": \"c\", \"name\": \"C\", \"scopes\": [\"a:b\", \"a:c\"], \"secret\": {\"env\": "
                   "\"C_SECRET\"}}]}");
        file.close();
        qputenv("C_SECRET", "correct-horse");
        server_ = std::make_unique<ServerProcess>(
            QStringList{QStringLiteral("--ephemeral"), QStringLiteral("--workspace"), file.fileName()});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        QByteArray rows;
        for (int i = 0; i < 50; ++i)
            rows += "{\"t\":" + QByteArray::number(1000 + i / 5) + ",\"n\":" + QByteArray::number(i) +
                    ",\"big\":12345678901234567890,\"v\":1.50}\n";
        QCOMPARE(request(server_->port(), "POST", "/data/in/in", {}, rows).status, 200);
        beat_.callOnTimeout(this, [this] { beat(); });
        beat_.start(300);
    }

    void anotherServerOfOursIsEqual()
    {
        int code = -1;
        const QByteArray open = compare(server_->port(), "open", code);
        QVERIFY2(!open.contains("different ") && !open.contains("unknown "), open.constData());
        QCOMPARE(code, 0);
        const QByteArray closed =
            compare(server_->port(), "closed", code, {QStringLiteral("--client"), QStringLiteral("c")}, "correct-horse");
        QVERIFY2(!closed.contains("different ") && !closed.contains("unknown "), closed.constData());
        QVERIFY(closed.contains("equal no token: "));
        QVERIFY(closed.contains("equal a token with another scope: 403 Bearer, insufficient_scope"));
        QVERIFY(closed.contains("equal a message of the stream: text, the bytes of the page's item"));
        QCOMPARE(code, 0);
    }

    void aDoubleThatChangesNothingIsEqual()
    {
        Double other(server_->port(), same);
        int code = -1;
        const QByteArray output = compare(other.serverPort(), "open", code);
        QVERIFY2(!output.contains("different ") && !output.contains("unknown "), output.constData());
        QCOMPARE(code, 0);
    }

    void whatDiffersIsToldAndNothingElse_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QByteArray>("probe");
        const char* probes[] = {"an endpoint that is not there",
                                "limit=0",
                                "POST to an endpoint",
                                "HEAD of a page",
                                "the type of a page",
                                "the members of a page",
                                "the link to the next page",
                                "a page read from a foreign origin",
                                "a preflight from a foreign origin",
                                "a stream without an upgrade",
                                "from in milliseconds",
                                "from after to",
                                "a range without items",
                                "pages of one item",
                                "pages of one item where times are equal",
                                "an error read from a foreign origin",
                                "a preflight for POST from a foreign origin",
                                "an upgrade",
                                "an upgrade at an endpoint that is not there",
                                "an upgrade from a foreign origin",
                                "an upgrade to a version that is none",
                                "a message of the stream"};
        int fault = 0;
        for (const char* probe : probes)
            QTest::newRow(probe) << fault++ << QByteArray(probe);
    }
    void whatDiffersIsToldAndNothingElse()
    {
        QFETCH(int, fault);
        QFETCH(QByteArray, probe);
        const auto change = [fault](const QByteArray& method, const QByteArray& target, HttpAnswer answer) {
            switch (fault) {
            case 0:
                if (target.contains("00000000"))
                    answer.status = 400;
                break;
            case 1:
                if (target.contains("limit=0"))
                    answer.headers["content-type"] = "text/html";
                break;
            case 2:
                if (method == "POST")
                    answer.headers["allow"] = "GET";
                break;
            case 3:
                if (method == "HEAD")
                    answer.status = 405;
                break;
            case 4:
                if (method == "GET" && target.endsWith("?limit=1") && answer.status == 200)
                    answer.headers["content-type"] = "text/json";
                break;
            case 5:
                if (method == "GET" && target.endsWith("?limit=1"))
                    answer.body.replace("\"next_page\":", "\"total\":9,\"next_page\":");
                break;
            case 6:
                answer.body.replace("http://127.0.0.1", "//127.0.0.1");
                answer.body.replace("\"next_page\":\"//", "\"next_page\":\"/x//");
                break;
            case 7:
                if (method == "GET" && target.endsWith("?limit=1"))
                    answer.headers["access-control-allow-origin"] = "*";
                break;
            case 8:
                if (method == "OPTIONS") {
                    answer.status = 204;
                    answer.headers["access-control-allow-origin"] = "*";
                }
                break;
            case 9:
                if (target.endsWith("/stream"))
                    answer.status = 400;
                break;
            case 10:
                if (target.contains("from=17"))
                    answer.status = 200;
                break;
            case 11:
                if (target.contains("from=2&to=1"))
                    answer.status = 422;
                break;
            case 12:
                if (target.contains("from=32503680000"))
                    answer.body.replace("null", "\"\"");
                break;
            case 13:
            case 14: // a link by time alone
                answer.body =
                    QString::fromUtf8(answer.body).remove(QRegularExpression(QStringLiteral("&cursor=[^\"&]*"))).toUtf8();
                break;
            case 15:
                if (target.contains("limit=0"))
                    answer.headers["access-control-allow-origin"] = "*";
                break;
            case 16:
                if (method == "OPTIONS") {
                    answer.status = 204;
                    answer.headers["access-control-allow-origin"] = "*";
                }
                break;
            default:
                break; // on streams, below
            }
            return answer;
        };
        Double other(server_->port(), change, [fault](QByteArray bytes) {
            switch (fault) {
            case 17:
                return bytes.replace("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "t3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            case 18:
                return bytes.replace("HTTP/1.1 404", "HTTP/1.1 400");
            case 19:
                return bytes.replace("HTTP/1.1 403", "HTTP/1.1 400");
            case 20:
                return bytes.replace("HTTP/1.1 426", "HTTP/1.1 400");
            case 21:
                return bytes.replace("\"v\":1.50}", "\"v\":1.5 }");
            default:
                return bytes;
            }
        });
        int code = -1;
        const QString junit = dir_.filePath(QStringLiteral("%1.xml").arg(fault));
        const QByteArray output = compare(other.serverPort(), "open", code, {QStringLiteral("--junit"), junit});
        QVERIFY2(output.contains(QByteArray("different " + probe + ": there ")), output.constData());
        QCOMPARE(code, 3);
        QFile file(junit);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        int failures = 0;
        while (!xml.atEnd()) {
            if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == u"failure")
                ++failures;
        }
        QVERIFY(!xml.hasError());
        QCOMPARE(failures, int(output.count("\ndifferent ") + (output.startsWith("different ") ? 1 : 0)));
    }

    /// And a run in which nothing was compared is no proof of anything.
    void whoDoesNotAnswerIsUnknown()
    {
        QTcpServer closed;
        QVERIFY(closed.listen(QHostAddress::LocalHost));
        const int port = closed.serverPort();
        closed.close();
        int code = -1;
        const QByteArray output = compare(port, "open", code);
        QVERIFY2(output.contains("unknown limit=0: there "), output.constData());
        QVERIFY(!output.contains("different "));
        QCOMPARE(code, 1);
    }
};

QTEST_GUILESS_MAIN(TestContract)
#include "tst_e2e_contract.moc"
