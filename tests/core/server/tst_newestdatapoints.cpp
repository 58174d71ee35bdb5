// Which datapoints /api/sources/{name}/datapoints shows.
#include "core/server/newestdatapoints.h"
#include "tests/core/store/memorystore.h"
#include "tests/core/store/stored.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;
using namespace iotman::store;

namespace {

/// The numbers of the payloads `{"n":…}` found, and “…” where there are earlier ones.
QByteArray numbers(MemoryStore& store, SourceKey source, Sequence before, std::size_t limit, std::size_t bytes = 1'000'000)
{
    const std::unique_ptr<Reader> reader = store.reader();
    const auto found = newestDatapoints(*reader, source, before, limit, bytes);
    QByteArrayList parts;
    for (const StoredDatapoint& datapoint : found->datapoints)
        parts << QByteArray::fromStdString(datapoint.payload).mid(5).chopped(1);
    if (found->more)
        parts << "…";
    return parts.join(' ');
}

} // namespace

class TestNewestDatapoints : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLastToArriveComesFirstWhateverItsTime()
    {
        MemoryStore store(smallCatalog());
        VERIFY_DONE(append(store, batchOf(1, {{500}, {100}, {300}}, 1)));
        QCOMPARE(numbers(store, 1, INT64_MAX, 2), QByteArray("3 2 …"));
        QCOMPARE(numbers(store, 1, 3, 9), QByteArray("2 1"));
        QCOMPARE(numbers(store, 1, 3, 2), QByteArray("2 1"));
        QCOMPARE(numbers(store, 1, 1, 9), QByteArray());
        QCOMPARE(numbers(store, 2, INT64_MAX, 9), QByteArray());
    }

    void aQuietSourceIsFoundBehindABusyOne()
    {
        MemoryStore store(smallCatalog());
        VERIFY_DONE(append(store, batchOf(1, {{1}, {2}}, 1)));
        for (int i = 0; i < 10; ++i)
            VERIFY_DONE(append(store, batchOf(2, std::vector<Timestamp>(1'000, Timestamp{7}), 100)));
        QCOMPARE(numbers(store, 1, INT64_MAX, 20), QByteArray("2 1"));
        QCOMPARE(numbers(store, 1, INT64_MAX, 1), QByteArray("2 …"));
    }

    /// The window that meets it is wide by then, and holds all of it.
    void ofAFullSourceBehindABusyOneTheNewestAreFound()
    {
        MemoryStore store(smallCatalog());
        for (int i = 0; i < 20; ++i)
            VERIFY_DONE(append(store, batchOf(1, std::vector<Timestamp>(1'000, Timestamp{7}), 1'000 * i)));
        for (int i = 0; i < 60; ++i)
            VERIFY_DONE(append(store, batchOf(2, std::vector<Timestamp>(1'000, Timestamp{7}), 100)));
        QCOMPARE(numbers(store, 1, INT64_MAX, 3), QByteArray("19999 19998 19997 …"));
        QCOMPARE(numbers(store, 1, INT64_MAX, 1'000).count(' '), 1'000);
        QCOMPARE(numbers(store, 1, INT64_MAX, 9, 20), QByteArray("19999 …"));
        QCOMPARE(numbers(store, 1, 3, 9), QByteArray("1 0"));
    }

    void longDatapointsEndTheAnswerEarlyButOneIsAlwaysThere()
    {
        MemoryStore store(smallCatalog());
        VERIFY_DONE(append(store, batchOf(1, {{1}, {2}, {3}, {4}}, 1)));
        QCOMPARE(numbers(store, 1, INT64_MAX, 9, 14), QByteArray("4 3 …")); // 7 bytes each
        QCOMPARE(numbers(store, 1, INT64_MAX, 9, 20), QByteArray("4 3 …"));
        QCOMPARE(numbers(store, 1, INT64_MAX, 9, 3), QByteArray("4 …"));
        QCOMPARE(numbers(store, 1, 2, 9, 3), QByteArray("1"));
    }

    void aQueryIsReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("field"); // empty: it is taken
        for (const char* good : {"", "limit=1", "limit=1000&before=7", "other=x"})
            QTest::newRow(*good ? good : "(empty)") << QByteArray(good) << QByteArray();
        for (const char* bad : {"limit=0", "limit=1001", "limit=-1", "limit=abc", "limit=", "limit=1&limit=2", "limit=1.5"})
            QTest::newRow(bad) << QByteArray(bad) << QByteArray("limit");
        for (const char* bad : {"before=0", "before=x", "before=9999999999999999999"})
            QTest::newRow(bad) << QByteArray(bad) << QByteArray("before");
    }
    void aQueryIsReadStrictly()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, field);
        const auto parsed = DatapointsQuery::parse(query.toStdString());
        QCOMPARE(QByteArray::fromStdString(parsed ? std::string() : parsed.error().field), field);
        QCOMPARE(parsed.has_value(), field.isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestNewestDatapoints)
#include "tst_newestdatapoints.moc"
