// Snapshots of a store: what comes back, what never does, and that a restore happens whole or not at all.
#include "core/store/check.h"
#include "core/store/snapshot.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

using namespace iotman;
using namespace iotman::store;

class TestSnapshot : public QObject {
    Q_OBJECT

    std::optional<QTemporaryDir> folder_;
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<Reader> reader_;

    std::filesystem::path file(const char* name = "s") const
    {
        return std::filesystem::path(folder_->path().toStdString()) / name;
    }
    void open()
    {
        reader_.reset();
        store_.reset();
        auto opened = SqliteStore::open(folder_->path().toStdString(), smallCatalog());
        VERIFY_DONE(opened);
        store_ = std::move(*opened);
        reader_ = store_->reader();
    }
    Expected<void> restore(const char* name = "s", std::function<void()> replaced = {})
    {
        return await<void>([&](Reply<void> reply) {
            store_->restoreSnapshot(file(name), "ada", {5}, {"snapshot", name, {}, "{}"}, std::move(replaced), std::move(reply));
        });
    }
    static std::vector<Timestamp> times(std::int64_t first, int count)
    {
        std::vector<Timestamp> all;
        for (int i = 0; i < count; ++i)
            all.push_back({first + i});
        return all;
    }

private Q_SLOTS:
    void init()
    {
        folder_.emplace();
        open();
    }
    void cleanup()
    {
        reader_.reset();
        store_.reset();
        VERIFY_DONE(check(folder_->path().toStdString()));
    }

