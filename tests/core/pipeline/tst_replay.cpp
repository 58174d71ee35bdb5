// Replays: what was recorded comes in once more, in order, with its digits, and is live.
#include "core/pipeline/replaysources.h"
#include "tests/core/pipeline/support.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::pipeline;
using namespace iotman::test;

class TestReplay : public QObject {
    Q_OBJECT

    static constexpr int patience = 30'000; // ms

    static Expected<void> addReplay(TestWorkspace& workspace, const Json& settings)
    {
        return workspace.change([&](Catalog& catalog, Sequence, const Author& author) {
            return createSource(catalog, {SourceName{"again"}, SourceKind::Replay, settings, std::nullopt, std::nullopt, true},
                                author);
        });
    }
    static OutputKey keyOf(const TestWorkspace& workspace)
    {
        return workspace.store->catalog()->outputNamed(OutputName{"again"})->key;
    }

private Q_SLOTS:
    void aReplayOwnsAnOutputThatPassesEverythingOn()
    {
        TestWorkspace workspace;
        QVERIFY(addReplay(workspace, {{"recording", "log"}}).has_value());
        const std::shared_ptr<const Catalog> catalog = workspace.store->catalog();
        const Output* output = catalog->outputNamed(OutputName{"again"});
        QVERIFY(output);
        QCOMPARE(output->rule, std::string("$"));
        QVERIFY(isOwnedOutput(*catalog, *output));
        Catalog changed = *catalog;
        QCOMPARE(deleteOutput(changed, output->id).error().kind, Problem::Conflict);
        QCOMPARE(changeOutput(changed, output->id, {std::nullopt, std::nullopt, std::nullopt, "$.a", false}).error().kind,
                 Problem::Conflict);
        QVERIFY(changeOutput(changed, output->id, {std::nullopt, std::nullopt, std::nullopt, "$", false}).has_value());
        QVERIFY(deleteSource(changed, SourceName{"again"}).has_value());
        QVERIFY(!changed.outputNamed(OutputName{"again"}));
    }

    void everythingComesInAgainInOrderWithItsDigits()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        std::string body;
        QByteArrayList expected;
        for (int i = 0; i < 25'000; ++i) {
            const QByteArray row = "{\"t\":" + QByteArray::number(i * 7 % 90'000) + ",\"v\":1." + QByteArray::number(i) + "0}";
            expected.append(row);
            body += row.toStdString() + "\n";
        }
        QVERIFY(workspace.post("log", body).has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.clock);
        QTRY_COMPARE_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items, std::int64_t(25'000), patience);
        replays.stop();
        const std::lock_guard lock(workspace.mutex);
        QVERIFY(workspace.streamed == expected);
    }

    void timesAreMovedToTheMomentOfTheReplayAndKeepTheirDistances()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":100}\n{\"t\":100.25}\n{\"t\":103}\n").has_value());
        workspace.clock.set(2'000'000'000);
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.clock);
        QTRY_COMPARE_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items, std::int64_t(3), patience);
        replays.stop();
        std::vector<std::int64_t> times;
        const auto reader = workspace.store->reader();
        (void)reader->oldestFirst(keyOf(workspace), 0, INT64_MAX, {Timestamp::min(), 0},
                                  [&](const Position& position, std::string_view) {
                                      times.push_back(position.time.us - 2'000'000'000'000'000);
                                      return true;
                                  });
        QCOMPARE(times, (std::vector<std::int64_t>{0, 250'000, 3'000'000}));
    }

    void oneThatEndedRestsUntilItIsSwitchedOnAgain()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log").has_value());
        QVERIFY(workspace.post("log", "{\"a\":1}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}}).has_value());
        const SourceKey key = workspace.store->catalog()->sources.at(SourceName{"again"}).key;
        const auto ended = [&] {
            return workspace.store->reader()->note("replay:" + std::to_string(key))->value_or("") == "end";
        };
        {
            ReplaySources replays(*workspace.pipeline, workspace.clock);
            QTRY_VERIFY_WITH_TIMEOUT(ended(), patience);
        }
        ReplaySources replays(*workspace.pipeline, workspace.clock); // as after a restart
        workspace.onCatalog = [&] { replays.catalogChanged(); };
        for (const bool enabled : {false, true}) {
            QVERIFY(
                workspace
                    .change([&](Catalog& catalog, Sequence, const Author&) {
                        return changeSource(catalog, SourceName{"again"}, {std::nullopt, std::nullopt, std::nullopt, enabled});
                    })
                    .has_value());
            if (!enabled) {
                // Long enough for the thread to have looked: its next beat is 20 ms away.
                QTest::qWait(200);
                QCOMPARE(workspace.store->counts(keyOf(workspace)).items, std::int64_t(1));
            }
        }
        QTRY_COMPARE_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items, std::int64_t(2), patience);
        replays.stop();
        workspace.onCatalog = {};
    }

    void aLoopGoesOn()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log").has_value());
        QVERIFY(workspace.post("log", "{\"a\":1}\n{\"a\":2}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}, {"loop", true}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.clock);
        QTRY_VERIFY_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items >= 6, patience);
        replays.stop();
    }
};

QTEST_GUILESS_MAIN(TestReplay)
#include "tst_replay.moc"
