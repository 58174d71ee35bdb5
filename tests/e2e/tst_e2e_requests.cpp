// Requests as bytes: what is refused before anybody reads it, how bodies are taken, and when patience ends.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtTest/QtTest>

#include <memory>
#include <thread>

using namespace iotman::test;

namespace {

const QByteArray body = R"({"t":1})";
const QByteArray postLine = "POST /data/in/x HTTP/1.1\r\n";
const QByteArray host = "Host: localhost\r\n";
const QByteArray length = "Content-Length: 7\r\n";
const QByteArray chunked = "Transfer-Encoding: chunked\r\n";

/// A POST of one datapoint with these fields, which say how long it is.
QByteArray post(const QByteArray& fields, const QByteArray& content = body)
{
    return postLine + host + fields + "\r\n" + content;
}

struct Refused {
    const char* name;
    QByteArray request;
    int status;
};

QList<Refused> refusedRequests()
{
    QList<Refused> all;
    for (const QByteArray value : {"+7", "0_7", "-7", "0x7", "7,7", "7, 7", " ", "99999999999999999999", "7.0", "7\t7", "seven"})
        all.append({"a length that is no number", post("Content-Length: " + value + "\r\n"), 400});
    all.append({"two lengths (http-1)", post("Content-Length: 7\r\nContent-Length: 8\r\n"), 400});
    all.append({"the same length twice (http-1)", post(length + length), 400});
    all.append({"a length and chunks", post(length + chunked, "7\r\n" + body + "\r\n0\r\n\r\n"), 400});
    for (const QByteArray size : {"0_7", "0x7", "+7", "-1", "FFFFFFFFFFFFFFFF", "7 7", "", "7g", "\xef\xbc\x97"})
        all.append({"a chunk size that is no number", post(chunked, size + "\r\n" + body + "\r\n0\r\n\r\n"),
                    size.startsWith('F') ? 413 : 400});
    all.append({"a chunk extension of 1 MB (http-2)",
                post(chunked, "7;" + QByteArray(1'000'000, 'a') + "\r\n" + body + "\r\n0\r\n\r\n"), 400});
    all.append({"a chunk longer than its size", post(chunked, "6\r\n" + body + "\r\n0\r\n\r\n"), 400});
    for (const QByteArray name :
         {"Content-Length ", "", " Content-Length", "Con(tent", "Con@tent", "Con tent", "Con\xc3\xa4tent"})
        all.append({"a field name that is none", post(name + ": 7\r\n" + length), 400});
    all.append({"a blank before the first field (http-3)",
                "POST /data/in/x HTTP/1.1\r\n Host: localhost\r\n" + length + "\r\n" + body, 400});
    all.append({"a field without a colon", post("Content\r\n" + length), 400});
    all.append({"a folded field", post("X: a\r\n b\r\n" + length), 400});
    for (const QByteArray version : {"HTTP/1.32", "http/1.1", "HTTP/1", "HTTP/1.1x", "HTTP/1.", "XTTP/1.1"})
        all.append({"a version that is none", "POST /data/in/x " + version + "\r\n" + host + length + "\r\n" + body, 400});
    for (const QByteArray version : {"HTTP/9.9", "HTTP/2.0", "HTTP/1.2"})
        all.append({"a version of another time", "POST /data/in/x " + version + "\r\n" + host + length + "\r\n" + body, 505});
    all.append({"no version (http-4)", "POST /data/in/x\r\n" + host + length + "\r\n" + body, 400});
    all.append({"the preface of HTTP/2 (http-4)", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505});
    all.append({"line feeds alone (http-5)", post(length).replace("\r\n", "\n"), 400});
    all.append({"carriage returns alone (http-5)", post(length).replace("\r\n", "\r"), 400});
    all.append({"one line feed alone (http-5)", post("X: y\n" + length), 400});
    all.append({"a NUL in a value", post(QByteArray("X: a\0b\r\n", 8) + length), 400});
    all.append({"no host (http-6)", postLine + length + "\r\n" + body, 400});
    all.append({"no host in HTTP/1.0 (http-6)", "POST /data/in/x HTTP/1.0\r\n" + length + "\r\n" + body, 400});
    all.append({"two equal hosts (http-6)", post(host + length), 400});
    all.append({"two different hosts (http-6)", post("Host: 127.0.0.1\r\n" + length), 400});
    all.append({"a blank inside the host (http-6)", postLine + "Host: local host\r\n" + length + "\r\n" + body, 400});
    all.append({"an empty host", postLine + "Host:\r\n" + length + "\r\n" + body, 400});
    all.append({"a request line of 1 MB (http-7)", "GET /" + QByteArray(1'000'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414});
    all.append({"10,000 fields (http-7)", post(QByteArray("X: y\r\n").repeated(10'000) + length), 431});
    all.append({"a field of 1 MB (http-7)", post("X: " + QByteArray(1'000'000, 'a') + "\r\n" + length), 431});
    all.append({"a body of 100 MB for a page (http-7)",
                "GET /data/out/x HTTP/1.1\r\n" + host + "Content-Length: 104857600\r\n\r\n", 413});
    all.append({"no length (ingest-2)", post({}), 411});
    all.append({"another expectation (ingest-4)", post(length + "Expect: other\r\n"), 417});
    all.append({"100 MB that ask first (ingest-4)", post("Content-Length: 104857600\r\nExpect: 100-continue\r\n", {}), 413});
    return all;
}

} // namespace

class TestRequests : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;
    std::unique_ptr<RawConnection> slowHead_, slowBody_,
        slowChunk_; ///< begun first and looked at last: waiting costs nothing then

    qsizetype stored(const QByteArray& endpoint = "x") const
    {
        return object(client_->get("/data/out/" + endpoint + "?limit=10000").body)[u"data"].toArray().size();
    }
    qint64 peakBytes() const
    {
        QFile status(QStringLiteral("/proc/%1/status").arg(server_->processId()));
        if (!status.open(QIODevice::ReadOnly))
            qFatal("no status");
        const QByteArray text = status.readAll();
        const QByteArray line = text.mid(text.indexOf("VmHWM:"));
        return line.mid(6, line.indexOf("kB") - 6).trimmed().toLongLong() * 1024;
    }

private Q_SLOTS:
    void initTestCase()
    {
        // Its memory is measured: a sanitizer shall not keep what was freed.
        QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
        variables.insert(QStringLiteral("ASAN_OPTIONS"), QStringLiteral("quarantine_size_mb=1"));
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")}, variables);
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(client_->makeEndpoint("x"));
        slowHead_ = std::make_unique<RawConnection>(server_->port());
        slowHead_->send("GET /data/out/x HTTP/1.1\r\nHo");
        slowBody_ = std::make_unique<RawConnection>(server_->port());
        slowBody_->send(post(length, "{"));
        slowChunk_ = std::make_unique<RawConnection>(server_->port());
        slowChunk_->send(post(chunked, "7\r\n" + body + "\r\n0\r\n")); // http-2: the last line end is missing
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void whatIsMalformedIsRefusedAndTheConnectionCloses_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        int number = 0;
        for (const Refused& one : refusedRequests())
            QTest::addRow("%d: %s", ++number, one.name) << one.request << one.status;
    }
    void whatIsMalformedIsRefusedAndTheConnectionCloses()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        RawConnection connection(server_->port());
        std::jthread sender([&] { connection.send(request); });
        const HttpAnswer answer = connection.answer();
        sender.join();
        QCOMPARE(answer.status, status);
        QVERIFY(answer.closed);
        QVERIFY(!object(answer.body)[u"detail"].toString().isEmpty());
        QVERIFY(connection.waitForClose());
        QCOMPARE(stored(), 0); // and the next connection is served
    }

    void whatIsUsualInAnyCaseIsTaken_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("names in lower case (ingest-1, qt-6)")
            << QByteArray("POST /data/in/usual HTTP/1.1\r\nhost: localhost\r\ncontent-length: 7\r\n\r\n" + body);
        QTest::newRow("names in upper case (ingest-1)")
            << QByteArray("POST /data/in/usual HTTP/1.1\r\nHOST: localhost\r\nCONTENT-LENGTH: 7\r\n\r\n" + body);
        QTest::newRow("the absolute form (qt-6)") << QByteArray(
            "POST http://localhost:1/data/in/usual HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n" + body);
        QTest::newRow("the absolute form, whose host counts") << QByteArray(
            "POST HTTP://LOCALHOST/data/in/usual HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 7\r\n\r\n" + body);
        QTest::newRow("HTTP/1.0 (qt-6)") << QByteArray(
            "POST /data/in/usual HTTP/1.0\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n" + body);
        QTest::newRow("zeros before the length")
            << QByteArray("POST /data/in/usual HTTP/1.1\r\nHost: localhost\r\nContent-Length: 007\r\n\r\n" + body);
        QTest::newRow("no blank behind the colon")
            << QByteArray("POST /data/in/usual HTTP/1.1\r\nHost:localhost\r\nContent-Length:7\r\n\r\n" + body);
        QTest::newRow("blanks around a value")
            << QByteArray("POST /data/in/usual HTTP/1.1\r\nHost: \t localhost \t\r\nContent-Length: 7 \r\n\r\n" + body);
        QTest::newRow("chunks (qt-6)") << QByteArray("POST /data/in/usual HTTP/1.1\r\nHost: localhost\r\ntransfer-encoding: "
                                                     "Chunked\r\n\r\n3;a=b\r\n{\"t\r\n0004\r\n\":1}\r\n0\r\nX: y\r\n\r\n");
    }
    void whatIsUsualInAnyCaseIsTaken()
    {
        QFETCH(QByteArray, request);
        if (client_->get("/data/out/usual").status == 404)
            QVERIFY(client_->makeEndpoint("usual"));
        const qsizetype before = stored("usual");
        RawConnection connection(server_->port());
        connection.send(request);
        QCOMPARE(connection.answer().body, QByteArray("{\"accepted\":1}"));
        QCOMPARE(stored("usual"), before + 1);
    }

    /// ingest-3: what it is, is seen by its first byte.
    void theContentTypeDoesNotMatter_data()
    {
        QTest::addColumn<QList<QByteArray>>("fields");
        QTest::newRow("none") << QList<QByteArray>{};
        for (const char* type :
             {"application/json", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=UTF-8",
              "application/json;charset=latin1", "application/x-ndjson", "nonsense"})
            QTest::newRow(type) << QList<QByteArray>{QByteArray("Content-Type: ") + type};
    }
    void theContentTypeDoesNotMatter()
    {
        QFETCH(QList<QByteArray>, fields);
        if (client_->get("/data/out/typed").status == 404)
            QVERIFY(client_->makeEndpoint("typed"));
        const QByteArray text = "{\"t\":1,\"\xc3\xa9\":\"\xec\x98\xa8\"}";
        QCOMPARE(client_->ingest("typed", text, fields).status, 200);
        QVERIFY(client_->get("/data/out/typed?limit=1").body.contains(text)); // as UTF-8, whatever is said
        QCOMPARE(client_->ingest("typed", "{\"t\":1,\"a\":\"\xe9\"}", fields).status, 400);
    }

    /// ingest-4, qt-4: curl asks so for whatever is larger than 1 MB.
    void anUploadThatAsksFirstIsToldToGoOn()
    {
        QVERIFY(client_->makeEndpoint("asked"));
        QByteArray lines;
        while (lines.size() < 2'000'000)
            lines += "{\"t\":1,\"text\":\"" + QByteArray(1000, 'x') + "\"}\n";
        RawConnection connection(server_->port());
        connection.send("POST /data/in/asked HTTP/1.1\r\n" + host +
                        "Expect: 100-continue\r\nContent-Length: " + QByteArray::number(lines.size()) + "\r\n\r\n");
        QCOMPARE(connection.answer().status, 100); // before anything of the body was sent
        connection.send(lines);
        QCOMPARE(object(connection.answer().body)[u"accepted"].toInt(), int(lines.count('\n')));
        connection.send("POST /data/in/asked HTTP/1.1\r\n" + host + "Expect: 100-continue\r\n" + chunked + "\r\n");
        QCOMPARE(connection.answer().status, 100);
        connection.send("7\r\n" + body + "\r\n0\r\n\r\n");
        QCOMPARE(connection.answer().status, 200);
    }

    void aBodyThatEndsEarlyIsNotStored()
    {
        QVERIFY(client_->makeEndpoint("short"));
        for (const QByteArray& request :
             {QByteArray("POST /data/in/short HTTP/1.1\r\n" + host + "Content-Length: 8\r\n\r\n" + body),
              QByteArray("POST /data/in/short HTTP/1.1\r\n" + host + chunked + "\r\n7\r\n" + body + "\r\n")}) {
            RawConnection connection(server_->port());
            connection.send(request);
            connection.endWriting();
            QCOMPARE(connection.answer().status, 0);
        }
        QCOMPARE(stored("short"), 0); // ingest-2
    }

    /// ingest-5: who got no answer sends again; a key makes it once.
    void aBatchWhoseAnswerIsLostIsThereWholeOrNotAtAll()
    {
        QVERIFY(client_->makeEndpoint("lost"));
        QVERIFY(client_->makeEndpoint("keyed"));
        constexpr int batches = 20, rows = 50;
        for (int batch = 0; batch < batches; ++batch) {
            const QByteArray lines = QByteArray("{\"t\":1,\"batch\":" + QByteArray::number(batch) + "}\n").repeated(rows);
            const QByteArray fields = host + "Content-Length: " + QByteArray::number(lines.size()) + "\r\n";
            const QByteArray key = "Idempotency-Key: batch-" + QByteArray::number(batch);
            for (const QByteArray& request :
                 {QByteArray("POST /data/in/lost HTTP/1.1\r\n" + fields + "\r\n" + lines),
                  QByteArray("POST /data/in/keyed HTTP/1.1\r\n" + fields + key + "\r\n\r\n" + lines)}) {
                RawConnection connection(server_->port());
                connection.send(request);
                if (batch % 2 == 0)
                    connection.reset();
            }
            QCOMPARE(client_->ingest("lost", lines).status, 200);
            // 409 while the first is being stored.
            QTRY_COMPARE_WITH_TIMEOUT(object(client_->ingest("keyed", lines, {key}).body)[u"accepted"].toInt(), rows, 30'000);
        }
        QMap<int, int> counts;
        for (const QJsonValue& item : object(client_->get("/data/out/lost?limit=10000").body)[u"data"].toArray())
            ++counts[item[u"batch"].toInt()];
        QCOMPARE(counts.size(), batches);
        for (const int count : std::as_const(counts))
            QVERIFY2(count == rows || count == 2 * rows, QByteArray::number(count).constData());
        QCOMPARE(stored("keyed"), batches * rows);
    }

    /// ingest-6: what follows is the first that a reader sees.
    void ofARefusedBatchNothingIsStreamed()
    {
        QVERIFY(client_->makeEndpoint("half"));
        RawConnection events(server_->port());
        events.send("GET /data/out/half/events HTTP/1.1\r\n" + host + "\r\n");
        QVERIFY(events.waitFor("HTTP/1.1 200 OK\r\n"));
        QByteArray lines;
        for (int n = 1; n <= 1000; ++n)
            lines += n == 637 ? QByteArray("{\"n\":637,}\n") : "{\"t\":1,\"n\":" + QByteArray::number(n) + "}\n";
        QCOMPARE(client_->ingest("half", lines).status, 400);
        QCOMPARE(client_->ingest("half", "[{\"t\":1,\"n\":1},{\"t\":1,\"n\":2},5]").status, 400);
        QCOMPARE(client_->ingest("half", "{\"t\":1,\"n\":-1}").status, 200);
        QVERIFY(events.waitFor("data: {\"t\":1,\"n\":"));
        QCOMPARE(events.until('}'), QByteArray("-1"));
    }

    void aMillionChunksOfOneByteAreOneBody()
    {
        QVERIFY(client_->makeEndpoint("pieces"));
        constexpr int pieces = 1'000'000; // http-2
        const qint64 before = peakBytes();
        RawConnection connection(server_->port());
        connection.waitAtMost(60);
        connection.send("POST /data/in/pieces HTTP/1.1\r\n" + host + chunked + "\r\ne\r\n{\"t\":1,\"text\":\r\n1\r\n\"\r\n");
        connection.send(QByteArray("1\r\nx\r\n").repeated(pieces));
        connection.send("2\r\n\"}\r\n0\r\n\r\n");
        QCOMPARE(connection.answer().body, QByteArray("{\"accepted\":1}"));
        QCOMPARE(object(client_->get("/data/out/pieces").body)[u"data"][0][u"text"].toString().size(), pieces);
        QVERIFY2(peakBytes() < before + 64 * 1024 * 1024, QByteArray::number(peakBytes() - before).constData());
    }

    void tenThousandRequestsInOneWriteAreAnsweredInOrder()
    {
        constexpr int count = 10'000; // http-7
        const qint64 before = peakBytes();
        QByteArray all;
        for (int n = 0; n < count; ++n)
            all += "GET /data/out/x?limit=none-" + QByteArray::number(n) + " HTTP/1.1\r\n" + host + "\r\n";
        RawConnection connection(server_->port());
        connection.waitAtMost(60);
        std::jthread sender([&] { connection.send(all); });
        for (int n = 0; n < count; ++n) {
            const HttpAnswer answer = connection.answer();
            const QByteArray given = "none-" + QByteArray::number(n) + "\xe2\x80\x9d"; // with the quote behind it
            if (answer.status != 400 || !answer.body.contains(given))
                QFAIL(QByteArray(given + ": " + answer.body).constData());
        }
        QVERIFY2(peakBytes() < before + 64 * 1024 * 1024, QByteArray::number(peakBytes() - before).constData());
    }

    void whoIsSlowIsTold_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("a head that does not end (ingest-7)") << 0;
        QTest::newRow("a body that does not end (ingest-7)") << 1;
        QTest::newRow("chunks without their last line end (http-2)") << 2;
    }
    void whoIsSlowIsTold()
    {
        QFETCH(int, number);
        RawConnection& connection = *std::array{slowHead_.get(), slowBody_.get(), slowChunk_.get()}[std::size_t(number)];
        connection.waitAtMost(60);
        const HttpAnswer answer = connection.answer();
        QCOMPARE(answer.status, 408);
        QVERIFY(answer.closed);
        QVERIFY(connection.waitForClose());
        QCOMPARE(stored(), 0);
    }
};

QTEST_GUILESS_MAIN(TestRequests)
#include "tst_e2e_requests.moc"
