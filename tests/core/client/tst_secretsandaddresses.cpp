#include "core/client/address.h"
#include "core/client/backoff.h"
#include "core/client/secret.h"
#include "core/client/streamend.h"
#include "core/client/streammessage.h"
#include "core/client/text.h"
#include "tests/core/client/fakeserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;
using namespace std::chrono_literals;

class TestSecretsAndAddresses : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pastedSecretsAreCleaned_data() // oauth-2
    {
        QTest::addColumn<QString>("pasted");
        QTest::addColumn<QString>("clean");
        QTest::newRow("as it is") << QStringLiteral("s3cr_et-") << QStringLiteral("s3cr_et-");
        QTest::newRow("line feed") << QStringLiteral("abc\n") << QStringLiteral("abc");
        QTest::newRow("carriage return and line feed") << QStringLiteral("abc\r\n") << QStringLiteral("abc");
        QTest::newRow("leading blank") << QStringLiteral("  abc") << QStringLiteral("abc");
        QTest::newRow("no-break space") << QStringLiteral("\u00a0abc\u00a0") << QStringLiteral("abc");
        QTest::newRow("zero-width space") << QStringLiteral("\u200babc\u200b") << QStringLiteral("abc");
        QTest::newRow("byte order mark") << QStringLiteral("\ufeffabc") << QStringLiteral("abc");
        QTest::newRow("direction mark") << QStringLiteral("\u200eabc\u202c") << QStringLiteral("abc");
        QTest::newRow("quotes") << QStringLiteral("\"abc\"") << QStringLiteral("abc");
        QTest::newRow("typographic quotes") << QStringLiteral("“abc”") << QStringLiteral("abc");
        QTest::newRow("blanks in and around quotes") << QStringLiteral(" ' abc ' \n") << QStringLiteral("abc");
        QTest::newRow("one quote is part of it") << QStringLiteral("\"abc") << QStringLiteral("\"abc");
        QTest::newRow("what lies inside is kept") << QStringLiteral("a b\u200bc\"d") << QStringLiteral("a b\u200bc\"d");
        QTest::newRow("only blanks") << QStringLiteral(" \u00a0\n") << QString();
        QTest::newRow("one quote alone") << QStringLiteral("\"") << QStringLiteral("\"");
        QTest::newRow("nothing") << QString() << QString();
    }
    void pastedSecretsAreCleaned()
    {
        QFETCH(QString, pasted);
        QFETCH(QString, clean);
        QCOMPARE(cleanPasted(pasted), clean);
    }

    void aSecretIsFoundAndHiddenEverywhere()
    {
        const Secret secret("abc");
        QCOMPARE(secret.hiddenIn("abc, xabcabc"), std::string("…, x……"));
        QCOMPARE(secret.hiddenIn("nothing here"), std::string("nothing here"));
        QCOMPARE(Secret().hiddenIn("abc"), std::string("abc"));
        QVERIFY(secret == Secret("abc"));
        QVERIFY(!(secret == Secret("abd")));
    }

    void loopbackIsKnown_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("loopback");
        for (const char* host : {"localhost", "LOCALHOST", "localhost.", "api.localhost", "127.0.0.1", "127.1.2.3", "::1"})
            QTest::newRow(host) << QString::fromLatin1(host) << true;
        for (const char* host : {"localhost.example", "notlocalhost", "128.0.0.1", "10.0.0.1", "::2", "127.0.0.1.example", ""})
            QTest::newRow(*host ? host : "(empty)") << QString::fromLatin1(host) << false;
    }
    void loopbackIsKnown()
    {
        QFETCH(QString, host);
        QFETCH(bool, loopback);
        QCOMPARE(isLoopback(host), loopback);
    }

    void originsAreCompared_data()
    {
        QTest::addColumn<QString>("other");
        QTest::addColumn<bool>("same");
        QTest::newRow("itself") << QStringLiteral("https://gw.example/x?y") << true;
        QTest::newRow("default port written") << QStringLiteral("https://gw.example:443/") << true;
        QTest::newRow("upper case") << QStringLiteral("HTTPS://GW.example/") << true;
        QTest::newRow("another port") << QStringLiteral("https://gw.example:444/") << false;
        QTest::newRow("another scheme") << QStringLiteral("http://gw.example:443/") << false;
        QTest::newRow("another host") << QStringLiteral("https://gw.example.evil/") << false;
    }
    void originsAreCompared()
    {
        QFETCH(QString, other);
        QFETCH(bool, same);
        QCOMPARE(sameOrigin(QUrl(QStringLiteral("https://gw.example/")), QUrl(other)), same);
    }

    void endpointsAreFoundFromWhatPeoplePaste_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("page"); // empty: refused
        QTest::addColumn<QString>("stream");
        const auto page = QStringLiteral("https://gw.example/data/out/weather");
        const auto stream = QStringLiteral("wss://gw.example/data/out/weather/stream");
        QTest::newRow("the page") << page << page << stream;
        QTest::newRow("with a query") << page + QStringLiteral("?limit=5#x") << page << stream;
        QTest::newRow("blanks around") << QStringLiteral("  %1/ \n").arg(page) << page << stream;
        QTest::newRow("the stream") << page + QStringLiteral("/stream") << page << stream;
        QTest::newRow("the events") << page + QStringLiteral("/events?from=1") << page << stream;
        QTest::newRow("an endpoint called stream")
            << QStringLiteral("https://gw.example/data/out/stream") << QStringLiteral("https://gw.example/data/out/stream")
            << QStringLiteral("wss://gw.example/data/out/stream/stream");
        QTest::newRow("a path in front") << QStringLiteral("http://h:1/v1/data/out/a_b-C")
                                         << QStringLiteral("http://h:1/v1/data/out/a_b-C")
                                         << QStringLiteral("ws://h:1/v1/data/out/a_b-C/stream");
        for (const char* typed : {"", "gw.example/data/out/weather", "ftp://gw.example/x", "https://u:p@gw.example/data/out/x",
                                  "https:///data/out/x", "https://gw.example", "https://gw.example/data/out/a b", "http://["})
            QTest::newRow(*typed ? typed : "(empty)") << QString::fromLatin1(typed) << QString() << QString();
    }
    void endpointsAreFoundFromWhatPeoplePaste()
    {
        QFETCH(QString, typed);
        QFETCH(QString, page);
        QFETCH(QString, stream);
        const auto address = EndpointAddress::parse(typed);
        QCOMPARE(address.has_value(), !page.isEmpty());
        if (!address) {
            QCOMPARE(address.error().field, std::string("url"));
            QVERIFY(address.error().detail.find("u:p") == std::string::npos);
            return;
        }
        QCOMPARE(address->page.toString(), page);
        QCOMPARE(address->stream.toString(), stream);
    }

    void serversAreFoundFromWhatPeoplePaste()
    {
        QCOMPARE(parseServerUrl(QStringLiteral(" http://[::1]:8787/ "))->toString(), QStringLiteral("http://[::1]:8787"));
        QVERIFY(!parseServerUrl(QStringLiteral("http://gw.example/?a=1")));
        QCOMPARE(EndpointAddress::onServer(QUrl(QStringLiteral("http://[::1]:8787")), EndpointId{"w"}).stream.toString(),
                 QStringLiteral("ws://[::1]:8787/data/out/w/stream"));
    }

    // ---- Backoff

    void waitsDoubleUpToTheMost() // client-2
    {
        FakeRandom longest(0);
        Backoff backoff({500ms, 30s, 30s}, longest);
        QList<qint64> waits;
        for (int i = 0; i < 9; ++i)
            waits << backoff.lost({}).count();
        QCOMPARE(waits, (QList<qint64>{500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000}));
    }

    void chanceShortensAWaitByHalfAtMost()
    {
        FakeRandom shortest(255);
        Backoff backoff({500ms, 30s, 30s}, shortest);
        QCOMPARE(backoff.lost({}).count(), 251);
        for (int i = 0; i < 100; ++i)
            QVERIFY(backoff.lost({}) > 0ms);
        QCOMPARE(backoff.lost({}).count(), 15001);
    }

    void onlyAnItemOrALongLinkResetsTheWait() // client-2
    {
        FakeRandom longest(0);
        Backoff backoff({500ms, 30s, 30s}, longest);
        backoff.lost({});
        backoff.opened(Timestamp{0});
        QCOMPARE(backoff.lost(Timestamp{29'999'999}).count(), 1000);
        backoff.opened(Timestamp{0});
        QCOMPARE(backoff.lost(Timestamp{30'000'000}).count(), 500);
        QCOMPARE(backoff.lost(Timestamp{99'000'000}).count(), 1000); // not opened in between
        QVERIFY(!backoff.isCalm());
        backoff.received();
        QVERIFY(backoff.isCalm());
        QCOMPARE(backoff.lost({}).count(), 500);
    }

    // ---- Streams: messages and ends

    void messagesAreUnwrapped_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("item"); // empty: refused
        QTest::addColumn<QByteArray>("cursor");
        QTest::newRow("ours") << QByteArray(R"({"time":1700000000.000007,"cursor":"sAB","item":{"a":1.10}})")
                              << QByteArray(R"({"a":1.10})") << QByteArray("sAB");
        QTest::newRow("members in another order")
            << QByteArray(R"({"item":[1],"cursor":"sAB","time":-1})") << QByteArray("[1]") << QByteArray("sAB");
        const auto alone = [](const char* name, const char* message) {
            QTest::newRow(name) << QByteArray(message) << QByteArray(message) << QByteArray();
        };
        alone("an item alone", R"({"a":12345678901234567890})");
        alone("an item that is a number", "1.50");
        alone("one member too many", R"({"time":1,"cursor":"sAB","item":1,"x":2})");
        alone("one member too few", R"({"time":1,"item":1})");
        alone("a page's cursor", R"({"time":1,"cursor":"pAB","item":1})");
        alone("a time that is none", R"({"time":"1","cursor":"sAB","item":1})");
        alone("a member twice", R"({"time":1,"cursor":"sAB","item":1,"item":2})");
        QTest::newRow("broken") << QByteArray("{\"a\":") << QByteArray() << QByteArray();
        QTest::newRow("empty") << QByteArray() << QByteArray() << QByteArray();
        QTest::newRow("two values") << QByteArray("1 2") << QByteArray() << QByteArray();
    }
    void messagesAreUnwrapped()
    {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, item);
        QFETCH(QByteArray, cursor);
        const auto read = streamItemFrom(view(message), Contract::Extended);
        QCOMPARE(read.has_value(), !item.isEmpty());
        if (!read)
            return;
        QCOMPARE(toBytes(read->json), item);
        QCOMPARE(toBytes(read->cursor), cursor);
        QCOMPARE(read->time.has_value(), !cursor.isEmpty());
    }

    void aHostedServicesItemsAreNeverUnwrapped()
    {
        const char* message = R"({"time":1,"cursor":"sAB","item":1})";
        QCOMPARE(streamItemFrom(message, Contract::Hosted)->json, std::string(message));
    }

    void everyEndHasANextStep_data()
    {
        QTest::addColumn<int>("close");
        QTest::addColumn<int>("status");
        QTest::addColumn<NextStep>("next");
        const auto close = [](int code, NextStep next) { QTest::addRow("close %d", code) << code << 0 << next; };
        const auto status = [](int code, NextStep next) { QTest::addRow("status %d", code) << 0 << code << next; };
        for (const int code : {1000, 1001, 1006, 1007, 1011, 1012, 1013, 4408, 4999})
            close(code, NextStep::Resume);
        for (const int code : {4404, 1009})
            close(code, NextStep::Stop);
        close(4401, NextStep::Renew);
        for (const int code : {200, 302, 400, 403, 404, 410, 421, 426})
            status(code, NextStep::Stop);
        for (const int code : {408, 429, 500, 502, 503, 504, 507})
            status(code, NextStep::Resume);
        status(401, NextStep::Renew);
    }
    void everyEndHasANextStep()
    {
        QFETCH(int, close);
        QFETCH(int, status);
        QFETCH(NextStep, next);
        const StreamEnd end = close ? endOfClose(close) : endOfRefusal(status);
        QCOMPARE(end.next, next);
        QVERIFY(!end.why.detail.empty());
    }
};

QTEST_GUILESS_MAIN(TestSecretsAndAddresses)
#include "tst_secretsandaddresses.moc"
