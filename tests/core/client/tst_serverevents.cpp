// Event streams of web-platform-tests, read as the HTML standard says, however their bytes are cut.
#include "core/client/serverevents.h"
#include "tests/core/model/support.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;
using namespace iotman::test;

namespace {

QByteArray written(const ServerEvent& event)
{
    return "name=" + event.name + " data=" + event.data + " id=" + event.id + '\x1e';
}

QByteArray written(const std::vector<ServerEvent>& events)
{
    QByteArray text;
    for (const ServerEvent& event : events)
        text += written(event);
    return text;
}

QByteArray expectedOf(const Json& line)
{
    QByteArray text;
    for (const Json& event : line.at("events"))
        text +=
            written(ServerEvent{bytes(member(event, "type")), bytes(member(event, "data")), bytes(member(event, "lastEventId"))});
    return text;
}

std::optional<std::int64_t> countOf(const std::optional<std::chrono::milliseconds>& time)
{
    return time ? std::optional(time->count()) : std::nullopt;
}

} // namespace

class TestServerEvents : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theCorpusIsReadAsTheStandardSays_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("events");
        QTest::addColumn<std::optional<std::int64_t>>("retry");
        int lines = 0;
        for (const Json& line : corpus("sse-streams.jsonl")) {
            const bool isRetryTold = line.contains("retry");
            QTest::newRow(member(line, "id").c_str())
                << bytes(member(line, "stream")) << bytes(member(line, "lastEventIdBefore")) << expectedOf(line)
                << (isRetryTold ? std::optional(line.at("retry").get<std::int64_t>()) : std::nullopt);
            ++lines;
        }
        QCOMPARE(lines, 28);
    }
    void theCorpusIsReadAsTheStandardSays()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, before);
        QFETCH(std::optional<std::int64_t>, retry);
        ServerEventParser whole(before);
        QTEST(written(whole.take(stream)), "events");
        QCOMPARE(countOf(whole.retry()), retry);

        ServerEventParser bytewise(before);
        QByteArray events;
        for (const char byte : stream)
            events += written(bytewise.take(QByteArray(1, byte)));
        QTEST(events, "events");
        QCOMPARE(countOf(bytewise.retry()), retry);

        for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
            ServerEventParser halves(before);
            QByteArray inTwo = written(halves.take(stream.left(cut)));
            inTwo += written(halves.take(stream.mid(cut)));
            QTEST(inTwo, "events");
            QCOMPARE(countOf(halves.retry()), retry);
        }
    }

    void whatTheServerWantsToWaitIsANumberOrNothing_data()
    {
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<std::optional<std::int64_t>>("retry");
        const auto row = [](const char* name, const char* lines, std::optional<std::int64_t> retry) {
            QTest::newRow(name) << QByteArray(lines) << retry;
        };
        row("said by itself, without an event", "retry: 200\n", 200);
        row("nothing is waited for", "retry: 0\n", 0);
        row("the last one counts", "retry: 200\nretry: 300\n", 300);
        row("not said", "data: a\n\n", std::nullopt);
        row("a sign", "retry: -1\n", std::nullopt);
        row("a plus", "retry: +1\n", std::nullopt);
        row("a fraction", "retry: 1.5\n", std::nullopt);
        row("a second blank", "retry:  1\n", std::nullopt);
        row("a blank behind it", "retry: 1 \n", std::nullopt);
        row("no digit", "retry:\n", std::nullopt);
        row("more than any number", "retry: 99999999999999999999\n", std::chrono::milliseconds::max().count());
        row("a line that is not whole", "retry: 200", std::nullopt);
    }
    void whatTheServerWantsToWaitIsANumberOrNothing()
    {
        QFETCH(QByteArray, lines);
        QFETCH(std::optional<std::int64_t>, retry);
        ServerEventParser parser;
        parser.take(lines);
        QCOMPARE(countOf(parser.retry()), retry);
    }

    void anotherConnectionKeepsTheIdAndTheWait()
    {
        ServerEventParser parser("2");
        QCOMPARE(parser.lastId(), QByteArray("2"));
        QCOMPARE(written(parser.take("data: a\n\nretry: 7\nid: 3\ndata: b\n\nid: 4\ndata: c\n")),
                 QByteArray(written(ServerEvent{"message", "a", "2"}) + written(ServerEvent{"message", "b", "3"})));
        parser.restart();
        QCOMPARE(parser.lastId(), QByteArray("3"));
        QCOMPARE(countOf(parser.retry()), std::optional<std::int64_t>(7));
        QCOMPARE(written(parser.take("\xEF\xBB\xBF"
                                     "data: d\n\n")),
                 written(ServerEvent{"message", "d", "3"}));
    }
};

QTEST_GUILESS_MAIN(TestServerEvents)
#include "tst_serverevents.moc"
