// Requests that say who they are: remembered with their batch, for a day, so many of them.
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

using namespace iotman;
using namespace iotman::store;

namespace {

constexpr std::int64_t hour = 3'600'000'000;

Batch identified(const std::string& identity, Timestamp at, int datapoints = 1, SourceKey source = 1)
{
    Batch batch = batchOf(source, std::vector<Timestamp>(static_cast<std::size_t>(datapoints), Timestamp{1}));
    batch.request = RequestIdentity{identity, "body of " + identity, at};
    return batch;
}

} // namespace

class TestRequests : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<SqliteStore> store_;

    std::optional<Answered> known(const std::string& identity, Timestamp since = {INT64_MIN}, SourceKey source = 1)
    {
        return store_->reader()->answered(source, identity, since).value();
    }
    void open()
    {
        store_.reset();
        auto opened = SqliteStore::open(folder_.path().toStdString(), smallCatalog());
        VERIFY_DONE(opened);
        store_ = std::move(*opened);
    }

private Q_SLOTS:
    void initTestCase() { open(); }

    void aRequestIsKnownOnceItIsDurable()
    {
        QVERIFY(!known("r1"));
        VERIFY_DONE(append(*store_, identified("r1", {5 * hour}, 3)));
        QCOMPARE(known("r1")->accepted, std::int64_t(3));
        QCOMPARE(known("r1")->body, std::string("body of r1"));
        QVERIFY2(!known("r1", {5 * hour}), "what is too old is not known any more");
        QVERIFY2(!known("r1", {0}, 2), "another source's requests are its own");
        open();
        QVERIFY2(known("r1"), "it survives a restart");
    }

    void aBatchThatIsRefusedIsNotRemembered()
    {
        Batch batch = identified("gone", {1}, 1, 99); // there is no such source
        QVERIFY(!append(*store_, std::move(batch)));
        QVERIFY(!known("gone", {INT64_MIN}, 99));
    }

    void theSameIdentityADayLaterIsNew()
    {
        VERIFY_DONE(append(*store_, identified("daily", {10 * hour}, 1)));
        VERIFY_DONE(append(*store_, identified("daily", {40 * hour}, 2)));
        QCOMPARE(known("daily")->accepted, std::int64_t(2));
    }

    void theOldestAreForgottenBehindThoseThatCome()
    {
        for (int i = 0; i < 20; ++i)
            VERIFY_DONE(append(*store_, identified("old" + std::to_string(i), {100 * hour}, 1, 2)));
        for (int i = 0; i < 20; ++i)
            VERIFY_DONE(append(*store_, identified("new" + std::to_string(i), {200 * hour}, 1, 2)));
        for (int i = 0; i < 20; ++i) {
            QVERIFY(!known("old" + std::to_string(i), {INT64_MIN}, 2));
            QVERIFY(known("new" + std::to_string(i), {INT64_MIN}, 2));
        }
    }

    void notesOfNoBatchAreKept()
    {
        VERIFY_DONE(await<void>([&](Reply<void> reply) { store_->remember({{"last used", "x"}}, std::move(reply)); }));
        QCOMPARE(*store_->reader()->note("last used").value(), std::string("x"));
        VERIFY_DONE(await<void>([&](Reply<void> reply) { store_->remember({{"last used", ""}}, std::move(reply)); }));
        QVERIFY(!store_->reader()->note("last used").value());
        QVERIFY(store_->storedBytes() > 0);
    }
};

QTEST_APPLESS_MAIN(TestRequests)
#include "tst_requests.moc"
