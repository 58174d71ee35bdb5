// The requests of llhttp's tests, read by the guard: what llhttp refuses is refused, what it accepts is read to the last byte,
// and where the guard is stricter the table below says why.
#include "core/model/problem.h"
#include "core/server/chunkedbody.h"
#include "core/server/requesthead.h"

#include <QtCore/qfile.h>
#include <QtCore/qhash.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

constexpr std::uint64_t mostBody = 32 * 1024 * 1024;

/// How the bytes of one connection were read.
struct Reading {
    int messages = 0; ///< that were whole
    QByteArray end =
        "all"; ///< `all`, `closes`, `upgrades`, `waits` for what is missing, or status and sentence that refuse the rest
};

QByteArray refusal(const Error& error)
{
    return QByteArray::number(httpStatus(error.kind)) + ' ' + QByteArray::fromStdString(error.detail);
}

/// Most requests of the corpus name no host and some have a fragment, which would refuse them before anything else is looked at.
std::string withHostAndWithoutFragment(std::string bytes)
{
    const std::size_t start = bytes.starts_with("\r\n") ? 2 : 0;
    const std::size_t line = bytes.find("\r\n", start);
    const std::string head = QByteArray::fromStdString(bytes.substr(0, bytes.find("\r\n\r\n", start))).toLower().toStdString();
    if (line != std::string::npos && head.find("\nhost:") == std::string::npos)
        bytes.insert(line + 2, "Host: a\r\n");
    if (const std::size_t fragment = bytes.find("#hey "); fragment < line)
        bytes.erase(fragment, 4);
    return bytes;
}

/// Reads as a connection of the server does: head after head, with the bodies between.
Reading read(std::string rest)
{
    Reading reading;
    const auto ended = [&](QByteArray end) { return Reading{reading.messages, std::move(end)}; };
    while (!rest.empty() && rest != "\r\n") {
        rest = withHostAndWithoutFragment(std::move(rest));
        const HeadResult result = readHead(rest, {});
        if (const auto* error = std::get_if<Error>(&result))
            return ended(refusal(*error));
        const auto* complete = std::get_if<CompleteHead>(&result);
        if (!complete)
            return ended("waits");
        const RequestHead& head = complete->head;
        if (!isKnownMethod(head.method))
            return ended("501 " + QByteArray::fromStdString(head.method));
        rest.erase(0, complete->bytes);
        if (head.framing == BodyFraming::Length) {
            if (rest.size() < head.contentLength)
                return ended("waits");
            rest.erase(0, head.contentLength);
        } else if (head.framing == BodyFraming::Chunked) {
            std::string body;
            ChunkedBody chunked(mostBody);
            const auto taken = chunked.take(rest, body);
            if (!taken)
                return ended(refusal(taken.error()));
            if (!chunked.finished())
                return ended("waits");
            rest.erase(0, *taken);
        }
        ++reading.messages;
        if (head.hasToken("connection", "upgrade"))
            return ended("upgrades");
        if (!head.keepAlive)
            return ended("closes");
    }
    return reading;
}

const QByteArray notOfThisServer = "400 expected a request target that starts with “/”";
const QByteArray noVersion = "400 expected the version HTTP/1.1 or HTTP/1.0";
const QByteArray badHost = "400 expected a Host field such as “localhost:8787”";
const QByteArray unescaped = "400 the request target has a character that must be percent-encoded";

/// What llhttp accepts and this server refuses: other protocols, what only a proxy or another server is asked for, and what
/// other readers in front of it could read differently.
const QHash<QString, QByteArray> stricter{
    {QStringLiteral("method/connect-request"), notOfThisServer},
    {QStringLiteral("method/connect-request-with-caps"), notOfThisServer},
    {QStringLiteral("method/connect-with-body"), notOfThisServer},
    {QStringLiteral("uri/underscore-in-hostname"), notOfThisServer},
    {QStringLiteral("method/m-search-request"), notOfThisServer},
    {QStringLiteral("method/pri-request-http2"), notOfThisServer},
    {QStringLiteral("method/source-request-with-ice"), noVersion},
    {QStringLiteral("method/options-request-with-rtsp"), noVersion},
    {QStringLiteral("method/announce-request-with-rtsp"), noVersion},
    {QStringLiteral("method/report-request"), "501 REPORT"},
    {QStringLiteral("method/purge-request"), "501 PURGE"},
    {QStringLiteral("method/search-request"), "501 SEARCH"},
    {QStringLiteral("method/link-request"), "501 LINK"},
    {QStringLiteral("method/link-request-2"), "501 UNLINK"},
    {QStringLiteral("method/query-request"), "501 QUERY"},
    {QStringLiteral("sample/curl-get"), badHost}, // 0.0.0.0=5000
    {QStringLiteral("sample/firefox-get"), badHost},
    {QStringLiteral("uri/host-port-and-basic-auth"), badHost},
    {QStringLiteral("uri/quotes-in-uri"), unescaped},
    {QStringLiteral("sample/no-http-version"), "400 expected a request line such as “GET /path HTTP/1.1”"},
    {QStringLiteral("transfer-encoding/post-with-chunked-as-last-transfer-encoding-multiple-headers"),
     "501 expected the transfer coding “chunked”"},
};

