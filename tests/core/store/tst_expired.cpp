// What has expired and is not removed yet, where there is much of it.
#include "core/store/check.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

using namespace iotman;
using namespace iotman::store;

namespace {

constexpr int many = 50'000; ///< more than a walk passes by at once

/// Of the source "a" the last ten; of "b" everything.
class KeepsTen final : public Keeping {
public:
    std::shared_ptr<const KeptSources> ofOutput(OutputKey) const override { return kept_; }
    std::shared_ptr<const KeptSources> ofAll() const override { return kept_; }
    Timestamp now() const override { return {0}; }

private:
    static KeptSources ten()
    {
        Retention retention;
        retention.count = 10;
        return {{1, retention}};
    }
    std::shared_ptr<const KeptSources> kept_ = std::make_shared<const KeptSources>(ten());
};

std::vector<Timestamp> timesFrom(std::int64_t first, int count)
{
    std::vector<Timestamp> times;
    for (int i = 0; i < count; ++i)
        times.push_back({first + i});
    return times;
}

} // namespace

/// Three old datapoints of "b", then very many of "a".
class TestExpired : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<SqliteStore> store_;
    const KeepsTen keeping_;
    std::unique_ptr<Reader> reader_;

    /// Calls `read` with where the walk before broke off, until one does not; the number of calls.
    template <class Read>
    int walk(const Read& read)
    {
        int calls = 0;
        std::optional<Position> from;
        do {
            read(from);
            from = reader_->brokenOff();
        } while (++calls < 100 && from);
        return calls;
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto opened = SqliteStore::open(folder_.path().toStdString(), smallCatalog());
        VERIFY_DONE(opened);
        store_ = std::move(*opened);
        reader_ = store_->retainedReader(keeping_);
        VERIFY_DONE(append(*store_, batchOf(2, timesFrom(1, 3), 1)));
        for (int done = 0; done < many; done += 10'000)
            VERIFY_DONE(append(*store_, batchOf(1, timesFrom(100 + done, 10'000), 100 + done)));
    }
    void cleanupTestCase()
    {
        reader_.reset();
        store_.reset();
        VERIFY_DONE(check(folder_.path().toStdString()));
    }

    void aWalkBreaksOffAndGoesOnBehindIt_data()
    {
        QTest::addColumn<int>("order");
        for (int order = 0; order < 3; ++order)
            QTest::newRow(std::array{"newest first", "oldest first", "by sequence"}.at(static_cast<std::size_t>(order))) << order;
    }
    void aWalkBreaksOffAndGoesOnBehindIt()
    {
        QFETCH(int, order);
        Lines found;
        const auto add = [&](const Lines& some) { found.insert(found.end(), some.begin(), some.end()); };
        const int calls = walk([&](const std::optional<Position>& from) {
            if (order == 0)
                add(newestFirst(*reader_, 3, SIZE_MAX, Timestamp::min(), Timestamp::max(), from));
            else if (order == 1)
                add(oldestFirst(*reader_, 3, 0, INT64_MAX, from.value_or(Position{Timestamp::min(), 0})));
            else
                add(bySequence(*reader_, 3, from ? from->sequence : 0));
        });
        QVERIFY2(calls > 2 && calls < 10, QByteArray::number(calls).constData());
        QCOMPARE(found.size(), std::size_t(13));
        std::sort(found.begin(), found.end());
        QCOMPARE(std::unique(found.begin(), found.end()), found.end());
    }

    void datapointsAreWalkedThroughLikewise()
    {
        Lines found;
        const int calls = walk([&](const std::optional<Position>& from) {
            const Lines some = datapoints(*reader_, 1, from ? from->sequence : 0);
            found.insert(found.end(), some.begin(), some.end());
        });
        QVERIFY(calls > 2);
        QCOMPARE(found.size(), std::size_t(10));
    }

    void whatEndsAsAskedHasNotBrokenOff()
    {
        QCOMPARE(newestFirst(*reader_, 3, 5).size(), std::size_t(5));
        QVERIFY(!reader_->brokenOff());
        const std::unique_ptr<Reader> all = store_->reader();
        QCOMPARE(newestFirst(*all, 3).size(), std::size_t(many + 3));
        QVERIFY(!all->brokenOff());
    }

    void noMoreGoInAStepThanWasSaid()
    {
        std::int64_t gone = 0;
        for (const std::size_t most : {std::size_t(1), std::size_t(7), std::size_t(512), std::size_t(1000), 2 * expiredAtOnce + 1}) {
            const Expected<Floor> floor = reader_->floor(1, (*keeping_.ofAll()).front().second, {0});
            const auto done = await<bool>([&](Reply<bool> reply) { store_->expire(1, *floor, store_->catalog()->version, std::move(reply), most); });
            VERIFY_DONE(done);
            QVERIFY(*done);
            gone += static_cast<std::int64_t>(most);
            QCOMPARE(store_->sourceCounts(1).datapoints, many - gone);
            QCOMPARE(store_->counts(3).items, many + 3 - gone); // with those of "b"
        }
        VERIFY_DONE(check(folder_.path().toStdString()));
    }
};

QTEST_APPLESS_MAIN(TestExpired)
#include "tst_expired.moc"
