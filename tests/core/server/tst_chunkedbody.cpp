#include "core/server/chunkedbody.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

class TestChunkedBody : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chunksAreReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("good");
        const auto row = [](const char* name, const QByteArray& bytes, const char* body) {
            QTest::newRow(name) << bytes << QByteArray(body) << (body != nullptr);
        };
        row("two chunks", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde");
        row("zeros in front of sizes", "0000000003\r\nabc\r\n000000000000000000\r\n\r\n", "abc");
        row("no end of zeros", QByteArray(65, '0') + "3\r\nabc\r\n0\r\n\r\n", nullptr);
        row("hexadecimal sizes in both cases", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789");
        row("an extension", "3;name=value\r\nabc\r\n0\r\n\r\n", "abc");
        row("white space around an extension", "3 \t;\tname = \"v\" ; other\r\nabc\r\n0 ;x\r\n\r\n", "abc");
        row("white space and no extension", "3 \r\nabc\r\n0\r\n\r\n", nullptr);
        row("white space inside a size", "1 0\r\nabc\r\n0\r\n\r\n", nullptr);
        row("white space alone behind the semicolon", "3; \r\nabc\r\n0\r\n\r\n", nullptr);
        row("trailers are read and dropped", "1\r\na\r\n0\r\nX: y\r\nZ: w\r\n\r\n", "a");
        for (const char* size : {"0_2e", "0x5", "+5", "-1", "FFFFFFFFFFFFFFFF", "5 5", ""})
            row(qPrintable(QStringLiteral("size “%1” (http-2)").arg(QLatin1StringView(size))), QByteArray(size) + "\r\nabcde\r\n0\r\n\r\n", nullptr);
        row("an extension of 1 MB (http-2)", "1;" + QByteArray(1 << 20, 'x') + "\r\na\r\n0\r\n\r\n", nullptr);
        row("no line end behind a chunk (http-2)", "3\r\nabcX\r\n0\r\n\r\n", nullptr);
        row("a trailer without a colon", "1\r\na\r\n0\r\nX y\r\n\r\n", nullptr);
        row("a trailer that is no field", "1\r\na\r\n0\r\nnothing\r\n\r\n", nullptr);
        row("a trailer without a name", "1\r\na\r\n0\r\n: y\r\n\r\n", nullptr);
        row("a blank before a trailer's colon", "1\r\na\r\n0\r\nX : y\r\n\r\n", nullptr);
        row("a folded trailer", "1\r\na\r\n0\r\nX: y\r\n z\r\n\r\n", nullptr);
        row("a trailer without a value", "1\r\na\r\n0\r\nX:\r\n\r\n", "a");
        row("nothing behind the semicolon", "3;\r\nabc\r\n0\r\n\r\n", nullptr);
        row("a line feed alone", "3\nabc\r\n0\r\n\r\n", nullptr);
        row("more than is allowed", "fff\r\n", nullptr);
    }
    void chunksAreReadStrictly()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, body);
        QFETCH(bool, good);
        std::string whole;
        ChunkedBody chunked(1000);
        const auto taken = chunked.take(bytes.toStdString(), whole);
        QCOMPARE(taken && chunked.finished(), good);
        if (good)
            QCOMPARE(QByteArray::fromStdString(whole), body);

        // The same in pieces of one byte.
        std::string pieces;
        ChunkedBody slow(1000);
        bool fine = true;
        for (const char c : bytes)
            fine = fine && slow.take({&c, 1}, pieces);
        QCOMPARE(fine && slow.finished(), good);
        if (good)
            QCOMPARE(pieces, whole);
    }

    void whatFollowsTheBodyIsLeft()
    {
        std::string body;
        ChunkedBody chunked(10);
        QCOMPARE(chunked.take("1\r\na\r\n0\r\n\r\nGET /", body).value_or(0), std::size_t(11));
    }
};

QTEST_APPLESS_MAIN(TestChunkedBody)
#include "tst_chunkedbody.moc"
