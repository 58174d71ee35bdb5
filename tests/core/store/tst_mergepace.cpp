// When the writer merges what came late.
#include "core/store/mergepace.h"

#include <QtTest/QtTest>

using namespace iotman::store;
using namespace std::chrono_literals;

class TestMergePace : public QObject {
    Q_OBJECT

    using TimePoint = MergePace::TimePoint;
    static constexpr MergeTiming timing{10s, 4, 1s, 10s, 60s};
    MergePace pace_{timing};

    static TimePoint at(std::chrono::milliseconds time) { return TimePoint(1h + time); }
    /// Writes of so long each, so long after one another, for ten seconds from the first second on.
    void write(std::chrono::milliseconds each, std::chrono::milliseconds every)
    {
        for (auto time = 1000ms; time < 11'000ms; time += every)
            pace_.wrote(at(time), at(time + each));
    }

private Q_SLOTS:
    void init() { pace_ = MergePace(timing); }

    void withoutARoundThereIsNothingToDo()
    {
        QVERIFY(!pace_.isInRound());
        QVERIFY(!pace_.nextStep());
        write(5ms, 100ms);
        QVERIFY(!pace_.nextStep());
    }

    void aRoundBeginsWhenWhatCameLateHasRested()
    {
        pace_.beginRound(at(0s));
        QVERIFY(pace_.isInRound());
        QCOMPARE(*pace_.nextStep(), at(10s));
        pace_.endRound();
        QVERIFY(!pace_.nextStep());
    }

    void stepsTakeAFifthOfTheTime()
    {
        pace_.beginRound(at(0s));
        for (auto time = 10'000ms; time < 12'000ms; time += 25ms) {
            QCOMPARE(*pace_.nextStep(), at(time));
            pace_.wrote(at(time), at(time + 5ms));
        }
    }

    void otherWritesComeFirst_data()
    {
        QTest::addColumn<int>("each");
        QTest::addColumn<int>("every");
        QTest::addColumn<int>("rest"); // ms after the last write began
        QTest::newRow("now and then") << 5 << 500 << 25;
        QTest::newRow("a tenth of the time") << 5 << 50 << 25;
        QTest::newRow("a fifth") << 5 << 25 << 25;
        QTest::newRow("a third: what adds up ends after a second") << 10 << 30 << 1010;
        QTest::newRow("all the time") << 10 << 10 << 1010;
        QTest::newRow("one long write") << 5000 << 10'000 << 6000;
    }
    void otherWritesComeFirst()
    {
        QFETCH(int, each);
        QFETCH(int, every);
        QFETCH(int, rest);
        pace_.beginRound(at(-60s));
        pace_.stepped(at(5s));
        write(std::chrono::milliseconds(each), std::chrono::milliseconds(every));
        const int last = 1000 + (9999 / every) * every;
        QCOMPARE(*pace_.nextStep(), at(std::chrono::milliseconds(last + rest)));
    }

    void howeverMuchElseIsWrittenThereIsAStepNowAndThen()
    {
        pace_.beginRound(at(-9s));
        write(100ms, 100ms);
        QCOMPARE(*pace_.nextStep(), at(11s));
        pace_.wrote(at(11'000ms), at(11'005ms));
        pace_.stepped(at(11'005ms));
        for (auto time = 11'005ms; time < 20'000ms; time += 100ms)
            pace_.wrote(at(time), at(time + 100ms));
        QCOMPARE(*pace_.nextStep(), at(21'005ms));
    }

    void whatFailedIsTriedAgainMuchLater()
    {
        pace_.beginRound(at(0s));
        pace_.wrote(at(10s), at(10'005ms));
        pace_.postpone(at(10'005ms));
        QCOMPARE(*pace_.nextStep(), at(70'005ms));
    }
};

QTEST_GUILESS_MAIN(TestMergePace)
#include "tst_mergepace.moc"
