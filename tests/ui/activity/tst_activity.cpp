#include "ui/activity/activityhints.h"
#include "ui/activity/activitymodel.h"
#include "ui/activity/activitypage.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::ui;
using Kind = ActivityHint::Kind;

namespace {

ActivityEntry page(std::uint64_t number, double at, const std::string& query = {}, int status = 200)
{
    ActivityEntry entry;
    entry.number = number;
    entry.at = {static_cast<std::int64_t>(at * 1e6)};
    entry.client = "10.0.0.7";
    entry.method = "GET";
    entry.path = "/data/out/cold";
    entry.query = query;
    entry.status = status;
    return entry;
}

ActivityEntry stream(std::uint64_t number, double at, double seconds, const std::string& query = {})
{
    ActivityEntry entry = page(number, at, query, 101);
    entry.path += "/stream";
    entry.stream = true;
    entry.duration = Timestamp{static_cast<std::int64_t>(seconds * 1e6)};
    return entry;
}

ActivityEntry placed(ActivityEntry stream, std::int64_t began, std::int64_t ended, std::int64_t output = 1)
{
    stream.place = StreamPlace{output, began, ended};
    return stream;
}

/// One line a hint: `Polls x cold 12 1.0`.
QByteArray told(const std::vector<ActivityHint>& hints)
{
    QByteArrayList lines;
    const char* names[] = {"milliseconds", "polls", "never follows", "token", "no cursor", "here only"};
    for (const ActivityHint& hint : hints)
        lines << names[static_cast<int>(hint.kind)] + QByteArray(": ") + hint.client.c_str() + " " + hint.endpoint.c_str() + " " +
                     QByteArray::number(qlonglong(hint.count)) + " " + hint.evidence.c_str() +
                     (hint.lost ? " lost " + QByteArray::number(qlonglong(*hint.lost)) : QByteArray());
    return lines.join('\n');
}

class FixedClock : public Clock {
public:
    Timestamp now() const override { return {1'700'000'000'000'000}; }
};

} // namespace

class TestActivity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hintsHaveTheirEvidence_data()
    {
        QTest::addColumn<std::vector<ActivityEntry>>("entries");
        QTest::addColumn<QByteArray>("hints");
        std::vector<ActivityEntry> entries{page(1, 0, "from=1700000000000", 400), page(2, 1, "to=-1700000000000&limit=5", 400),
                                           page(3, 2, "from=1700000000", 200)};
        QTest::newRow("milliseconds for seconds") << entries << QByteArray("milliseconds: 10.0.0.7 cold 2 to=-1700000000000");
        entries.clear();
        for (int i = 0; i < 12; ++i)
            entries.push_back(page(static_cast<std::uint64_t>(i + 1), i, "limit=1"));
        QTest::newRow("polls every second") << entries << QByteArray("polls: 10.0.0.7 cold 12 1.0");
        for (ActivityEntry& entry : entries)
            entry.at.us *= 60;
        QTest::newRow("once a minute is no poll, and one item no page") << entries << QByteArray();
        entries.resize(9);
        QTest::newRow("nine are too few") << entries << QByteArray();
        entries = {page(1, 0, "limit=100"), page(2, 100, "limit=100"), page(3, 200, "limit=100")};
        QTest::newRow("reads 100 of 500 and never goes on") << entries << QByteArray("never follows: 10.0.0.7 cold 3 100 of 500");
        entries.push_back(page(4, 201, "to=1&limit=100&cursor=pabc"));
        QTest::newRow("one who follows") << entries << QByteArray();
        entries = {page(1, 0, "limit=1000"), page(2, 100, "limit=1000"), page(3, 200, "limit=1000")};
        QTest::newRow("all are on one page") << entries << QByteArray();
        entries = {page(1, 0, "access%5Ftoken=\u2026"), stream(2, 5, 1, "access_token=\u2026")};
        QTest::newRow("a token in the URL of a page, not of a stream")
            << entries << QByteArray("token: 10.0.0.7 cold 1 /data/out/cold");
        entries = {stream(1, 0, 60), stream(2, 72, 10)};
        QTest::newRow("reconnects without a cursor") << entries << QByteArray("no cursor: 10.0.0.7 cold 1 12");
        entries[1].query = "cursor=sabc";
        QTest::newRow("reconnects with one") << entries << QByteArray();
        entries[1].query.clear();
        entries[1].headers = {{"last-event-id", "sabc"}};
        QTest::newRow("reconnects as an EventSource does") << entries << QByteArray();
        entries = {stream(1, 0, 60), stream(2, 30, 10)};
        entries[0].open = true;
        QTest::newRow("two streams at once are no reconnect") << entries << QByteArray();
        entries = {placed(stream(1, 0, 60), 100, 300), placed(stream(2, 62, 10), 514, 520)};
        QTest::newRow("what was published in between is lost")
            << entries << QByteArray("no cursor: 10.0.0.7 cold 1 2.0 lost 214");
        entries.push_back(placed(stream(3, 75, 10), 530, 600));
        QTest::newRow("each time anew") << entries << QByteArray("no cursor: 10.0.0.7 cold 2 3.0 lost 224");
        entries[2].place->began = 520;
        QTest::newRow("nothing was published before the second time")
            << entries << QByteArray("no cursor: 10.0.0.7 cold 1 2.0 lost 214");
        entries[1].query = "from=1700000000";
        QTest::newRow("who says where it was loses nothing") << entries << QByteArray();
        entries = {placed(stream(1, 0, 60), 100, 300), placed(stream(2, 121, 10), 514, 520)};
        QTest::newRow("after more than a minute it begins anew") << entries << QByteArray();
        entries = {placed(stream(1, 0, 60), 100, 300), placed(stream(2, 62, 10), 14, 20, 2)};
        QTest::newRow("items that were made anew are not comparable") << entries << QByteArray("no cursor: 10.0.0.7 cold 1 2.0");
        entries = {placed(stream(1, 0, 60), 100, 300), placed(stream(2, 10, 20), 150, 200), placed(stream(3, 62, 10), 310, 320)};
        QTest::newRow("of two that ended it follows the last") << entries << QByteArray("no cursor: 10.0.0.7 cold 1 2.0 lost 10");
        entries.push_back(placed(stream(4, 63, 10), 312, 320));
        QTest::newRow("each is followed once") << entries << QByteArray("no cursor: 10.0.0.7 cold 2 33 lost 122");
        entries = {placed(stream(1, 0, 60), 100, 300), placed(stream(2, 62, 10), 514, 520)};
        entries[1].client = "10.0.0.8";
        QTest::newRow("another reader is none that comes again") << entries << QByteArray();
        entries = {page(1, 0, "times=1")};
        entries[0].extension = true;
        QTest::newRow("works here only") << entries << QByteArray("here only: 10.0.0.7 cold 1 /data/out/cold?times=1");
    }
    void hintsHaveTheirEvidence()
    {
        QFETCH(std::vector<ActivityEntry>, entries);
        QTEST(told(activityHints(entries, {{"cold", 500}})), "hints");
    }

