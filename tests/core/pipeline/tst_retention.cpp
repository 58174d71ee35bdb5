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

    void anOutputIsLimitedByItsSources_data()
    {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<QList<QByteArray>>("reads");
        QTest::addColumn<bool>("strangers");
        QTest::addColumn<int>("limits");
        QTest::addColumn<bool>("others");
        const QByteArray ten = "{\"count\":10}";
        const QByteArray none;
        QTest::newRow("no limits") << none << none << QList<QByteArray>{"a"} << false << 0 << false;
        QTest::newRow("its only source is limited") << ten << none << QList<QByteArray>{"a"} << false << 1 << false;
        QTest::newRow("one of two sources is not limited") << ten << none << QList<QByteArray>{"a", "b"} << false << 1 << true;
        QTest::newRow("both are") << ten << ten << QList<QByteArray>{"a", "b"} << false << 2 << false;
        QTest::newRow("it reads all and all are limited") << ten << ten << QList<QByteArray>{} << false << 2 << false;
        QTest::newRow("it reads all and one is not") << ten << none << QList<QByteArray>{} << false << 1 << true;
        QTest::newRow("it reads all and there is data of a deleted source") << ten << ten << QList<QByteArray>{} << true << 2 << true;
        QTest::newRow("it reads a source that was deleted") << ten << ten << QList<QByteArray>{"a", "gone"} << false << 1 << true;
        QTest::newRow("the limited one is another's") << none << ten << QList<QByteArray>{"a"} << true << 0 << false;
    }
    void anOutputIsLimitedByItsSources()
    {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        QFETCH(QList<QByteArray>, reads);
        QFETCH(bool, strangers);
        QFETCH(int, limits);
        QFETCH(bool, others);
        std::vector<SourceName> names;
        for (const QByteArray& name : reads)
            names.push_back(SourceName{name.toStdString()});
        const auto rules = RetentionRules::make(catalogOf(a.constData(), b.constData(), names), strangers);
        const store::KeptSources* kept = rules->ofOutput(3);
        QCOMPARE(kept != nullptr, limits > 0);
        if (kept) {
            QCOMPARE(kept->limited.size(), std::size_t(limits));
            QCOMPARE(kept->hasOthers, others);
        }
    }
};

QTEST_APPLESS_MAIN(TestRetention)
#include "tst_retention.moc"
