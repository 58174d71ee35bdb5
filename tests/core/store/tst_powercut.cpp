// What is left when the power is cut or the disk fills up while the store is written: everything that was answered, and nothing by halves.
#include "core/store/database.h"
#include "core/store/gatheringfiles.h"
#include "core/store/sqlite.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/failingfiles.h"
#include "tests/core/store/ingester.h"
#include "tests/core/store/losingfiles.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

#include <random>
#include <thread>

using namespace iotman;
using namespace iotman::store;

namespace {

constexpr const char* ignoringSyncs = "ignore";

unsigned numberOr(const char* variable, unsigned otherwise)
{
    bool isNumber = false;
    const int number = qEnvironmentVariableIntValue(variable, &isNumber);
    return isNumber ? static_cast<unsigned>(number) : otherwise;
}

/// The log moves into the database all the time, as it otherwise does once it is long.
void checkpointForEver(const std::string& folder)
{
    Expected<Connection> connection = openForCheckpoints(databasePath(folder));
    while (connection && connection->execute("PRAGMA wal_checkpoint(PASSIVE)"))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::_Exit(1);
}

} // namespace

class TestPowerCut : public QObject {
    Q_OBJECT

    std::optional<QTemporaryDir> folder_, synced_;

    std::string folder() const { return folder_->path().toStdString(); }
    std::string synced() const { return synced_->path().toStdString(); }

    /// Ingests until the process is killed and the power cut at a random moment; gives what is wrong then.
    std::string afterACut(std::mt19937& random, Syncs syncs, std::map<Sequence, std::size_t>& answered) const
    {
        std::vector<std::string> words{synced()};
        if (syncs == Syncs::Ignored)
            words.emplace_back(ignoringSyncs);
        const auto kill = std::uniform_int_distribution<int>(1, 150)(random);
        for (const Committed& committed : ingestUntilKilled(folder(), random(), kill, std::chrono::microseconds(random() % 3000), words))
            answered.emplace(committed.first, committed.count);
        cutPower(folder(), synced(), random);
        return whatIsMissing(folder(), answered);
    }

private Q_SLOTS:
    void init()
    {
        folder_.emplace();
        synced_.emplace();
        VERIFY_DONE(SqliteStore::open(folder(), smallCatalog()));
    }

    void nothingAnsweredIsLostWhenThePowerIsCut()
    {
        const unsigned seed = numberOr("IOTMAN_TEST_SEED", std::random_device()());
        std::mt19937 random(seed);
        std::map<Sequence, std::size_t> answered;
        const unsigned rounds = numberOr("IOTMAN_TEST_ROUNDS", 20);
        for (unsigned round = 0; round < rounds; ++round) {
            const QString problem = QString::fromStdString(afterACut(random, Syncs::Kept, answered));
            QVERIFY2(problem.isEmpty(), qPrintable(QStringLiteral("seed %1, round %2: %3").arg(seed).arg(round).arg(problem)));
        }
        QVERIFY(answered.size() > rounds * 10);
    }

    void aDiskThatIgnoresSyncsIsFoundOut()
    {
        std::mt19937 random(7);
        std::map<Sequence, std::size_t> answered;
        std::string problem;
        for (int round = 0; round < 20 && problem.empty(); ++round)
            problem = afterACut(random, Syncs::Ignored, answered);
        QVERIFY(!problem.empty());
    }

    void aWriteThatFailsAnywhereHarmsNothingThatWasCommitted_data()
    {
        QTest::addColumn<bool>("isRead");
        QTest::newRow("alone") << false;
        QTest::newRow("beside a reader, for whom the log is kept") << true;
    }
    void aWriteThatFailsAnywhereHarmsNothingThatWasCommitted()
    {
        QFETCH(bool, isRead);
        bool hasFailed = true;
        for (int writes = 0; hasFailed; writes += 3) {
            const std::string path = folder() + "/" + std::to_string(writes) + ".sqlite";
            Expected<Connection> writer = Connection::open(path, OpenMode::Create, std::chrono::seconds(1), gatheringFiles());
            VERIFY_DONE(writer);
            VERIFY_DONE(writer->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)"));
            Expected<Connection> checkpoints = openForCheckpoints(path);
            Expected<Connection> reader = Connection::open(path, OpenMode::ReadOnly, std::chrono::seconds(1));
            VERIFY_DONE(checkpoints);
            VERIFY_DONE(reader);
            failAfter(writes);
            std::int64_t committed = 0;
            for (int i = 0; i < 24; ++i) {
                if (isRead && i == 8)
                    VERIFY_DONE(reader->execute("BEGIN; SELECT count(*) FROM t"));
                committed += writer->execute("INSERT INTO t (b) VALUES (randomblob(9000))") ? 1 : 0;
                if (i % 4 == 3)
                    (void)checkpoints->execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
            hasFailed = failNoMore();
            if (isRead)
                VERIFY_DONE(reader->execute("COMMIT"));
            for (Connection* connection : {&*writer, &*reader, &*checkpoints}) {
                const QByteArray where = "from write " + QByteArray::number(writes) + " on";
                QVERIFY2(connection->integer("SELECT count(*) FROM t WHERE length(b) = 9000").value_or(0) == committed, where.constData());
                QVERIFY2(connection->integer("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'").value_or(0) == 1, where.constData());
            }
            VERIFY_DONE(writer->execute("INSERT INTO t (b) VALUES (zeroblob(1)); PRAGMA wal_checkpoint(TRUNCATE)"));
            QCOMPARE(reader->integer("SELECT count(*) FROM t").value_or(0), committed + 1);
            QCOMPARE(reader->integer("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'").value_or(0), 1);
        }
    }

    void whatIsGatheredIsReadAndCountedAsWritten()
    {
        const std::string path = folder() + "/other.sqlite";
        Expected<Connection> one = Connection::open(path, OpenMode::Create, std::chrono::seconds(1), gatheringFiles());
        VERIFY_DONE(one);
        VERIFY_DONE(one->execute("PRAGMA journal_mode = WAL; PRAGMA cache_size = 2; CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB); BEGIN"));
        // More than the cache holds: pages go to the log, and come from it again, before the commit.
        for (int i = 0; i < 50; ++i)
            VERIFY_DONE(one->execute("INSERT INTO t (b) VALUES (randomblob(3000))"));
        QCOMPARE(one->integer("SELECT sum(length(b)) FROM t").value_or(0), 150'000);
        VERIFY_DONE(one->execute("COMMIT"));
        Expected<Connection> two = Connection::open(path, OpenMode::ReadOnly, std::chrono::seconds(1));
        VERIFY_DONE(two);
        QCOMPARE(two->integer("SELECT sum(length(b)) FROM t").value_or(0), 150'000);
        VERIFY_DONE(one->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        QCOMPARE(one->integer("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'").value_or(0), 1);
    }
};

int main(int count, char** arguments)
{
    if (count >= 5 && std::string_view(arguments[1]) == ingestArgument) {
        const bool ignores = count > 5 && std::string_view(arguments[5]) == ignoringSyncs;
        keepWhatIsSynced(arguments[2], arguments[4], ignores ? Syncs::Ignored : Syncs::Kept);
        const std::jthread checkpoints(checkpointForEver, std::string(arguments[2]));
        return ingest(arguments[2], static_cast<unsigned>(std::stoul(arguments[3])));
    }
    makeWritesFail(); // before the first file is opened
    TestPowerCut test;
    return QTest::qExec(&test, count, arguments);
}
#include "tst_powercut.moc"
