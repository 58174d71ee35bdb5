// The store against a plain model of it: random operations, every reader call compared.
#include "core/store/check.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/memorystore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

#include <array>
#include <random>
#include <set>

using namespace iotman;
using namespace iotman::store;

namespace {

/// How time goes in a round, and how much comes at once.
struct Habits {
    const char* name;
    std::int64_t step; ///< µs between datapoints, at most; 0: all at one time
    int latePercent;   ///< of datapoints that lie anywhere in the past
    int largestBatch;
    int largestText;
    LateLimits late = lateLimits;
    MergeTiming merging = mergeTiming;
};

/// Of all outputs the same.
struct SomeKeeping final : Keeping {
    std::shared_ptr<const KeptSources> ofOutput(OutputKey) const override { return kept; }
    std::shared_ptr<const KeptSources> ofAll() const override { return kept; }
    Timestamp now() const override { return at; }

    std::shared_ptr<const KeptSources> kept;
    Timestamp at;
};

/// Both stores side by side; each operation goes to both.
class Pair {
public:
    Pair(const Habits& habits, unsigned seed)
        : habits_(habits)
        , random_(seed)
        , model_(smallCatalog())
    {
        open();
    }

    void step()
    {
        const int choice = between(0, 99);
        if (choice < 50)
            append();
        else if (choice < 58)
            stageSome();
        else if (choice < 60)
            commitSome();
        else if (choice < 62)
            discardSome();
        else if (choice < 78)
            compareSome();
        else if (choice < 80)
            expireSome();
        else if (choice < 86)
            remakeSome();
        else if (choice < 91)
            switchGeneration();
        else if (choice < 94)
            removeOutput();
        else if (choice < 97)
            addOutput();
        else if (choice < 98)
            refusedChange();
        else
            reopen();
    }

    void compareAll()
    {
        for (const OutputKey output : outputs()) {
            QCOMPARE(newestFirst(*reader_, output), newestFirst(*modelReader_, output));
            QCOMPARE(oldestFirst(*reader_, output), oldestFirst(*modelReader_, output));
            QCOMPARE(bySequence(*reader_, output), bySequence(*modelReader_, output));
            compareCounts(output);
        }
        QCOMPARE(datapoints(*reader_), datapoints(*modelReader_));
        for (const SourceKey source : {1, 2}) {
            QCOMPARE(datapoints(*reader_, source), datapoints(*modelReader_, source));
            QCOMPARE(store_->sourceCounts(source).datapoints, model_.sourceCounts(source).datapoints);
            QCOMPARE(store_->sourceCounts(source).lastDatapointAt, model_.sourceCounts(source).lastDatapointAt);
        }
        QCOMPARE(*reader_->lastSequence(), *modelReader_->lastSequence());
        QCOMPARE(differences(*store_->catalog(), *model_.catalog()), std::vector<CatalogDifference>());
        QCOMPARE(store_->catalog()->version, model_.catalog()->version);
        compareAudit();
        QCOMPARE(published_, modelPublished_);
    }

    void finish()
    {
        compareAll();
        reader_.reset();
        retained_.reset();
        store_.reset();
        VERIFY_DONE(check(folder_.path().toStdString()));
    }

private:
    int between(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }

    void open()
    {
        OpenOptions options;
        options.late = habits_.late;
        options.merging = habits_.merging;
        auto opened = SqliteStore::open(folder_.path().toStdString(), smallCatalog(), options);
        VERIFY_DONE(opened);
        store_ = std::move(*opened);
        reader_ = store_->reader();
        modelReader_ = model_.reader();
        retained_ = store_->retainedReader(keeping_);
        modelRetained_ = model_.retainedReader(keeping_);
        const auto keep = [](std::map<OutputKey, Lines>& into) {
            return [&into](std::span<const Published> all) {
                for (const Published& some : all) {
                    for (const PublishedItem& item : some.items)
                        into[some.output].push_back(line(item.position, item.text));
                }
            };
        };
        store_->setListeners(keep(published_), {});
        model_.setListeners(keep(modelPublished_), {});
    }

