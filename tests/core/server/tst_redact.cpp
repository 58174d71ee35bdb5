// What a client sent, without what opens doors.
#include "core/server/redact.h"

#include <QtTest/QtTest>

using namespace iotman::server;

namespace {

// What was shown before must not shine through.
std::string shownTarget(std::string_view target, std::size_t most)
{
    std::string shown = "SENTINEL";
    showTarget(target, most, shown);
    return shown;
}

std::string shownHeaders(const std::vector<Header>& headers, std::size_t mostFields, std::size_t mostValue)
{
    std::string shown = "SENTINEL";
    showHeaders(headers, mostFields, mostValue, shown);
    return shown;
}

} // namespace

class TestRedact : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secretParametersAreCut_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, const char* target, const char* shown) {
            QTest::newRow(name) << QByteArray(target) << QByteArray(shown);
        };
        row("no query", "/data/out/a", "/data/out/a");
        row("harmless parameters stay", "/a?from=1&limit=2", "/a?from=1&limit=2");
        row("the token (secrets-1)", "/a/stream?access_token=SENTINELabc&times=1", "/a/stream?access_token=…&times=1");
        row("the token's name in escapes (secrets-1)", "/a?access%5Ftoken=SENTINELabc", "/a?access%5Ftoken=…");
        row("capitals", "/a?Access_Token=SENTINELabc", "/a?Access_Token=…");
        row("given twice", "/a?access_token=SENTINEL&access_token=SENTINEL2", "/a?access_token=…&access_token=…");
        row("a client's secret", "/a?client_secret=SENTINEL", "/a?client_secret=…");
        row("a name without a value", "/a?access_token", "/a?access_token");
        row("nothing secret", "/a?from=-1.5&to=1700000000.25&limit=100&times=1", "/a?from=-1.5&to=1700000000.25&limit=100&times=1");
        row("as another's number", "/a?to=1access_token=SENTINEL", "/a?to=1access_token=…");
        row("behind a semicolon", "/a?limit=1;access_token=SENTINEL", "/a?limit=1;access_token=…");
        row("encoded as a whole", "/a?access_token%3DSENTINEL", "/a?access_token%3D…");
        row("as another's value", "/a?x=access_token=SENTINEL&y=1", "/a?x=access_token=…&y=1");
        row("in the path", "/a/events;access_token=SENTINEL", "/a/events;access_token=…");
        row("encoded twice", "/a?x=Access_Token%253DSENTINEL", "/a?x=Access_Token%253D…");
        row("a token by its looks", "/a?q=Bearer%20eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJTRU5USU5FTCJ9.SENTINEL-_x&y=1", "/a?q=Bearer%20…&y=1");
        row("a token in the path", "/data/out/a/eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJTRU5USU5FTCJ9.SENTINEL", "/data/out/a/…");
        row("what only begins like one", "/a?q=eyJ.a&r=eyJx", "/a?q=eyJ.a&r=eyJx");
        row("other names of secrets", "/a?jwt=SENTINEL&bearer=SENTINEL&code=SENTINEL&sig=SENTINEL&auth=SENTINEL&pwd=SENTINEL",
            "/a?jwt=…&bearer=…&code=…&sig=…&auth=…&pwd=…");
        row("a token with escaped dots", "/a?q=eyJhbGciOiJSUzI1NiJ9%2EeyJzdWIiOiJTRU5USU5FTCJ9%2ESENTINEL", "/a?q=…");
        row("a token with a blank in its object", "/a?q=eyAiYWxnIjoiUlMyNTYifQ.eyAic3ViIjoxfQ.SENTINEL&y=1", "/a?q=…&y=1");
        row("user info in a path", "//u:SENTINEL@h/x", "//…@h/x");
        row("user info with a slash", "//u:SENT/INEL:x@h/x", "//…@h/x");
        row("user info in a value", "/a?x=http://u:SENTINEL@h/x&y=1", "/a?x=http://…@h/x&y=1");
        row("an address in a path", "/api/members/a@b", "/api/members/a@b");
        row("a word of another meaning", "/a?q=token&tokens=1&y=a%20b", "/a?q=token&tokens=…&y=a%20b");
    }
    void aLongTargetIsShownAtOnce()
    {
        const std::string target = "/a?q=" + std::string(32'000, 'x');
        std::string many;
        for (int i = 0; i < 10'000; ++i)
            many += "eyJ";
        QCOMPARE(shownTarget("/a?q=" + many, 100'000).size(), many.size() + 5);
        QVERIFY(shownTarget(target, 100).size() < 110);
    }

    void secretParametersAreCut()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(shownTarget(target.toStdString(), 1024)), shown);
    }

    void anOriginIsShownWithoutUserInfo()
    {
        QCOMPARE(shownOrigin("https://x:SENTINEL@h:1"), std::string("https://…@h:1"));
        QCOMPARE(shownOrigin("https://h"), std::string("https://h"));
        QCOMPARE(shownOrigin("SENTINEL@h"), std::string("…@h"));
    }

    void longTargetsAreCutBetweenCharacters()
    {
        QCOMPARE(shownTarget("/" + std::string(50, 'a'), 10), "/" + std::string(9, 'a') + "…");
        QCOMPARE(shownTarget("/aé", 3), std::string("/a…"));
    }

    void credentialsInHeadersAreHidden()
    {
        const std::vector<Header> headers{{"authorization", "Bearer SENTINEL"},
                                          {"cookie", "SENTINEL"},
                                          {"sec-websocket-protocol", "bearer, SENTINEL"},
                                          {"x-api-key", "SENTINEL"},
                                          {"x-auth-token", "SENTINEL"},
                                          {"referer", "http://a/b?access_token=SENTINEL"},
                                          {"x-forwarded-uri", "/a?limit=1&access_token=SENTINEL"},
                                          {"idempotency-key", "k1"},
                                          {"user-agent", "curl/7.88.1"},
                                          {"authorization", "SENTINEL"}};
        QCOMPARE(shownHeaders(headers, 100, 256), std::string("authorization: Bearer …\n"
                                                              "cookie: …\n"
                                                              "sec-websocket-protocol: …\n"
                                                              "x-api-key: …\n"
                                                              "x-auth-token: …\n"
                                                              "referer: http://a/b\n"
                                                              "x-forwarded-uri: /a?limit=1&access_token=…\n"
                                                              "idempotency-key: k1\n"
                                                              "user-agent: curl/7.88.1\n"
                                                              "authorization: …\n"));
        QCOMPARE(shownHeaders(headers, 2, 256), std::string("authorization: Bearer …\ncookie: …\n"));
        QCOMPARE(shownHeaders({{"accept", "0123456789"}}, 2, 6), std::string("accept: 012345…\n"));
    }
};

QTEST_APPLESS_MAIN(TestRedact)
#include "tst_redact.moc"
