// Generated signals: the same seed makes the same datapoints, within the bounds that were asked for.
#include "core/generator/generator.h"

#include <QtTest/QtTest>

#include <set>

using namespace iotman;
using namespace iotman::generator;

namespace {

Json settings(const std::string& signal, int seed = 7)
{
    return Json::parse("{\"seed\":" + std::to_string(seed) + ",\"interval\":1,\"signals\":[" + signal + "]}");
}

std::vector<double> values(const Generator& generator, int count)
{
    std::vector<double> found;
    for (int tick = 0; tick < count; ++tick)
        found.push_back(Json::parse(*generator.payload(static_cast<std::uint64_t>(tick)))["v"].get<double>());
    return found;
}

} // namespace

class TestGenerator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySignalStaysWithinItsBoundsAndUsesThem_data()
    {
        QTest::addColumn<QByteArray>("kind");
        for (const char* kind : {"ramp", "sine", "walk", "noise"})
            QTest::newRow(kind) << QByteArray(kind);
    }
    void everySignalStaysWithinItsBoundsAndUsesThem()
    {
        QFETCH(QByteArray, kind);
        const Generator generator(
            settings("{\"name\":\"v\",\"kind\":\"" + kind.toStdString() + "\",\"min\":-5,\"max\":15,\"period\":40}"));
        const std::vector<double> found = values(generator, 4000);
        const auto [least, most] = std::minmax_element(found.begin(), found.end());
        QVERIFY(*least >= -5 && *most <= 15);
        QVERIFY2(*most - *least > 10, QByteArray::number(*most - *least).constData());
    }

    void aConstantIsItsLeast()
    {
        const Generator generator(settings("{\"name\":\"v\",\"kind\":\"constant\",\"min\":21.5,\"max\":30}"));
        QCOMPARE(QByteArray::fromStdString(*generator.payload(0)), QByteArray("{\"v\":21.5}"));
        QCOMPARE(*generator.payload(1'000'000), *generator.payload(0));
    }

    void aRampStartsAnewWithEachPeriod()
    {
        const Generator generator(settings("{\"name\":\"v\",\"kind\":\"ramp\",\"min\":0,\"max\":10,\"period\":4}"));
        QCOMPARE(values(generator, 6), (std::vector<double>{0, 2.5, 5, 7.5, 0, 2.5}));
    }

    void theSameSeedMakesTheSameDatapointsAndAnotherOthers()
    {
        const std::string walk = "{\"name\":\"v\",\"kind\":\"walk\",\"period\":10}";
        QCOMPARE(values(Generator(settings(walk)), 500), values(Generator(settings(walk)), 500));
        QVERIFY(values(Generator(settings(walk)), 500) != values(Generator(settings(walk, 8)), 500));
        const Json two = settings(walk + ",{\"name\":\"w\",\"kind\":\"walk\",\"period\":10}");
        const Json both = Json::parse(*Generator(two).payload(13));
        QVERIFY(both["v"] != both["w"]);
    }

    void aWalkTakesSmallSteps()
    {
        const std::vector<double> found =
            values(Generator(settings("{\"name\":\"v\",\"kind\":\"walk\",\"min\":0,\"max\":1,\"period\":1000}")), 5000);
        double largest = 0;
        for (std::size_t i = 1; i < found.size(); ++i)
            largest = std::max(largest, std::abs(found[i] - found[i - 1]));
        QVERIFY2(largest > 0 && largest < 0.02, QByteArray::number(largest).constData());
    }

    void anOutageTakesAWholePeriod_data()
    {
        QTest::addColumn<double>("outages");
        for (const double outages : {0.0, 0.25, 1.0})
            QTest::addRow("%d percent of the time", int(outages * 100)) << outages;
    }
    void anOutageTakesAWholePeriod()
    {
        QFETCH(double, outages);
        const Generator generator(
            settings("{\"name\":\"v\",\"kind\":\"noise\",\"period\":10,\"outages\":" + std::to_string(outages) + "}"));
        int out = 0;
        for (std::uint64_t period = 0; period < 1000; ++period) {
            std::set<bool> states;
            for (std::uint64_t tick = 0; tick < 10; ++tick)
                states.insert(generator.payload(period * 10 + tick).has_value());
            QCOMPARE(states.size(), std::size_t(1));
            out += *states.begin() ? 0 : 1;
        }
        QVERIFY2(std::abs(out / 1000.0 - outages) < 0.05, QByteArray::number(out).constData());
    }

    void aSignalThatIsOutLeavesTheOthers()
    {
        const Generator generator(
            settings("{\"name\":\"dead\",\"kind\":\"noise\",\"outages\":1},{\"name\":\"v\",\"kind\":\"constant\",\"min\":3}"));
        QCOMPARE(QByteArray::fromStdString(*generator.payload(0)), QByteArray("{\"v\":3}"));
    }

    void namesAreWrittenAsJson()
    {
        const Generator generator(settings("{\"name\":\"a \\\"b\\\" \\\\ c\",\"kind\":\"constant\"}"));
        QCOMPARE(Json::parse(*generator.payload(0))["a \"b\" \\ c"].get<double>(), 0.0);
    }
};

QTEST_APPLESS_MAIN(TestGenerator)
#include "tst_generator.moc"
