// Which format of a page a client prefers.
#include "core/server/accept.h"
#include "core/server/pagewriter.h"

#include <QtTest/QtTest>

using namespace iotman::server;

namespace {

RequestHead headWith(const QList<QByteArray>& accepts)
{
    RequestHead head;
    for (const QByteArray& accept : accepts)
        head.headers.push_back({"accept", accept.toStdString()});
    return head;
}

} // namespace

class TestAccept : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFormatOfAPageIsTheOneThatIsPreferred_data()
    {
        QTest::addColumn<QList<QByteArray>>("accepts");
        QTest::addColumn<int>("format");
        const int json = int(PageFormat::Json);
        const int csv = int(PageFormat::Csv);
        const int ndjson = int(PageFormat::Ndjson);
        QTest::newRow("nothing asked is JSON") << QList<QByteArray>{} << json;
        QTest::newRow("anything is JSON") << QList<QByteArray>{"*/*"} << json;
        QTest::newRow("a browser's list is JSON")
            << QList<QByteArray>{"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"} << json;
        QTest::newRow("CSV") << QList<QByteArray>{"text/csv"} << csv;
        QTest::newRow("CSV in capitals with a parameter") << QList<QByteArray>{"Text/CSV; header=present"} << csv;
        QTest::newRow("NDJSON") << QList<QByteArray>{"application/x-ndjson"} << ndjson;
        QTest::newRow("NDJSON without its x") << QList<QByteArray>{"application/ndjson"} << ndjson;
        QTest::newRow("the greater quality counts") << QList<QByteArray>{"application/json;q=0.5, text/csv;q=0.9"} << csv;
        QTest::newRow("of equals JSON counts") << QList<QByteArray>{"text/csv, application/json"} << json;
        QTest::newRow("a quality of nothing is a refusal") << QList<QByteArray>{"text/csv;q=0, */*;q=0.1"} << json;
        QTest::newRow("the exact range counts before the wide one")
            << QList<QByteArray>{"text/*;q=0.9, text/csv;q=0.1, application/x-ndjson;q=0.5"} << ndjson;
        QTest::newRow("a whole type") << QList<QByteArray>{"text/*"} << csv;
        QTest::newRow("several fields are one list") << QList<QByteArray>{"application/json;q=0.1", "text/csv"} << csv;
        QTest::newRow("an unknown type is JSON all the same") << QList<QByteArray>{"image/png"} << json;
        QTest::newRow("rubbish is JSON") << QList<QByteArray>{";;;,,=q"} << json;
        for (const char* quality : {"x", "2", "1.001", "1.5", "0.1234", "-1", "", "1e0", "00.5", "05"})
            QTest::newRow(qPrintable(QStringLiteral("what has the quality “%1” is ignored").arg(QLatin1StringView(quality))))
                << QList<QByteArray>{"text/csv;q=" + QByteArray(quality)} << json;
        QTest::newRow("what is beside it counts") << QList<QByteArray>{"text/csv;q=2, application/x-ndjson;q=0.1"} << ndjson;
        QTest::newRow("a quality of one") << QList<QByteArray>{"text/csv;q=1.000, application/json;q=0.999"} << csv;
    }
    void theFormatOfAPageIsTheOneThatIsPreferred()
    {
        QFETCH(QList<QByteArray>, accepts);
        QFETCH(int, format);
        QCOMPARE(int(pageFormat(headWith(accepts))), format);
    }
};

QTEST_APPLESS_MAIN(TestAccept)
#include "tst_accept.moc"
