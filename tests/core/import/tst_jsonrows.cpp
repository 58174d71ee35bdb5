#include "tests/core/import/support.h"

using namespace iotman;
using namespace iotman::files;
using namespace iotman::files::test;

static Options ndjson()
{
    Options options;
    options.format = Format::Ndjson;
    return options;
}

static Options json()
{
    Options options;
    options.format = Format::Json;
    return options;
}

class TestJsonRows : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linesAreRows_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, const char* text, const char* told) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(told);
        };
        row("the bytes stay as they are (json-1)", "{ \"a\":12345678901234567890123, \"b\" :1.0}\n",
            "1 - { \"a\":12345678901234567890123, \"b\" :1.0}");
        row("blank lines, CR LF, no last line end", "\xef\xbb\xbf{\"a\":1}\r\n\r\n {\"a\":2} \r\n{\"a\":3}",
            "1 - {\"a\":1}\n3 - {\"a\":2}\n4 - {\"a\":3}");
        row("CR only", "{}\r{}\r", "1 - {}\n2 - {}");
        row("a comma too many (ingest-6)", "{}\n{\"n\":637,}\n{}\n",
            "1 - {}\n2 refused: column 10: expected a key in double quotes, but got “}”; no comma may stand before it\n3 - {}");
        row("no object", "{}\n5\n[1]\n",
            "1 - {}\n2 refused: expected an object, but got “5”\n3 refused: expected an object, but got “[1]”");
        row("no UTF-8", "{\"a\":\"\xb0\xa1\"}\n{}\n",
            "1 refused: not UTF-8: byte 0xB0 at offset 6 of the file; perhaps this is CP949\n2 - {}");
        row("nothing", "", "");
    }
    void linesAreRows()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, told);
        QCOMPARE(test::told(text.toStdString(), ndjson()), told);
    }

    void elementsAreRows_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, const char* text, const char* told) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(told);
        };
        row("an array on one line (data-3)", "[{\"a\":1},{\"a\":2}]", "1 - {\"a\":1}\n1 - {\"a\":2}");
        row("an array over lines", "[\n {\"a\":1},\r\n {\n\"a\":2}\n]\n", "2 - {\"a\":1}\n3 - {\n\"a\":2}");
        row("an empty array", "[ ]\n", "");
        row("one object", "{\n\"a\": 1\n}\n", "1 - {\n\"a\": 1\n}");
        row("an element that is no object (ingest-6)", "[{},{},5,\"a,]\",[{},1],{}]",
            "1 - {}\n1 - {}\n1 refused: element 3: expected an object, but got “5”\n"
            "1 refused: element 4: expected an object, but got “\"a,]\"”\n1 refused: element 5: expected an object, but got "
            "“[”\n1 - {}");
        row("an element that is no JSON", "[{},\n {\"온도\":nan},{}]",
            "1 - {}\n2 refused: element 2: column 8: expected a value, but got “nan”; JSON has no NaN and no Infinity, send "
            "null\n2 - {}");
        row("no comma", "[{}\n{}]", "1 - {}\nerror: line 2, column 1: expected “,” or “]”, but got “{”");
        row("a comma too many", "[{},]", "1 - {}\nerror: line 1, column 5: expected an object, but got “]”");
        row("an array without its end", "[{}", "1 - {}\nerror: line 1, column 4: expected “,” or “]”, but got the end");
        row("an object without its end", "[{}, {\"a\":1",
            "1 - {}\nerror: line 1, column 6: the object that starts here is never closed");
        row("something behind the array", "[{}] {}",
            "1 - {}\nerror: line 1, column 6: expected nothing after the array, but got “{”");
        row("lines taken for one document", "{}\n{}\n",
            "1 - {}\nerror: line 2, column 1: expected nothing after the object (one object a line is the format NDJSON), but "
            "got “{”");
        row("nothing", " \n", "error: expected an array of objects, but the file is empty");
        row("a number", "5", "error: line 1, column 1: expected an array of objects or one object, but got “5”");
    }
    void elementsAreRows()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, told);
        QCOMPARE(test::told(text.toStdString(), json()), told);
        const std::string kept = text.toStdString();
        for (std::size_t piece = 1; piece < kept.size(); ++piece) {
            PiecewiseSource source(kept, piece);
            QCOMPARE(test::told(source, json()), told);
        }
    }

    void theTimeIsTakenFromAMember_data()
    {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<int>("format");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, const char* object, TimeFormat format, const char* told) {
            QTest::newRow(name) << QByteArray(object) << int(format) << QByteArray(told);
        };
        row("a number", "{\"ts\":1700000000.5}", TimeFormat::Seconds, "1 1700000000.5 {\"ts\":1700000000.5}");
        row("a number in a string", "{\"ts\":\"1700000000500\"}", TimeFormat::Milliseconds,
            "1 1700000000.5 {\"ts\":\"1700000000500\"}");
        row("a text with escapes (data-3)", "{\"ts\":\"2001\\/01\\/01 06:55\"}", TimeFormat::YearFirst,
            "1 978332100 {\"ts\":\"2001\\/01\\/01 06:55\"}");
        row("a key with an escape", "{\"\\u0074s\":5}", TimeFormat::Seconds, "1 5 {\"\\u0074s\":5}");
        row("of two the last counts (json-2)", "{\"ts\":1,\"ts\":2}", TimeFormat::Seconds, "1 2 {\"ts\":1,\"ts\":2}");
        row("a date of digits", "{\"ts\":19580329}", TimeFormat::Compact, "1 -371174400 {\"ts\":19580329}");
        row("no such member", "{\"a\":{\"ts\":1}}", TimeFormat::Seconds,
            "1 refused: expected a time in “ts”, but there is no such member");
        row("null", "{\"ts\":null}", TimeFormat::Seconds, "1 refused: member “ts”: expected a time, but got “null”");
        row("no time", "{\"ts\":\"soon\"}", TimeFormat::Seconds,
            "1 refused: member “ts”: expected seconds since 1970, but got “soon”");
    }
    void theTimeIsTakenFromAMember()
    {
        QFETCH(QByteArray, object);
        QFETCH(int, format);
        QFETCH(QByteArray, told);
        Options options = ndjson();
        options.timeColumn = "ts";
        options.timeFormat = TimeFormat(format);
        QCOMPARE(test::told(object.toStdString(), options), told);
    }

    void whatIsTooLargeOrTooDeepIsRefusedAndTheRestIsRead()
    {
        const std::string large = "{\"a\":\"" + std::string(3 * largestObject, ']') + "\"}";
        const std::string deep = "{\"a\":" + QByteArray(1000, '[').toStdString() + std::string(1000, ']') + "}";
        QCOMPARE(told("[{}," + large + ",{}," + deep + ",{}]", json()),
                 QByteArray("1 - {}\n1 refused: element 2: expected an object of at most 1 MiB, but this one is larger\n1 - {}\n"
                            "1 refused: element 4: expected a nesting of at most 128, but it is deeper\n1 - {}"));
        const QByteArray lines = told("{}\n" + large + "\n{}\n" + deep + "\n{}\n", ndjson());
        QVERIFY2(lines.startsWith("1 - {}\n2 refused: expected an object of at most 1 MiB, but this one is larger\n3 - {}\n4 "
                                  "refused: column 133: "),
                 lines.constData());
        QVERIFY(lines.endsWith("\n5 - {}"));
    }
};

QTEST_APPLESS_MAIN(TestJsonRows)
#include "tst_jsonrows.moc"
