// What goes wrong around a store: full disks, foreign locks, foreign and damaged files, and a process that is killed.
#include "core/store/check.h"
#include "core/store/database.h"
#include "core/store/schema.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/ingester.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

#include <sys/resource.h>

#include <array>
#include <atomic>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

using namespace iotman;
using namespace iotman::store;
using namespace std::chrono_literals;

namespace {

/// No file of this process may grow beyond `bytes` until this goes: as on a full disk, for any user.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limited{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limited);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

std::vector<Timestamp> times(std::int64_t first, int count)
{
    std::vector<Timestamp> all;
    for (int i = 0; i < count; ++i)
        all.push_back({first + i});
    return all;
}

std::string contents(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

} // namespace

class TestStoreFaults : public QObject {
    Q_OBJECT

    std::optional<QTemporaryDir> folder_;

    std::string folder() const { return folder_->path().toStdString(); }
    std::string database() const { return databasePath(folder()); }
    Expected<std::unique_ptr<SqliteStore>> open(std::chrono::milliseconds lockTimeout = 10s) const
    {
        OpenOptions options;
        options.lockTimeout = lockTimeout;
        return SqliteStore::open(folder(), smallCatalog(), options);
    }
    void fill(int datapoints) const
    {
        const auto store = open();
        VERIFY_DONE(store);
        VERIFY_DONE(append(**store, batchOf(1, times(0, datapoints))));
    }
    /// Holds the database's write lock, as another program would.
    Connection foreignLock() const
    {
        Expected<Connection> other = Connection::open(database(), OpenMode::ReadWrite, 10s);
        if (!other || !other->execute("BEGIN IMMEDIATE"))
            qFatal("the lock cannot be taken");
        return std::move(*other);
    }

    /// As damage would, and nobody of the program.
    void alter(const QByteArray& sql) const
    {
        auto other = Connection::open(database(), OpenMode::ReadWrite, 1s);
        VERIFY_DONE(other->execute(sql.constData()));
        QVERIFY(*other->integer("SELECT changes()") > 0);
    }

private Q_SLOTS:
    void init() { folder_.emplace(); }

    void aFullDiskRefusesWritesAndNothingElse()
    {
        auto store = open();
        VERIFY_DONE(store);
        const auto reader = (*store)->reader();
        std::int64_t stored = 0;
        const std::string text(2000, 'x');
        const auto batch = [&](int count) {
            Batch made;
            made.source = 1;
            for (int i = 0; i < count; ++i) {
                made.payloads += "\"" + text + std::to_string(stored + i) + "\"";
                made.datapoints.push_back({{stored + i}, made.payloads.size()});
            }
            return made;
        };
        {
            const FileSizeLimit full(3 * 1024 * 1024);
            Expected<Committed> done;
            for (int i = 0; i < 1000 && (done = append(**store, batch(40))); ++i)
                stored += 40;
            QVERIFY(!done);
            QVERIFY2(done.error().kind == Problem::NoSpace, done.error().detail.c_str());
            QVERIFY(stored > 0);
            QCOMPARE(append(**store, batch(400)).error().kind, Problem::NoSpace);
            QCOMPARE(newestFirst(*reader, 3).size(), static_cast<std::size_t>(stored));
            QCOMPARE(bySequence(*reader, 3).size(), static_cast<std::size_t>(stored));
            QCOMPARE(datapoints(*reader).size(), static_cast<std::size_t>(stored));
            QCOMPARE((*store)->counts(3).items, stored);
            const auto refused = change(**store, [](Catalog& catalog, Sequence) -> Expected<void> {
                catalog.workspace.name = std::string(3 * 1024 * 1024, 'n');
                return {};
            });
            QCOMPARE(refused.error().kind, Problem::NoSpace);
            QCOMPARE((*store)->catalog()->workspace.name, std::string("Small"));
        }
        const auto again = append(**store, batch(400));
        VERIFY_DONE(again);
        QCOMPARE(again->first, static_cast<Sequence>(stored) + 1);
        QCOMPARE(newestFirst(*reader, 3).size(), static_cast<std::size_t>(stored) + 400);
        store->reset();
        VERIFY_DONE(check(folder()));
    }

