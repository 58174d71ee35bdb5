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

    static Expected<void> changeSettings(TestWorkspace& workspace, const Json& settings)
    {
        return workspace.change([&](Catalog& catalog, Sequence, const Author&) {
            return changeSource(catalog, SourceName{"again"}, {settings, std::nullopt, std::nullopt, std::nullopt});
        });
    }
    /// Of the replay's items, in the order of pages, as distances from the (standing) clock in µs.
    static std::vector<std::int64_t> times(TestWorkspace& workspace)
    {
        std::vector<std::int64_t> all;
        (void)workspace.store->reader()->oldestFirst(keyOf(workspace), 0, INT64_MAX, {Timestamp::min(), 0},
                                                     [&](const Position& position, std::string_view) {
                                                         all.push_back(position.time.us - workspace.clock.now().us);
                                                         return true;
                                                     });
        return all;
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
        QVERIFY(ownerOf(*catalog, *output));
        Catalog changed = *catalog;
        QCOMPARE(deleteOutput(changed, output->id).error().kind, Problem::Conflict);
        QCOMPARE(changeOutput(changed, output->id, {std::nullopt, std::nullopt, std::nullopt, "$.a", false}, 0).error().kind,
                 Problem::Conflict);
        QVERIFY(changeOutput(changed, output->id, {std::nullopt, std::nullopt, std::nullopt, "$", false}, 0).has_value());
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
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
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
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        QTRY_COMPARE_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items, std::int64_t(3), patience);
        replays.stop();
        QCOMPARE(times(workspace), (std::vector<std::int64_t>{0, 250'000, 3'000'000}));
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
            ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
            QTRY_VERIFY_WITH_TIMEOUT(ended(), patience);
        }
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock); // as after a restart
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

    void theVirtualNowRunsStandsAndNeverGoesBack()
    {
        using namespace std::chrono_literals;
        const ReplayClock::Moment start{};
        ReplayClock clock({100}, {5'000}, 2, start);
        QCOMPARE(clock.now(start), Timestamp{5'000});
        QCOMPARE(clock.recorded(start + 10us), Timestamp{120});
        QCOMPARE(clock.now(start + 10us), Timestamp{5'020});
        QCOMPARE(clock.moved({130}), Timestamp{5'030});
        clock.setSpeed(0, start + 10us);
        QCOMPARE(clock.recorded(start + 1h), Timestamp{120});
        clock.advanceTo({200}, start + 1h);
        QCOMPARE(clock.recorded(start + 2h), Timestamp{200});
        clock.advanceTo({150}, start + 2h);
        QCOMPARE(clock.recorded(start + 2h), Timestamp{200});
        clock.setSpeed(1000, start + 2h);
        QCOMPARE(clock.now(start + 2h + 3us), Timestamp{8'100});
        clock.setSpeed(1e6, start);
        QVERIFY(clock.now(start + 1'000'000h).us <= 2 * secondsLimit * Timestamp::usPerSecond);
    }

    void aRangeIsReplayedAndNothingElse()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":1}\n{\"t\":2}\n{\"t\":2.5}\n{\"t\":4}\n{\"t\":3}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}, {"from", 2}, {"to", 3}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        QTRY_COMPARE_WITH_TIMEOUT(replays.state(SourceName{"again"}).is, ReplayState::Is::Ended, patience);
        replays.stop();
        const std::lock_guard lock(workspace.mutex);
        QCOMPARE(workspace.streamed, (QByteArrayList{"{\"t\":2}", "{\"t\":2.5}", "{\"t\":3}"}));
    }

    void oneThatIsPausedStandsUntilItIsStepped()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":10}\n{\"t\":20}\n{\"t\":30}\n{\"t\":40}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}, {"paused", true}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        workspace.onCatalog = [&] { replays.catalogChanged(); };
        const SourceName name{"again"};
        QCOMPARE(replays.state(name).is, ReplayState::Is::Paused);
        QTest::qWait(100); // several beats
        QCOMPARE(workspace.store->counts(keyOf(workspace)).items, std::int64_t(0));

        auto state = replays.step(name, 1);
        QVERIFY(state.has_value());
        QCOMPARE(state->recorded, std::optional(Timestamp{10'000'000}));
        QCOMPARE(state->now, std::optional(workspace.clock.now()));
        state = replays.step(name, 2);
        QVERIFY(state.has_value());
        QCOMPARE(state->recorded, std::optional(Timestamp{30'000'000}));
        QCOMPARE(workspace.store->counts(keyOf(workspace)).items, std::int64_t(3));
        QTest::qWait(100);
        QCOMPARE(replays.state(name).recorded, std::optional(Timestamp{30'000'000}));

        QVERIFY(changeSettings(workspace, {{"recording", "log"}, {"speed", 1e6}}).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(replays.state(name).is, ReplayState::Is::Ended, patience);
        QCOMPARE(replays.step(name, 1).error().kind, Problem::Conflict);
        replays.stop();
        workspace.onCatalog = {};
        QCOMPARE(times(workspace), (std::vector<std::int64_t>{0, 10'000'000, 20'000'000, 30'000'000}));
    }

    void steppedBeyondItsEndItEndsOrStartsAgain_data()
    {
        QTest::addColumn<bool>("loop");
        QTest::addColumn<std::int64_t>("items");
        QTest::newRow("without a loop it ends") << false << std::int64_t(2);
        QTest::newRow("in a loop it starts again") << true << std::int64_t(5);
    }
    void steppedBeyondItsEndItEndsOrStartsAgain()
    {
        QFETCH(bool, loop);
        QFETCH(std::int64_t, items);
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":10}\n{\"t\":20}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"paused", true}, {"loop", loop}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        const auto state = replays.step(SourceName{"again"}, 5);
        QVERIFY(state.has_value());
        QCOMPARE(state->is, loop ? ReplayState::Is::Paused : ReplayState::Is::Ended);
        replays.stop();
        QCOMPARE(workspace.store->counts(keyOf(workspace)).items, items);
        std::vector<std::int64_t> all = times(workspace);
        QVERIFY(std::is_sorted(all.begin(), all.end()));
        QCOMPARE(all.back(), std::int64_t(loop ? 40'000'000 : 10'000'000));
    }

    void anotherSpeedDoesNotMoveWhatComes()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":0}\n{\"t\":1000}\n{\"t\":1000000}\n{\"t\":1000001}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e5}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        workspace.onCatalog = [&] { replays.catalogChanged(); };
        QTRY_COMPARE_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items, std::int64_t(2), patience);
        QVERIFY(changeSettings(workspace, {{"recording", "log"}, {"speed", 1e6}}).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items, std::int64_t(4), patience);
        replays.stop();
        workspace.onCatalog = {};
        QCOMPARE(times(workspace), (std::vector<std::int64_t>{0, 1'000'000'000, 1'000'000'000'000, 1'000'001'000'000}));
    }

    void aRestartGoesOnAtTheVirtualNowAndNeverBeforeIt()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":0}\n{\"t\":86400}\n{\"t\":90000}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"paused", true}}).has_value());
        const SourceName name{"again"};
        {
            ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
            QVERIFY(replays.step(name, 2).has_value());
        }
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        QCOMPARE(replays.state(name).recorded, std::optional(Timestamp{86'400'000'000}));
        QVERIFY(replays.step(name, 1).has_value());
        replays.stop();
        QCOMPARE(times(workspace), (std::vector<std::int64_t>{0, 86'400'000'000, 90'000'000'000}));
    }

    void anotherRangeStartsFromItsBeginning()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":1}\n{\"t\":2}\n{\"t\":3}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"paused", true}, {"from", 2}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        workspace.onCatalog = [&] { replays.catalogChanged(); };
        QVERIFY(replays.step(SourceName{"again"}, 2).has_value());
        QVERIFY(changeSettings(workspace, {{"recording", "log"}, {"paused", true}}).has_value());
        QVERIFY(replays.step(SourceName{"again"}, 1).has_value());
        replays.stop();
        workspace.onCatalog = {};
        const std::lock_guard lock(workspace.mutex);
        QCOMPARE(workspace.streamed.last(), QByteArray("{\"t\":1}"));
    }

    void whileItIsHeldNothingComesAndThenItGoesOnFromWhatIsStored()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log").has_value());
        QVERIFY(workspace.post("log", "{\"a\":1}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}, {"loop", true}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        QTRY_VERIFY_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items >= 2, patience);
        replays.pause();
        const std::int64_t held = workspace.store->counts(keyOf(workspace)).items;
        QTest::qWait(100);
        QCOMPARE(workspace.store->counts(keyOf(workspace)).items, held);
        replays.resume();
        QTRY_VERIFY_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items > held, patience);
        replays.stop();
    }

    void oneWhoseRecordingIsEmptyWaitsForIt_data()
    {
        QTest::addColumn<bool>("loop");
        QTest::newRow("once") << false;
        QTest::newRow("in a loop") << true;
    }
    void oneWhoseRecordingIsEmptyWaitsForIt()
    {
        QFETCH(bool, loop);
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}, {"loop", loop}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        QTest::qWait(100); // long enough for it to have looked
        QCOMPARE(replays.state(SourceName{"again"}).is, ReplayState::Is::Playing);
        QVERIFY(workspace.post("log", "{\"a\":1}").has_value());
        QTRY_VERIFY_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items >= 1, patience);
        replays.stop();
    }

    void oneThatEndedStandsAtItsLastDatapoint()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":10}\n{\"t\":20}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        const SourceName name{"again"};
        QTRY_COMPARE_WITH_TIMEOUT(replays.state(name).is, ReplayState::Is::Ended, patience);
        QCOMPARE(replays.state(name).recorded, std::optional(Timestamp{20'000'000}));
        QTest::qWait(50);
        QCOMPARE(replays.state(name).recorded, std::optional(Timestamp{20'000'000}));
        replays.stop();
    }

    void oneThatEndedStartsOverWhenItIsMadeALoop()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log").has_value());
        QVERIFY(workspace.post("log", "{\"a\":1}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        workspace.onCatalog = [&] { replays.catalogChanged(); };
        QTRY_COMPARE_WITH_TIMEOUT(replays.state(SourceName{"again"}).is, ReplayState::Is::Ended, patience);
        QVERIFY(changeSettings(workspace, {{"recording", "log"}, {"speed", 1e6}, {"loop", true}}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items >= 3, patience);
        QCOMPARE(replays.state(SourceName{"again"}).is, ReplayState::Is::Playing);
        replays.stop();
        workspace.onCatalog = {};
    }

    void theRoundsOfALoopFollowEachOtherAsItsDatapointsDo()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log", "$.t").has_value());
        QVERIFY(workspace.post("log", "{\"t\":10}\n{\"t\":20}\n{\"t\":30}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e4}, {"loop", true}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        QTRY_VERIFY_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items >= 50, patience);
        replays.stop();
        const std::vector<std::int64_t> all = times(workspace);
        for (std::size_t i = 1; i < all.size(); ++i)
            QCOMPARE(all[i] - all[i - 1], std::int64_t(10'000'000));
    }

    void aLoopGoesOn()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("log").has_value());
        QVERIFY(workspace.post("log", "{\"a\":1}\n{\"a\":2}").has_value());
        QVERIFY(addReplay(workspace, {{"recording", "log"}, {"speed", 1e6}, {"loop", true}}).has_value());
        ReplaySources replays(*workspace.pipeline, workspace.keepsAll, workspace.clock);
        QTRY_VERIFY_WITH_TIMEOUT(workspace.store->counts(keyOf(workspace)).items >= 6, patience);
        replays.stop();
    }
};

QTEST_GUILESS_MAIN(TestReplay)
#include "tst_replay.moc"
