// Which outputs can be told from their sources' limits alone, and what they then leave out.
#include "core/pipeline/retention.h"
#include "tests/core/store/stored.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::pipeline;

namespace {

/// Sources "a" (1) and "b" (2), outputs "one" (3) and "two" (4) that read what is named.
Catalog catalogOf(const char* keptOfA, const char* keptOfB, const std::vector<SourceName>& ofOne)
{
    Catalog catalog = store::smallCatalog();
    const auto limit = [&](const char* name, const char* retention) {
        if (*retention)
            catalog.sources.at(SourceName{name}).settings["retention"] = Json::parse(retention);
    };
    limit("a", keptOfA);
    limit("b", keptOfB);
    for (auto& [id, output] : catalog.outputs)
        output.sources = output.key == 3 ? ofOne : std::vector<SourceName>();
    return catalog;
}

} // namespace

class TestRetention : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void settingsBecomeLimits()
    {
        Source source;
        QVERIFY(!retentionOf(source).any());
        source.settings = Json{{"retention", {{"age", 60}, {"count", 5}, {"bytes", 1000}}}};
        const store::Retention retention = retentionOf(source);
        QCOMPARE(*retention.ageUs, std::int64_t(60'000'000));
        QCOMPARE(*retention.count, std::int64_t(5));
        QCOMPARE(*retention.bytes, std::int64_t(1000));
        source.settings["retention"]["age"] = INT64_MAX;
        QVERIFY(*retentionOf(source).ageUs > 0);
    }

    void anOutputIsLimitedByTheSourcesThatItReads_data()
    {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<QList<QByteArray>>("reads");
        QTest::addColumn<QList<int>>("limits");
        const QByteArray ten = "{\"count\":10}";
        const QByteArray none;
        QTest::newRow("no limits") << none << none << QList<QByteArray>{"a"} << QList<int>{};
        QTest::newRow("its only source is limited") << ten << none << QList<QByteArray>{"a"} << QList<int>{1};
        QTest::newRow("one of two sources is") << none << ten << QList<QByteArray>{"a", "b"} << QList<int>{2};
        QTest::newRow("both are") << ten << ten << QList<QByteArray>{"a", "b"} << QList<int>{1, 2};
        QTest::newRow("it reads all and both are") << ten << ten << QList<QByteArray>{} << QList<int>{1, 2};
        QTest::newRow("it reads all and one is") << ten << none << QList<QByteArray>{} << QList<int>{1};
        QTest::newRow("it reads one that was deleted, too") << ten << ten << QList<QByteArray>{"a", "gone"} << QList<int>{1};
        QTest::newRow("the limited one is another's") << none << ten << QList<QByteArray>{"a"} << QList<int>{};
    }
    void anOutputIsLimitedByTheSourcesThatItReads()
    {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        QFETCH(QList<QByteArray>, reads);
        QFETCH(QList<int>, limits);
        std::vector<SourceName> names;
        for (const QByteArray& name : reads)
            names.push_back(SourceName{name.toStdString()});
        const auto rules = RetentionRules::make(catalogOf(a.constData(), b.constData(), names));
        QList<int> got;
        if (const store::KeptSources* kept = rules->ofOutput(3)) {
            QVERIFY(!kept->empty());
            for (const auto& [source, retention] : *kept)
                got.append(static_cast<int>(source));
        }
        QCOMPARE(got, limits);
    }

    void anOutputIsLimitedByWhatItOnceReadAsWell()
    {
        Catalog catalog = catalogOf("{\"count\":10}", "", {SourceName{"b"}});
        QVERIFY(!RetentionRules::make(catalog)->ofOutput(3));
        for (auto& [id, output] : catalog.outputs)
            output.holdsOthers = output.key == 3;
        QVERIFY(RetentionRules::make(catalog)->ofOutput(3));
    }
};

QTEST_APPLESS_MAIN(TestRetention)
#include "tst_retention.moc"