    void aFullDiskGetsTheReserveUntilThereIsRoomAgain()
    {
        const std::filesystem::path reserve = folder() + "/workspace.reserve";
        constexpr std::size_t bytes = std::size_t(256) * 1024;
        const auto isThere = [&] { return std::filesystem::exists(reserve) && std::filesystem::file_size(reserve) == bytes; };
        OpenOptions options;
        options.reserveBytes = bytes;
        {
            const auto store = SqliteStore::open(folder(), smallCatalog(), options);
            VERIFY_DONE(store);
            QVERIFY(isThere());
            {
                // Somebody reads, so that it is the log that gets too large, not the database.
                std::optional<Connection> other = *Connection::open(folder() + "/workspace.sqlite", OpenMode::ReadOnly, 1s);
                VERIFY_DONE(other->execute("BEGIN; SELECT count(*) FROM state"));
                const FileSizeLimit full(3 * 1024 * 1024);
                Expected<Committed> done;
                for (int i = 0; i < 1000 && (done = append(**store, batchOf(1, times(1000 * i, 1000)))); ++i)
                    ;
                other.reset();
                QVERIFY(!done);
                QCOMPARE(done.error().kind, Problem::NoSpace);
                QVERIFY(!isThere());
                QVERIFY((*store)->trouble());
                // What makes room finds some: the log is moved and begins anew.
                QTRY_VERIFY(std::filesystem::file_size(folder() + "/workspace.sqlite-wal") < 1024 * 1024);
                VERIFY_DONE(change(**store, [](Catalog& catalog, Sequence) -> Expected<void> {
                    catalog.workspace.name = "Full";
                    return {};
                }));
            }
            QTRY_VERIFY(append(**store, batchOf(1, {{5}})).has_value());
            QVERIFY(isThere());
            QVERIFY(!(*store)->trouble());
        }
        // It stays for the next start.
        QVERIFY(isThere());
        VERIFY_DONE(check(folder()));
    }

    void aStoreOpensOnAFullDiskAndIsRead()
    {
        fill(5000);
        {
            const FileSizeLimit full(64 * 1024);
            const auto store = open();
            VERIFY_DONE(store);
            QCOMPARE(newestFirst(*(*store)->reader(), 3).size(), std::size_t(5000));
            Batch large = batchOf(1, times(0, 5000));
            QCOMPARE(append(**store, std::move(large)).error().kind, Problem::NoSpace);
        }
        VERIFY_DONE(check(folder()));
    }

    void aForeignLockIsWaitedFor()
    {
        const auto store = open();
        VERIFY_DONE(store);
        std::optional<Connection> lock = foreignLock();
        std::atomic<bool> answered = false;
        std::jthread other([&] {
            std::this_thread::sleep_for(300ms);
            if (answered)
                qFatal("answered while the database was locked");
            lock.reset();
        });
        const auto done = append(**store, batchOf(1, {{1}}));
        answered = true;
        VERIFY_DONE(done);
    }

