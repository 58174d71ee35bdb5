// What others collected against parsers, put to a real server: requests as bytes, and JSON texts as datapoints.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

const QByteArray healthz = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// What the corpus lets through and this server does not: methods and targets for what is no origin server, other protocols,
/// hosts that are none, codings that are not taken.
const QMap<QString, int> stricter{
    {QStringLiteral("method/report-request"), 501},
    {QStringLiteral("method/connect-request"), 400},
    {QStringLiteral("method/connect-request-with-caps"), 400},
    {QStringLiteral("method/connect-with-body"), 400},
    {QStringLiteral("method/m-search-request"), 400},
    {QStringLiteral("method/purge-request"), 501},
    {QStringLiteral("method/search-request"), 501},
    {QStringLiteral("method/link-request"), 501},
    {QStringLiteral("method/link-request-2"), 501},
    {QStringLiteral("method/source-request-with-ice"), 400},
    {QStringLiteral("method/options-request-with-rtsp"), 400},
    {QStringLiteral("method/announce-request-with-rtsp"), 400},
    {QStringLiteral("method/pri-request-http2"), 400},
    {QStringLiteral("method/query-request"), 501},
    {QStringLiteral("sample/curl-get"), 400},
    {QStringLiteral("sample/firefox-get"), 400},
    {QStringLiteral("sample/no-http-version"), 400},
    {QStringLiteral("transfer-encoding/post-with-chunked-as-last-transfer-encoding-multiple-headers"), 400},
    {QStringLiteral("uri/quotes-in-uri"), 400},
    {QStringLiteral("uri/host-terminated-by-a-query-string"), 421},
    {QStringLiteral("uri/host-port-terminated-by-a-query-string"), 421},
    {QStringLiteral("uri/underscore-in-hostname"), 400},
    {QStringLiteral("uri/host-port-and-basic-auth"), 400},
};

/// The lines of a file of tests/data, all or those that are expected so, as rows of a test (column `line`).
void addCorpus(const QString& name, const QString& expect = {})
{
    QTest::addColumn<QJsonObject>("line");
    QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/data/") + name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    while (!file.atEnd()) {
        const QJsonObject line = object(file.readLine());
        if (expect.isEmpty() || line[u"expect"].toString() == expect)
            QTest::newRow(qPrintable(line[u"id"].toString())) << line;
    }
}

QByteArray bytesOf(const QJsonObject& line)
{
    const QJsonObject generate = line[u"generate"].toObject();
    if (generate.isEmpty())
        return QByteArray::fromBase64(line[u"base64"].toString().toLatin1());
    return generate[u"repeat"].toString().toUtf8().repeated(generate[u"times"].toInt()) + generate[u"tail"].toString().toUtf8();
}

/// Most of the corpus leaves out the Host that HTTP/1.1 wants: with one, whatever else there is decides.
QByteArray withHost(QByteArray request)
{
    if (!request.toLower().contains("\r\nhost:")) {
        for (const QByteArray version : {" HTTP/1.0\r\n", " HTTP/1.1\r\n"})
            request.replace(version, QByteArray(version + "Host: localhost\r\n"));
    }
    return request;
}

bool closes(const QByteArray& request)
{
    return request.contains("HTTP/1.0\r\n") || request.contains("Connection: close");
}

/// Where the end of the head is missing, it is added: what stands there so far can be judged.
QByteArray withEnd(const QByteArray& request)
{
    if (request.contains("\r\n\r\n"))
        return request;
    return request + (request.endsWith("\r\n") ? "\r\n" : "\r\n\r\n");
}

} // namespace