    void anEntryIsReadAsTheContractSpellsIt()
    {
        const auto entry = activityEntryFrom(*parseJson(
            "{\"event\":\"stream\",\"number\":7,\"at\":1700000000.5,\"client\":\"127.0.0.1\",\"method\":\"GET\",\"path\":\"/data/"
            "out/a%20b/"
            "events\",\"query\":\"from=1\",\"status\":200,\"duration\":null,\"bytes\":12,\"origin\":null,\"caller\":\"grafana\","
            "\"reason\":null,\"extension\":true,\"open\":true,\"headers\":[{\"name\":\"Accept\",\"value\":\"*/*\"}]}"));
        QVERIFY(entry);
        QVERIFY(entry->stream && entry->open && entry->extension);
        QCOMPARE(entry->endpoint(), std::string("a b"));
        QCOMPARE(entry->parameter("from"), std::optional<std::string>("1"));
        QCOMPARE(entry->header("accept"), std::string("*/*"));
        QVERIFY(!entry->duration);
        QVERIFY(!entry->place);
        const auto placed = activityEntryFrom(
            *parseJson("{\"event\":\"stream\",\"number\":7,\"at\":1,\"place\":{\"output\":2,\"began\":40,\"ended\":52}}"));
        QCOMPARE(placed->place, std::optional(StreamPlace{2, 40, 52}));
        const auto opened = activityEntryFrom(
            *parseJson("{\"event\":\"stream\",\"number\":7,\"at\":1,\"place\":{\"output\":2,\"began\":40,\"ended\":null}}"));
        QCOMPARE(opened->place, std::optional(StreamPlace{2, 40, std::nullopt}));
        QVERIFY(!activityEntryFrom(*parseJson("{\"event\":\"history-changed\",\"number\":8,\"at\":1,\"endpoint\":\"a\"}")));
    }