    void reopen()
    {
        reader_.reset();
        retained_.reset();
        store_.reset();
        VERIFY_DONE(check(folder_.path().toStdString()));
        open();
    }

    Timestamp nextTime()
    {
        if (between(1, 100) <= habits_.latePercent)
            return {std::uniform_int_distribution<std::int64_t>(-1000, std::max<std::int64_t>(now_, 0))(random_)};
        now_ += std::uniform_int_distribution<std::int64_t>(0, habits_.step)(random_);
        return {now_};
    }

    void append()
    {
        const Batch batch = someBatch();
        const auto got = iotman::store::append(*store_, batch, someItems);
        const auto expected = iotman::store::append(model_, batch, someItems);
        VERIFY_DONE(got);
        QCOMPARE(got->first, expected->first);
        QCOMPARE(got->count, expected->count);
    }

    /// Up to three imports at a time; their rows come in pieces.
    void stageSome()
    {
        Batch batch = someBatch();
        const int which = between(0, 2);
        batch.source = 1 + which % 2;
        Import& import = imports_[which];
        if (import.name.empty())
            import.name = "import" + std::to_string(number_++);
        batch.staged = Staged{import.name, import.rows};
        import.rows += static_cast<std::int64_t>(batch.datapoints.size());
        const auto got = iotman::store::append(*store_, batch, someItems);
        VERIFY_DONE(got);
        QCOMPARE(got->first, iotman::store::append(model_, batch, someItems)->first);
    }

    void commitSome()
    {
        const Import import = std::exchange(imports_[between(0, 2)], {});
        const StagedNeeds needs = [this](const Catalog& catalog, const Source&) {
            std::vector<StagedNeed> all;
            for (const auto& [id, output] : catalog.outputs)
                all.push_back({output.key, {}, true});
            if (growing_)
                all.push_back({*growing_, {}, true});
            return all;
        };
        for (Store* store : {static_cast<Store*>(store_.get()), static_cast<Store*>(&model_)}) {
            const auto done = await<StagedOutcome>(
                [&](Reply<StagedOutcome> reply) { store->commitStaged(import.name, needs, {}, {}, std::move(reply)); });
            VERIFY_DONE(done);
            QVERIFY(done->committed());
            QCOMPARE(done->datapoints, import.rows);
        }
    }

    void discardSome()
    {
        const Import import = std::exchange(imports_[between(0, 2)], {});
        for (Store* store : {static_cast<Store*>(store_.get()), static_cast<Store*>(&model_)})
            VERIFY_DONE(await<void>([&](Reply<void> reply) { store->discardStaged(import.name, std::move(reply)); }));
    }

    Batch someBatch()
    {
        Batch batch;
        batch.source = between(1, 2);
        batch.arrival = between(0, 9) == 0 ? Arrival::History : Arrival::Live;
        const int count = between(0, 3) == 0 ? between(0, habits_.largestBatch) : between(0, 5);
        for (int i = 0; i < count; ++i) {
            batch.payloads += "{\"n\":" + std::to_string(number_++) + ",\"t\":\"" +
                              std::string(static_cast<std::size_t>(between(0, habits_.largestText)), 'x') + "\"}";
            batch.datapoints.push_back({nextTime(), batch.payloads.size()});
        }
        if (between(0, 4) == 0)
            batch.notes.emplace_back("note" + std::to_string(between(0, 3)), between(0, 3) == 0 ? "" : std::to_string(number_));
        return batch;
    }

    /// Outputs differ in what they take: key 4 every third datapoint, others all; texts say which output made them.
    static std::vector<MadeItems> someItems(const Batch& batch, Sequence first, const Catalog& catalog)
    {
        std::vector<MadeItems> all;
        for (const auto& [id, output] : catalog.outputs) {
            MadeItems made;
            made.output = output.key;
            for (std::size_t i = 0; i < batch.datapoints.size(); ++i) {
                if (output.key == 4 && (first + i) % 3 != 0) {
                    ++made.skipped;
                    continue;
                }
                made.texts += std::to_string(output.key) + ":" + std::string(batch.payload(i));
                made.items.push_back({static_cast<std::uint32_t>(i), made.texts.size()});
            }
            if (first % 7 == 0) {
                made.failed = 1;
                made.lastFailure = OutputFailure{{static_cast<std::int64_t>(first)}, "no number", "{}"};
            }
            all.push_back(std::move(made));
        }
        return all;
    }

