// The store, one promise at a time.
#include "core/store/check.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

#include <atomic>
#include <thread>

using namespace iotman;
using namespace iotman::store;

class TestStore : public QObject {
    Q_OBJECT

    std::optional<QTemporaryDir> folder_;
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<Reader> reader_;

    void open()
    {
        reader_.reset();
        store_.reset();
        auto opened = SqliteStore::open(folder_->path().toStdString(), smallCatalog());
        VERIFY_DONE(opened);
        store_ = std::move(*opened);
        reader_ = store_->reader();
    }
    void closeAndCheck()
    {
        reader_.reset();
        store_.reset();
        VERIFY_DONE(check(folder_->path().toStdString()));
    }
    static std::vector<Timestamp> times(std::int64_t first, std::int64_t step, int count)
    {
        std::vector<Timestamp> all;
        for (int i = 0; i < count; ++i)
            all.push_back({first + i * step});
        return all;
    }

    /// Items of datapoints that have times(0, 1, …), into an output that is being applied.
    Expected<void> remake(OutputKey output, Sequence from, Sequence to, std::uint64_t expiries = 0)
    {
        Store::Remade remade;
        remade.output = output;
        remade.isApplied = true;
        remade.expiries = expiries;
        for (Sequence sequence = from; sequence <= to; ++sequence) {
            remade.texts += "new";
            const Arrival arrival = sequence <= 50 ? Arrival::History : Arrival::Live;
            remade.items.push_back({{{static_cast<std::int64_t>(sequence) - 1}, sequence}, arrival, remade.texts.size(), 1});
        }
        return await<void>([&](Reply<void> reply) { store_->addRemade(remade, std::move(reply)); });
    }
    /// Output “one” is made anew into `key`, or not.
    Expected<void> apply(std::optional<OutputKey> key)
    {
        return change(*store_, [&](Catalog& catalog, Sequence last) -> Expected<void> {
            Output& output = catalog.outputs.at(OutputId{"one"});
            output.applying = key ? std::optional(applyingTo(output, *key, last)) : std::nullopt;
            return {};
        });
    }

private Q_SLOTS:
    void init()
    {
        folder_.emplace();
        open();
    }
    void cleanup() { closeAndCheck(); }

    void whatWasAppendedIsReadInEachOrder()
    {
        const auto first = append(*store_, batchOf(1, {{10}, {30}, {20}}));
        VERIFY_DONE(first);
        QCOMPARE(first->first, Sequence(1));
        QCOMPARE(first->count, std::size_t(3));
        QCOMPARE(newestFirst(*reader_, 3), (Lines{"30/2 {\"n\":1}", "20/3 {\"n\":2}", "10/1 {\"n\":0}"}));
        QCOMPARE(oldestFirst(*reader_, 3), (Lines{"10/1 {\"n\":0}", "20/3 {\"n\":2}", "30/2 {\"n\":1}"}));
        QCOMPARE(bySequence(*reader_, 3), (Lines{"10/1 {\"n\":0}", "30/2 {\"n\":1}", "20/3 {\"n\":2}"}));
        QCOMPARE(datapoints(*reader_), (Lines{"10/1 1 {\"n\":0}", "30/2 1 {\"n\":1}", "20/3 1 {\"n\":2}"}));
    }

    void anEmptyBatchIsAcceptedAndMakesNothing()
    {
        const auto done = append(*store_, batchOf(1, {}));
        VERIFY_DONE(done);
        QCOMPARE(done->count, std::size_t(0));
        QCOMPARE(*reader_->lastSequence(), Sequence(0));
        QCOMPARE(newestFirst(*reader_, 3), Lines());
    }

