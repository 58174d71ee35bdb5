#include "core/server/requesthead.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

/// The status that refuses a head, 0 when it is complete, -1 when more is needed.
int outcome(const QByteArray& bytes)
{
    const HeadResult result = readHead(bytes.toStdString(), {});
    if (std::holds_alternative<NeedMore>(result))
        return -1;
    if (const auto* error = std::get_if<Error>(&result))
        return static_cast<int>(error->kind) == static_cast<int>(Problem::BadRequest) ? 400
                                                                                      : 1000 + static_cast<int>(error->kind);
    return 0;
}

constexpr int status(Problem kind)
{
    return 1000 + static_cast<int>(kind);
}

const QByteArray host = "Host: a\r\n";

} // namespace

class TestRequestHead : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headsAreReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("expected");
        const auto row = [](const char* name, const QByteArray& bytes, int expected) {
            QTest::newRow(name) << bytes << expected;
        };
        row("an ordinary request", "GET / HTTP/1.1\r\n" + host + "\r\n", 0);
        row("an empty line before it", "\r\nGET / HTTP/1.1\r\n" + host + "\r\n", 0);
        row("lower-case header names (ingest-1)", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\n", 0);
        row("HTTP/1.0 with a host", "GET / HTTP/1.0\r\n" + host + "\r\n", 0);
        row("absolute form (qt-6)", "GET http://a/b HTTP/1.1\r\n" + host + "\r\n", 0);
        row("half a head", "GET / HTTP/1.1\r\nHost:", -1);
        row("a CR at the end of what came", "GET / HTTP/1.1\r", -1);

        row("line feeds alone (http-5)", "GET / HTTP/1.1\nHost: a\n\n", 400);
        row("one line feed among CR LF (http-5)", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400);
        row("a CR alone (http-5)", "GET / HTTP/1.1\rHost: a\r\r", 400);
        row("two blanks in the request line", "GET  / HTTP/1.1\r\n" + host + "\r\n", 400);
        row("a control character in the target", "GET /\x01 HTTP/1.1\r\n" + host + "\r\n", 400);
        row("a target without a slash", "GET foo HTTP/1.1\r\n" + host + "\r\n", 400);

        for (const char* version : {"HTTP/1.32", "http/1.1", "HTTP/1", "HTTP/1.1x", "HTTPX1.1"})
            row(qPrintable(QStringLiteral("version %1 (http-4)").arg(QLatin1StringView(version))),
                QByteArray("GET / ") + version + "\r\n" + host + "\r\n", 400);
        row("version 9.9 (http-4)", "GET / HTTP/9.9\r\n" + host + "\r\n", status(Problem::VersionNotSupported));
        row("the HTTP/2 preface (http-4)", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status(Problem::VersionNotSupported));
        row("no version (http-4)", "GET /\r\n\r\n", 400);

        row("no host (http-6)", "GET / HTTP/1.1\r\n\r\n", 400);
        row("two equal hosts (http-6)", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400);
        row("a blank in the host (http-6)", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400);
        row("user info in the host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400);
        row("HTTP/1.0 without a host (http-6)", "GET / HTTP/1.0\r\n\r\n", 400);
        for (const char* port : {"65536", "99999", "00000000001x", "-1", "+80"})
            row(qPrintable(QStringLiteral("a host's port “%1”").arg(QLatin1StringView(port))),
                QByteArray("GET / HTTP/1.1\r\nHost: a:") + port + "\r\n\r\n", 400);
        row("the greatest port", "GET / HTTP/1.1\r\nHost: a:65535\r\n\r\n", 0);
        row("an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n", 0);
        row("an absolute target without a host", "GET http:///healthz HTTP/1.1\r\n" + host + "\r\n", 400);
        row("an absolute target that is a query alone", "GET http://?x HTTP/1.1\r\n" + host + "\r\n", 400);
        row("an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:8787\r\n\r\n", 0);

        for (const char* length : {"+5", "1_0", "-5", "0x5", "5,5", "", "99999999999999999999"})
            row(qPrintable(QStringLiteral("content length “%1” (http-1)").arg(QLatin1StringView(length))),
                "POST / HTTP/1.1\r\n" + host + "Content-Length: " + length + "\r\n\r\n", 400);
        row("two different lengths (http-1)", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
            400);
        row("length and chunked", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
        row("another transfer coding", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n",
            status(Problem::NotImplemented));
        row("something around chunked", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunkedx\r\n\r\n",
            status(Problem::NotImplemented));

        row("a blank before the colon (http-3)", "GET / HTTP/1.1\r\n" + host + "Content-Length : 5\r\n\r\n", 400);
        row("an empty name (http-3)", "GET / HTTP/1.1\r\n" + host + ": x\r\n\r\n", 400);
        row("a blank before the first name (http-3)", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400);
        row("a parenthesis in a name (http-3)", "GET / HTTP/1.1\r\n" + host + "a(b: x\r\n\r\n", 400);
        row("a line without a colon", "GET / HTTP/1.1\r\n" + host + "nothing\r\n\r\n", 400);
        row("a NUL in a value", "GET / HTTP/1.1\r\n" + host + QByteArray("X: a\0b\r\n\r\n", 10), 400);

        row("a request line of 17 KB (http-7)", "GET /" + QByteArray(17000, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
            status(Problem::UriTooLong));
        row("a request line without an end (http-7)", "GET /" + QByteArray(17000, 'a'), status(Problem::UriTooLong));
        for (const int more : {0, 1}) {
            const QByteArray start = "GET / HTTP/1.1\r\n" + host;
            const QByteArray pads = QByteArray("X: " + QByteArray(8000, 'y') + "\r\n").repeated(4);
            const qsizetype left = qsizetype(HeadLimits().head) - start.size() - pads.size() - 2 - 5; // "Z: " and CR LF
            row(more == 0 ? "a head of just 32 KiB" : "a head of 32 KiB and a byte",
                start + pads + "Z: " + QByteArray(left + more, 'z') + "\r\n\r\n", more == 0 ? 0 : status(Problem::HeadTooLarge));
        }
        row("101 fields (http-7)", "GET / HTTP/1.1\r\n" + host + QByteArray("X: y\r\n").repeated(100) + "\r\n",
            status(Problem::HeadTooLarge));
        row("a head without an end (http-7)", "GET / HTTP/1.1\r\n" + QByteArray("X: y\r\n").repeated(6000),
            status(Problem::HeadTooLarge));
        row("another expectation (ingest-4)", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nExpect: other\r\n\r\n",
            status(Problem::ExpectationFailed));
        row("another one behind one that is known", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nExpect: 100-continue, other\r\n\r\n",
            status(Problem::ExpectationFailed));
        for (const char* none : {"", " ", ", ,", "100-Continue,", "100-continue\r\nExpect: 100-continue"})
            row(qPrintable(QStringLiteral("the expectations “%1”").arg(QLatin1StringView(none))),
                "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nExpect: " + QByteArray(none) + "\r\n\r\n", 0);
    }
    void headsAreReadStrictly()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, expected);
        QCOMPARE(outcome(bytes), expected);
    }

    void aHeadCutAtAnyByteNeedsMoreOrIsRefusedButNeverReadOtherwise()
    {
        const QByteArray whole = "POST /a?b=c HTTP/1.1\r\nHost: a:1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
        for (qsizetype length = 0; length < whole.size(); ++length)
            QCOMPARE(outcome(whole.left(length)), -1);
        const HeadResult result = readHead(whole.toStdString(), {});
        const auto& complete = std::get<CompleteHead>(result);
        QCOMPARE(complete.bytes, std::size_t(whole.size()));
        QCOMPARE(complete.head.path(), std::string_view("/a"));
        QCOMPARE(complete.head.query(), std::string_view("b=c"));
        QCOMPARE(complete.head.contentLength, std::uint64_t(3));
        QVERIFY(complete.head.expectsContinue);
    }
};

QTEST_APPLESS_MAIN(TestRequestHead)
#include "tst_requesthead.moc"
