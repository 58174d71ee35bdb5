#include "core/server/listenaddress.h"

#include <QtTest/QtTest>

using namespace iotman::server;

class TestListenAddress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressesAreReadAsPeopleWriteThem_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("urls");
        QTest::newRow("with a port") << QByteArray("127.0.0.1:9000") << QByteArray("http://127.0.0.1:9000");
        QTest::newRow("a free port") << QByteArray("127.0.0.1:0") << QByteArray("http://127.0.0.1:0");
        QTest::newRow("the default port") << QByteArray("0.0.0.0") << QByteArray("http://0.0.0.0:8787");
        QTest::newRow("IPv6 in brackets") << QByteArray("[::1]:9000") << QByteArray("http://[::1]:9000");
        QTest::newRow("IPv6 without brackets") << QByteArray("::1") << QByteArray("http://[::1]:8787");
        QTest::newRow("localhost is both loopbacks") << QByteArray("localhost:1") << QByteArray("http://127.0.0.1:1 http://[::1]:1");
        for (const char* bad : {"127.0.0.1:65536", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1", "nowhere:1", "", ":8787", "[::1", "127.0.0.1:99999999"})
            QTest::newRow(bad) << QByteArray(bad) << QByteArray();
    }
    void addressesAreReadAsPeopleWriteThem()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, urls);
        const auto addresses = parseListenAddress(text.toStdString());
        QByteArray read;
        for (const ListenAddress& address : addresses.value_or(std::vector<ListenAddress>()))
            read += (read.isEmpty() ? "" : " ") + QByteArray::fromStdString(address.url(address.port));
        QCOMPARE(read, urls);
    }
};

QTEST_APPLESS_MAIN(TestListenAddress)
#include "tst_listenaddress.moc"
