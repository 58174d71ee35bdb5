#include "core/pipeline/applier.h"
#include "tests/core/pipeline/support.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::pipeline;
using namespace iotman::test;

class TestPipeline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDatapointBecomesOneItemPerOutputThatReadsItsSource()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("s", "$.t"));
        QVERIFY(workspace.addOutput("all", "$"));
        QVERIFY(workspace.addOutput("warm", "{ c: $.c, at: $ts, from: $source }", "$.c > 20"));
        QCOMPARE(workspace.post("s", R"([{"t":10,"c":19.50},{"t":11.5,"c":21.0}])").value_or(0), std::size_t(2));
        const QByteArrayList all{R"({"t":11.5,"c":21.0})", R"({"t":10,"c":19.50})"};
        QCOMPARE(workspace.items("all"), all);
        QCOMPARE(workspace.items("warm"), QByteArrayList{R"({"c":21.0,"at":11.5,"from":"s"})"});
        QCOMPARE(workspace.store->counts(workspace.store->catalog()->outputs.at(OutputId{"warm"}).key).skipped, std::int64_t(1));
        QCOMPARE(workspace.streamed.size(), 3);
    }

    void theSequenceIsKnownToRules()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("s"));
        QVERIFY(workspace.addOutput("numbered", "{ id: $id, n: $.n }"));
        QVERIFY(workspace.post("s", "{\"n\":1}\n{\"n\":2}\n"));
        const QByteArrayList expected{R"({"id":2,"n":2})", R"({"id":1,"n":1})"};
        QCOMPARE(workspace.items("numbered"), expected);
    }

    void aRuleThatFailsSkipsTheDatapointAndIsTold()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("s"));
        QVERIFY(workspace.addOutput("half", "{ x: 1 / $.n }"));
        QCOMPARE(workspace.post("s", R"([{"n":0},{"n":4}])").value_or(0), std::size_t(2));
        QCOMPARE(workspace.items("half").size(), 1);
        const store::OutputCounts counts = workspace.store->counts(workspace.store->catalog()->outputs.at(OutputId{"half"}).key);
        QCOMPARE(counts.failed, std::int64_t(1));
        QVERIFY(counts.lastFailure);
        QCOMPARE(counts.lastFailure->payload, std::string(R"({"n":0})"));
    }

    void whatIsRefusedIsRefusedWhole_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("place");
        QTest::newRow("a broken line") << QByteArray("{\"t\":1}\n{\"t\":2,}\n{\"t\":3}") << QByteArray("line 2");
        QTest::newRow("an element that is no object") << QByteArray("[{\"t\":1},{\"t\":2},5]") << QByteArray("element 3");
        QTest::newRow("a time in milliseconds") << QByteArray("{\"t\":1}\n{\"t\":1700000000000}") << QByteArray("line 2");
        QTest::newRow("no time") << QByteArray("{\"t\":1}\n{}") << QByteArray("line 2");
        QTest::newRow("NaN (json-4)") << QByteArray("{\"t\":NaN}") << QByteArray("column 6");
    }
    void whatIsRefusedIsRefusedWhole()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, place);
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("s", "$.t"));
        QVERIFY(workspace.addOutput("all", "$"));
        const auto refused = workspace.post("s", body.toStdString());
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Problem::BadRequest);
        QVERIFY2(QByteArray::fromStdString(refused.error().detail).contains(place), refused.error().detail.c_str());
        QVERIFY(workspace.items("all").isEmpty());
        QVERIFY(workspace.streamed.isEmpty());
    }

    /// Their steps are known on the thread that writes for all: what is beyond its bounds is taken back there.
    void rulesThatNeedTheSequenceHaveBoundsOfTheirOwn()
    {
        TestWorkspace workspace;
        QVERIFY(workspace.addSource("s"));
        QVERIFY(workspace.addOutput("plain", "$"));
        QVERIFY(workspace.addOutput("numbered", "{ id: $id, many: exists($.**.**.** ? (@ == 1)) }"));
        const std::string dear = "{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}\n";
        QCOMPARE(workspace.post("s", dear).value_or(0), std::size_t(1));
        std::string many;
        for (int i = 0; i < 400; ++i)
            many += dear;
        const auto refused = workspace.post("s", many);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Problem::TooLarge);
        QVERIFY2(refused.error().detail.find("send fewer at once") != std::string::npos, refused.error().detail.c_str());
        QCOMPARE(workspace.items("plain").size(), 1);
        QCOMPARE(workspace.streamed.size(), 2);
        QCOMPARE(workspace.post("s", "{}").value_or(0), std::size_t(1));
        QCOMPARE(workspace.items("numbered").first(), QByteArray(R"({"id":2,"many":false})")); // no sequence was used up
    }

    void unknownAndDisabledSourcesTakeNothing()
    {
        TestWorkspace workspace;
        QCOMPARE(workspace.post("nowhere", "{}").error().kind, Problem::NotFound);
        QVERIFY(workspace.addSource("s"));
        QVERIFY(workspace.change([](Catalog& catalog, Sequence, const Author&) {
            return changeSource(catalog, SourceName{"s"}, {{}, {}, {}, false});
        }));
        QCOMPARE(workspace.post("s", "{}").error().kind, Problem::NotFound);
    }

    void aNewOutputIsAppliedToWhatIsStored()
    {
        TestWorkspace workspace;
        Applier applier(*workspace.pipeline, workspace.clock);
        workspace.onCatalog = [&] { applier.catalogChanged(); };
        QVERIFY(workspace.addSource("s", "$.t"));
        QByteArray lines;
        for (int i = 0; i < 12'000; ++i)
            lines += "{\"t\":" + QByteArray::number(i) + "}\n";
        QCOMPARE(workspace.post("s", lines.toStdString()).value_or(0), std::size_t(12'000));
        QVERIFY(workspace.addOutput("late", "{ t: $.t }"));
        QVERIFY(workspace.post("s", R"({"t":12000})"));
        // Who hears of the catalog may still be being made.
        QCOMPARE(applier.progress(workspace.output("late")), (std::optional(std::pair<std::int64_t, std::int64_t>(0, 12'000))));
        applier.start();
        QTRY_VERIFY_WITH_TIMEOUT(!applier.progress(workspace.output("late")), 20000);
        QCOMPARE(workspace.items("late").size(), 12'001);
        QCOMPARE(workspace.items("late").first(), QByteArray(R"({"t": 12000})").replace(" ", ""));
        // What is stored is no news: only the live one was streamed.
        QCOMPARE(workspace.streamed, QByteArrayList{R"({"t":12000})"});
        applier.stop();
    }

    void remakingSwitchesAllItemsAtOnceToTheNewRule()
    {
        TestWorkspace workspace;
        Applier applier(*workspace.pipeline, workspace.clock);
        workspace.onCatalog = [&] { applier.catalogChanged(); };
        applier.start();
        QVERIFY(workspace.addSource("s", "$.t"));
        QVERIFY(workspace.addOutput("o", "{ a: $.t }"));
        QVERIFY(workspace.post("s", "{\"t\":1}\n{\"t\":2}\n"));
        QVERIFY(workspace.changeRule("o", "{ b: $.t }"));
        QVERIFY(workspace.post("s", R"({"t":3})"));
        const QByteArrayList mixed{R"({"b":3})", R"({"a":2})", R"({"a":1})"};
        QCOMPARE(workspace.items("o"), mixed);
        QVERIFY(workspace.changeRule("o", "{ b: $.t }", true));
        const QByteArrayList remade{R"({"b":3})", R"({"b":2})", R"({"b":1})"};
        QTRY_COMPARE_WITH_TIMEOUT(workspace.items("o"), remade, 20000);
        QVERIFY(!applier.progress(workspace.output("o")));
        applier.stop();
    }

    void whatBeganByARuleIsFinishedByIt()
    {
        TestWorkspace workspace;
        Applier applier(*workspace.pipeline, workspace.clock);
        workspace.onCatalog = [&] { applier.catalogChanged(); };
        QVERIFY(workspace.addSource("s", "$.t"));
        QVERIFY(workspace.addOutput("o", "{ a: $.t }"));
        QVERIFY(workspace.post("s", R"({"t":1})"));
        QVERIFY(workspace.changeRule("o", "{ b: $.t }", true));
        QVERIFY(workspace.post("s", R"({"t":2})"));
        QVERIFY(workspace.changeRule("o", "{ c: $.t }"));
        QVERIFY(workspace.post("s", R"({"t":3})"));
        QVERIFY(!workspace.changeRule("o", "{ d: $.t }", true)); // one after the other
        applier.start();
        const QByteArrayList items{R"({"c":3})", R"({"b":2})", R"({"b":1})"};
        QTRY_COMPARE_WITH_TIMEOUT(workspace.items("o"), items, 20000);
        applier.stop();
    }

    /// An output of the same id is another one.
    void anOutputThatComesAgainIsAppliedAnew()
    {
        TestWorkspace workspace;
        Applier applier(*workspace.pipeline, workspace.clock);
        workspace.onCatalog = [&] { applier.catalogChanged(); };
        applier.start();
        QVERIFY(workspace.addSource("s", "$.t"));
        QByteArray lines;
        for (int i = 0; i < 20'000; ++i)
            lines += "{\"t\":" + QByteArray::number(i) + "}\n";
        QVERIFY(workspace.post("s", lines.toStdString()));
        for (int round = 0; round < 5; ++round) {
            QVERIFY(workspace.addOutput("o", "{ a: $.t }"));
            QVERIFY(workspace.change([](Catalog& catalog, Sequence, const Author&) { return deleteOutput(catalog, OutputId{"o"}); }));
        }
        QVERIFY(workspace.addOutput("o", "{ a: $.t }"));
        QTRY_VERIFY_WITH_TIMEOUT(!applier.progress(workspace.output("o")), 30000);
        QCOMPARE(workspace.items("o").size(), 20'000);
        applier.stop();
    }
};

QTEST_GUILESS_MAIN(TestPipeline)
#include "tst_pipeline.moc"