    void whatWasSavedComesBackAndWhatCameLaterIsGone_data()
    {
        QTest::addColumn<int>("saved");
        QTest::addColumn<int>("later");
        QTest::newRow("nothing, then something") << 0 << 3;
        QTest::newRow("a few rows, then blocks") << 3 << 1000;
        QTest::newRow("blocks, then a few rows") << 1000 << 3;
        QTest::newRow("blocks, then nothing") << 1000 << 0;
    }
    void whatWasSavedComesBackAndWhatCameLaterIsGone()
    {
        QFETCH(int, saved);
        QFETCH(int, later);
        VERIFY_DONE(append(*store_, batchOf(1, times(100, saved))));
        const Lines items = newestFirst(*reader_, 3);
        const Lines points = datapoints(*reader_);
        VERIFY_DONE(store_->saveSnapshot(file(), {77}, Extent::Data));
        VERIFY_DONE(append(*store_, batchOf(2, times(50, later))));
        const Sequence last = *reader_->lastSequence();
        VERIFY_DONE(restore());
        QCOMPARE(newestFirst(*reader_, 3), items);
        QCOMPARE(datapoints(*reader_), points);
        QCOMPARE(store_->counts(3).items, std::int64_t(saved));
        QCOMPARE(store_->sourceCounts(2).datapoints, std::int64_t(0));
        QCOMPARE(*reader_->lastSequence(), last);
        QCOMPARE(snapshotTime(file())->us, std::int64_t(77));
        // A number is never given twice, and the store goes on.
        const auto next = append(*store_, batchOf(1, {{500}}));
        VERIFY_DONE(next);
        QCOMPARE(next->first, last + 1);
        open();
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(saved + 1));
    }

    /// The database was put back from an older copy, the snapshots were not.
    void aSnapshotMayBeNewerThanTheDatabase()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(100, 300))));
        VERIFY_DONE(store_->saveSnapshot(file(), {77}, Extent::Data));
        reader_.reset();
        store_.reset();
        for (const char* name : {"workspace.sqlite", "workspace.sqlite-wal", "workspace.sqlite-shm"})
            std::filesystem::remove(file(name));
        open();
        VERIFY_DONE(restore());
        const auto next = append(*store_, batchOf(1, {{500}}));
        VERIFY_DONE(next);
        QCOMPARE(next->first, Sequence(301));
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(301));
    }

    /// What is remembered of a source's floor is not that of what was restored, however much they look the same.
    void afterEachRestoreTheFloorIsFoundAnew()
    {
        const Retention ten{std::nullopt, 10, std::nullopt};
        const auto floor = [&](Reader& reader) { return reader.floor(1, ten, {})->sequence; };
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 50))));
        VERIFY_DONE(store_->saveSnapshot(file("b"), {}, Extent::Data));
        VERIFY_DONE(append(*store_, batchOf(1, times(50, 50))));
        VERIFY_DONE(store_->saveSnapshot(file("a"), {}, Extent::Data));
        for (const auto& [name, first] : {std::pair("a", Sequence(91)), std::pair("b", Sequence(41)), std::pair("a", Sequence(91))}) {
            VERIFY_DONE(restore(name));
            QCOMPARE(floor(*reader_), first);
        }
    }

    void whatIsBeingAppliedGoesOnAfterARestore()
    {
        const auto applying = [&] { return store_->catalog()->outputs.at(OutputId{"one"}).applying; };
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 50))));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence last) -> Expected<void> {
            Output& output = catalog.outputs.at(OutputId{"one"});
            output.applying = applyingTo(output, catalog.nextKey++, last);
            return {};
        }));
        const auto growing = applying();
        Store::Remade remade;
        remade.output = growing->key;
        remade.isApplied = true;
        remade.texts = "new";
        remade.items.push_back({{{0}, 1}, Arrival::Live, 3, 1});
        VERIFY_DONE(await<void>([&](Reply<void> reply) { store_->addRemade(remade, std::move(reply)); }));
        VERIFY_DONE(store_->saveSnapshot(file(), {}, Extent::Data));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.outputs.at(OutputId{"one"}).applying.reset();
            return {};
        }));
        VERIFY_DONE(restore());
        QVERIFY(applying() == growing);
        QCOMPARE(newestFirst(*reader_, growing->key), Lines{"0/1 new"});
    }

    void whatWasRestoredIsOfThePastForStreams()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(1, 300))));
        VERIFY_DONE(store_->saveSnapshot(file(), {}, Extent::Data));
        VERIFY_DONE(restore());
        QCOMPARE(bySequence(*reader_, 3), Lines());
        VERIFY_DONE(append(*store_, batchOf(1, {{7}}, 9)));
        QCOMPARE(bySequence(*reader_, 3), (Lines{"7/301 {\"n\":9}"}));
        open();
        QCOMPARE(bySequence(*reader_, 3).size(), std::size_t(1));
    }

    void membersClientsScopesAndTheAuditLogAreNotRolledBack()
    {
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.scopes[ScopeName{"a:b"}] = {ScopeName{"a:b"}, {}, {}};
            catalog.endpoints[EndpointId{"e"}] = {EndpointId{"e"}, outputOf(3, "one").id, ScopeName{"a:b"}, true, {}};
            catalog.clients[ClientId{"old"}] = {ClientId{"old"}, "Old", {}, true, {}, std::string(43, 'A'), {}};
            return {};
        }));
        VERIFY_DONE(store_->saveSnapshot(file(), {}, Extent::Data));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.endpoints.clear();
            catalog.scopes.clear();
            catalog.clients.clear();
            catalog.members[MemberId{"m"}] = {MemberId{"m"}, Email{"m@example.com"}, Role::Admin, std::string(43, 'A'), {}, {}};
            return {};
        }));
        const std::size_t audited = reader_->audit(INT64_MAX, 1000)->size();
        const std::uint64_t version = store_->catalog()->version;
        VERIFY_DONE(restore());
        const std::shared_ptr<const Catalog> catalog = store_->catalog();
        QVERIFY(catalog->version > version);
        QCOMPARE(catalog->members.size(), std::size_t(1));
        QVERIFY(catalog->clients.empty());
        QVERIFY(catalog->scopes.empty());
        const Endpoint& endpoint = catalog->endpoints.at(EndpointId{"e"});
        QVERIFY(!endpoint.enabled); // its scope is gone: it must not become public
        QCOMPARE(endpoint.requiredScope->text, std::string("a:b"));
        QVERIFY(reader_->audit(INT64_MAX, 1000)->size() > audited);
    }

    void withAccessScopesAndClientsComeBackToo()
    {
        const auto withScope = [](const char* scope, const char* client) {
            return [scope, client](Catalog& catalog, Sequence) -> Expected<void> {
                catalog.scopes = {{ScopeName{scope}, {ScopeName{scope}, {}, {}}}};
                catalog.workspace.name = client;
                catalog.clients = {{ClientId{client}, {ClientId{client}, "C", {}, true, {}, std::string(43, 'A'), {}}}};
                catalog.endpoints = {{EndpointId{"e"}, {EndpointId{"e"}, outputOf(3, "one").id, ScopeName{scope}, true, {}}}};
                return {};
            };
        };
        VERIFY_DONE(change(*store_, withScope("a:b", "old")));
        VERIFY_DONE(store_->saveSnapshot(file(), {}, Extent::DataAndAccess));
        VERIFY_DONE(change(*store_, withScope("c:d", "new")));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.members[MemberId{"m"}] = {MemberId{"m"}, Email{"m@example.com"}, Role::Admin, std::string(43, 'A'), {}, {}};
            return {};
        }));
        VERIFY_DONE(restore());
        const std::shared_ptr<const Catalog> catalog = store_->catalog();
        QCOMPARE(catalog->scopes.size(), std::size_t(1));
        QVERIFY(catalog->scopes.contains(ScopeName{"a:b"}));
        QCOMPARE(catalog->clients.size(), std::size_t(1));
        QVERIFY(catalog->clients.contains(ClientId{"old"}));
        QVERIFY(catalog->endpoints.at(EndpointId{"e"}).enabled);
        QCOMPARE(catalog->members.size(), std::size_t(1));
        QCOMPARE(catalog->workspace.name, std::string("old"));
        QCOMPARE(catalog->workspace.id, smallCatalog().workspace.id);
        open();
        QVERIFY(store_->catalog()->clients.contains(ClientId{"old"}));
    }

    void noSecretLiesInASnapshot()
    {
        const std::string hash(43, 'Z');
        VERIFY_DONE(change(*store_, [&](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.clients[ClientId{"c"}] = {ClientId{"c"}, "C", {}, true, {}, hash, {}};
            catalog.members[MemberId{"m"}] = {MemberId{"m"}, Email{"m@example.com"}, Role::Admin, hash, {}, {}};
            return {};
        }));
        VERIFY_DONE(store_->saveSnapshot(file(), {}, Extent::Data));
        QFile saved(QString::fromStdString(file().string()));
        QVERIFY(saved.open(QIODevice::ReadOnly));
        const QByteArray bytes = saved.readAll();
        QVERIFY(!bytes.contains(hash.c_str()));
        QVERIFY(!bytes.contains("m@example.com"));
    }

    void nobodyHearsOfTheCatalogBeforeTheRestoreIsAnnounced()
    {
        std::vector<std::string> heard;
        store_->setListeners({}, [&](const std::shared_ptr<const Catalog>&) { heard.emplace_back("catalog"); });
        VERIFY_DONE(store_->saveSnapshot(file(), {}, Extent::Data));
        VERIFY_DONE(restore("s", [&] { heard.emplace_back("replaced"); }));
        QCOMPARE(heard, (std::vector<std::string>{"replaced", "catalog"}));
        store_->setListeners({}, {});
    }

    void aFileThatIsThereIsNeverReplaced()
    {
        VERIFY_DONE(store_->saveSnapshot(file(), {}, Extent::Data));
        const auto again = store_->saveSnapshot(file(), {}, Extent::Data);
        QVERIFY(!again);
        QCOMPARE(again.error().kind, Problem::Conflict);
        QVERIFY(!std::filesystem::exists(file("s.new")));
    }

    void atTheEndNoneIsBegunAndNothingIsRestored()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(1, 10))));
        VERIFY_DONE(store_->saveSnapshot(file(), {}, Extent::Data));
        VERIFY_DONE(append(*store_, batchOf(1, times(11, 10))));
        const Lines before = newestFirst(*reader_, 3);
        store_->breakOff();
        const auto saved = store_->saveSnapshot(file("late"), {}, Extent::Data);
        const auto restored = restore();
        for (const Expected<void>& done : {saved, restored}) {
            QVERIFY(!done);
            QCOMPARE(done.error().kind, Problem::Unavailable);
        }
        QVERIFY(!std::filesystem::exists(file("late")) && !std::filesystem::exists(file("late.new")));
        VERIFY_DONE(append(*store_, batchOf(1, {{30}})));
        QCOMPARE(newestFirst(*reader_, 3).size(), before.size() + 1);
    }

    void whatIsNoSnapshotChangesNothing_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("no file") << QByteArray();
        QTest::newRow("an empty file") << QByteArray("");
        QTest::newRow("a text") << QByteArray("hello");
        QTest::newRow("zeros") << QByteArray(8192, '\0');
    }
    void whatIsNoSnapshotChangesNothing()
    {
        QFETCH(QByteArray, content);
        VERIFY_DONE(append(*store_, batchOf(1, times(1, 10))));
        const Lines before = newestFirst(*reader_, 3);
        if (!content.isNull()) {
            QFile bad(QString::fromStdString(file().string()));
            QVERIFY(bad.open(QIODevice::WriteOnly));
            bad.write(content);
        }
        const auto restored = restore();
        QVERIFY(!restored);
        QVERIFY2(restored.error().detail.find(file().string()) != std::string::npos, restored.error().detail.c_str());
        QCOMPARE(newestFirst(*reader_, 3), before);
        VERIFY_DONE(append(*store_, batchOf(1, {{20}})));
        QCOMPARE(store_->counts(3).items, std::int64_t(11));
    }
};

QTEST_APPLESS_MAIN(TestSnapshot)
#include "tst_snapshot.moc"
