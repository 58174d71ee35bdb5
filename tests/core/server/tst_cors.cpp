#include "core/server/cors.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

RequestHead headWith(const QByteArray& fields)
{
    const HeadResult result = readHead("GET /data/out/x HTTP/1.1\r\nHost: localhost:8787\r\n" + fields.toStdString() + "\r\n", {});
    return std::get<CompleteHead>(result).head;
}

QByteArray text(const std::vector<Header>& headers)
{
    QByteArray lines;
    for (const Header& header : headers)
        lines += QByteArray::fromStdString(header.name + ": " + header.value) + "\n";
    return lines;
}

QByteArray corsLines(const QByteArray& fields, const CorsOrigins& allowed, const std::string& own)
{
    std::vector<Header> headers;
    addCorsHeaders(headWith(fields), allowed, own, headers);
    return text(headers);
}

QByteArray preflightLines(const QByteArray& fields, const CorsOrigins& allowed, const std::string& own, Contract contract = Contract::Extended)
{
    std::vector<Header> headers;
    addPreflightHeaders(headWith(fields), allowed, own, contract, headers);
    return text(headers);
}

const CorsOrigins listed = parseCorsOrigins({"https://a.example", "https://b.example:8443"})->origins;
const CorsOrigins everyone = parseCorsOrigins({"*"})->origins;
const std::string own = "http://localhost:8787";

} // namespace

class TestCors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void originsAreJudgedByTheirExactText_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<OriginVerdict>("withList");
        QTest::addColumn<OriginVerdict>("withStar");
        const auto row = [](const char* name, const QByteArray& fields, OriginVerdict withList, OriginVerdict withStar) {
            QTest::newRow(name) << fields << withList << withStar;
        };
        row("no origin (host-3)", "", OriginVerdict::Absent, OriginVerdict::Absent);
        row("an allowed one", "Origin: https://a.example\r\n", OriginVerdict::Allowed, OriginVerdict::Allowed);
        row("another port", "Origin: https://b.example\r\n", OriginVerdict::Foreign, OriginVerdict::Allowed);
        row("another scheme", "Origin: http://a.example\r\n", OriginVerdict::Foreign, OriginVerdict::Allowed);
        row("a slash at the end", "Origin: https://a.example/\r\n", OriginVerdict::Foreign, OriginVerdict::Allowed);
        row("a host that begins alike", "Origin: https://a.example.evil\r\n", OriginVerdict::Foreign, OriginVerdict::Allowed);
        row("null (cors-4)", "Origin: null\r\n", OriginVerdict::Foreign, OriginVerdict::Allowed);
        row("the server's own", "Origin: http://localhost:8787\r\n", OriginVerdict::Own, OriginVerdict::Allowed);
        row("the server's own in other letters", "Origin: HTTP://LocalHost:8787\r\n", OriginVerdict::Own, OriginVerdict::Allowed);
        row("two of them", "Origin: https://a.example\r\nOrigin: https://a.example\r\n", OriginVerdict::Foreign, OriginVerdict::Foreign);
    }
    void originsAreJudgedByTheirExactText()
    {
        QCOMPARE(judgeOrigin(headWith("Origin: https://gw.example:443\r\n"), listed, "https://gw.example"), OriginVerdict::Own); // host-2
        QCOMPARE(judgeOrigin(headWith("Origin: https://a.example:443\r\n"), listed, own), OriginVerdict::Foreign);
        QFETCH(QByteArray, fields);
        QFETCH(OriginVerdict, withList);
        QFETCH(OriginVerdict, withStar);
        QCOMPARE(judgeOrigin(headWith(fields), listed, own), withList);
        QCOMPARE(judgeOrigin(headWith(fields), everyone, own), withStar);
    }

    void varyTellsCachesWhenTheAnswerDependsOnTheOrigin()
    {
        for (const char* fields : {"", "Origin: https://a.example\r\n", "Origin: https://evil.example\r\n"}) {
            QVERIFY(corsLines(fields, listed, own).contains("Vary: Origin\n"));
            QVERIFY(!corsLines(fields, everyone, own).contains("Vary"));
        }
    }

    void exactlyOneAllowHeaderWithExactlyOneValue()
    {
        QVERIFY(corsLines("", everyone, own).contains("Access-Control-Allow-Origin: *\n")); // for a cache it is the same answer
        const QByteArray allowed = corsLines("Origin: https://a.example\r\n", listed, own);
        QCOMPARE(allowed.count("Access-Control-Allow-Origin: https://a.example\n"), 1);
        QCOMPARE(allowed.count("Access-Control-Allow-Origin"), 1);
        QVERIFY(corsLines("Origin: https://x.example\r\n", everyone, own).contains("Access-Control-Allow-Origin: *\n"));
        QVERIFY(!corsLines("Origin: https://x.example\r\n", listed, own).contains("Access-Control"));
    }

    void preflightsGrantReadingWithATokenAndNothingElse()
    {
        const QByteArray granted = preflightLines("Origin: https://a.example\r\nAccess-Control-Request-Method: DELETE\r\n"
                                                  "Access-Control-Request-Headers: x-other\r\n"
                                                  "Access-Control-Request-Private-Network: true\r\n",
                                                  listed, own);
        QVERIFY(granted.contains("Access-Control-Allow-Methods: GET, HEAD\n"));
        QVERIFY(granted.contains("Access-Control-Allow-Headers: Authorization, Last-Event-ID\n"));
        // What the hosted service does not read it does not grant.
        QVERIFY(preflightLines("Origin: https://a.example\r\n", listed, own, Contract::Hosted).contains("Access-Control-Allow-Headers: Authorization\n"));
        QVERIFY(granted.contains("Access-Control-Allow-Private-Network: true\n"));
        const QByteArray foreign = preflightLines("Origin: https://evil.example\r\nAccess-Control-Request-Private-Network: true\r\n", listed, own);
        QCOMPARE(foreign, QByteArray("Vary: Origin\n"));
    }
};

QTEST_APPLESS_MAIN(TestCors)
#include "tst_cors.moc"
