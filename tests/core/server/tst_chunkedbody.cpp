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
        row("a quoted value with what ends others", "3;a=\"q\\\"x;y = \\\\\"; b\r\nabc\r\n0\r\n\r\n", "abc");
        for (const char* extension : {";;", "; =b", ";a=", ";a= ", ";a=;b", ";a=b c", ";a b", ";a ", ";a=b ", ";a=\"b\" ", ";a=\"b", ";a=\"b\\\"", ";a=b\"c\"", ";a=\"b\"c", ";a==b", ";a,b", ";\"a\"", ";a=\"\x01\""})
            row(qPrintable(QStringLiteral("the malformed extension “%1”").arg(QLatin1StringView(extension))),
                "3" + QByteArray(extension) + "\r\nabc\r\n0\r\n\r\n", nullptr);
        row("trailers are read and dropped", "1\r\na\r\n0\r\nX: y\r\nZ: w\r\n\r\n", "a");
        for (const char* size : {"0_2e", "0x5", "+5", "-1", "FFFFFFFFFFFFFFFF", "5 5", ""})
            row(qPrintable(QStringLiteral("size “%1” (http-2)").arg(QLatin1StringView(size))),
                QByteArray(size) + "\r\nabcde\r\n0\r\n\r\n", nullptr);
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
        QCOMPARE(taken.has_value(), good); // a reader that waits for more has not refused it
        QCOMPARE(chunked.finished(), good);
        if (good)
            QCOMPARE(QByteArray::fromStdString(whole), body);

        // The same in pieces of one byte.
        std::string pieces;
        ChunkedBody slow(1000);
        bool isRefused = false;
        for (const char c : bytes)
            isRefused = isRefused || !slow.take({&c, 1}, pieces);
        QCOMPARE(isRefused, !good);
        QCOMPARE(slow.finished(), good);
        if (good)
            QCOMPARE(pieces, whole);
    }

    void whatIsNotWholeIsWaitedFor_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no last CR LF (http-2)") << QByteArray("3\r\nabc\r\n0\r\n");
        QTest::newRow("no last LF (http-2)") << QByteArray("3\r\nabc\r\n0\r\n\r");
        QTest::newRow("no last chunk") << QByteArray("3\r\nabc\r\n");
        QTest::newRow("a chunk that is cut off") << QByteArray("3\r\nab");
        QTest::newRow("a size that is cut off") << QByteArray("3");
        QTest::newRow("an extension that is cut off") << QByteArray("3;a=\"b");
        QTest::newRow("trailers that are cut off") << QByteArray("0\r\nX: y\r\n");
        QTest::newRow("nothing yet") << QByteArray();
    }
    void whatIsNotWholeIsWaitedFor()
    {
        QFETCH(QByteArray, bytes);
        std::string body;
        ChunkedBody chunked(1000);
        QCOMPARE(chunked.take(bytes.toStdString(), body).value_or(std::size_t(-1)), std::size_t(bytes.size()));
        QVERIFY(!chunked.finished());
    }

    /// http-2: in whatever pieces, the body is all that grows.
    void aMillionChunksOfAByteAreABodyOfAMillionBytes()
    {
        constexpr std::size_t count = 1'000'000;
        std::string body;
        body.reserve(count);
        ChunkedBody chunked(count);
        const std::string chunk = "1\r\na\r\n";
        for (std::size_t i = 0; i < count; ++i)
            QCOMPARE(chunked.take(chunk, body).value_or(0), chunk.size());
        QCOMPARE(chunked.take("0\r\n\r\n", body).value_or(0), std::size_t(5));
        QVERIFY(chunked.finished());
        QCOMPARE(body.size(), count);
        QVERIFY(body.find_first_not_of('a') == std::string::npos);
        static_assert(sizeof(ChunkedBody) <= 64, "nothing else is kept of the chunks");

        std::string more;
        ChunkedBody limited(count - 1);
        Expected<std::size_t> taken(0);
        for (std::size_t i = 0; i < count && taken; ++i)
            taken = limited.take(chunk, more);
        QVERIFY(!taken);
        QCOMPARE(taken.error().kind, Problem::TooLarge);
        QVERIFY(more.size() < count);
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