/// What llhttp refuses as soon as it is there; here the head has to end first.
const QStringList refusedWithTheHeadsEnd{
    QStringLiteral("content-length/error-on-content-length-overflow"),
    QStringLiteral("content-length/error-on-duplicate-content-length"),
    QStringLiteral("invalid/invalid-http-version"),
    QStringLiteral("invalid/invalid-space-after-start-line"),
};

/// What follows `Connection: close` is not read, neither as a request nor as an error.
const QStringList notReadBehindTheLast{
    QStringLiteral("connection/no-restart-when-keep-alive-is-off-1-0"),
    QStringLiteral("connection/crlf-between-requests-explicit-close"),
    QStringLiteral("connection/crlf-between-requests-explicit-close-followed-by-tab"),
};

} // namespace

class TestRequestCorpus : public QObject {
    Q_OBJECT

    static void rows(const char* expect, int count)
    {
        QTest::addColumn<QJsonObject>("line");
        QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/data/http-requests.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int found = 0;
        while (!file.atEnd()) {
            const QJsonObject line = QJsonDocument::fromJson(file.readLine()).object();
            if (line[u"expect"].toString() != QLatin1StringView(expect))
                continue;
            ++found;
            QTest::newRow(qPrintable(line[u"id"].toString())) << line;
        }
        QCOMPARE(found, count);
    }
    static std::string bytesOf(const QJsonObject& line)
    {
        return QByteArray::fromBase64(line[u"base64"].toString().toLatin1()).toStdString();
    }

private Q_SLOTS:
    void whatIsAcceptedIsReadToItsEndOrRefusedForAKnownReason_data() { rows("accept", 61); }
    void whatIsAcceptedIsReadToItsEndOrRefusedForAKnownReason()
    {
        QFETCH(QJsonObject, line);
        const Reading reading = read(bytesOf(line));
        if (const auto known = stricter.constFind(line[u"id"].toString()); known != stricter.cend()) {
            QCOMPARE(reading.end, *known);
            QCOMPARE(reading.messages, 0);
            return;
        }
        QCOMPARE(reading.messages, line[u"messages"].toInt());
        if (line[u"incomplete"].toBool())
            QCOMPARE(reading.end, "waits");
        else if (line[u"upgrade"].toBool())
            QCOMPARE(reading.end, "upgrades");
        else
            QVERIFY2(reading.end == "all" || reading.end == "closes", reading.end.constData());
    }

    void everyReasonToBeStricterIsNeeded()
    {
        QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/data/http-requests.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        qsizetype needed = 0;
        while (!file.atEnd()) {
            const QJsonObject line = QJsonDocument::fromJson(file.readLine()).object();
            needed += line[u"expect"].toString() == u"accept" && stricter.contains(line[u"id"].toString()) ? 1 : 0;
        }
        QCOMPARE(needed, stricter.size());
    }

    void whatIsRefusedIsRefusedWithAStatus_data() { rows("error", 46); }
    void whatIsRefusedIsRefusedWithAStatus()
    {
        QFETCH(QJsonObject, line);
        const QString id = line[u"id"].toString();
        const Reading reading = read(bytesOf(line));
        QCOMPARE(reading.messages, line[u"messages"].toInt());
        if (notReadBehindTheLast.contains(id)) {
            QCOMPARE(reading.end, "closes");
        } else if (refusedWithTheHeadsEnd.contains(id)) {
            QCOMPARE(reading.end, "waits");
            const Reading ended = read(bytesOf(line) + "\r\n\r\n");
            QVERIFY2(ended.end.startsWith("400 ") || ended.end.startsWith("505 "), ended.end.constData());
            QCOMPARE(ended.messages, 0);
        } else {
            static const QByteArrayList statuses{"400", "501", "505"};
            QVERIFY2(statuses.contains(reading.end.left(3)), reading.end.constData());
        }
    }
};

QTEST_APPLESS_MAIN(TestRequestCorpus)
#include "tst_requestcorpus.moc"