class TestCorpora : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

    /// All answers to these bytes, until the server closes.
    QList<HttpAnswer> answersTo(const QByteArray& bytes) const
    {
        RawConnection connection(server_->port());
        connection.send(bytes);
        connection.endWriting();
        QList<HttpAnswer> answers;
        while (true) {
            const HttpAnswer answer = connection.answer(answers.isEmpty() && bytes.trimmed().startsWith("HEAD "));
            if (answer.status == 0)
                return answers;
            answers.append(answer);
        }
    }

    /// Posts `text`; what is taken comes back with the same bytes, and what is refused leaves nothing.
    void checkText(const QByteArray& text, const QByteArray& outcome, bool isItem) const
    {
        const QByteArray before = client_->get("/data/out/json?limit=1").body;
        const HttpAnswer answer = client_->ingest("json", text);
        const QByteArray after = client_->get("/data/out/json?limit=1").body;
        if (outcome != "either")
            QCOMPARE(answer.status, outcome == "accept" ? 200 : 400);
        QVERIFY2(answer.status == 200 || answer.status == 400, QByteArray::number(answer.status));
        if (answer.status == 200 && outcome == "accept" && isItem)
            QVERIFY2(after.startsWith(QByteArray("{\"data\":[" + text)), after);
        if (answer.status == 400) {
            QCOMPARE(after, before);
            QVERIFY(!object(answer.body)[u"detail"].toString().isEmpty());
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStringList arguments{QStringLiteral("--ephemeral")};
        for (const char* host : {"www.example.com", "example.com", "example.org", "github.com", "239.255.255.250", "foo", "a"})
            arguments << QStringLiteral("--host") << QString::fromLatin1(host);
        server_ = std::make_unique<ServerProcess>(arguments);
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(!client_->token().isEmpty());
        QCOMPARE(client_->api("POST", "sources", "{\"name\":\"json\",\"kind\":\"http\"}").status, 201);
        QCOMPARE(client_->api("POST", "outputs", "{\"name\":\"json\",\"sources\":[\"json\"],\"rule\":\"$\"}").status, 201);
        QCOMPARE(client_->api("POST", "endpoints", "{\"id\":\"json\",\"output\":\"json\"}").status, 201);
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    /// http-1 to http-6. With `healthz` behind it, nothing that is refused lets a second request in.
    void aRequestThatShallFailIsRefusedAndTheConnectionCloses_data()
    {
        addCorpus(QStringLiteral("http-requests.jsonl"), QStringLiteral("error"));
    }
    void aRequestThatShallFailIsRefusedAndTheConnectionCloses()
    {
        QFETCH(QJsonObject, line);
        for (const QByteArray& bytes : {withEnd(bytesOf(line)), withEnd(withHost(bytesOf(line)))}) {
            const QList<HttpAnswer> answers = answersTo(bytes + healthz);
            // Some are only wrong in that something stands behind their last whole message, which is answered and ends the
            // connection.
            QCOMPARE(answers.size(), 1);
            const int status = answers.first().status;
            QVERIFY2(line[u"messages"].toInt() > 0 ? status >= 400 && status < 500
                                                   : status == 400 || status == 501 || status == 505,
                     QByteArray::number(status));
            QVERIFY(answers.first().closed);
        }
        QCOMPARE(client_->get("/healthz").status, 200);
    }

    void aRequestThatIsGoodIsAnsweredAndTheNextOneAsWell_data()
    {
        addCorpus(QStringLiteral("http-requests.jsonl"), QStringLiteral("accept"));
    }
    void aRequestThatIsGoodIsAnsweredAndTheNextOneAsWell()
    {
        QFETCH(QJsonObject, line);
        const QByteArray bytes = withHost(bytesOf(line));
        if (const int refused = stricter.value(line[u"id"].toString())) {
            const QList<HttpAnswer> answers = answersTo(bytes + healthz);
            QCOMPARE(answers.size(), 1);
            QCOMPARE(answers.first().status, refused);
            QVERIFY(answers.first().closed);
            return;
        }
        QList<HttpAnswer> answers = answersTo(line[u"incomplete"].toBool() ? bytes : bytes + healthz);
        for (int message = 0; message < line[u"messages"].toInt(); ++message) {
            QVERIFY(!answers.isEmpty());
            QCOMPARE(answers.takeFirst().status, 404);
        }
        if (line[u"incomplete"].toBool() || closes(bytes))
            QVERIFY(answers.isEmpty());
        else if (!line[u"upgrade"].toBool()) // whose rest is in another protocol
            QCOMPARE(answers.value(0).body, QByteArray("{\"status\":\"ok\"}"));
    }

    /// Alone, and as a value in an object: only objects are datapoints.
    void aTextIsADatapointOrRefusedAndNeverHalfOfIt_data() { addCorpus(QStringLiteral("json-parsing.jsonl")); }
    void aTextIsADatapointOrRefusedAndNeverHalfOfIt()
    {
        QFETCH(QJsonObject, line);
        const QByteArray text = bytesOf(line);
        const QString shape = line[u"shape"].toString();
        const QByteArray outcome = text.contains("\\u0000") && !text.contains("\\\\u0000") ? QByteArray("reject") // as jsonb does
                                                                                           : line[u"expect"].toString().toUtf8();
        const bool isTaken = outcome == "accept" && (shape == u"object" || shape == u"empty array");
        checkText(text,
                  outcome == "either" ? outcome
                  : isTaken           ? QByteArray("accept")
                                      : QByteArray("reject"),
                  shape == u"object");
        checkText("{\"v\":" + text + "}", outcome, true);
    }
};

QTEST_GUILESS_MAIN(TestCorpora)
#include "tst_e2e_corpora.moc"
