#include "core/mirror/provenance.h"

#include <QtTest/QtTest>

#include <algorithm>

using namespace iotman;
using namespace iotman::mirror;

namespace {

std::string other(char letter)
{
    return std::string(22, letter);
}

/// The mirrors m and n, and an endpoint for each of three outputs: `all` reads everything, `m` only m, `own` neither.
Catalog catalog()
{
    Catalog catalog;
    SourceKey key = 0;
    for (const char* name : {"m", "n", "own"}) {
        Source source;
        source.name = SourceName{name};
        source.key = ++key;
        catalog.sources.emplace(source.name, source);
    }
    const auto add = [&](const char* name, std::vector<SourceName> sources) {
        Output output;
        output.id = OutputId{name};
        output.sources = std::move(sources);
        catalog.outputs.emplace(output.id, output);
        Endpoint endpoint;
        endpoint.id = EndpointId{name};
        endpoint.output = output.id;
        catalog.endpoints.emplace(endpoint.id, endpoint);
    };
    add("all", {});
    add("m", {SourceName{"m"}});
    add("own", {SourceName{"own"}});
    return catalog;
}

struct Server {
    Provenance provenance;
    Catalog has = catalog();

    explicit Server(char letter)
        : provenance(std::string(43, letter))
    {
    }
    std::string page(const char* endpoint) const { return provenance.through(has, has.endpoints.at(EndpointId{endpoint})); }
    bool reads(const char* mirror, const std::string& header) { return provenance.learn(has, has.sources.at(SourceName{mirror}), header); }
};

} // namespace

class TestProvenance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPageTellsItselfAndWhatIsBehindTheMirrorsThatItsOutputReads()
    {
        Server here('a');
        const std::string all = here.page("all"), m = here.page("m"), own = here.page("own");
        QCOMPARE(all.size(), std::size_t(22));
        QVERIFY(all != m && all != own);
        QVERIFY(all != Server('b').page("all"));
        QVERIFY(here.reads("m", other('x') + ", " + other('y')));
        QVERIFY(here.reads("n", other('y')));
        QCOMPARE(here.page("all"), all + ", " + other('x') + ", " + other('y'));
        QCOMPARE(here.page("m"), m + ", " + other('x') + ", " + other('y'));
        QCOMPARE(here.page("own"), own);
        here.has.sources.at(SourceName{"m"}).enabled = false;
        QCOMPARE(here.page("all"), all + ", " + other('y'));
        QVERIFY(here.reads("n", ""));
        QCOMPARE(here.page("all"), all);
    }

    void twoThatReadEachOtherAreNoticedByTheSecond()
    {
        Server a('a'), b('b');
        QVERIFY(a.reads("m", b.page("all")));
        QVERIFY(!b.reads("m", a.page("all")));
        // Who noticed brings nothing: the other goes on, and it stays so.
        for (int again = 0; again < 3; ++again) {
            QVERIFY(a.reads("m", b.page("all")));
            QVERIFY(!b.reads("m", a.page("all")));
        }
    }

    void threeInACircleAreNoticedByTheFirstThatLooksAgain()
    {
        Server a('a'), b('b'), c('c');
        QVERIFY(a.reads("m", b.page("all")));
        QVERIFY(b.reads("m", c.page("all")));
        QVERIFY(c.reads("m", a.page("all"))); // a had read b before b read c
        QVERIFY(!a.reads("m", b.page("all")) || !b.reads("m", c.page("all")));
    }

    void anOutputThatLeavesTheMirrorOutDoesNotGoRound()
    {
        Server a('a'), b('b');
        QVERIFY(a.reads("m", b.page("all")));
        QVERIFY(b.reads("m", a.page("own")));
        QVERIFY(a.reads("m", b.page("all")));
    }

    void whatWasBehindAMirrorIsKnownAfterARestart()
    {
        std::string kept;
        int times = 0;
        Provenance before("s", [&](SourceKey, const std::string& behind) {
            kept = behind;
            ++times;
        });
        const Catalog has = catalog();
        const auto page = [&](const Provenance& of) { return of.through(has, has.endpoints.at(EndpointId{"all"})); };
        const std::string behind = other('x') + ", " + other('y');
        for (int again = 0; again < 3; ++again)
            QVERIFY(before.learn(has, has.sources.at(SourceName{"m"}), behind));
        QCOMPARE(times, 1);
        Provenance after("s");
        after.know(has.sources.at(SourceName{"m"}).key, kept);
        QCOMPARE(page(after), page(before));
        // Who was refused brings nothing, then as now.
        QVERIFY(!before.learn(has, has.sources.at(SourceName{"m"}), page(before)));
        QCOMPARE(kept, std::string());
    }

    void anEndpointThatIsSwitchedOffBringsNothing()
    {
        Server a('a'), b('b');
        QVERIFY(b.reads("m", a.page("all")));
        QVERIFY(!a.reads("m", b.page("all")));
        a.has.endpoints.at(EndpointId{"all"}).enabled = false;
        QVERIFY(a.reads("m", b.page("all")));
    }

    void whatIsNoIdIsPassedOver_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("ids");
        const QByteArray one = QByteArray::fromStdString(other('x')), two = QByteArray::fromStdString(other('y'));
        QTest::newRow("none") << QByteArray() << 0;
        QTest::newRow("one") << one << 1;
        QTest::newRow("without blanks") << QByteArray(one + "," + two) << 2;
        QTest::newRow("one twice") << QByteArray(one + ", " + one) << 1;
        QTest::newRow("too short") << one.chopped(1) << 0;
        QTest::newRow("too long") << QByteArray(one + "x") << 0;
        QTest::newRow("other characters") << QByteArray(one.chopped(1) + "\r") << 0;
        QTest::newRow("commas") << QByteArray(",,, ,") << 0;
        QByteArray many;
        for (int i = 0; i < 1000; ++i)
            many += QByteArray::number(i).rightJustified(22, '0') + ", ";
        QTest::newRow("a thousand") << many << 127;
    }
    void whatIsNoIdIsPassedOver()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, ids);
        Server here('a');
        QVERIFY(here.reads("m", header.toStdString()));
        const std::string text = here.page("all");
        QCOMPARE(int(std::count(text.begin(), text.end(), ',')), ids);
    }
};

QTEST_APPLESS_MAIN(TestProvenance)
#include "tst_provenance.moc"
