#include "core/server/slowreaders.h"

#include <QtTest/QtTest>

using namespace iotman::server;

class TestSlowReaders : public QObject {
    Q_OBJECT

    static constexpr std::size_t mb = 1'000'000;
    static UnreadAnswer answer(std::uint64_t connection, std::size_t bytes, std::uint64_t taken, double seconds)
    {
        return {connection, bytes, taken, std::chrono::duration<double>(seconds), std::chrono::duration<double>(seconds)};
    }
    using Connections = std::vector<std::uint64_t>;

private Q_SLOTS:
    void whoTakesLeastForItsTimeGoesFirst()
    {
        const std::vector answers{answer(1, 8 * mb, 40'000, 4), answer(2, 8 * mb, 2000, 1), answer(3, 8 * mb, 9000, 3),
                                  answer(4, 8 * mb, 0, 2)};
        QCOMPARE(slowReaders(answers, 1), Connections({4}));
        QCOMPARE(slowReaders(answers, 8 * mb), Connections({4}));
        QCOMPARE(slowReaders(answers, 8 * mb + 1), Connections({4, 2}));
        QCOMPARE(slowReaders(answers, 24 * mb), Connections({4, 2, 3}));
    }

    void whoWillSoonHaveAllKeepsItsAnswer_data()
    {
        QTest::addColumn<quint64>("taken");
        QTest::addColumn<double>("seconds");
        QTest::addColumn<bool>("goes");
        QTest::newRow("nothing yet, but it has just begun") << quint64(0) << 0.9 << false;
        QTest::newRow("nothing in a second") << quint64(0) << 1.0 << true;
        QTest::newRow("2 MB a second") << quint64(2 * mb) << 1.0 << false;
        QTest::newRow("2 MB a second, and there is hardly any left") << quint64(7'900'000) << 3.95 << false;
        QTest::newRow("300 kB a second") << quint64(300'000) << 1.0 << false;
        QTest::newRow("100 kB a second") << quint64(mb) << 10.0 << true;
        QTest::newRow("100 kB a second, and the last of it") << quint64(7'500'000) << 75.0 << false;
        QTest::newRow("much at once, into its buffers, and then nothing") << quint64(2 * mb) << 30.0 << true;
    }
    void whoWillSoonHaveAllKeepsItsAnswer()
    {
        QFETCH(quint64, taken);
        QFETCH(double, seconds);
        QFETCH(bool, goes);
        QCOMPARE(slowReaders({answer(7, 8 * mb, taken, seconds)}, 100 * mb), goes ? Connections({7}) : Connections());
    }

    void aFastReaderStaysWhereThoseThatFillTheRoomHaveJustBegun()
    {
        std::vector answers{answer(1, 8 * mb, 2'400'000, 1.2)};
        for (std::uint64_t connection = 2; connection < 40; ++connection)
            answers.push_back(answer(connection, 8 * mb, 100'000, 0.3));
        QCOMPARE(slowReaders(answers, 50 * mb), Connections());
    }

    /// Between its turns a worker makes many large pages: meanwhile nobody gets anything.
    void whoOnlyWaitsForUsStays_data()
    {
        QTest::addColumn<double>("stuck");
        QTest::addColumn<bool>("goes");
        QTest::newRow("its socket would take more") << 0.0 << false;
        QTest::newRow("it was just filled") << 0.01 << false;
        QTest::newRow("it has been full for a while") << 0.5 << true;
    }
    void whoOnlyWaitsForUsStays()
    {
        QFETCH(double, stuck);
        QFETCH(bool, goes);
        UnreadAnswer starved = answer(7, 8 * mb, 350'000, 1.8);
        starved.stuck = std::chrono::duration<double>(stuck);
        QCOMPARE(slowReaders({starved}, 100 * mb), goes ? Connections({7}) : Connections());
    }

    void nobodyGoesWhereThereIsRoom()
    {
        QCOMPARE(slowReaders({answer(1, 8 * mb, 0, 50)}, 0), Connections());
        QCOMPARE(slowReaders({}, 8 * mb), Connections());
    }
};

QTEST_APPLESS_MAIN(TestSlowReaders)
#include "tst_slowreaders.moc"
