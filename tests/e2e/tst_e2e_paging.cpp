// Pages from outside: where they end, which order they keep, and times to the last digit.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qset.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

const QByteArray emptyPage = R"({"data":[],"next_page":null})";
const QByteArray nowSource = R"({"name":"now","kind":"http"})";
const QByteArray nowOutput = R"({"name":"now","sources":["now"],"rule":"$"})";
const QByteArray nowEndpoint = R"({"id":"now","output":"now"})";

QByteArray points(const QByteArray& time, int first, int count)
{
    QByteArray lines;
    for (int n = first; n < first + count; ++n)
        lines += "{\"t\":" + time + ",\"n\":" + QByteArray::number(n) + "}\n";
    return lines;
}

/// From `first` down to `last`.
QList<int> descending(int first, int last)
{
    QList<int> numbers;
    for (int n = first; n >= last; --n)
        numbers.append(n);
    return numbers;
}

} // namespace

class TestPaging : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

    static QList<qsizetype> sizes(const QList<QList<int>>& pages)
    {
        QList<qsizetype> all;
        for (const QList<int>& page : pages)
            all.append(page.size());
        return all;
    }
    static QList<int> joined(const QList<QList<int>>& pages)
    {
        QList<int> all;
        for (const QList<int>& page : pages)
            all += page;
        return all;
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(!client_->token().isEmpty());
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void theLastPageSaysThatItIsTheLast_data()
    {
        QTest::addColumn<int>("items");
        QTest::addColumn<int>("limit");
        QTest::addColumn<QList<qsizetype>>("sizes");
        QTest::newRow("two full pages (paging-6)") << 200 << 100 << QList<qsizetype>{100, 100};
        QTest::newRow("nothing (paging-6)") << 0 << 100 << QList<qsizetype>{0};
        QTest::newRow("one item of one (paging-6)") << 1 << 1 << QList<qsizetype>{1};
        QTest::newRow("one more than two pages") << 201 << 100 << QList<qsizetype>{100, 100, 1};
        QTest::newRow("a block and a page end together") << 128 << 128 << QList<qsizetype>{128};
        QTest::newRow("two blocks in two pages") << 256 << 128 << QList<qsizetype>{128, 128};
        QTest::newRow("one at a time") << 3 << 1 << QList<qsizetype>{1, 1, 1};
    }
    void theLastPageSaysThatItIsTheLast()
    {
        QFETCH(int, items);
        QFETCH(int, limit);
        QFETCH(QList<qsizetype>, sizes);
        const QByteArray name = "last-" + QByteArray::number(items) + "-" + QByteArray::number(limit);
        QVERIFY(client_->makeEndpoint(name));
        if (items > 0)
            QCOMPARE(client_->ingest(name, points("1700000000", 0, items)).status, 200);
        const QByteArray target = "/data/out/" + name + "?limit=" + QByteArray::number(limit);
        const QList<QList<int>> read = client_->pages(target);
        QCOMPARE(TestPaging::sizes(read), sizes);
        QCOMPARE(joined(read), descending(items - 1, 0));
        QCOMPARE(joined(client_->pages(target + "&from=1700000000&to=1700000000")), descending(items - 1, 0));
        if (items == 0)
            QCOMPARE(client_->get(target).body, emptyPage);
    }

    void noneOfATimeIsLostWhereAPageEndsInside()
    {
        QVERIFY(client_->makeEndpoint("inside"));
        QCOMPARE(client_->ingest("inside", points("1700000000.000000", 0, 1) + points("1700000000.000001", 1, 3)).status, 200);
        const QList<QList<int>> expected{{3, 2}, {1, 0}}; // paging-1
        QCOMPARE(client_->pages("/data/out/inside?limit=2"), expected);
    }

    void theOneBehindManyOfATimeIsReached()
    {
        QVERIFY(client_->makeEndpoint("behind"));
        QCOMPARE(client_->ingest("behind", points("1700000000.249999", 0, 1) + points("1700000000.25", 1, 2501)).status, 200);
        const QList<QList<int>> read = client_->pages("/data/out/behind?limit=1000"); // paging-2
        QCOMPARE(sizes(read), QList<qsizetype>({1000, 1000, 502}));
        QCOMPARE(joined(read), descending(2501, 0));
    }

    /// paging-3: they have one time, that of their arrival.
    void theRowsOfOneRequestKeepTheirOrder()
    {
        QCOMPARE(client_->api("POST", "sources", nowSource).status, 201);
        QCOMPARE(client_->api("POST", "outputs", nowOutput).status, 201);
        QCOMPARE(client_->api("POST", "endpoints", nowEndpoint).status, 201);
        QByteArray lines;
        for (int n = 0; n < 1000; ++n)
            lines += "{\"n\":" + QByteArray::number(n) + "}\n";
        QCOMPARE(client_->ingest("now", lines).status, 200);
        const QList<QList<int>> read = client_->pages("/data/out/now?limit=7");
        QCOMPARE(read.size(), 143);
        QCOMPARE(joined(read), descending(999, 0));
        QCOMPARE(client_->pages("/data/out/now?limit=7"), read);
        QSet<double> times;
        for (const QJsonValue& time : object(client_->get("/data/out/now?limit=1000&times=1").body)[u"times"].toArray())
            times.insert(time.toDouble());
        QCOMPARE(times.size(), 1);
    }

    void aTimeIsFoundByTheDigitsItWasGivenWith_data()
    {
        QTest::addColumn<QByteArray>("time");
        for (const char* time : {"1700000000.000007", "2.000002", "1.000001", "4102444799.999999"})
            QTest::addRow("%s (time-2)", time) << QByteArray(time);
        for (const char* time : {"-863715600", "-1", "-0.5", "0"})
            QTest::addRow("%s (time-3)", time) << QByteArray(time);
        for (const char* time : {"-0.000001", "0.000001", "99999999999.999999", "-99999999999.999999"})
            QTest::newRow(time) << QByteArray(time);
    }
    void aTimeIsFoundByTheDigitsItWasGivenWith()
    {
        QFETCH(QByteArray, time);
        static bool isMade = client_->makeEndpoint("digits");
        QVERIFY(isMade);
        const QByteArray item = "{\"t\":" + time + "}";
        QCOMPARE(client_->ingest("digits", item).status, 200);
        const HttpAnswer page = client_->get("/data/out/digits?times=1&from=" + time + "&to=" + time);
        QCOMPARE(page.status, 200);
        QVERIFY2(page.body.startsWith(QByteArray("{\"data\":[" + item + "],\"next_page\":null,\"times\":[" + time + "]")),
                 page.body.constData());
    }

    /// time-3: a time before 1970 is one, and 0 is no missing one.
    void aRangeMayLieBefore1970_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<QList<int>>("numbers");
        QTest::newRow("all of it") << QByteArray() << QList<int>{4, 3, 2, 1, 0};
        QTest::newRow("before (time-3)") << QByteArray("from=-863715600&to=-1") << QList<int>{1, 0};
        QTest::newRow("from half a second before (time-3)") << QByteArray("from=-0.5") << QList<int>{4, 3, 2};
        QTest::newRow("from 0 on (time-3)") << QByteArray("from=0") << QList<int>{4, 3};
        QTest::newRow("up to 0") << QByteArray("to=0") << QList<int>{3, 2, 1, 0};
        QTest::newRow("0 alone") << QByteArray("from=0&to=0") << QList<int>{3};
        QTest::newRow("0 with a sign") << QByteArray("from=-0&to=-0.0") << QList<int>{3};
        QTest::newRow("the other way round") << QByteArray("from=1&to=-1") << QList<int>();
    }
    void aRangeMayLieBefore1970()
    {
        QFETCH(QByteArray, range);
        QFETCH(QList<int>, numbers);
        static bool isMade = client_->makeEndpoint("before") &&
                             client_->ingest("before", points("-863715600", 0, 1) + points("-1", 1, 1) + points("-0.25", 2, 1) +
                                                           points("0", 3, 1) + points("1700000000", 4, 1))
                                     .status == 200;
        QVERIFY(isMade);
        QCOMPARE(joined(client_->pages("/data/out/before?limit=2&" + range)), numbers);
        QCOMPARE(joined(client_->pages("/data/out/before?" + range)), numbers);
    }

    /// data-3: an array on one line, without a line end; its times are its own, the arrival is ours.
    void aFileOfFlightsIsOneRequest()
    {
        QVERIFY(client_->makeEndpoint("flights"));
        QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/core/import/data/flights-2k.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray flights = file.readAll();
        QVERIFY(!flights.contains('\n'));
        QCOMPARE(client_->api("PATCH", "sources/flights", "{\"time\":null}").status, 200);
        const double before = double(QDateTime::currentMSecsSinceEpoch()) / 1000;
        QCOMPARE(client_->ingest("flights", flights).body, QByteArray("{\"accepted\":2000}"));
        const QJsonObject page = object(client_->get("/data/out/flights?limit=2000&times=1").body);
        QJsonArray expected; // newest first: the last of the array
        for (const QJsonValue& flight : QJsonDocument::fromJson(flights).array())
            expected.prepend(flight);
        QCOMPARE(page[u"data"].toArray(), expected);
        const QJsonArray times = page[u"times"].toArray();
        QCOMPARE(times.size(), 2000);
        for (const QJsonValue& time : times)
            QVERIFY(time.toDouble() >= before - 0.001);
    }
};

QTEST_GUILESS_MAIN(TestPaging)
#include "tst_e2e_paging.moc"
