// Where what is kept of a source begins: by age, count and bytes, each alone and together.
#include "core/store/check.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

using namespace iotman;
using namespace iotman::store;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t now = 1000 * second;
constexpr std::int64_t nothingHasToGo = 0;

using Seconds = QList<int>;

/// So many, the first one at a time, each a second later.
Seconds from(int first, int count)
{
    Seconds times;
    for (int i = 0; i < count; ++i)
        times.append(first + i);
    return times;
}

Batch batchAt(const Seconds& seconds)
{
    std::vector<Timestamp> times;
    for (const int one : seconds)
        times.push_back({one * second});
    return batchOf(1, times);
}

} // namespace

class TestRetentionFloor : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<Reader> reader_;

    Sequence floor(const Retention& retention, std::int64_t at = now)
    {
        const Expected<Floor> found = reader_->floor(1, retention, {at});
        return found ? found->sequence : Sequence(-1);
    }
    /// Removes what has expired, step by step.
    void expire(const Retention& retention)
    {
        for (bool more = true; more;) {
            const Expected<Floor> below = reader_->floor(1, retention, {now});
            VERIFY_DONE(below);
            const auto done = await<bool>([&](Reply<bool> reply) { store_->expire(1, *below, store_->catalog()->version, std::move(reply)); });
            VERIFY_DONE(done);
            more = *done;
        }
    }

private Q_SLOTS:
    void init()
    {
        folder_ = std::make_unique<QTemporaryDir>();
        auto opened = SqliteStore::open(folder_->path().toStdString(), smallCatalog());
        VERIFY_DONE(opened);
        store_ = std::move(*opened);
        reader_ = store_->reader();
    }
    void cleanup()
    {
        reader_.reset();
        store_.reset();
        VERIFY_DONE(check(folder_->path().toStdString()));
    }

    void itIsWhereTheNewestThatFitBegin_data()
    {
        QTest::addColumn<QList<Seconds>>("batches");
        QTest::addColumn<int>("ageSeconds");
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("bytes");
        QTest::addColumn<qint64>("first");
        constexpr int any = -1;
        const QList<Seconds> fresh{from(900, 100)}, oneByOne{from(900, 1), from(901, 1), from(902, 1), from(903, 1)};
        QTest::newRow("nothing is stored") << QList<Seconds>{} << any << 10 << any << qint64(0);
        QTest::newRow("fewer than the count") << fresh << any << 100 << any << qint64(0);
        QTest::newRow("more than the count") << fresh << any << 10 << any << qint64(91);
        QTest::newRow("the same in rows") << oneByOne << any << 3 << any << qint64(2);
        QTest::newRow("no count at all") << fresh << any << 0 << any << qint64(INT64_MAX);
        QTest::newRow("by bytes, of {\"n\":0} to {\"n\":3}") << oneByOne << any << any << 21 << qint64(2);
        QTest::newRow("an age alone has no sequence") << fresh << 50 << any << any << qint64(0);
        QTest::newRow("what is beyond the age does not count") << QList<Seconds>{from(800, 200)} << 50 << 60 << any << qint64(0);
        QTest::newRow("what is just within counts") << QList<Seconds>{from(900, 100)} << 50 << 40 << any << qint64(61);
        QTest::newRow("an old backlog pushes nothing out") << QList<Seconds>{from(900, 100), from(1, 200)} << 500 << 100 << any << qint64(0);
        QTest::newRow("nor by bytes") << QList<Seconds>{from(900, 100), from(1, 200)} << 500 << any << 900 << qint64(0);
        QTest::newRow("nor in rows") << QList<Seconds>{from(900, 5), from(1, 5)} << 500 << 5 << any << qint64(0);
        QTest::newRow("nor mixed with what is fresh") << QList<Seconds>{from(900, 50) + from(1, 200) + from(950, 50)} << 500 << 100 << any << qint64(0);
        QTest::newRow("more that is fresh does") << QList<Seconds>{from(900, 50) + from(1, 200) + from(950, 50)} << 500 << 60 << any << qint64(41);
        QTest::newRow("behind what went, old ones are left to the age")
            << QList<Seconds>{from(900, 50) + from(1, 200) + from(950, 50)} << 500 << 50 << any << qint64(51);
    }
    void itIsWhereTheNewestThatFitBegin()
    {
        QFETCH(QList<Seconds>, batches);
        QFETCH(int, ageSeconds);
        QFETCH(int, count);
        QFETCH(int, bytes);
        QFETCH(qint64, first);
        Retention retention;
        if (ageSeconds >= 0)
            retention.ageUs = ageSeconds * second;
        if (count >= 0)
            retention.count = count;
        if (bytes >= 0)
            retention.bytes = bytes;
        // One reader follows what comes, the other one looks when all is there.
        const std::unique_ptr<Reader> late = store_->reader();
        for (const Seconds& batch : batches) {
            VERIFY_DONE(append(*store_, batchAt(batch)));
            QVERIFY(floor(retention) != Sequence(-1));
        }
        QCOMPARE(qint64(floor(retention)), first);
        QCOMPARE(qint64(late->floor(1, retention, {now})->sequence), first);
    }

    void itMovesWithTheTime()
    {
        VERIFY_DONE(append(*store_, batchAt(from(0, 100))));
        const Retention retention{100 * second, 50, std::nullopt};
        QCOMPARE(floor(retention, 100 * second), Sequence(51));
        QCOMPARE(floor(retention, 170 * second), Sequence(nothingHasToGo)); // 30 of them are within the age
        QCOMPARE(floor(retention, 100 * second), Sequence(51));
    }

    /// To look at all of it would take a while for each page that is read.
    void whereVeryMuchIsBeyondTheAgeNothingGoesByCountUntilItIsRemoved()
    {
        const Retention retention{500 * second, 10, std::nullopt};
        VERIFY_DONE(append(*store_, batchAt(from(900, 100))));
        QCOMPARE(floor(retention), Sequence(91));
        for (int i = 0; i < 20; ++i)
            VERIFY_DONE(append(*store_, batchAt(Seconds(10'000, 5))));
        QCOMPARE(floor(retention), Sequence(nothingHasToGo));
        QCOMPARE(store_->reader()->floor(1, retention, {now})->sequence, Sequence(nothingHasToGo));
        expire(retention);
        const Lines left = datapoints(*reader_);
        QCOMPARE(left.size(), std::size_t(10));
        QCOMPARE(left.front(), line({{990 * second}, 91}, R"(1 {"n":90})"));
    }
};

QTEST_APPLESS_MAIN(TestRetentionFloor)
#include "tst_retentionfloor.moc"
