// Server-Sent Events: how bytes become events, and how a connection is kept up.
#include "core/client/eventstream.h"
#include "tests/core/client/fakeserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;

namespace {

/// One line an event: `name=data`.
QByteArray told(const std::vector<ServerEvent>& events)
{
    QByteArrayList lines;
    for (const ServerEvent& event : events)
        lines << QByteArray(event.name + '=' + event.data);
    return lines.join('|');
}

/// A server with a token endpoint and one stream, whose connections the test ends.
struct EventDesk {
    FakeServer server;
    FakeClock clock;
    FakeRandom random{255};
    Network network;
    TokenSource tokens{network, clock, {server.url(QStringLiteral("/oauth/token")), QStringLiteral("me"), Secret("s"), {}}};
    EventStream stream{network,
                       tokens,
                       clock,
                       random,
                       server.url(QStringLiteral("/events")),
                       {{std::chrono::milliseconds(2), std::chrono::milliseconds(20), std::chrono::seconds(30)},
                        std::chrono::milliseconds(300)}};
    QList<FakeAnswer> answers; ///< one a connection; the last one again and again
    QByteArrayList arrived;
    QStringList failures;

    EventDesk()
    {
        server.answer = [this](const FakeRequest& request) {
            if (request.path() == "/oauth/token")
                return tokenAnswer(QByteArray("t" + QByteArray::number(server.count("/oauth/token"))));
            return answers.size() > 1 ? answers.takeFirst() : answers.constFirst();
        };
        QObject::connect(&stream, &EventStream::arrived, &server,
                         [this](const std::vector<ServerEvent>& events) { arrived << told(events).split('|'); });
        QObject::connect(&stream, &EventStream::failed, &server,
                         [this](const Error& error) { failures << QString::fromStdString(error.detail); });
    }

    /// A connection that tells `events` and ends.
    static FakeAnswer events(const QByteArray& events)
    {
        FakeAnswer answer;
        answer.raw = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + events;
        return answer;
    }
    static FakeAnswer refusal(int status)
    {
        return {status, "{\"title\":\"no\",\"detail\":\"Not now.\"}", "application/problem+json", {}, false, {}};
    }
    FakeRequest asked(qsizetype index) const
    {
        QList<FakeRequest> found;
        for (const FakeRequest& request : server.requests) {
            if (request.path() == "/events")
                found << request;
        }
        return found.value(index);
    }
};

} // namespace

class TestEventStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bytesBecomeEvents_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("events");
        QTest::addColumn<QByteArray>("lastId");
        const auto row = [](const char* name, const QByteArray& bytes, const char* events, const char* lastId) {
            QTest::newRow(name) << bytes << QByteArray(events) << QByteArray(lastId);
        };
        row("an event with a name and an id", "id: 7\nevent: news\ndata: a\n\n", "news=a", "7");
        row("without a name it is a message", "data: a\n\n", "message=a", "");
        row("lines end as on any system", "data: a\r\n\r\ndata: b\r\rdata: c\n\n", "message=a|message=b|message=c", "");
        row("several lines of data are one text", "data: a\ndata:\ndata: b\n\n", "message=a\n\nb", "");
        row("one blank after the colon is no data, a second is", "data:  a\n\n", "message= a", "");
        row("comments and unknown fields say nothing", ": alive\nretry: 5\nwhat: ever\ndata: a\n\n", "message=a", "");
        row("an event without data is none, but its id holds", "id: 3\nevent: news\n\n", "", "3");
        row("an id holds for the events after it", "id: 3\ndata: a\n\ndata: b\n\n", "message=a|message=b", "3");
        row("an empty id takes it back", "id: 3\ndata: a\n\nid\ndata: b\n\n", "message=a|message=b", "");
        row("the id of an event that is not whole does not hold", "id: 3\ndata: a\n\nid: 4\ndata: b\n", "message=a", "3");
        row("an id with a zero byte is none", QByteArray("id: 3\0x\ndata: a\n\n", 17), "message=a", "");
        row("a byte order mark comes first",
            "\xEF\xBB\xBF"
            "data: a\n\n",
            "message=a", "");
        row("a line beyond all measure is skipped with its event",
            "data: " + QByteArray(ServerEventParser::longest, 'x') + "\n\ndata: b\n\n", "message=b", "");
    }
    void bytesBecomeEvents()
    {
        QFETCH(QByteArray, bytes);
        ServerEventParser whole;
        QTEST(told(whole.take(bytes)), "events");
        QTEST(whole.lastId(), "lastId");
        if (bytes.size() > ServerEventParser::longest)
            return;
        ServerEventParser pieces;
        std::vector<ServerEvent> events;
        for (const char byte : bytes) {
            for (ServerEvent& event : pieces.take(QByteArray(1, byte)))
                events.push_back(std::move(event));
        }
        QTEST(told(events), "events");
        QTEST(pieces.lastId(), "lastId");
    }

    void whatWasNotWholeIsForgottenWithItsConnection()
    {
        ServerEventParser parser;
        parser.take("id: 3\ndata: a\n\nid: 4\ndata: b");
        parser.restart();
        QCOMPARE(parser.lastId(), QByteArray("3"));
        QCOMPARE(told(parser.take("data: c\n\n")), QByteArray("message=c"));
    }

    void aCutConnectionGoesOnWhereItWas()
    {
        EventDesk desk;
        desk.answers = {EventDesk::events("id: 5\ndata: a\n\nid: 6\nda"), EventDesk::events("id: 6\ndata: b\n\n"), {}};
        desk.answers.last().hang = true;
        QSignalSpy opened(&desk.stream, &EventStream::opened);
        desk.stream.start();
        QTRY_COMPARE(desk.arrived, (QByteArrayList{"message=a", "message=b"}));
        QTRY_COMPARE(desk.server.count("/events"), 3);
        QCOMPARE(desk.asked(0).header("Last-Event-ID"), QByteArray());
        QCOMPARE(desk.asked(0).header("Accept"), QByteArray("text/event-stream"));
        QCOMPARE(desk.asked(1).header("Last-Event-ID"), QByteArray("5"));
        QCOMPARE(desk.asked(2).header("Last-Event-ID"), QByteArray("6"));
        QCOMPARE(opened.count(), 2);
        QVERIFY(desk.failures.isEmpty());
    }

    void aServerThatWantsToBeLeftAloneForAWhileIs()
    {
        // Our own wait is 2 ms at first and 20 ms at the most, which is as long as a server can make it.
        EventDesk desk;
        desk.answers = {EventDesk::events("retry: 99999999\nid: 5\ndata: a\n\n"), {}};
        desk.answers.last().hang = true;
        QElapsedTimer sinceEvent;
        QObject::connect(&desk.stream, &EventStream::arrived, &desk.server, [&] { sinceEvent.start(); });
        desk.stream.start();
        QTRY_COMPARE(desk.server.count("/events"), 2);
        QVERIFY(sinceEvent.elapsed() >= 12); // a coarse timer may come a little early
        QCOMPARE(desk.asked(1).header("Last-Event-ID"), QByteArray("5"));
    }

    void aServerThatSaysNothingIsLeft()
    {
        EventDesk desk;
        desk.answers = {{}};
        desk.answers.last().hang = true;
        desk.stream.start();
        QTRY_VERIFY(desk.server.count("/events") >= 2);
    }

    void aRefusedTokenIsRenewed()
    {
        EventDesk desk;
        desk.answers = {EventDesk::refusal(401), EventDesk::events("data: a\n\n"), {}};
        desk.answers.last().hang = true;
        desk.stream.start();
        QTRY_COMPARE(desk.arrived, QByteArrayList{"message=a"});
        QCOMPARE(desk.asked(0).header("Authorization"), QByteArray("Bearer t1"));
        QCOMPARE(desk.asked(1).header("Authorization"), QByteArray("Bearer t2"));
    }

    void aRefusalIsToldAndTriedAgain()
    {
        EventDesk desk;
        desk.answers = {EventDesk::refusal(503), EventDesk::events("data: a\n\n"), {}};
        desk.answers.last().hang = true;
        desk.stream.start();
        QTRY_COMPARE(desk.arrived, QByteArrayList{"message=a"});
        QCOMPARE(desk.failures.size(), 1);
        QVERIFY2(desk.failures[0].contains(u"Not now."), qPrintable(desk.failures[0]));
    }

    void anIdThatTheServerCannotReadIsNotSentAgain()
    {
        EventDesk desk;
        desk.answers = {EventDesk::events("id: 5\ndata: a\n\n"), EventDesk::refusal(400), EventDesk::events("data: b\n\n"), {}};
        desk.answers.last().hang = true;
        desk.stream.start();
        QTRY_COMPARE(desk.arrived, (QByteArrayList{"message=a", "message=b"}));
        QCOMPARE(desk.asked(1).header("Last-Event-ID"), QByteArray("5"));
        QCOMPARE(desk.asked(2).header("Last-Event-ID"), QByteArray());
    }

    void aServerWithoutTheStreamIsLeftAlone_data()
    {
        QTest::addColumn<FakeAnswer>("answer");
        QTest::newRow("not found") << EventDesk::refusal(404);
        QTest::newRow("a page of something in between") << FakeAnswer{200, "<p>hello", "text/html", {}, false, {}};
    }
    void aServerWithoutTheStreamIsLeftAlone()
    {
        QFETCH(FakeAnswer, answer);
        EventDesk desk;
        desk.answers = {answer};
        QSignalSpy absent(&desk.stream, &EventStream::absent);
        desk.stream.start();
        QTRY_COMPARE(absent.count(), 1);
        QTest::qWait(100);
        QCOMPARE(desk.server.count("/events"), 1);
        QVERIFY(!desk.stream.isStarted() && desk.failures.isEmpty());
    }

    void stoppedItAsksNoMore()
    {
        EventDesk desk;
        desk.answers = {EventDesk::events("id: 5\ndata: a\n\n")};
        QObject::connect(&desk.stream, &EventStream::arrived, &desk.server, [&] { desk.stream.stop(); });
        desk.stream.start();
        QTRY_COMPARE(desk.arrived.size(), 1);
        QTest::qWait(100);
        QCOMPARE(desk.server.count("/events"), 1);
        desk.stream.start();
        QTRY_COMPARE(desk.arrived.size(), 2);
        QCOMPARE(desk.asked(1).header("Last-Event-ID"), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestEventStream)
#include "tst_eventstream.moc"