    /// Datapoints not remade yet become items of a generation that grows beside the served one.
    void remakeSome()
    {
        if (!growing_) {
            growing_ = nextKey_++;
            remadeUntil_ = 0;
            growUntil_ = *modelReader_->lastSequence();
            both([&](Catalog& catalog, Sequence) -> Expected<void> {
                Output& output = catalog.outputs.begin()->second;
                output.applying = applyingTo(output, *growing_, growUntil_);
                catalog.nextKey = nextKey_;
                return {};
            });
        }
        Store::Remade remade;
        remade.isApplied = true;
        remade.expiries = store_->expiries();
        remade.output = *growing_;
        const int most = between(1, 400);
        VERIFY_DONE(model_.stagedReader()->allDatapoints(remadeUntil_, growUntil_, [&](const KeptDatapoint& datapoint) {
            if (datapoint.staged != 0)
                return true;
            remadeUntil_ = datapoint.position.sequence;
            if (datapoint.position.sequence % 5 == 0) {
                ++remade.skipped;
                return true;
            }
            remade.texts += "remade:" + std::string(datapoint.payload);
            remade.items.push_back({datapoint.position, datapoint.arrival, remade.texts.size(), datapoint.source});
            return static_cast<int>(remade.items.size()) < most;
        }));
        remade.notes.emplace_back("remade", std::to_string(remadeUntil_));
        for (Store* store : {static_cast<Store*>(store_.get()), static_cast<Store*>(&model_)})
            VERIFY_DONE(await<void>([&](Reply<void> reply) { store->addRemade(remade, std::move(reply)); }));
    }

