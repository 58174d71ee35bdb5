#include "core/client/streamreader.h"
#include "core/client/text.h"
#include "tests/core/client/fakeserver.h"

#include <QTcpSocket>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;
using namespace std::chrono_literals;

namespace {

/// An item with the number `n`, as our server wraps it.
QString message(int n)
{
    return QStringLiteral("{\"time\":%1,\"cursor\":\"s%1\",\"item\":{\"n\":%1}}").arg(n);
}

/// A frame of a server: unmasked, short, `head` with FIN and opcode (RFC 6455 §5.2).
QByteArray frame(char head, const QByteArray& payload)
{
    return QByteArray(1, head) + static_cast<char>(payload.size()) + payload;
}

StreamSettings quick()
{
    StreamSettings settings;
    settings.backoff = {1ms, 8ms, 30s};
    return settings;
}

/// A reader of a fake server's endpoint “w”, and what it told.
struct Reading {
    FakeServer server;
    FakeClock clock;
    FakeRandom random;
    Network network;
    TokenSource tokens{
        network, clock, {server.url(QStringLiteral("/oauth/token")), QStringLiteral("id"), Secret("SENTINELkey"), {}}};
    int given = 0;
    StreamReader reader;
    QList<StreamState> states;
    QList<qint64> delays;
    std::string numbers; ///< the items' JSON, each followed by a blank
    int batches = 0;
    int unreadable = 0;

    enum class Access { Public, Restricted };
    explicit Reading(Access access = Access::Public, StreamSettings settings = quick())
        : reader(network, access == Access::Public ? nullptr : &tokens, clock, random,
                 EndpointAddress::onServer(server.url(), EndpointId{"w"}), settings)
    {
        server.answer = [this](const FakeRequest& request) { return answer(request); };
        QObject::connect(&reader, &StreamReader::statusChanged, [this](const StreamStatus& status) {
            states << status.state;
            if (status.state == StreamState::Waiting)
                delays << status.delay.count();
        });
        QObject::connect(&reader, &StreamReader::itemsArrived, [this](const std::vector<StreamItem>& items) {
            ++batches;
            for (const StreamItem& item : items)
                numbers += item.json + " ";
        });
        QObject::connect(&reader, &StreamReader::unreadable, [this] { ++unreadable; });
    }

    int refusal = 404; ///< the status of upgrades that are not let in
    FakeAnswer answer(const FakeRequest& request)
    {
        if (request.path() == "/oauth/token")
            return tokenAnswer("SENTINELtoken" + QByteArray::number(++given));
        return {refusal, "{}", "application/json", {}, false, {}};
    }
    qsizetype tries() const { return server.count("/data/out/w/stream"); }
    QString asked(const char* parameter) const { return server.requests.last().parameter(QString::fromLatin1(parameter)); }
    std::string why() const { return reader.status().why ? reader.status().why->detail : std::string(); }
};

} // namespace

class TestStreamReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itemsOfOneTurnComeTogetherWithTheirBytes()
    {
        Reading r;
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) {
            socket.sendTextMessage(QStringLiteral("{\"time\":1,\"cursor\":\"s1\",\"item\":{\"온도\": 21.50}}"));
            socket.sendTextMessage(message(2));
        };
        r.reader.start({});
        QTRY_COMPARE(r.numbers, std::string("{\"온도\": 21.50} {\"n\":2} "));
        QCOMPARE(r.batches, 1);
        QCOMPARE(r.reader.cursor(), std::string("s2"));
        QCOMPARE(r.states, (QList<StreamState>{StreamState::Connecting, StreamState::Live}));
        QCOMPARE(r.asked("times"), QStringLiteral("1"));
        QCOMPARE(r.server.requests.last().header("Origin"), QByteArray());
    }

    void aStreamBeginsWhereItIsTold()
    {
        Reading r;
        r.reader.start({{}, Timestamp{1'700'000'000'500'000}});
        QTRY_COMPARE(r.reader.status().state, StreamState::Live);
        QCOMPARE(r.asked("from"), QStringLiteral("1700000000.5"));
        r.reader.start({"sAB", {}});
        QTRY_COMPARE(r.tries(), 2);
        QCOMPARE(r.asked("cursor"), QStringLiteral("sAB"));
        QCOMPARE(r.asked("from"), QString());
    }

    void aHostedServiceIsAskedForNothingOfOurs()
    {
        StreamSettings settings = quick();
        settings.contract = Contract::Hosted;
        Reading r(Reading::Access::Public, settings);
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) { socket.sendTextMessage(QStringLiteral("{\"a\":1.10}")); };
        r.reader.start({"sAB", {}});
        QTRY_COMPARE(r.numbers, std::string("{\"a\":1.10} "));
        QCOMPARE(r.server.requests.last().target, QByteArray("/data/out/w/stream"));
    }

    void aLostLinkIsResumedWithoutGapOrRepeat_data()
    {
        QTest::addColumn<int>("code");
        for (const int code : {0, 1000, 1001, 1011, 1012, 4408})
            QTest::addRow("close %d", code) << code;
    }
    void aLostLinkIsResumedWithoutGapOrRepeat()
    {
        QFETCH(int, code);
        Reading r;
        r.server.opened = [&](QWebSocket& socket, const FakeRequest& request) {
            const int last = request.parameter(QStringLiteral("cursor")).mid(1).toInt();
            if (last == 6)
                return;
            for (int n = last + 1; n <= last + 3; ++n)
                socket.sendTextMessage(message(n));
            if (code)
                socket.close(static_cast<QWebSocketProtocol::CloseCode>(code));
            else
                socket.flush(), socket.abort();
        };
        r.reader.start({"s0", {}});
        QTRY_COMPARE(r.tries(), 3);
        QTRY_COMPARE(r.reader.status().state, StreamState::Live);
        QCOMPARE(r.numbers, std::string("{\"n\":1} {\"n\":2} {\"n\":3} {\"n\":4} {\"n\":5} {\"n\":6} "));
        QCOMPARE(r.delays, (QList<qint64>{1, 1})); // an item resets the wait
    }

    void acceptingAloneDoesNotResetTheWait() // client-2
    {
        Reading r;
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) { socket.close(); };
        r.reader.start({});
        QTRY_VERIFY(r.delays.size() >= 6);
        r.reader.stop();
        QCOMPARE(r.delays.first(6), (QList<qint64>{1, 2, 4, 8, 8, 8}));
        QCOMPARE(r.reader.status().state, StreamState::Stopped);
    }

    void aLinkOpenForLongResetsTheWait() // client-2
    {
        Reading r;
        connect(&r.reader, &StreamReader::statusChanged, [&](const StreamStatus& status) {
            if (status.state == StreamState::Live && r.tries() == 4)
                r.clock.advance(30);
        });
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) { socket.close(); };
        r.reader.start({});
        QTRY_VERIFY(r.delays.size() >= 5);
        r.reader.stop();
        QCOMPARE(r.delays.first(5), (QList<qint64>{1, 2, 4, 1, 2}));
    }

    void aRefusedTokenIsRenewedOnce() // client-3
    {
        Reading r(Reading::Access::Restricted);
        r.server.upgrade = [&](const FakeRequest& request) { return request.header("Authorization") == "Bearer SENTINELtoken2"; };
        r.refusal = 401;
        r.reader.start({});
        QTRY_COMPARE(r.reader.status().state, StreamState::Live);
        QCOMPARE(r.tries(), 2);
        QCOMPARE(r.given, 2);
    }

    void aTokenRefusedTwiceAsksForASignIn() // client-3
    {
        Reading r(Reading::Access::Restricted);
        r.server.upgrade = [](const FakeRequest&) { return false; };
        r.refusal = 401;
        r.reader.start({});
        QTRY_COMPARE(r.reader.status().state, StreamState::SignInNeeded);
        QTest::qWait(20);
        QCOMPARE(r.tries(), 2);
        r.server.upgrade = [](const FakeRequest&) { return true; };
        r.reader.retryNow();
        QTRY_COMPARE(r.reader.status().state, StreamState::Live);
    }

    void refusedCredentialsAskForASignIn()
    {
        Reading r(Reading::Access::Restricted);
        r.server.answer = [](const FakeRequest&) {
            return FakeAnswer{401, "{\"error\":\"invalid_client\"}", "application/json", {}, false, {}};
        };
        r.reader.start({});
        QTRY_COMPARE(r.reader.status().state, StreamState::SignInNeeded);
        QCOMPARE(r.tries(), 0);
    }

    void anEndpointWithoutTokenAsksForASignIn()
    {
        Reading r;
        r.server.upgrade = [](const FakeRequest&) { return false; };
        r.refusal = 401;
        r.reader.start({});
        QTRY_COMPARE(r.reader.status().state, StreamState::SignInNeeded);
        QCOMPARE(r.tries(), 1);
    }

    void aRefusalStopsAndSaysWhy_data() // client-3
    {
        QTest::addColumn<int>("status");
        for (const int status : {200, 302, 400, 403, 404, 426})
            QTest::addRow("%d", status) << status;
    }
    void aRefusalStopsAndSaysWhy()
    {
        QFETCH(int, status);
        Reading r(Reading::Access::Restricted);
        r.server.upgrade = [](const FakeRequest&) { return false; };
        r.refusal = status;
        r.reader.start({"s1", {}});
        QTRY_COMPARE(r.reader.status().state, StreamState::Refused);
        QTest::qWait(20);
        QCOMPARE(r.tries(), 1);
        QVERIFY(!r.why().empty());
    }

    void aBusyServerIsTriedAgain()
    {
        Reading r;
        r.server.upgrade = [&](const FakeRequest&) { return r.tries() == 3; };
        r.refusal = 503;
        r.reader.start({});
        QTRY_COMPARE(r.reader.status().state, StreamState::Live);
        QCOMPARE(r.delays, (QList<qint64>{1, 2}));
    }

    void aServerThatIsNotThereIsTriedAgain()
    {
        Network network;
        FakeClock clock;
        FakeRandom random;
        StreamReader reader(network, nullptr, clock, random,
                            *EndpointAddress::parse(QStringLiteral("http://127.0.0.1:9/data/out/w")), quick());
        int waits = 0;
        QString why;
        connect(&reader, &StreamReader::statusChanged, [&](const StreamStatus& status) {
            waits += status.state == StreamState::Waiting ? 1 : 0;
            why = status.why ? toQt(status.why->detail) : why;
        });
        reader.start({});
        QTRY_VERIFY(waits >= 3);
        QCOMPARE(why, QStringLiteral("127.0.0.1:9 could not be reached."));
    }

    void anExpiredTokenIsRenewedAndTheStreamResumed() // 4401
    {
        Reading r(Reading::Access::Restricted);
        r.server.opened = [&](QWebSocket& socket, const FakeRequest&) {
            if (r.given > 1)
                return;
            socket.sendTextMessage(message(7));
            socket.close(static_cast<QWebSocketProtocol::CloseCode>(4401));
        };
        r.reader.start({});
        QTRY_COMPARE(r.given, 2);
        QTRY_COMPARE(r.reader.status().state, StreamState::Live);
        QCOMPARE(r.asked("cursor"), QStringLiteral("s7"));
        QCOMPARE(r.server.requests.last().header("Authorization"), QByteArray("Bearer SENTINELtoken2"));
        QVERIFY(r.delays.isEmpty());
    }

    void aServerThatExpiresEveryTokenAtOnceIsNotStormed()
    {
        Reading r(Reading::Access::Restricted);
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) {
            socket.close(static_cast<QWebSocketProtocol::CloseCode>(4401));
        };
        r.reader.start({});
        QTRY_VERIFY(r.delays.size() >= 4);
        r.reader.stop();
        QCOMPARE(r.delays.first(4), (QList<qint64>{2, 4, 8, 8}));
    }

    void aDeletedEndpointStopsTheStream() // 4404
    {
        Reading r;
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) {
            socket.sendTextMessage(message(1));
            socket.close(static_cast<QWebSocketProtocol::CloseCode>(4404));
        };
        r.reader.start({});
        QTRY_COMPARE(r.reader.status().state, StreamState::Refused);
        QCOMPARE(r.numbers, std::string("{\"n\":1} "));
        QCOMPARE(r.reader.status().why->kind, Problem::NotFound);
        QTest::qWait(20);
        QCOMPARE(r.tries(), 1);
    }

    void aSilentLinkIsNoticedAndResumed() // client-4
    {
        StreamSettings settings = quick();
        settings.ping = 5ms;
        settings.silence = 50ms;
        Reading r(Reading::Access::Public, settings);
        r.server.rawOpened = [](QTcpSocket& socket, const FakeRequest& request) {
            if (request.parameter(QStringLiteral("cursor")) == QStringLiteral("s1"))
                socket.write(frame('\x81', message(2).toUtf8()));
            else
                socket.write(frame('\x81', message(1).toUtf8())); // and pings stay unanswered
        };
        r.reader.start({});
        QTRY_COMPARE(r.numbers, std::string("{\"n\":1} {\"n\":2} "));
        QVERIFY(r.delays.size() >= 1);
    }

    void anAnsweredPingKeepsAQuietLink() // client-4
    {
        StreamSettings settings = quick();
        settings.ping = 5ms;
        settings.silence = 500ms;
        Reading r(Reading::Access::Public, settings);
        int pings = 0;
        r.server.rawOpened = [&](QTcpSocket& socket, const FakeRequest&) {
            connect(&socket, &QTcpSocket::readyRead, &socket, [&pings, peer = &socket] {
                peer->readAll();
                ++pings;
                peer->write(frame('\x8a', {}));
            });
        };
        r.reader.start({});
        QTRY_VERIFY(pings >= 150); // more than a silence's worth of them
        QCOMPARE(r.tries(), 1);
        QCOMPARE(r.reader.status().state, StreamState::Live);
    }

    void anUpgradeThatIsNotAnsweredIsGivenUp()
    {
        StreamSettings settings = quick();
        settings.connect = 20ms;
        Reading r(Reading::Access::Public, settings);
        r.server.upgrade = [](const FakeRequest&) { return false; };
        r.server.answer = [](const FakeRequest&) { return FakeAnswer{200, {}, {}, {}, true, {}}; };
        r.reader.start({});
        QTRY_VERIFY(r.delays.size() >= 2);
        r.reader.stop();
    }

    void aMessageSplitInsideACharacterLosesNothing() // qt-1
    {
        Reading r;
        r.server.rawOpened = [](QTcpSocket& socket, const FakeRequest& request) {
            const QByteArray text = "{\"time\":2,\"cursor\":\"s2\",\"item\":{\"온도\":21.5}}";
            const qsizetype inside = text.indexOf("온") + 1;
            if (request.parameter(QStringLiteral("cursor")) == QStringLiteral("s1"))
                socket.write(frame('\x81', text));
            else
                socket.write(frame('\x81', message(1).toUtf8()) + frame('\x01', text.left(inside)) +
                             frame('\x80', text.mid(inside)));
        };
        QStringList reasons;
        connect(&r.reader, &StreamReader::statusChanged, [&](const StreamStatus& status) {
            if (status.why)
                reasons << toQt(status.why->detail);
        });
        r.reader.start({});
        QTRY_COMPARE(r.numbers, std::string("{\"n\":1} {\"온도\":21.5} "));
        // A Qt that reads such a message right (6.8 does) has no reason to connect anew; any other says why it did.
        QCOMPARE(reasons.size(), r.tries() - 1);
        for (const QString& reason : reasons)
            QVERIFY2(reason.contains(u"UTF-8"), qPrintable(reason));
    }

    void aMessageUpToTheLimitComesThroughAndALargerOneStops()
    {
        Reading r;
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) {
            socket.sendTextMessage(u'"' + QString(1'500'000, u'x') + u'"');
            socket.sendTextMessage(u'"' + QString(3'000'000, u'x') + u'"');
        };
        r.reader.start({});
        QTRY_COMPARE(r.reader.status().state, StreamState::Refused);
        QCOMPARE(r.numbers.size(), std::size_t(1'500'003));
        QCOMPARE(r.reader.status().why->kind, Problem::TooLarge);
    }

    void aMessageThatIsNoItemIsToldAndPassedOver()
    {
        Reading r;
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) {
            socket.sendTextMessage(QStringLiteral("{\"a\":"));
            socket.sendTextMessage(message(1));
        };
        r.reader.start({});
        QTRY_COMPARE(r.numbers, std::string("{\"n\":1} "));
        QCOMPARE(r.unreadable, 1);
    }

    void whoIsToldMayStopOrDeleteTheReader()
    {
        FakeServer server;
        server.opened = [](QWebSocket& socket, const FakeRequest&) { socket.sendTextMessage(message(1)); };
        Network network;
        FakeClock clock;
        FakeRandom random;
        const auto address = EndpointAddress::onServer(server.url(), EndpointId{"w"});
        StreamReader stopped(network, nullptr, clock, random, address, quick());
        connect(&stopped, &StreamReader::itemsArrived, &stopped, [&] { stopped.stop(); });
        stopped.start({});
        QTRY_COMPARE(server.streams().size(), 1);
        QTRY_COMPARE(stopped.status().state, StreamState::Stopped);

        for (const StreamState state : {StreamState::Connecting, StreamState::Live}) {
            QPointer<StreamReader> reader = new StreamReader(network, nullptr, clock, random, address, quick());
            connect(reader, &StreamReader::statusChanged, this, [reader, state](const StreamStatus& status) {
                if (status.state == state)
                    delete reader.data();
            });
            reader->start({});
            QTRY_VERIFY(!reader);
        }
    }

    void whoIsToldMayStartAnew()
    {
        Reading r;
        int starts = 1;
        connect(&r.reader, &StreamReader::statusChanged, [&](const StreamStatus& status) {
            if (status.state == StreamState::Connecting && starts++ == 1)
                r.reader.start({"s5", {}});
        });
        r.reader.start({});
        QTRY_COMPARE(r.reader.status().state, StreamState::Live);
        QTest::qWait(20);
        QCOMPARE(r.tries(), 1);
        QCOMPARE(r.asked("cursor"), QStringLiteral("s5"));
    }

    void aCertificateThatDoesNotVerifyIsToldWithItsFingerprint() // client-6
    {
        FakeServer server(FakeServer::Tls::OtherName);
        Network network;
        FakeClock clock;
        FakeRandom random;
        StreamReader reader(network, nullptr, clock, random, EndpointAddress::onServer(server.url(), EndpointId{"w"}), quick());
        QString why;
        connect(&reader, &StreamReader::statusChanged, [&](const StreamStatus& status) {
            if (status.why)
                why = toQt(status.why->detail);
        });
        reader.start({});
        QTRY_VERIFY(!why.isEmpty());
        reader.stop();
        QVERIFY2(why.contains(u"SHA-256 fingerprint"), qPrintable(why));
        QCOMPARE(server.requests.size(), 0);
    }

    void nothingIsToldAfterStop()
    {
        Reading r;
        r.server.opened = [](QWebSocket& socket, const FakeRequest&) { socket.sendTextMessage(message(1)); };
        r.reader.start({});
        r.reader.stop();
        const auto told = r.states.size();
        QTest::qWait(20);
        QCOMPARE(r.states.size(), told);
        QCOMPARE(r.numbers, std::string());
    }

    void neitherTokenNorSecretIsPrintedOrShown() // secrets-1
    {
        const Printed printed;
        QStringList shown;
        for (const int status : {401, 403, 404, 503}) {
            Reading r(Reading::Access::Restricted);
            r.server.upgrade = [](const FakeRequest&) { return false; };
            r.refusal = status;
            r.reader.start({});
            QTRY_VERIFY(r.reader.status().why);
            shown << toQt(r.why());
            for (const FakeRequest& request : r.server.requests)
                QVERIFY(!request.target.contains("SENTINEL"));
        }
        QVERIFY(!shown.join(u' ').contains(u"SENTINEL"));
        QVERIFY2(!Printed::text().contains(u"SENTINEL"), qPrintable(Printed::text()));
    }
};

QTEST_GUILESS_MAIN(TestStreamReader)
#include "tst_streamreader.moc"