    void aForeignLockThatStaysIsTellingToTryAgain()
    {
        const auto store = open(50ms);
        VERIFY_DONE(store);
        const auto reader = (*store)->reader();
        VERIFY_DONE(append(**store, batchOf(1, {{1}})));
        std::optional<Connection> lock = foreignLock();
        const auto refused = append(**store, batchOf(1, {{2}}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Problem::Unavailable);
        QVERIFY(refused.error().retryAfter > 0);
        QCOMPARE(newestFirst(*reader, 3).size(), std::size_t(1));
        lock.reset();
        VERIFY_DONE(append(**store, batchOf(1, {{3}})));
        QCOMPARE(newestFirst(*reader, 3).size(), std::size_t(2));
    }

    void whatWaitsIsCommittedTogether()
    {
        const auto store = open();
        VERIFY_DONE(store);
        std::atomic<int> commits = 0, answered = 0;
        (*store)->setListeners([&](std::span<const Published>) { commits.fetch_add(1); }, {});
        std::optional<Connection> lock = foreignLock();
        constexpr int requests = 50;
        for (int i = 0; i < requests; ++i) {
            (*store)->append(batchOf(1, {{i}}), passThrough, [&](Expected<Committed>) {
                answered.fetch_add(1);
                answered.notify_one();
            });
        }
        lock.reset();
        for (int now = 0; (now = answered.load()) < requests;)
            answered.wait(now);
        QVERIFY2(commits <= 2, qPrintable(QString::number(commits)));
        QCOMPARE(newestFirst(*(*store)->reader(), 3).size(), std::size_t(requests));
    }

    void whatWaitsIsBounded()
    {
        OpenOptions options;
        options.mostWaitingBytes = 100'000;
        std::atomic<int> accepted = 0, refused = 0, others = 0;
        {
            const auto store = SqliteStore::open(folder(), smallCatalog(), options);
            VERIFY_DONE(store);
            const Connection lock = foreignLock();
            for (int i = 0; i < 100; ++i) {
                (*store)->append(batchOf(1, times(0, 200)), passThrough, [&](Expected<Committed> done) {
                    const bool waits = !done && done.error().kind == Problem::Unavailable && done.error().retryAfter > 0;
                    (done ? accepted : waits ? refused : others).fetch_add(1);
                });
                QVERIFY((*store)->waitingBytes() <= options.mostWaitingBytes);
            }
            QVERIFY((*store)->waitingBytes() > 0);
        }
        // The lock went before the store: one group was committed, what waited behind it was answered at the end.
        QCOMPARE(accepted + refused, 100);
        QCOMPARE(others.load(), 0);
        QVERIFY(refused > 50);
    }

    void theLogStaysBoundedAndShrinksWhenItGetsQuiet()
    {
        const auto store = open();
        VERIFY_DONE(store);
        std::atomic<bool> ended = false;
        std::jthread walker([&] {
            const auto reader = (*store)->reader();
            while (!ended.load())
                (void)newestFirst(*reader, 3, 100);
        });
        // One that keeps its snapshot and never reads again must not hold the log either.
        const auto idle = (*store)->reader();
        QCOMPARE(*idle->lastSequence(), Sequence(0));
        const std::string log = database() + "-wal";
        Batch batch;
        batch.source = 1;
        for (int i = 0; i < 1000; ++i) {
            batch.payloads += "\"" + std::string(1000, 'x') + "\"";
            batch.datapoints.push_back({{i}, batch.payloads.size()});
        }
        std::uintmax_t greatest = 0;
        for (int i = 0; i < 100; ++i) {
            VERIFY_DONE(append(**store, batch));
            greatest = std::max(greatest, std::filesystem::file_size(log));
        }
        ended = true;
        walker.join();
        QVERIFY2(greatest < 128 * 1024 * 1024, qPrintable(QString::number(greatest)));
        while (std::filesystem::file_size(log) > 0)
            std::this_thread::sleep_for(50ms); // the test's time limit ends it
        QCOMPARE(*idle->lastSequence(), Sequence(100'000));
    }

    void aNewerDatabaseIsRefusedAndNotTouched()
    {
        fill(10);
        {
            auto other = Connection::open(database(), OpenMode::ReadWrite, 1s);
            VERIFY_DONE(other->execute("PRAGMA journal_mode = DELETE"));
            VERIFY_DONE(other->execute("PRAGMA user_version = 1000"));
        }
        const std::string before = contents(database());
        const auto store = open();
        QVERIFY(!store);
        QCOMPARE(store.error().kind, Problem::Conflict);
        QVERIFY2(store.error().detail.find("was written by a newer version") != std::string::npos, store.error().detail.c_str());
        QCOMPARE(check(folder()).error().kind, Problem::Conflict);
        QVERIFY(contents(database()) == before);
    }

    void anOlderDatabaseIsBroughtToTheNewestStepByStep()
    {
        const std::array steps{SchemaStep{"CREATE TABLE one (x);"}, SchemaStep{"ALTER TABLE one ADD COLUMN y;"},
                               SchemaStep{"CREATE TABLE broken (x); SELECT * FROM missing;"}};
        auto connection = Connection::open(database(), OpenMode::Create, 1s);
        VERIFY_DONE(connection);
        VERIFY_DONE(prepareSchema(*connection, std::span(steps).first(1)));
        VERIFY_DONE(connection->execute("INSERT INTO one VALUES (7)"));
        VERIFY_DONE(prepareSchema(*connection, std::span(steps).first(2)));
        QCOMPARE(*connection->integer("SELECT x FROM one WHERE y IS NULL"), std::int64_t(7));
        QVERIFY(!prepareSchema(*connection, steps));
        QCOMPARE(*connection->integer("PRAGMA user_version"), std::int64_t(2));
        QCOMPARE(*connection->integer("SELECT count(*) FROM sqlite_schema"), std::int64_t(1));
        QCOMPARE(prepareSchema(*connection, std::span(steps).first(1)).error().kind, Problem::Conflict);
    }

    void aDamagedDatabaseSaysSoAndIsNeverReplaced_data()
    {
        QTest::addColumn<std::string>("damage");
        for (const char* damage : {"empty", "half", "header", "text", "missing, its log left", "another program's"})
            QTest::newRow(damage) << std::string(damage);
    }
    void aDamagedDatabaseSaysSoAndIsNeverReplaced()
    {
        QFETCH(std::string, damage);
        fill(2000);
        std::string bytes = contents(database());
        if (damage == "empty")
            bytes.clear();
        else if (damage == "half")
            bytes.resize(bytes.size() / 2);
        else if (damage == "header")
            bytes.replace(0, 100, std::string(100, '\0'));
        else if (damage == "text")
            bytes = "hello";
        write(database(), bytes);
        if (damage == "missing, its log left") {
            std::filesystem::rename(database(), database() + "-wal");
        } else if (damage == "another program's") {
            auto other = Connection::open(database(), OpenMode::ReadWrite, 1s);
            VERIFY_DONE(other->execute("PRAGMA application_id = 7; PRAGMA journal_mode = DELETE"));
            bytes.clear();
        }
        const auto store = open();
        QVERIFY(!store);
        QCOMPARE(store.error().kind, Problem::Internal);
        QVERIFY2(store.error().detail.find("workspace.sqlite") != std::string::npos, store.error().detail.c_str());
        if (!bytes.empty() && damage != "missing, its log left")
            QVERIFY(contents(database()) == bytes);
        QVERIFY(!check(folder()));
    }

    void checkFindsWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("sql");
        const auto row = [](const char* name, const char* sql) { QTest::newRow(name) << QByteArray(sql); };
        row("a byte of an item's text",
            "UPDATE item_block SET body = substr(body, 1, 1800) || x'00' || substr(body, 1802) WHERE block = 1");
        row("that a block's texts have commas between them",
            "UPDATE item_block SET body = substr(body, 1, 7) || x'80' || substr(body, 9) WHERE block = 1");
        row("a byte of a datapoint block",
            "UPDATE datapoint_block SET body = substr(body, 1, 200) || x'ff' || substr(body, 202) WHERE block = 1");
        row("a block is gone", "DELETE FROM item_block WHERE block = 3");
        row("a datapoint block is gone", "DELETE FROM datapoint_block WHERE block = 1");
        row("blocks overlap", "UPDATE item_block SET first_time = first_time - 1 WHERE block = 3");
        row("a sequence range", "UPDATE item_block SET greatest_live = greatest_live + 1 WHERE block = 3");
        row("a count", "UPDATE output_count SET items = items + 1 WHERE output = 4");
        row("a source's count", "UPDATE source_count SET datapoints = datapoints - 1");
        row("a tail row that is in a block already",
            "INSERT INTO item_tail VALUES (3, 5, 6, 0, 'x', NULL); UPDATE output_count SET items = items + 1 "
            "WHERE output = 3");
        row("a byte of a late item's text", "UPDATE item_late SET body = substr(body, 1, 60) || x'00' || substr(body, 62)");
        row("a late item's time", "UPDATE item_late SET body = substr(body, 1, 8) || x'00' || substr(body, 10)");
        row("a lot is gone", "DELETE FROM item_late");
        row("a lot's sequences", "UPDATE item_late SET greatest_live = greatest_live + 1");
        row("a lot's count", "UPDATE item_late SET count = count + 1");
        row("a late item that is in a block already",
            "INSERT INTO item_late SELECT NULL, output, least_live, greatest_live, count, sum, body FROM item_late; "
            "UPDATE output_count SET items = 2 * items");
        row("a late item that is in a block of both layers",
            "INSERT INTO item_block SELECT 1000, -output, first_time, first_sequence, last_time, last_sequence, least_sequence, greatest_sequence, "
            "least_live, greatest_live, count, body FROM item_block WHERE block = 3; "
            "INSERT INTO state SELECT 'live_width:-' || output, greatest_live - least_live FROM item_block WHERE block = 3; "
            "UPDATE output_count SET items = items + (SELECT count FROM item_block WHERE block = 3) "
            "WHERE output = (SELECT output FROM item_block WHERE block = 3)");
        row("a layer of which no item is counted",
            "INSERT INTO item_block SELECT 1000, -output, first_time, first_sequence, last_time, last_sequence, least_sequence, greatest_sequence, "
            "least_live, greatest_live, count, body FROM item_block WHERE block = 3");
        row("a block of a layer that is not what its row says",
            "UPDATE item_block SET output = -output, count = count + 1 WHERE block = 3; "
            "INSERT INTO state SELECT 'live_width:-' || -output, greatest_live - least_live FROM item_block WHERE block = 3");
        row("a sequence that was never given", "UPDATE state SET value = value - 1 WHERE name = 'last_sequence'");
        row("a resource", "UPDATE resource SET sum = NULL, json = '{' WHERE kind = 'output'");
        row("an endpoint of nothing",
            "INSERT INTO resource (kind, id, json) VALUES ('endpoint', 'e', '{\"id\":\"e\",\"output\":\"gone\",\"required_scope\":null,\"enabled\":true,"
            "\"created_at\":0,\"created_by\":\"\"}')");
        row("two outputs with one number", "UPDATE resource SET sum = NULL, json = json_set(json, '$.key', 3) WHERE kind = 'output'");
        row("two sources with one number", "UPDATE resource SET sum = NULL, json = json_set(json, '$.key', 1) WHERE kind = 'source'");
    }
    void checkFindsWhatIsWrong()
    {
        QFETCH(QByteArray, sql);
        fill(2000);
        {
            const auto store = open();
            VERIFY_DONE(store);
            VERIFY_DONE(append(**store, batchOf(1, {{500}, {700}})));
        }
        const auto right = check(folder());
        VERIFY_DONE(right);
        QCOMPARE(right->datapoints, std::int64_t(2002));
        QCOMPARE(right->items, std::int64_t(4004));
        alter(sql);
        const auto wrong = check(folder());
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().kind, Problem::Internal);
    }

    /// SQLite takes its header's word for it, and every write would fail with nobody knowing why.
    void aDatabaseThatCannotBeWrittenIsNotServed()
    {
        fill(10);
        QFile file(QString::fromStdString(database()));
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(18));
        QVERIFY(file.putChar(3)); // of a format that this SQLite only reads
        file.close();
        const auto store = open();
        QVERIFY(!store);
        QCOMPARE(store.error().detail, "“" + database() + "” cannot be written: it is read-only");
        const auto checked = check(folder());
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, Problem::Internal);
    }

