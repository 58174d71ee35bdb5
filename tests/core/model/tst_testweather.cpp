// Test weather: what is taken as such, and what each request gets in it.
#include "core/model/testweather.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <vector>

using namespace iotman;

namespace {

QByteArray bytes(const std::string& text) { return QByteArray::fromStdString(text); }

TestWeather weatherOf(const char* json)
{
    return weatherDraftFrom(Json::parse(json))->weather;
}

/// Of the first requests.
std::vector<Fate> fates(const TestWeather& weather, int count)
{
    std::vector<Fate> all;
    for (int i = 0; i < count; ++i)
        all.push_back(fateOf(weather, static_cast<std::uint64_t>(i)));
    return all;
}

} // namespace

class TestTestWeather : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void weatherIsTakenAsItIsWritten_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("stored");
        const QByteArray rest = R"("error_rate":0.0,"error_status":503,"stall_rate":0.0,"expired_rate":0.0,"cut_after":null,"seed":1})";
        QTest::newRow("one delay for all") << QByteArray(R"({"delay":{"min":1.5}})") << R"({"delay":{"min":1.5,"max":1.5},)" + rest;
        QTest::newRow("a delay between two") << QByteArray(R"({"delay":{"min":0.25,"max":60}})") << R"({"delay":{"min":0.25,"max":60},)" + rest;
        QTest::newRow("at most a delay") << QByteArray(R"({"delay":{"max":2}})") << R"({"delay":{"min":0,"max":2},)" + rest;
        QTest::newRow("all") << QByteArray(R"({"delay":{"max":1},"error_rate":0.125,"error_status":429,"stall_rate":1,"expired_rate":0.5,"cut_after":0.1,"seed":7})")
                             << QByteArray(R"({"delay":{"min":0,"max":1},"error_rate":0.125,"error_status":429,"stall_rate":1.0,"expired_rate":0.5,"cut_after":0.1,"seed":7})");
        QTest::newRow("for so long") << QByteArray(R"({"error_rate":1,"lasts":90})")
                                     << QByteArray(R"({"delay":{"min":0,"max":0},"error_rate":1.0,"error_status":503,"stall_rate":0.0,"expired_rate":0.0,"cut_after":null,"seed":1,"lasts":90})");
        QTest::newRow("what was answered, sent again") << QByteArray(R"({"endpoint":"a","error_rate":1,"created_at":1,"created_by":"x"})")
                                                       << QByteArray(R"({"delay":{"min":0,"max":0},"error_rate":1.0,"error_status":503,"stall_rate":0.0,"expired_rate":0.0,"cut_after":null,"seed":1})");
    }
    void weatherIsTakenAsItIsWritten()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, stored);
        const auto draft = weatherDraftFrom(*parseJson(given.toStdString()));
        QVERIFY2(draft, draft ? "" : draft.error().detail.c_str());
        QCOMPARE(bytes(jsonText(toJson(*draft))), stored);
        const WeatherView view{EndpointId{"a"}, draft->weather, Timestamp{5}, {Timestamp{1}, "x"}};
        QCOMPARE(*weatherViewFrom(toJson(view)), view);
    }

    void whatIsNoWeatherIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char* given, const char* field) { QTest::newRow(given) << QByteArray(given) << QByteArray(field); };
        row(R"({"delay":{"min":-1}})", "delay");
        row(R"({"delay":{"max":60.000001}})", "delay");
        row(R"({"delay":{"min":2,"max":1}})", "delay");
        row(R"({"delay":{"max":"1"}})", "delay");
        row(R"({"delay":3})", "delay");
        row(R"({"delay":{"most":3}})", "most");
        row(R"({"error_rate":1.01})", "error_rate");
        row(R"({"error_rate":-0.1})", "error_rate");
        row(R"({"error_rate":"all"})", "error_rate");
        row(R"({"error_rate":null})", "error_rate");
        row(R"({"error_rate":1,"error_status":200})", "error_status");
        row(R"({"error_rate":1,"error_status":503.5})", "error_status");
        row(R"({"stall_rate":2})", "stall_rate");
        row(R"({"expired_rate":true})", "expired_rate");
        row(R"({"cut_after":0})", "cut_after");
        row(R"({"cut_after":3601})", "cut_after");
        row(R"({"cut_after":1,"seed":-1})", "seed");
        row(R"({"error_rate":1,"until":"tomorrow"})", "until");
        row(R"({"error_rate":1,"lasts":0})", "lasts");
        row(R"({"error_rate":1,"lasts":86401})", "lasts");
        row(R"({"error_rate":1,"lasts":60,"until":5})", "lasts");
        row(R"({"error_rate":1,"wind":3})", "wind");
        row(R"({})", "");
        row(R"({"error_rate":0,"seed":5})", "");
        row(R"([])", "");
    }
    void whatIsNoWeatherIsRefusedByName()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, field);
        const auto draft = weatherDraftFrom(*parseJson(given.toStdString()));
        QVERIFY(!draft);
        QCOMPARE(draft.error().kind, Problem::BadRequest);
        QCOMPARE(bytes(draft.error().field), field);
        QVERIFY(!draft.error().detail.empty());
    }

    void theSameSeedBringsTheSameWeather()
    {
        const TestWeather weather = weatherOf(R"({"delay":{"max":1},"error_rate":0.5,"stall_rate":0.1,"expired_rate":0.3,"cut_after":10,"seed":3})");
        QCOMPARE(fates(weather, 100), fates(weather, 100));
        TestWeather other = weather;
        other.seed = 4;
        QVERIFY(fates(weather, 100) != fates(other, 100));
    }

    /// So that a program that is tried with more delay meets the same errors.
    void oneSettingMovesNoOther()
    {
        const TestWeather weather = weatherOf(R"({"error_rate":0.5})");
        const TestWeather slow = weatherOf(R"({"error_rate":0.5,"delay":{"max":2},"cut_after":5,"expired_rate":0.2})");
        for (int i = 0; i < 200; ++i)
            QCOMPARE(fateOf(weather, i).status, fateOf(slow, i).status);
    }

    void sharesAndSpansAreKept()
    {
        const TestWeather weather =
            weatherOf(R"({"delay":{"min":0.5,"max":1.5},"error_rate":0.25,"error_status":502,"stall_rate":0.1,"expired_rate":0.5,"cut_after":10})");
        constexpr int count = 20'000;
        const std::vector<Fate> all = fates(weather, count);
        const auto share = [&](const auto& has) { return static_cast<double>(std::count_if(all.begin(), all.end(), has)) / count; };
        const auto isNear = [](double value, double wanted) { return value > wanted - 0.02 && value < wanted + 0.02; };
        QVERIFY(isNear(share([](const Fate& fate) { return fate.isStalled; }), 0.1));
        QVERIFY(isNear(share([](const Fate& fate) { return fate.status == 502; }), 0.25 * 0.9)); // of those that are answered
        QVERIFY(isNear(share([](const Fate& fate) { return fate.isExpired; }), 0.5));
        const auto [soonest, latest] = std::minmax_element(all.begin(), all.end(), [](const Fate& a, const Fate& b) { return a.delayUs < b.delayUs; });
        QVERIFY(soonest->delayUs >= 500'000 && soonest->delayUs < 510'000);
        QVERIFY(latest->delayUs <= 1'500'000 && latest->delayUs > 1'490'000);
        for (const Fate& fate : all)
            QVERIFY(fate.cutAfterUs >= 5'000'000 && fate.cutAfterUs <= 15'000'000);
    }

    void alwaysAndNeverAreMeant()
    {
        for (const Fate& fate : fates(weatherOf(R"({"error_rate":1})"), 1000))
            QVERIFY(fate.status && !fate.isStalled && !fate.isExpired && fate.delayUs == 0 && !fate.cutAfterUs);
        for (const Fate& fate : fates(weatherOf(R"({"stall_rate":1,"error_rate":1})"), 1000))
            QVERIFY(fate.isStalled && !fate.status);
    }
};

QTEST_APPLESS_MAIN(TestTestWeather)
#include "tst_testweather.moc"