    void aWalkOfPagesMeetsEachItemOnce_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("step");
        QTest::addColumn<int>("limit");
        QTest::newRow("all at one time (paging-3)") << 1000 << 0 << 7;
        QTest::newRow("a group of ties and an older one (paging-2)") << 2501 << 0 << 1000;
        QTest::newRow("exactly full pages (paging-6)") << 200 << 1 << 100;
        QTest::newRow("pages of one") << 300 << 1 << 1;
    }
    void aWalkOfPagesMeetsEachItemOnce()
    {
        QFETCH(int, count);
        QFETCH(int, step);
        QFETCH(int, limit);
        VERIFY_DONE(append(*store_, batchOf(1, {{249'999}})));
        VERIFY_DONE(append(*store_, batchOf(1, times(250'000, step, count), 1)));
        Lines walked;
        std::optional<Position> before;
        for (;;) {
            std::size_t got = 0;
            VERIFY_DONE(reader_->newestFirst(3, Timestamp::min(), Timestamp::max(), before,
                                             oneByOne([&](const Position& at, std::string_view text) {
                                                 walked.push_back(line(at, text));
                                                 before = at;
                                                 return ++got < static_cast<std::size_t>(limit);
                                             })));
            if (got == 0)
                break;
        }
        QCOMPARE(walked.size(), static_cast<std::size_t>(count) + 1);
        QCOMPARE(walked, newestFirst(*reader_, 3));
        QCOMPARE(walked.back(), std::string("249999/1 {\"n\":0}"));
    }

    void bothEndsOfARangeBelongToIt()
    {
        VERIFY_DONE(append(*store_, batchOf(1, {{1'000'000}, {1'000'001}, {2'000'000}})));
        QCOMPARE(newestFirst(*reader_, 3, 9, {1'000'000}, {1'000'000}).size(), std::size_t(1));
        QCOMPARE(newestFirst(*reader_, 3, 9, {1'000'000}, {2'000'000}).size(), std::size_t(3));
        QCOMPARE(newestFirst(*reader_, 3, 9, {1'000'001}, {1'000'001}).size(), std::size_t(1));
        QCOMPARE(newestFirst(*reader_, 3, 9, {1'000'002}, {1'999'999}).size(), std::size_t(0));
        QCOMPARE(newestFirst(*reader_, 3, 9, {3'000'000}, {0}).size(), std::size_t(0));
    }

    void theFarthestTimesLieInOneBlock()
    {
        std::vector<Timestamp> all = times(0, 1, 100);
        all.push_back(Timestamp::min());
        all.push_back(Timestamp::max());
        VERIFY_DONE(append(*store_, batchOf(1, all)));
        const Lines lines = newestFirst(*reader_, 3);
        QCOMPARE(lines.size(), std::size_t(102));
        QCOMPARE(lines.front(), std::string("9223372036854775807/102 {\"n\":101}"));
        QCOMPARE(lines.back(), std::string("-9223372036854775808/101 {\"n\":100}"));
        QCOMPARE(newestFirst(*reader_, 3, 9, Timestamp::max(), Timestamp::max()).size(), std::size_t(1));
        QCOMPARE(newestFirst(*reader_, 3, 9, Timestamp::min(), Timestamp::min()).size(), std::size_t(1));
    }

    void aCursorBeyondAllNumbersIsBehindEverything()
    {
        VERIFY_DONE(append(*store_, batchOf(1, {{1}, {2}})));
        QCOMPARE(oldestFirst(*reader_, 3, 0, UINT64_MAX).size(), std::size_t(2));
        QCOMPARE(oldestFirst(*reader_, 3, 0, UINT64_MAX, {Timestamp::max(), UINT64_MAX}).size(), std::size_t(0));
        QCOMPARE(newestFirst(*reader_, 3, 9, Timestamp::min(), Timestamp::max(), Position{Timestamp::max(), UINT64_MAX}).size(),
                 std::size_t(2));
        QCOMPARE(bySequence(*reader_, 3, UINT64_MAX).size(), std::size_t(0));
        QCOMPARE(datapoints(*reader_, {}, 0, UINT64_MAX).size(), std::size_t(2));
    }

    void historyIsInPagesButNotOnStreams()
    {
        std::size_t published = 0;
        store_->setListeners([&](std::span<const Published> all) { published += all.front().items.size(); }, {});
        Batch past = batchOf(1, times(0, 1, 100));
        past.arrival = Arrival::History;
        VERIFY_DONE(append(*store_, past));
        VERIFY_DONE(append(*store_, batchOf(1, {{50}}, 500)));
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(101));
        QCOMPARE(bySequence(*reader_, 3), (Lines{"50/101 {\"n\":500}"}));
        QCOMPARE(published, std::size_t(1));
    }

    void itemsArePublishedAfterTheyAreDurableAndBeforeTheReply()
    {
        Lines events;
        store_->setListeners(
            [&](std::span<const Published> all) {
                const auto reader = store_->reader();
                for (const Published& some : all)
                    events.push_back(std::to_string(some.output) + " stored " +
                                     std::to_string(newestFirst(*reader, some.output).size()));
            },
            {});
        VERIFY_DONE(await<Committed>([&](Reply<Committed> reply) {
            store_->append(batchOf(1, {{1}, {2}}), passThrough, [&, reply](Expected<Committed> done) {
                events.push_back("answered");
                reply(done);
            });
        }));
        QCOMPARE(events, (Lines{"3 stored 2", "4 stored 2", "answered"}));
    }

    void sequencesAreNeverUsedTwice()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 1, 300))));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence last) -> Expected<void> {
            if (last != 300)
                return fail(Problem::Internal, "expected 300, but got " + std::to_string(last));
            catalog.outputs.clear();
            return {};
        }));
        open();
        const auto next = append(*store_, batchOf(2, {{1}}));
        VERIFY_DONE(next);
        QCOMPARE(next->first, Sequence(301));
        QCOMPARE(*reader_->lastSequence(), Sequence(301));
    }

    void aBatchForASourceThatIsGoneIsNotFound()
    {
        const auto done = append(*store_, batchOf(77, {{1}}));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, Problem::NotFound);
        QCOMPARE(*reader_->lastSequence(), Sequence(0));
    }

    void aBatchThatFailsTakesNoOthersDown()
    {
        const MakeItems wrong = [](const Batch& batch, Sequence first, const Catalog& catalog) {
            std::vector<MadeItems> all = passThrough(batch, first, catalog);
            all.back().items.back().end += 1;
            return all;
        };
        std::vector<Expected<Committed>> answers(3, Committed());
        std::atomic<int> answered = 0;
        for (int i = 0; i < 3; ++i) {
            store_->append(batchOf(1, times(i, 1, 70)), i == 1 ? wrong : MakeItems(passThrough),
                           [&, i](Expected<Committed> done) {
                               answers[static_cast<std::size_t>(i)] = std::move(done);
                               answered.fetch_add(1);
                               answered.notify_one();
                           });
        }
        for (int now = 0; (now = answered.load()) < 3;)
            answered.wait(now);
        QVERIFY(answers[0] && !answers[1] && answers[2]);
        QCOMPARE(answers[1].error().kind, Problem::Internal);
        QCOMPARE(answers[2]->first, Sequence(71));
        QCOMPARE(newestFirst(*reader_, 4).size(), std::size_t(140));
        QCOMPARE(datapoints(*reader_).size(), std::size_t(140));
        QCOMPARE(store_->counts(3).items, std::int64_t(140));
        QCOMPARE(store_->sourceCounts(1).datapoints, std::int64_t(140));
    }

    void notesAreWrittenWithTheirBatch()
    {
        Batch batch = batchOf(1, {{1}});
        batch.notes = {{"import", "17"}, {"key", "answer"}};
        VERIFY_DONE(append(*store_, batch));
        QCOMPARE(*reader_->note("import"), std::optional<std::string>("17"));
        QCOMPARE(*reader_->note("other"), std::optional<std::string>());
        Batch refused = batchOf(77, {{1}});
        refused.notes = {{"import", "18"}};
        QVERIFY(!append(*store_, refused));
        QCOMPARE(*reader_->note("import"), std::optional<std::string>("17"));
        Batch removing = batchOf(1, {});
        removing.notes = {{"key", ""}};
        VERIFY_DONE(append(*store_, removing));
        QCOMPARE(*reader_->note("key"), std::optional<std::string>());
    }

    void aChangeIsInTheCatalogAndInTheAuditLogWithoutSecrets()
    {
        std::uint64_t heard = 0;
        store_->setListeners({}, [&](std::shared_ptr<const Catalog> catalog) { heard = catalog->version; });
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            Client client;
            client.id = ClientId{"grafana"};
            client.secretHash = secretHash("a secret");
            catalog.clients.emplace(client.id, client);
            return {};
        }));
        QCOMPARE(store_->catalog()->clients.size(), std::size_t(1));
        QCOMPARE(store_->catalog()->version, std::uint64_t(1));
        QCOMPARE(heard, std::uint64_t(1));
        const auto audit = reader_->audit(INT64_MAX, 10);
        VERIFY_DONE(audit);
        QCOMPARE(audit->size(), std::size_t(1));
        QCOMPARE(audit->front().who, std::string("anna@example.org"));
        QCOMPARE(audit->front().change.kind, std::string("client"));
        QVERIFY(!audit->front().change.after.empty());
        QVERIFY(audit->front().change.after.find(secretHash("a secret")) == std::string::npos);
        open();
        QCOMPARE(store_->catalog()->clients.begin()->second.secretHash, secretHash("a secret"));
        QCOMPARE(store_->catalog()->version, std::uint64_t(1));
    }

    void aRefusedChangeAndOneThatChangesNothingLeaveNoTrace()
    {
        const auto refused = change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.outputs.clear();
            return fail(Problem::Conflict, "no");
        });
        QCOMPARE(refused.error().kind, Problem::Conflict);
        VERIFY_DONE(change(*store_, [](Catalog&, Sequence) -> Expected<void> { return {}; }));
        QCOMPARE(store_->catalog()->outputs.size(), std::size_t(2));
        QCOMPARE(store_->catalog()->version, std::uint64_t(0));
        QCOMPARE(reader_->audit(INT64_MAX, 10)->size(), std::size_t(0));
    }

    void itemsOfARemovedOutputGo()
    {
        for (int i = 0; i < 20; ++i)
            VERIFY_DONE(append(*store_, batchOf(1, times(i * 3000, 1, 1000))));
        for (int i = 0; i < 100; ++i)
            VERIFY_DONE(append(*store_, batchOf(1, {{i * 600}})));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.outputs.erase(OutputId{"one"});
            return {};
        }));
        while (store_->counts(3).items > 0)
            std::this_thread::yield(); // the test's time limit ends it
        open();
        QCOMPARE(newestFirst(*reader_, 3), Lines());
        QCOMPARE(bySequence(*reader_, 3), Lines());
        QCOMPARE(newestFirst(*reader_, 4).size(), std::size_t(20'100));
    }

    void aDatapointSaysHowItCameIn_data()
    {
        QTest::addColumn<int>("count"); // of each batch
        QTest::newRow("in the tail") << 2;
        QTest::newRow("moved from the tail into a block") << 50;
        QTest::newRow("in blocks") << 600;
    }
    void aDatapointSaysHowItCameIn()
    {
        QFETCH(int, count);
        std::string expected;
        for (int i = 0; i < 8; ++i) {
            Batch batch = batchOf(1, times(i * count, 1, count));
            batch.arrival = i % 3 == 0 ? Arrival::History : Arrival::Live;
            expected.append(static_cast<std::size_t>(count), i % 3 == 0 ? 'h' : 'l');
            VERIFY_DONE(append(*store_, batch));
        }
        const auto arrivals = [&] {
            std::string all;
            const auto read = store_->stagedReader()->allDatapoints(0, INT64_MAX, [&](const KeptDatapoint& datapoint) {
                all += datapoint.arrival == Arrival::History ? 'h' : 'l';
                return true;
            });
            return read ? all : read.error().detail;
        };
        QCOMPARE(arrivals(), expected);
        open();
        QCOMPARE(arrivals(), expected);
        // Blocks that retention cuts keep it.
        VERIFY_DONE(await<bool>([&](Reply<bool> reply) { store_->expire(1, Floor{Timestamp::min(), 2}, store_->catalog()->version, std::move(reply)); }));
        QCOMPARE(arrivals(), expected.substr(1));
    }

    /// Else whoever goes by the catalog of a moment ago takes the items that are left for all, or none for the end.
    void anOutputThatWasReplacedIsNotReadInPart()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 1, 3000))));
        const auto read = [&](OutputKey output, auto how) -> Expected<std::size_t> {
            std::size_t count = 0;
            return how(output, [&](const Position&, std::string_view) { return ++count > 0; }).map([&] { return count; });
        };
        const auto newest = [&](OutputKey output, const ItemVisitor& visit) {
            return reader_->newestFirst(output, Timestamp::min(), Timestamp::max(), {}, oneByOne(visit));
        };
        const auto oldest = [&](OutputKey output, const ItemVisitor& visit) { return reader_->oldestFirst(output, 0, 10'000, Position{Timestamp::min(), 0}, visit); };
        const auto live = [&](OutputKey output, const ItemVisitor& visit) { return reader_->bySequence(output, 0, visit); };
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.outputs.at(OutputId{"one"}).key = 9;
            return {};
        }));
        // All of it, or an error; and an error in the end.
        const auto isToldApart = [&](const Expected<std::size_t>& items) {
            return items ? *items == 3000 : items.error().kind == Problem::Unavailable && items.error().retryAfter == 1;
        };
        QElapsedTimer timer;
        timer.start();
        for (bool isGone = false; !isGone;) {
            QVERIFY(timer.elapsed() < 20'000);
            const Expected<std::size_t> items = read(3, newest);
            QVERIFY(isToldApart(items));
            isGone = !items;
        }
        QVERIFY(isToldApart(read(3, oldest)));
        QVERIFY(!read(3, live));
        QCOMPARE(read(9, newest).value_or(1), std::size_t(0));
        QCOMPARE(read(4, newest).value_or(0), std::size_t(3000));
    }

    void whatGrowsBesideAnOutputIsThereAfterARestart()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 1, 200))));
        VERIFY_DONE(apply(9));
        VERIFY_DONE(remake(9, 1, 150));
        QCOMPARE(store_->counts(9).items, std::int64_t(150));
        open();
        VERIFY_DONE(remake(9, 151, 200));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            Output& output = catalog.outputs.at(OutputId{"one"});
            output.key = 9;
            output.applying.reset();
            return {};
        }));
        open();
        QCOMPARE(newestFirst(*reader_, 9).size(), std::size_t(200));
        QCOMPARE(bySequence(*reader_, 9).size(), std::size_t(150)); // they came in live, most of them
        QCOMPARE(store_->counts(9).items, std::int64_t(200));
    }

    void whatWasMadeForNothingIsRemoved()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 1, 200))));
        QCOMPARE(remake(9, 1, 10).error().kind, Problem::NotFound);
        VERIFY_DONE(apply(9));
        VERIFY_DONE(remake(9, 1, 150));
        VERIFY_DONE(apply(std::nullopt));
        QCOMPARE(remake(9, 151, 200).error().kind, Problem::NotFound); // a slice that was on its way
        QTRY_COMPARE(store_->counts(9).items, std::int64_t(0));
    }

    void ofWhatHasExpiredMeanwhileNothingIsRemade()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 1, 200))));
        VERIFY_DONE(apply(9));
        const std::uint64_t before = store_->expiries();
        VERIFY_DONE(await<bool>([&](Reply<bool> reply) { store_->expire(1, Floor{Timestamp::min(), 121}, store_->catalog()->version, std::move(reply)); }));
        QVERIFY(store_->expiries() != before);
        VERIFY_DONE(remake(9, 101, 130, before));
        QCOMPARE(newestFirst(*reader_, 9).size(), std::size_t(10));
        QCOMPARE(store_->counts(9).items, std::int64_t(10));
    }

    void aFloorOfAnotherCatalogRemovesNothing()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 1, 200))));
        const std::uint64_t version = store_->catalog()->version;
        VERIFY_DONE(apply(9));
        const auto expired = await<bool>([&](Reply<bool> reply) { store_->expire(1, Floor{Timestamp::min(), 121}, version, std::move(reply)); });
        QVERIFY(expired && !*expired);
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(200));
    }

    void countersSurviveARestart()
    {
        const MakeItems failing = [](const Batch&, Sequence, const Catalog&) {
            MadeItems made;
            made.output = 3;
            made.skipped = 2;
            made.failed = 1;
            made.lastFailure = OutputFailure{{5}, "column 3: expected a number", "{\"t\":\"x\"}"};
            return std::vector{made};
        };
        VERIFY_DONE(append(*store_, batchOf(1, {{7}, {3}})));
        VERIFY_DONE(append(*store_, batchOf(1, {{1}, {2}, {4}}), failing));
        open();
        const OutputCounts counts = store_->counts(3);
        QCOMPARE(counts.items, std::int64_t(2));
        QCOMPARE(counts.skipped, std::int64_t(2));
        QCOMPARE(counts.failed, std::int64_t(1));
        QCOMPARE(counts.lastItemAt, std::optional(Timestamp{7}));
        QVERIFY(counts.lastFailure && counts.lastFailure->payload == "{\"t\":\"x\"}");
        QCOMPARE(store_->sourceCounts(1).datapoints, std::int64_t(5));
        QCOMPARE(store_->sourceCounts(1).lastDatapointAt, std::optional(Timestamp{7}));
        QCOMPARE(store_->counts(77).items, std::int64_t(0));
    }

    void anItemOfAMebibyteIsStoredWhole()
    {
        Batch batch;
        batch.source = 1;
        for (const char letter : {'a', 'b', 'c'}) {
            batch.payloads += "\"" + std::string(1024 * 1024 - 2, letter) + "\"";
            batch.datapoints.push_back({{letter}, batch.payloads.size()});
        }
        VERIFY_DONE(append(*store_, batch));
        for (const Lines& lines :
             {newestFirst(*reader_, 3), oldestFirst(*reader_, 3), bySequence(*reader_, 3), datapoints(*reader_)}) {
            QCOMPARE(lines.size(), std::size_t(3));
            for (const std::string& line : lines)
                QVERIFY(line.size() > 1024 * 1024);
        }
    }

    void readersOfManyThreadsSeeWholeBatches()
    {
        std::atomic<bool> ended = false;
        std::atomic<int> halves = 0;
        std::vector<std::jthread> readers;
        for (int i = 0; i < 3; ++i) {
            readers.emplace_back([&] {
                const auto reader = store_->reader();
                while (!ended.load()) {
                    // Each batch is of 100, some of it late: a page sees all of it or nothing.
                    if (newestFirst(*reader, 3).size() % 100 != 0 || bySequence(*reader, 4).size() % 100 != 0)
                        halves.fetch_add(1);
                }
            });
        }
        for (int i = 0; i < 60; ++i) {
            std::vector<Timestamp> all = times(i * 100, 1, 80);
            for (int late = 0; late < 20; ++late)
                all.push_back({(i * 7919 + late * 104'729) % (i * 100 + 1)});
            VERIFY_DONE(append(*store_, batchOf(1, all)));
        }
        ended = true;
        readers.clear();
        QCOMPARE(halves.load(), 0);
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(6000));
    }
};

QTEST_APPLESS_MAIN(TestStore)
#include "tst_store.moc"