    void checkFindsARowOfATailThatChanged_data()
    {
        QTest::addColumn<QByteArray>("sql");
        const auto row = [](const char* name, const char* sql) { QTest::newRow(name) << QByteArray(sql); };
        row("a character of an item", "UPDATE item_tail SET text = x'39' || substr(text, 2) WHERE sequence = 2002");
        row("an item's time", "UPDATE item_tail SET time = time + 1 WHERE sequence = 2002");
        row("a character of a datapoint", "UPDATE datapoint_tail SET payload = x'39' || substr(payload, 2) WHERE sequence = 2002");
        row("a datapoint's time", "UPDATE datapoint_tail SET time = time + 1 WHERE sequence = 2002");
    }
    void checkFindsARowOfATailThatChanged()
    {
        QFETCH(QByteArray, sql);
        fill(2000);
        {
            const auto store = open();
            VERIFY_DONE(store);
            VERIFY_DONE(append(**store, batchOf(1, {{5'000'000}, {5'000'001}})));
        }
        VERIFY_DONE(check(folder()));
        alter(sql);
        const auto wrong = check(folder());
        QVERIFY(!wrong);
        QVERIFY2(wrong.error().detail.find("2002 has another checksum") != std::string::npos, wrong.error().detail.c_str());
    }

    void checkFindsATextOfAnotherTableThatChanged_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("place");
        const auto row = [](const char* name, const char* sql, const char* place) { QTest::newRow(name) << QByteArray(sql) << QByteArray(place); };
        row("the configuration", "UPDATE resource SET json = replace(json, 'name', 'nbme') WHERE kind = 'source'", "source “");
        row("a letter of the configuration", "UPDATE resource SET json = replace(json, 'http', 'httq') WHERE kind = 'source'", "source “");
        row("its name", "UPDATE resource SET id = id || 'x' WHERE kind = 'source'", "source “");
        row("who changed it", "UPDATE audit SET who = 'eve@example.com'", "entry of the audit log “1”");
        row("when", "UPDATE audit SET at = at + 1", "entry of the audit log “1”");
        row("what was changed", "UPDATE audit SET after = replace(after, 'http', 'httq')", "entry of the audit log “1”");
        row("what it was", "UPDATE audit SET before = before || ' '", "entry of the audit log “1”");
        row("a note", "UPDATE note SET value = 'on page 2'", "note “mark”");
        row("an answered request", "UPDATE request SET accepted = 3", "remembered request “1”");
        row("its body", "UPDATE request SET body = 'other'", "remembered request “1”");
    }
    void checkFindsATextOfAnotherTableThatChanged()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, place);
        {
            const auto store = open();
            VERIFY_DONE(store);
            const auto added = await<void>([&](Reply<void> reply) {
                (*store)->change("ada@example.com", {5},
                                 [](Catalog& catalog, Sequence) -> Expected<void> {
                                     catalog.sources.begin()->second.enabled = false;
                                     return {};
                                 },
                                 std::move(reply));
            });
            VERIFY_DONE(added);
            Batch batch = batchOf(1, {{5'000'000}});
            batch.notes.emplace_back("mark", "on page 1");
            batch.request = RequestIdentity{"identity", "body", {5}};
            VERIFY_DONE(append(**store, std::move(batch)));
        }
        VERIFY_DONE(check(folder()));
        alter(sql);
        const auto wrong = check(folder());
        QVERIFY(!wrong);
        QVERIFY2(QByteArray::fromStdString(wrong.error().detail).contains(place), wrong.error().detail.c_str());
        QVERIFY2(QByteArray::fromStdString(wrong.error().detail).contains("has another checksum"), wrong.error().detail.c_str());
    }

    void aDamagedBlockIsAnErrorOfTheReadAlone_data()
    {
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, const char* sql) { QTest::newRow(name) << QByteArray(sql); };
        row("two bytes", "x'0102'");
        row("none", "x''");
        row("a number", "7");
        row("a byte less than a header", "substr(body, 1, 31)");
        row("a header alone", "substr(body, 1, 32)");
        row("no entries", "x'00000000' || substr(body, 5)");
        row("more entries than there can be", "x'ffffffff' || substr(body, 5)");
        row("a width that there is not", "substr(body, 1, 4) || x'03' || substr(body, 6)");
        row("a byte too many", "body || x'7d'");
        row("texts cut off", "substr(body, 1, length(body) - 1)");
        row("ends that do not rise", "substr(body, 1, 300) || zeroblob(200) || substr(body, 501)");
    }
    void aDamagedBlockIsAnErrorOfTheReadAlone()
    {
        QFETCH(QByteArray, body);
        fill(2000);
        {
            auto other = Connection::open(database(), OpenMode::ReadWrite, 1s);
            const QByteArray sql = "UPDATE item_block SET body = " + body + " WHERE block = 1";
            VERIFY_DONE(other->execute(sql.constData()));
        }
        const auto store = open();
        VERIFY_DONE(store);
        const auto reader = (*store)->reader();
        for (int i = 0; i < 2; ++i) {
            const auto newest = reader->newestFirst(3, Timestamp::min(), Timestamp::max(), {}, [](const ItemRun&) { return true; });
            QVERIFY(!newest);
            QVERIFY2(newest.error().detail.find("item block 1") != std::string::npos, newest.error().detail.c_str());
            const auto oldest = reader->oldestFirst(3, 0, UINT64_MAX, {Timestamp::min(), 0}, [](const Position&, std::string_view) { return true; });
            QVERIFY(!oldest);
            QVERIFY2(oldest.error().detail.find("item block 1") != std::string::npos, oldest.error().detail.c_str());
            QCOMPARE(newestFirst(*reader, 3, 100).size(), std::size_t(100));
            QCOMPARE(newestFirst(*reader, 4).size(), std::size_t(2000));
        }
    }

    void nothingAnsweredIsLostWhenTheProcessIsKilled()
    {
        const unsigned seed = qEnvironmentVariableIntValue("IOTMAN_TEST_SEED") != 0
                                  ? static_cast<unsigned>(qEnvironmentVariableIntValue("IOTMAN_TEST_SEED"))
                                  : std::random_device()();
        std::mt19937 random(seed);
        std::map<Sequence, std::size_t> answered;
        for (int round = 0; round < 20 && !QTest::currentTestFailed(); ++round) {
            const auto kill = std::uniform_int_distribution<int>(0, 150)(random);
            for (const Committed& committed :
                 ingestUntilKilled(folder(), random(), kill, std::chrono::microseconds(random() % 3000)))
                answered.emplace(committed.first, committed.count);
            const QString problem = QString::fromStdString(whatIsMissing(folder(), answered));
            QVERIFY2(problem.isEmpty(), qPrintable(QStringLiteral("seed %1, round %2: %3").arg(seed).arg(round).arg(problem)));
        }
        QVERIFY(answered.size() > 200);
    }
};

int main(int count, char** arguments)
{
    if (count == 4 && std::string_view(arguments[1]) == ingestArgument)
        return ingest(arguments[2], static_cast<unsigned>(std::stoul(arguments[3])));
    TestStoreFaults test;
    return QTest::qExec(&test, count, arguments);
}
#include "tst_storefaults.moc"