    void theListGrowsAtItsTopAndStreamsChangeInTheirPlace()
    {
        FixedClock clock;
        ActivityModel model(clock);
        ActivityEntry open = stream(2, 1, 0);
        open.open = true;
        model.merge({page(1, 0), open});
        model.merge({page(3, 2), open});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.at(0).number, 3U);
        QCOMPARE(model.at(1).number, 2U);
        QVERIFY(model.at(1).open);
        open.open = false;
        model.merge({open, page(3, 2)});
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(!model.at(1).open);
        model.clear();
        model.merge({page(3, 2), page(4, 3)});
        QCOMPARE(model.rowCount(), 1);
    }

    void whatComesLateFindsItsPlace()
    {
        FixedClock clock;
        ActivityModel model(clock);
        const ActivityEntry ended = stream(2, 1, 5);
        ActivityEntry open = ended;
        open.open = true;
        model.merge({page(1, 0), ended, page(4, 3)});
        model.merge({page(3, 2), open}); // what was open is known to have ended
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.at(1).number, 3U);
        QVERIFY(!model.at(2).open);
        model.merge({open, page(5, 4), page(5, 4)});
        QCOMPARE(model.rowCount(), 5);
        QVERIFY(!model.contradicts({page(5, 4), page(6, 5)}));
        QVERIFY(model.contradicts({page(6, 5), page(1, 7)}));
        model.clear();
        model.merge({page(3, 2)});
        QCOMPARE(model.rowCount(), 0);
        model.beginAnew();
        model.merge({page(3, 2)});
        QCOMPARE(model.rowCount(), 1);
    }

    void theListIsBounded()
    {
        FixedClock clock;
        ActivityModel model(clock);
        std::vector<ActivityEntry> many;
        for (std::uint64_t i = 1; i <= ActivityModel::mostEntries + 10; ++i) {
            many.emplace_back();
            many.back().number = i;
        }
        model.merge(many);
        QCOMPARE(model.rowCount(), int(ActivityModel::mostEntries));
        QCOMPARE(model.at(0).number, std::uint64_t(ActivityModel::mostEntries + 10));
    }

    void filtersNarrow()
    {
        FixedClock clock;
        ActivityModel model(clock);
        ActivityFilter filter(&model);
        ActivityEntry refused = page(2, 1, {}, 403);
        refused.reason = "Origin is not in the CORS list";
        refused.origin = "https://a.example";
        model.merge({page(1, 0), refused, page(3, 2, {}, 503)});
        filter.setStatus(StatusFilter::Refused);
        QCOMPARE(filter.rowCount(), 1);
        filter.setStatus(StatusFilter::Faults);
        QCOMPARE(filter.rowCount(), 1);
        filter.setStatus(StatusFilter::All);
        filter.setText(QStringLiteral("cors"));
        QCOMPARE(filter.rowCount(), 1);
        filter.setText({});
        filter.setOrigin(QStringLiteral("https://a.example"));
        QCOMPARE(filter.rowCount(), 1);
        filter.setOrigin({});
        ActivityEntry socket = stream(4, 3, 1);
        socket.caller = "grafana";
        model.merge({socket});
        filter.setMethod(QStringLiteral("GET"));
        QCOMPARE(filter.rowCount(), 3);
        filter.setMethod(QStringLiteral("WS"));
        QCOMPARE(filter.rowCount(), 1);
        filter.setMethod({});
        filter.setClient(QStringLiteral("grafana"));
        QCOMPARE(filter.rowCount(), 1);
        filter.setClient(QStringLiteral("10.0.0.7"));
        QCOMPARE(filter.rowCount(), 3);
        filter.setClient({});
        // What a window asks by itself is left out; what was tried in it is not.
        ActivityEntry list = page(5, 4), chart = page(6, 5, "times=1"), tried = page(7, 6);
        list.path = "/api/endpoints";
        for (ActivityEntry* own : {&list, &chart, &tried})
            own->headers = {{"User-Agent", "IoTMan-Desktop"}};
        model.merge({list, chart, tried});
        QVERIFY(filter.isPlain());
        QCOMPARE(filter.rowCount(), 5);
        filter.setHousekeeping(true);
        QCOMPARE(filter.rowCount(), 7);
        filter.setHousekeeping(false);
        filter.setOnly(std::set<std::uint64_t>{1, 3});
        QCOMPARE(filter.rowCount(), 2);
    }

    void aDurationReadsTheSameEverywhere_data()
    {
        QTest::addColumn<qint64>("us");
        QTest::addColumn<QString>("word");
        QTest::newRow("less than a millisecond") << qint64(400) << QStringLiteral("0.4 ms");
        QTest::newRow("a second") << qint64(1'204'000) << QStringLiteral("1,204 ms");
        QTest::newRow("a minute") << qint64(65'400'000) << QStringLiteral("1:05");
    }
    void aDurationReadsTheSameEverywhere()
    {
        QFETCH(qint64, us);
        QTEST(durationWord({us}, QLocale(QLocale::English)), "word");
    }

    void onlyPagesAreSentAgain()
    {
        QVERIFY(notSentAgain(page(1, 0)).isEmpty());
        QVERIFY(!notSentAgain(stream(1, 0, 1)).isEmpty());
        ActivityEntry post = page(1, 0);
        post.method = "POST";
        QVERIFY(!notSentAgain(post).isEmpty());
        ActivityEntry management = page(1, 0);
        management.path = "/api/cors";
        QVERIFY(!notSentAgain(management).isEmpty());
    }

    void aCopiedLineSaysWhatIsMissing_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << QByteArray("GET") << QByteArray("Accept") << QByteArray("*/*") << QStringLiteral("Copied.");
        QTest::newRow("a token") << QByteArray("GET") << QByteArray("Authorization") << QByteArray("Bearer \u2026")
                                 << QStringLiteral("Copied. Secrets are variables.");
        QTest::newRow("what the server cut, and a body")
            << QByteArray("POST") << QByteArray("X-Api-Key") << QByteArray("\u2026")
            << QStringLiteral("Copied. Secrets are variables. Its body was not kept.");
    }
    void aCopiedLineSaysWhatIsMissing()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, value);
        ActivityEntry entry = page(1, 0);
        entry.method = method.toStdString();
        entry.headers = {{header.toStdString(), value.toStdString()}};
        QTEST(copiedText(entry, curlOf(entry, "http://127.0.0.1:8787")), "text");
    }

    void whatAClientSentIsQuoted()
    {
        ActivityEntry entry = page(1, 0, "limit=1';id'");
        entry.headers = {{"Authorization", "Bearer \u2026"}, {"X-A", "$(id)"}};
        QCOMPARE(curlOf(entry, "http://127.0.0.1:8787"),
                 std::string("curl --globoff --include --header 'Authorization: Bearer '\"$TOKEN\" --header 'X-A: $(id)' --url "
                             "'http://127.0.0.1:8787/data/out/cold?limit=1'\\'';id'\\'''"));
    }
};

QTEST_MAIN(TestActivity)
#include "tst_activity.moc"
