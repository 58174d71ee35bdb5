// Whose weather it is, and when it ends.
#include "core/server/weather.h"
#include "tests/core/store/stored.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

struct HandClock final : Clock {
    Timestamp now() const override { return at; }
    Timestamp at{1'000'000};
};

WeatherView viewOf(const char* endpoint, std::int64_t untilUs)
{
    WeatherView view;
    view.endpoint = EndpointId{endpoint};
    view.weather.errorRate = 0.5;
    view.until = Timestamp{untilUs};
    return view;
}

Expected<void> agree(const WeatherView*) { return {}; }

} // namespace

class TestWeatherKeeper : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyItsOwnEndpointSuffers()
    {
        HandClock clock;
        Weather weather(clock);
        QVERIFY(!weather.isOn());
        QVERIFY(weather.begin(viewOf("a", 2'000'000), agree));
        QVERIFY(weather.isOn());
        QVERIFY(weather.next(EndpointId{"a"}));
        QVERIFY(!weather.next(EndpointId{"b"}));
        QCOMPARE(weather.all().size(), std::size_t(1));
    }

    void requestsAreCountedPerEndpointAndAnewAtEachBeginning()
    {
        HandClock clock;
        Weather weather(clock);
        QVERIFY(weather.begin(viewOf("a", 2'000'000), agree));
        QVERIFY(weather.begin(viewOf("b", 2'000'000), agree));
        std::vector<Fate> first;
        for (int i = 0; i < 30; ++i) {
            first.push_back(weather.next(EndpointId{"a"})->fate);
            if (i % 3 == 0)
                QVERIFY(weather.next(EndpointId{"b"}));
        }
        QVERIFY(weather.begin(viewOf("a", 2'000'000), agree));
        for (const Fate& fate : first)
            QCOMPARE(weather.next(EndpointId{"a"})->fate, fate);
    }

    void itEndsByItself()
    {
        HandClock clock;
        Weather weather(clock);
        QVERIFY(weather.begin(viewOf("a", 2'000'000), agree));
        const Struck struck = *weather.next(EndpointId{"a"});
        clock.at = Timestamp{1'999'999};
        QVERIFY(weather.goesOn(struck));
        clock.at = Timestamp{2'000'000};
        QVERIFY(!weather.goesOn(struck));
        QVERIFY(!weather.next(EndpointId{"a"}));
        QVERIFY(!weather.isOn());
        QVERIFY(weather.all().empty());
    }

    void itGoesOnWhateverBecomesOfOthersAndUntilItIsReplaced()
    {
        HandClock clock;
        Weather weather(clock);
        QVERIFY(weather.begin(viewOf("a", 2'000'000), agree));
        QVERIFY(weather.begin(viewOf("b", 2'000'000), agree));
        const Struck struck = *weather.next(EndpointId{"a"});
        QVERIFY(weather.end(EndpointId{"b"}, agree));
        QVERIFY(weather.goesOn(struck));
        QVERIFY(weather.begin(viewOf("a", 2'000'000), agree));
        QVERIFY(!weather.goesOn(struck));
        QVERIFY(weather.goesOn(*weather.next(EndpointId{"a"})));
        weather.endAll();
        QVERIFY(!weather.isOn());
    }

    void itEndsWithItsEndpoint()
    {
        HandClock clock;
        Weather weather(clock);
        QVERIFY(weather.begin(viewOf("a", 2'000'000), agree));
        weather.prune(store::smallCatalog());
        QVERIFY(!weather.isOn());
    }

    void whoDoesNotAgreeChangesNothing()
    {
        HandClock clock;
        Weather weather(clock);
        QVERIFY(weather.begin(viewOf("a", 2'000'000), agree));
        const auto refuse = [](const WeatherView* now) -> Expected<void> {
            return fail(Problem::Conflict, now ? "there" : "not there");
        };
        QCOMPARE(weather.begin(viewOf("a", 3'000'000), refuse).error().detail, std::string("there"));
        QCOMPARE(weather.end(EndpointId{"b"}, refuse).error().detail, std::string("not there"));
        QCOMPARE(weather.all().begin()->second.until, Timestamp{2'000'000});
        QCOMPARE((*weather.end(EndpointId{"a"}, agree))->until, Timestamp{2'000'000});
        QVERIFY(!weather.isOn());
    }
};

QTEST_APPLESS_MAIN(TestWeatherKeeper)
#include "tst_weather.moc"
