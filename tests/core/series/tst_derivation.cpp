// Series that are worked out from others stay in step with them, whatever order samples come in.
#include "core/series/derivation.h"

#include <QtTest/QtTest>

#include <cmath>
#include <random>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr double null = std::numeric_limits<double>::quiet_NaN();

struct Fixture {
    SeriesSet set;
    SeriesId a = set.add({"a", "", SeriesKind::Number});
    SeriesId b = set.add({"b", "", SeriesKind::Number});
    SeriesId target = set.add({"t", "", SeriesKind::Number});

    /// `time:value …` of the target, seconds.
    QString text() const
    {
        QStringList all;
        for (const Point& point : set.series(target).points({{-farthestTime}, {farthestTime}}))
            all.append(QStringLiteral("%1:%2").arg(point.time.us / second).arg(point.value));
        return all.join(u' ');
    }
};

} // namespace

class TestDerivation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRateIsTheChangeASecond()
    {
        Fixture f;
        Derivation rate(Derivation::Kind::Rate);
        f.set.append(f.a, {0}, 1);
        f.set.append(f.a, {2 * second}, 5);
        rate.update(f.set, f.a, {}, f.target);
        f.set.append(f.a, {3 * second}, 4);
        f.set.append(f.a, {4 * second}, null);
        f.set.append(f.a, {5 * second}, 9);
        f.set.append(f.a, {6 * second}, 10);
        rate.update(f.set, f.a, {}, f.target);
        QCOMPARE(f.text(), QStringLiteral("2:2 3:-1 6:1"));
    }

    void aMeanIsOfTheWindow()
    {
        Fixture f;
        Derivation mean(Derivation::Kind::MovingMean, 3 * second);
        for (int i = 0; i < 6; ++i) {
            f.set.append(f.a, {i * second}, i);
            mean.update(f.set, f.a, {}, f.target);
        }
        QCOMPARE(f.text(), QStringLiteral("0:0 1:0.5 2:1 3:2 4:3 5:4"));
    }

    void aDifferenceTakesWhatTheOtherHadLast()
    {
        Fixture f;
        Derivation difference(Derivation::Kind::Difference);
        f.set.append(f.b, {second}, 10);
        f.set.append(f.b, {3 * second}, 20);
        for (int i = 0; i < 5; ++i)
            f.set.append(f.a, {i * second}, i);
        difference.update(f.set, f.a, f.b, f.target);
        QCOMPARE(f.text(), QStringLiteral("1:-9 2:-8 3:-17 4:-16"));
    }

    void stepByStepIsAsAllAtOnce_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("late");
        const char* names[] = {"rate", "mean"};
        for (int kind = 0; kind < 2; ++kind)
            for (const bool late : {false, true})
                QTest::addRow("%s, %s", names[kind], late ? "some late" : "in order") << kind << late;
    }
    void stepByStepIsAsAllAtOnce()
    {
        QFETCH(int, kind);
        QFETCH(bool, late);
        std::mt19937 random(static_cast<unsigned>(kind));
        Fixture f;
        Derivation steps(static_cast<Derivation::Kind>(kind), 7 * second);
        for (int i = 0; i < 3000; ++i) {
            const std::int64_t back = late && random() % 20 == 0 ? static_cast<std::int64_t>(random() % 500) : 0;
            const double value = random() % 50 == 0 ? null : static_cast<double>(random() % 1000);
            f.set.append(f.a, {std::max<std::int64_t>(i - back, 0) * second / 2}, value);
            if (random() % 5 == 0)
                steps.update(f.set, f.a, {}, f.target);
        }
        steps.update(f.set, f.a, {}, f.target);
        const auto points = f.set.series(f.target).points({{-farthestTime}, {farthestTime}});

        const SeriesId once = f.set.add({"once", "", SeriesKind::Number});
        Derivation atOnce(static_cast<Derivation::Kind>(kind), 7 * second);
        atOnce.update(f.set, f.a, {}, once);
        const auto expected = f.set.series(once).points({{-farthestTime}, {farthestTime}});
        QVERIFY(expected.size() > 500);
        QCOMPARE(points.size(), expected.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            QCOMPARE(points[i].time, expected[i].time);
            QVERIFY(std::abs(points[i].value - expected[i].value) < 1e-9);
        }
    }
};

QTEST_GUILESS_MAIN(TestDerivation)
#include "tst_derivation.moc"