    Retention someRetention()
    {
        Retention retention;
        if (between(0, 2) == 0)
            retention.ageUs = between(0, 2000);
        if (between(0, 2) == 0)
            retention.count = between(0, 1000);
        if (between(0, 2) == 0)
            retention.bytes = between(1, 200'000);
        return retention;
    }

    /// Of one source or both, not cleaned up.
    void keepLess()
    {
        auto kept = std::make_shared<KeptSources>();
        for (const SourceKey source : {1, 2}) {
            if (const Retention retention = someRetention(); retention.any())
                kept->emplace_back(source, retention);
        }
        keeping_.kept = std::move(kept);
        keeping_.at = {now_};
    }

    /// Retention of any kind; what is below its floor goes from both.
    void expireSome()
    {
        const SourceKey source = between(1, 2);
        const Retention retention = someRetention();
        const auto floor = reader_->floor(source, retention, {now_});
        const auto expected = modelReader_->floor(source, retention, {now_});
        VERIFY_DONE(floor);
        QCOMPARE(floor->time, expected->time);
        QCOMPARE(floor->sequence, expected->sequence);
        for (Store* store : {static_cast<Store*>(store_.get()), static_cast<Store*>(&model_)}) {
            for (bool mayBeMore = true; mayBeMore;) {
                const auto done = await<bool>([&](Reply<bool> reply) { store->expire(source, *floor, store->catalog()->version, std::move(reply)); });
                VERIFY_DONE(done);
                mayBeMore = *done;
            }
        }
    }

    void both(const std::function<Expected<void>(Catalog&, Sequence)>& change)
    {
        const auto got = iotman::store::change(*store_, change);
        const auto expected = iotman::store::change(model_, change);
        QCOMPARE(got.has_value(), expected.has_value());
    }

    void switchGeneration()
    {
        if (!growing_)
            return;
        both([&](Catalog& catalog, Sequence) -> Expected<void> {
            Output& output = catalog.outputs.begin()->second;
            output.key = *growing_;
            output.applying.reset();
            return {};
        });
        growing_.reset();
    }

    void removeOutput()
    {
        both([](Catalog& catalog, Sequence) -> Expected<void> {
            if (catalog.outputs.size() > 1)
                catalog.outputs.erase(std::prev(catalog.outputs.end()));
            return {};
        });
    }

    void addOutput()
    {
        const OutputKey key = nextKey_++;
        both([&](Catalog& catalog, Sequence last) -> Expected<void> {
            Output output = outputOf(key, "output" + std::to_string(key));
            output.applying = applyingTo(output, key, last);
            catalog.outputs.emplace(output.id, output);
            catalog.nextKey = nextKey_;
            return {};
        });
    }

    void refusedChange()
    {
        both([](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.outputs.clear();
            return fail(Problem::Conflict, "no");
        });
    }

    std::vector<OutputKey> outputs() const
    {
        std::vector<OutputKey> keys;
        for (const auto& [id, output] : model_.catalog()->outputs)
            keys.push_back(output.key);
        if (growing_)
            keys.push_back(*growing_);
        return keys;
    }

    /// A position that is there, or near one, or nowhere.
    Position somePosition(OutputKey output)
    {
        const std::int64_t time =
            std::uniform_int_distribution<std::int64_t>(-1100, std::max<std::int64_t>(now_, 0) + 100)(random_);
        Position position{{time}, static_cast<Sequence>(between(0, 20))};
        require(modelReader_->newestFirst(output, Timestamp::min(), {time}, {}, oneByOne([&](const Position& found, std::string_view) {
            position = found;
            return between(0, 1) == 0;
        })));
        if (between(0, 3) == 0)
            position.sequence += static_cast<Sequence>(between(0, 2));
        return position;
    }
    static void require(const Expected<void>& done)
    {
        if (!done)
            qFatal("%s", done.error().detail.c_str());
    }

    void compareSome()
    {
        const std::vector<OutputKey> all = outputs();
        const OutputKey output = all[static_cast<std::size_t>(between(0, static_cast<int>(all.size()) - 1))];
        const Sequence last = *modelReader_->lastSequence();
        const auto someSequence = [&] { return std::uniform_int_distribution<Sequence>(0, last + 2)(random_); };
        const auto limit = static_cast<std::size_t>(between(1, 300));
        const Position position = somePosition(output);
        const Timestamp from = between(0, 1) == 0 ? Timestamp::min() : somePosition(output).time;
        const Timestamp to = between(0, 1) == 0 ? Timestamp::max() : somePosition(output).time;
        const auto before = between(0, 2) == 0 ? std::nullopt : std::optional(position);
        QCOMPARE(newestFirst(*reader_, output, limit, from, to, before),
                 newestFirst(*modelReader_, output, limit, from, to, before));
        if (between(0, 3) == 0)
            keepLess();
        else
            keeping_.at = {now_};
        QCOMPARE(newestFirst(*retained_, output, limit, from, to, before),
                 newestFirst(*modelRetained_, output, limit, from, to, before));
        const Sequence after = someSequence();
        const Sequence until = between(0, 3) == 0 ? UINT64_MAX : after + someSequence();
        QCOMPARE(oldestFirst(*reader_, output, after, until, position, limit),
                 oldestFirst(*modelReader_, output, after, until, position, limit));
        QCOMPARE(oldestFirst(*retained_, output, after, until, position, limit),
                 oldestFirst(*modelRetained_, output, after, until, position, limit));
        QCOMPARE(bySequence(*reader_, output, after, limit), bySequence(*modelReader_, output, after, limit));
        QCOMPARE(bySequence(*retained_, output, after, limit), bySequence(*modelRetained_, output, after, limit));
        const auto source = between(0, 1) == 0 ? std::optional<SourceKey>() : std::optional<SourceKey>(between(1, 2));
        QCOMPARE(datapoints(*reader_, source, after, until, limit), datapoints(*modelReader_, source, after, until, limit));
        QCOMPARE(datapoints(*retained_, source, after, until, limit), datapoints(*modelRetained_, source, after, until, limit));
        const std::string note = between(0, 4) == 0 ? "remade" : "note" + std::to_string(between(0, 4));
        QCOMPARE(*reader_->note(note), *modelReader_->note(note));
        compareCounts(output);
    }

    void compareCounts(OutputKey output)
    {
        const OutputCounts got = store_->counts(output);
        const OutputCounts expected = model_.counts(output);
        QCOMPARE(got.items, expected.items);
        QCOMPARE(got.skipped, expected.skipped);
        QCOMPARE(got.failed, expected.failed);
        QCOMPARE(got.lastItemAt, expected.lastItemAt);
        QCOMPARE(got.lastFailure, expected.lastFailure);
    }

    void compareAudit()
    {
        const auto got = reader_->audit(INT64_MAX, 20);
        const auto expected = modelReader_->audit(INT64_MAX, 20);
        VERIFY_DONE(got);
        QCOMPARE(got->size(), expected->size());
        for (std::size_t i = 0; i < got->size(); ++i) {
            QCOMPARE((*got)[i].number, (*expected)[i].number);
            QCOMPARE((*got)[i].at, (*expected)[i].at);
            QCOMPARE((*got)[i].who, (*expected)[i].who);
            QCOMPARE((*got)[i].change, (*expected)[i].change);
        }
    }

    struct Import {
        std::string name;
        std::int64_t rows = 0;
    };

    const Habits habits_;
    std::mt19937 random_;
    std::array<Import, 3> imports_;
    const QTemporaryDir folder_;
    MemoryStore model_;
    std::unique_ptr<SqliteStore> store_;
    SomeKeeping keeping_;
    std::unique_ptr<Reader> reader_, modelReader_, retained_, modelRetained_;
    std::map<OutputKey, Lines> published_, modelPublished_;
    std::int64_t now_ = 0;
    int number_ = 0;
    OutputKey nextKey_ = 100;
    std::optional<OutputKey> growing_;
    Sequence remadeUntil_ = 0, growUntil_ = 0;
};

} // namespace

class TestStoreRandom : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theStoreDoesWhatThePlainModelDoes_data()
    {
        QTest::addColumn<Habits>("habits");
        QTest::addColumn<unsigned>("seed");
        const Habits all[] = {
            {"in order", 50, 0, 600, 20},         {"one in ten late", 50, 10, 600, 20}, {"any order", 50, 70, 400, 20},
            {"many equal times", 1, 20, 300, 10}, {"one single time", 0, 0, 300, 10},   {"large texts", 1000, 15, 40, 9000},
            {"small batches", 5, 15, 6, 30},      {"late ones placed often", 50, 30, 300, 20, {6, 200, 20'000}},
            {"large ones placed often", 500, 40, 60, 5000, {4, 100, 100'000}},
            {"late ones merged at once", 50, 30, 300, 20, {6, 200, 20'000}, mergeAtOnce},
            {"large ones merged at once", 500, 40, 60, 5000, {4, 100, 100'000}, mergeAtOnce},
            {"a few merged at once", 50, 3, 300, 20, {2, 50, 20'000}, mergeAtOnce},
        };
        const QByteArray given = qgetenv("IOTMAN_TEST_SEED");
        for (const Habits& habits : all) {
            for (const unsigned seed : given.isEmpty() ? std::vector<unsigned>{1, 2, 3} : std::vector<unsigned>{given.toUInt()})
                QTest::newRow(qPrintable(QStringLiteral("%1, seed %2").arg(QString::fromUtf8(habits.name)).arg(seed)))
                    << habits << seed;
        }
    }
    void theStoreDoesWhatThePlainModelDoes()
    {
        QFETCH(Habits, habits);
        QFETCH(unsigned, seed);
        Pair pair(habits, seed);
        for (int step = 0; step < 250 && !QTest::currentTestFailed(); ++step)
            pair.step();
        if (!QTest::currentTestFailed())
            pair.finish();
    }
};

QTEST_APPLESS_MAIN(TestStoreRandom)
#include "tst_storerandom.moc"
