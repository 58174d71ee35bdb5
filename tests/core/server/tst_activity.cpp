// The list of what was asked: bounded, and readable while it moves.
#include "core/server/activity.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

Exchange exchangeOf(const char* target, int status = 200)
{
    Exchange exchange;
    exchange.method = "GET";
    exchange.target = target;
    exchange.status = status;
    return exchange;
}

QList<QString> seenAfter(ActivityFeed& feed, Sequence after)
{
    QList<QString> seen;
    (void)feed.bySequence(ActivityFeed::output, after, [&](const Position& position, std::string_view text) {
        const Json json = Json::parse(text);
        seen.append(QStringLiteral("%1 %2 %3")
                        .arg(position.sequence)
                        .arg(json["number"].get<int>())
                        .arg(QString::fromStdString(json["event"].get<std::string>())));
        return true;
    });
    return seen;
}

} // namespace

class TestActivity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theOldestGoesFirst()
    {
        Activity activity;
        for (std::size_t i = 0; i < Activity::mostEntries + 5; ++i)
            activity.add(exchangeOf("/x"));
        const auto all = activity.newestFirst(UINT64_MAX, 100'000);
        QCOMPARE(all.size(), Activity::mostEntries);
        QCOMPARE(all.front().number, std::uint64_t(Activity::mostEntries + 5));
        QCOMPARE(all.back().number, std::uint64_t(6));
    }

    void pagesFollowEachOtherByNumber()
    {
        Activity activity;
        QVERIFY(activity.newestFirst(UINT64_MAX, 10).empty());
        for (int i = 0; i < 5; ++i)
            activity.add(exchangeOf("/x"));
        const auto first = activity.newestFirst(UINT64_MAX, 2);
        QCOMPARE(first.back().number, std::uint64_t(4));
        const auto second = activity.newestFirst(first.back().number, 10);
        QCOMPARE(second.size(), std::size_t(3));
        QCOMPARE(second.front().number, std::uint64_t(3));
    }

    void aStreamIsToldWhenItOpensAndWhenItEnds()
    {
        Activity activity;
        int told = 0;
        activity.setListener([&] { ++told; });
        Exchange stream = exchangeOf("/data/out/e/stream", 101);
        stream.stream = stream.open = true;
        stream.place = StreamPlace{3, 40, std::nullopt};
        const std::uint64_t number = activity.add(std::move(stream));
        QCOMPARE(toJson(activity.newestFirst(UINT64_MAX, 1).front())["place"], Json({{"output", 3}, {"began", 40}, {"ended", nullptr}}));
        ActivityFeed feed(activity);
        const Sequence seen = *feed.lastSequence();
        activity.streamEnded(number, {1'500'000, 77, "the access token has expired", 3, 52});
        QCOMPARE(told, 2);
        QCOMPARE(seenAfter(feed, seen), QList<QString>{QStringLiteral("2 1 stream")});
        const Json json = toJson(activity.newestFirst(UINT64_MAX, 1).front());
        QCOMPARE(json["open"], Json(false));
        QCOMPARE(json["bytes"], Json(77));
        QCOMPARE(json["duration"], Json(1.5));
        QCOMPARE(json["reason"], Json("the access token has expired"));
        QCOMPARE(json["place"], Json({{"output", 3}, {"began", 40}, {"ended", 52}}));
    }

    /// Its items were made anew meanwhile, and counting began anew with them.
    void aStreamThatEndedAtAnotherOutputHasNoPlaceThere()
    {
        Activity activity;
        Exchange stream = exchangeOf("/data/out/e/stream", 101);
        stream.stream = stream.open = true;
        stream.place = StreamPlace{3, 40, std::nullopt};
        activity.streamEnded(activity.add(stream), {1, 1, {}, 4, 2});
        QCOMPARE(toJson(activity.newestFirst(UINT64_MAX, 1).front())["place"], Json({{"output", 3}, {"began", 40}, {"ended", nullptr}}));
    }

    void anEndOfAStreamThatIsForgottenChangesNothing()
    {
        Activity activity;
        const std::uint64_t number = activity.add(exchangeOf("/x"));
        for (std::size_t i = 0; i < Activity::mostEntries; ++i)
            activity.add(exchangeOf("/y"));
        const std::uint64_t before = activity.lastChange();
        activity.streamEnded(number, {1, 1, {}, 0, {}});
        activity.streamEnded(0, {1, 1, {}, 0, {}});
        activity.streamEnded(activity.lastChange() + 1, {1, 1, {}, 0, {}});
        QCOMPARE(activity.lastChange(), before);
    }

    void whatChangedIsToldInTheOrderOfChanges()
    {
        Activity activity;
        Exchange stream = exchangeOf("/data/out/e/stream", 101);
        stream.stream = stream.open = true;
        activity.add(stream);
        activity.add(stream);
        activity.add(exchangeOf("/x"));
        activity.streamEnded(2, {1, 1, {}, 0, {}});
        activity.add(exchangeOf("/y"));
        activity.streamEnded(1, {1, 1, {}, 0, {}});
        activity.streamEnded(2, {2, 2, "told twice", 0, {}});
        ActivityFeed feed(activity);
        QCOMPARE(seenAfter(feed, 0), (QList<QString>{QStringLiteral("3 3 request"), QStringLiteral("5 4 request"), QStringLiteral("6 1 stream"),
                                                     QStringLiteral("7 2 stream")}));
        QCOMPARE(seenAfter(feed, 5), (QList<QString>{QStringLiteral("6 1 stream"), QStringLiteral("7 2 stream")}));
        QCOMPARE(activity.changedAfter(0, 2).back().number, std::uint64_t(4));
    }

    void longRequestsAreFewerAndNotLarger()
    {
        Activity activity;
        Exchange large = exchangeOf("/x");
        large.headers = "user-agent: " + std::string(16'000, 'x') + "\n";
        constexpr std::size_t fit = Activity::mostBytes / 16'200;
        for (std::size_t i = 0; i < 2 * fit; ++i)
            activity.add(large);
        const std::size_t kept = activity.newestFirst(UINT64_MAX, SIZE_MAX).size();
        QVERIFY2(kept >= fit - 10 && kept <= Activity::mostBytes / 16'000, qPrintable(QString::number(kept)));
        QCOMPARE(activity.newestFirst(UINT64_MAX, 1).front().number, std::uint64_t(2 * fit));
    }

    void anEntryIsShownAsItCame()
    {
        Activity activity;
        Exchange exchange = exchangeOf("/data/out/weather?from=1&limit=2", 403);
        exchange.at = Timestamp{1'500'000};
        exchange.client = "127.0.0.1";
        exchange.tookUs = 250;
        exchange.bytes = 321;
        exchange.origin = "https://dash.example";
        exchange.trace = {"grafana", "the access token lacks the scope “sensor:read”", true};
        exchange.headers = "host: localhost\nuser-agent: a: b\nx-empty: \n";
        activity.add(exchange);
        QCOMPARE(jsonText(toJson(activity.newestFirst(UINT64_MAX, 1).front())),
                 std::string("{\"event\":\"request\",\"number\":1,\"at\":1.5,\"client\":\"127.0.0.1\",\"method\":\"GET\","
                             "\"path\":\"/data/out/weather\",\"query\":\"from=1&limit=2\",\"status\":403,\"duration\":0.00025,"
                             "\"bytes\":321,\"origin\":\"https://dash.example\",\"caller\":\"grafana\","
                             "\"reason\":\"the access token lacks the scope “sensor:read”\",\"extension\":true,"
                             "\"headers\":[{\"name\":\"host\",\"value\":\"localhost\"},"
                             "{\"name\":\"user-agent\",\"value\":\"a: b\"},{\"name\":\"x-empty\",\"value\":\"\"}]}"));
    }

    void newsAboutHistoryNameEndpointAndRange()
    {
        Activity activity;
        activity.add(HistoryChanged{Timestamp{5'000'000}, EndpointId{"weather"}, Timestamp{1'000'000}, std::nullopt});
        QCOMPARE(jsonText(toJson(activity.newestFirst(UINT64_MAX, 1).front())),
                 std::string(R"({"event":"history-changed","number":1,"at":5,"endpoint":"weather","from":1,"to":null})"));
    }

    void whoIsFarBehindGetsAllThatIsKept()
    {
        Activity activity;
        for (int i = 0; i < 950; ++i)
            activity.add(exchangeOf("/x"));
        ActivityFeed feed(activity);
        const QList<QString> seen = seenAfter(feed, 0);
        QCOMPARE(seen.size(), 950);
        QCOMPARE(seen.last(), QStringLiteral("950 950 request"));
    }
};

QTEST_APPLESS_MAIN(TestActivity)
#include "tst_activity.moc"
