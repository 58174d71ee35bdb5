#include "core/import/csvrows.h"
#include "tests/core/import/support.h"

using namespace iotman;
using namespace iotman::files;
using namespace iotman::files::test;

static Options timed(std::string column, TimeFormat format = TimeFormat::YearFirst, std::string zone = "UTC")
{
    Options options;
    options.timeColumn = std::move(column);
    options.timeFormat = format;
    options.zone = std::move(zone);
    return options;
}

class TestCsvRows : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cellsBecomeJson_data()
    {
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* name, const char* cell, const char* value) {
            QTest::newRow(name) << QByteArray(cell) << QByteArray(value);
        };
        row("a number keeps its digits (data-5)", "0.63", "0.63");
        row("a zero at the end is kept", "12.0", "12.0");
        row("nineteen digits are kept (json-1)", "1700000000123456789", "1700000000123456789");
        row("negative", "-19", "-19");
        row("an exponent", "1.5e-3", "1.5e-3");
        row("blanks around a number do not count", " 5 ", "5");
        row("a point without a whole part gets its zero", "-.5", "-0.5");
        row("a leading zero is a code, no number", "08123", "\"08123\"");
        row("a plus sign is text", "+4912", "\"+4912\"");
        row("a point without decimals is text", "5.", "\"5.\"");
        row("grouped digits are text", "\"1,234\"", "\"1,234\"");
        row("an exponent beyond every number is text", "1e999999", "\"1e999999\"");
        row("nan is text (json-4)", "nan", "\"nan\"");
        row("true", "TRUE", "true");
        row("false", "false", "false");
        row("text keeps its blanks", " a b ", "\" a b \"");
        row("an empty cell is null (data-2)", "", "null");
        row("a quoted empty cell is empty text", "\"\"", "\"\"");
        row("quotes and line ends are escaped", "\"a\"\"b\n\\\"", "\"a\\\"b\\n\\\\\"");
        row("a control character is escaped", "\x01", "\"\\u0001\"");
        row("letters of every kind stay as they are (json-5)", "온도🌡é", "\"온도🌡é\"");
    }
    void cellsBecomeJson()
    {
        QFETCH(QByteArray, cell);
        QFETCH(QByteArray, value);
        QCOMPARE(told("a,b\n" + cell.toStdString() + ",x\n", {}), "2 - {\"a\":" + value + ",\"b\":\"x\"}");
    }

    void aTypeHoldsForItsWholeColumn_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, CellType type, const char* cell, const char* told) {
            QTest::newRow(name) << int(type) << QByteArray(cell) << QByteArray(told);
        };
        row("digits as text", CellType::Text, "12", "2 - {\"a\":\"12\"}");
        row("a number", CellType::Number, "12", "2 - {\"a\":12}");
        row("no number", CellType::Number, "n/a", "2 refused: column “a”: expected a number, but got “n/a”");
        row("an empty cell among numbers, quoted", CellType::Number, "\"\"", "2 - {\"a\":null}");
        row("a truth value", CellType::Boolean, "True", "2 - {\"a\":true}");
        row("no truth value", CellType::Boolean, "yes", "2 refused: column “a”: expected true or false, but got “yes”");
    }
    void aTypeHoldsForItsWholeColumn()
    {
        QFETCH(int, type);
        QFETCH(QByteArray, cell);
        QFETCH(QByteArray, told);
        Options options;
        options.types["a"] = CellType(type);
        QCOMPARE(test::told("a\n" + cell.toStdString() + "\n", options), told);
    }

    void emptyCellsAreWhatIsChosen()
    {
        Options options;
        options.empty = EmptyCell::Absent;
        QCOMPARE(told("a,b,c\n,2,\n,,\n", options), QByteArray("2 - {\"b\":2}\n3 - {}"));
        options.empty = EmptyCell::Text;
        QCOMPARE(told("a,b\n,2\n", options), QByteArray("2 - {\"a\":\"\",\"b\":2}"));
        options.nullTexts = {"NaN"};
        QCOMPARE(told("a,b\nNaN,2\n", options), QByteArray("2 - {\"a\":null,\"b\":2}"));
    }

    void aDecimalCommaBecomesAPoint()
    {
        Options options = timed("zeit");
        options.separator = ';';
        options.decimalMark = ',';
        QCOMPARE(
            told("zeit;wert\n2024-01-01 00:00;0,665\n2024-01-01 00:01;1,5\n2024-01-01 00:02;7\n2024-01-01 00:03;1.5\n", options),
            QByteArray("2 1704067200 {\"zeit\":\"2024-01-01 00:00\",\"wert\":0.665}\n"
                       "3 1704067260 {\"zeit\":\"2024-01-01 00:01\",\"wert\":1.5}\n"
                       "4 1704067320 {\"zeit\":\"2024-01-01 00:02\",\"wert\":7}\n"
                       "5 1704067380 {\"zeit\":\"2024-01-01 00:03\",\"wert\":\"1.5\"}"));
        options.timeFormat = TimeFormat::Seconds;
        QCOMPARE(told("zeit;wert\n1700000000,25;1\n", options),
                 QByteArray("2 1700000000.25 {\"zeit\":1700000000.25,\"wert\":1}"));
    }

    void rowsThatDoNotFitAreRefusedByTheLineTheyStartIn_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, const char* text, const char* told) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(told);
        };
        row("one field too few (import-4)", "a,b\n1,2\n3\n4,5\n",
            "2 - {\"a\":1,\"b\":2}\n3 refused: expected 2 fields as in the header, but got 1\n4 - {\"a\":4,\"b\":5}");
        row("one field too many (import-4)", "a,b\n1,2,3\n", "2 refused: expected 2 fields as in the header, but got 3");
        row("after a quoted line end (import-5)", "a,b\n\"x\r\ny\",2\n3\n",
            "2 - {\"a\":\"x\\r\\ny\",\"b\":2}\n4 refused: expected 2 fields as in the header, but got 1");
        row("a quote that is never closed (import-4)", "a,b\n1,2\n\"3,4\n5,6\n",
            "2 - {\"a\":1,\"b\":2}\n3 refused: the quote that opens in column 1 is never closed\n4 - {\"a\":5,\"b\":6}");
        row("a quote that opens in a later line", "a,b\n\"x\ny\",\"2\n5,6\n",
            "2 refused: the quote that opens in line 3, column 4 is never closed\n"
            "3 refused: the quote that opens in column 4 is never closed\n4 - {\"a\":5,\"b\":6}");
        row("something behind a closing quote", "a,b\n\"x\"y,2\n3,4\n",
            "2 refused: column 4: expected the separator or the end of the line after a closing quote, but got “y”\n"
            "3 - {\"a\":3,\"b\":4}");
        row("a NUL character", "a,b\n1,2\n", "2 - {\"a\":1,\"b\":2}");
        row("nothing at all", "", "error: expected rows, but the file is empty");
        row("nothing but blank lines", "\n\r\n\n", "error: expected rows, but the file is empty");
        row("nothing but a header", "a,b\n", "");
        row("a header with a wrong quote", "a,\"b\n1,2\n", "error: line 1: the quote that opens in column 3 is never closed");
    }
    void rowsThatDoNotFitAreRefusedByTheLineTheyStartIn()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, told);
        QCOMPARE(test::told(text.toStdString(), {}), told);
    }

    void aNulCharacterIsNoText()
    {
        QCOMPARE(told(std::string_view("a,b\nx\0y,2\n", 10), {}),
                 QByteArray("2 refused: column “a”: expected text, but it has a NUL character in it"));
    }

    void linesAreCountedAsAnEditorDoes_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray lines = "a\n1\n\n2\n3\n\n\n\n";
        QTest::newRow("LF, blank lines in the middle and at the end (import-5)") << lines;
        QTest::newRow("CR LF (import-5)") << QByteArray(lines).replace("\n", "\r\n");
        QTest::newRow("CR only (import-5)") << QByteArray(lines).replace("\n", "\r");
        QTest::newRow("no end of the last line (import-5)") << lines.trimmed();
    }
    void linesAreCountedAsAnEditorDoes()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(told(text.toStdString(), {}), QByteArray("2 - {\"a\":1}\n4 - {\"a\":2}\n5 - {\"a\":3}"));
    }

    void anErrorFarDownIsNamedByItsLine()
    {
        std::string text = "a,b\n";
        for (int line = 2; line < 70'001; line += 2)
            text += "\"x\ny\",1\n";
        text += "\"x\ny\",1\n"; // starts at an even line, so one more line is needed
        const auto lines = std::count(text.begin(), text.end(), '\n');
        text += "1,2,3\n";
        const QByteArray last = told(text, {}).split('\n').last();
        QCOMPARE(last, QByteArray::number(qlonglong(lines + 1)) + " refused: expected 2 fields as in the header, but got 3");
        QVERIFY(lines + 1 >= 70'001);
    }

    void columnsHaveNamesOfTheirOwn()
    {
        using Names = std::vector<std::string>;
        QVERIFY(columnNames({"a", "b"}) == (Names{"a", "b"}));
        QVERIFY(columnNames({"a", "", "a"}) == (Names{"a", "column2", "a_2"}));
        QVERIFY(columnNames({"a", "a", "a_2", "a"}) == (Names{"a", "a_3", "a_2", "a_4"}));
        QVERIFY(columnNames({"", "column1"}) == (Names{"column1_2", "column1"}));
    }

    void withoutAHeaderTheFirstRowIsARow()
    {
        Options options = timed("column2", TimeFormat::Seconds);
        options.header = false;
        QCOMPARE(told("x,5\ny,6\nz\n", options),
                 QByteArray("1 5 {\"column1\":\"x\",\"column2\":5}\n2 6 {\"column1\":\"y\",\"column2\":6}\n"
                            "3 refused: expected 2 fields as in the first row, but got 1"));
    }

    void aTimeColumnMustBeThereAndHoldTimes()
    {
        QCOMPARE(told("a,b\n1,2\n", timed("ts")),
                 QByteArray("error: there is no column “ts” to take the time from; the columns are “a”, “b”"));
        QCOMPARE(told("ts\n1700000000\n1700000000000\n\"\"\nsoon\n", timed("ts", TimeFormat::Seconds)),
                 QByteArray("2 1700000000 {\"ts\":1700000000}\n"
                            "3 refused: column “ts”: “1700000000000” looks like milliseconds; the time unit is seconds\n"
                            "4 refused: column “ts”: expected seconds since 1970, but got nothing\n"
                            "5 refused: column “ts”: expected seconds since 1970, but got “soon”"));
    }

    void oddHoursAreCounted()
    {
        const std::string text = "t\n2024-03-31 02:30\n2024-10-27 02:30\n2024-07-01 02:30\n";
        MemorySource source(text);
        auto reader = RowReader::open(source, timed("t", TimeFormat::YearFirst, "Europe/Berlin"));
        QVERIFY(reader);
        for (auto next = reader->next(); next && !std::holds_alternative<End>(*next);)
            next = reader->next();
        QVERIFY(reader->oddHours() == (OddHours{1, 1}));
        QVERIFY(reader->columns() == std::vector<std::string>{"t"});
        QCOMPARE(reader->bytesRead(), std::int64_t(text.size()));
    }

    void aByteOrderMarkIsNoPartOfTheFirstName_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("encoding");
        const QString text = QStringLiteral("time,temp\r\n1,온도🌡\r\n");
        const auto utf16 = [&](bool big) {
            QByteArray bytes;
            for (const QChar unit : QString(QChar(0xfeff) + text)) {
                const char high = char(unit.unicode() >> 8);
                const char low = char(unit.unicode() & 0xff);
                bytes += big ? high : low;
                bytes += big ? low : high;
            }
            return bytes;
        };
        QTest::newRow("UTF-8 with its mark (import-1)") << "\xef\xbb\xbf" + text.toUtf8() << int(Encoding::Utf8);
        QTest::newRow("UTF-8 without it") << text.toUtf8() << int(Encoding::Utf8);
        QTest::newRow("UTF-16LE (import-1)") << utf16(false) << int(Encoding::Utf16Le);
        QTest::newRow("UTF-16BE") << utf16(true) << int(Encoding::Utf16Be);
        QTest::newRow("UTF-16LE without a mark") << utf16(false).mid(2) << int(Encoding::Utf16Le);
    }
    void aByteOrderMarkIsNoPartOfTheFirstName()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, encoding);
        Options options;
        options.encoding = Encoding(encoding);
        const std::string kept = bytes.toStdString();
        for (const std::size_t piece : {std::size_t(1), std::size_t(3), std::size_t(1000)}) {
            PiecewiseSource source(kept, piece);
            QCOMPARE(told(source, options), QByteArray("2 - {\"time\":1,\"temp\":\"온도🌡\"}"));
        }
    }

    void bytesThatAreNoTextAreNamedAndNotReplaced_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("encoding");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, const QByteArray& bytes, Encoding encoding, const char* told) {
            QTest::newRow(name) << bytes << int(encoding) << QByteArray(told);
        };
        row("CP949 read as UTF-8 (import-3)", "a\n1\n\xbd\xc3\xb0\xa3\n2\n", Encoding::Utf8,
            "2 - {\"a\":1}\n3 refused: not UTF-8: byte 0xBD at offset 4 of the file; perhaps this is CP949\n4 - {\"a\":2}");
        row("the offset counts the mark",
            "\xef\xbb\xbf"
            "a\n\xff\n",
            Encoding::Utf8, "2 refused: not UTF-8: byte 0xFF at offset 5 of the file; perhaps this is Latin-1");
        row("CP949 (import-3)", "\xbd\xc3\xb0\xa3,\xbf\xc2\xb5\xb5\r\n1,2\r\n", Encoding::Cp949, "2 - {\"시간\":1,\"온도\":2}");
        row("Latin-1 (import-3)",
            "a\nStra\xdf"
            "e\n",
            Encoding::Latin1, "2 - {\"a\":\"Straße\"}");
        row("cut inside a character (import-3)", "a\n1\n\xec\x8b", Encoding::Utf8,
            "2 - {\"a\":1}\n3 refused: not UTF-8: byte 0xEC at offset 4 of the file; perhaps this is Latin-1");
        row("CP949 cut inside a character", "a\n1\n\xbd", Encoding::Cp949,
            "2 - {\"a\":1}\n3 refused: not CP949: bytes without a meaning after 0 characters of the row");
        row("half a pair in UTF-16", QByteArray("a\0\n\0x\0\x00\xd8\n\0", 10), Encoding::Utf16Le,
            "2 refused: not UTF-16LE: bytes without a meaning after 1 character of the row");
    }
    void bytesThatAreNoTextAreNamedAndNotReplaced()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, encoding);
        QFETCH(QByteArray, told);
        Options options;
        options.encoding = Encoding(encoding);
        QCOMPARE(test::told(bytes.toStdString(), options), told);
    }

    void optionsThatContradictAreRefused()
    {
        Options options;
        options.quote = ',';
        QCOMPARE(told("a\n", options), QByteArray("error: expected a quote that is not the separator “,”"));
        options.quote = '"';
        options.zone = "Mars/Olympus";
        QVERIFY(told("a\n", options).startsWith("error: expected a time zone such as"));
    }

    void wherePiecesAreCutMakesNoDifference()
    {
        const std::string text = "\xef\xbb\xbfts,text,n\r\n0,\"a\r\nb "
                                 "\"\"c\"\"\",1\r\n\r\n1,온도,\r\r2,\"x\"y,\n3,\"\",4,5\n4,\"🌡\"\n5,\"open\n6,7,8";
        const Options options = timed("ts", TimeFormat::Seconds);
        const QByteArray whole = told(text, options);
        QCOMPARE(whole.count('\n'), 6);
        for (std::size_t piece = 1; piece <= text.size(); ++piece) {
            PiecewiseSource source(text, piece);
            QCOMPARE(told(source, options), whole);
        }
    }

    void aRowOfMoreThanAMebibyteIsRefusedAndThoseAfterItAreRead()
    {
        const std::string text =
            "a,b\n1,2\n" + std::string(5 * largestObject, 'x') + ",2\n3,4\n\"" + std::string(2 * largestObject, 'y') + "\n5,6\n";
        QCOMPARE(told(text, {}),
                 QByteArray("2 - {\"a\":1,\"b\":2}\n"
                            "3 refused: expected a row of at most 1 MiB, but this one is longer\n"
                            "4 - {\"a\":3,\"b\":4}\n"
                            "5 refused: expected a row of at most 1 MiB, but this one is longer; is a quote not closed?\n"
                            "6 - {\"a\":5,\"b\":6}"));
        const std::string limit = "a\n" + std::string(largestObject - 1, 'x') + "\n";
        QCOMPARE(told(limit, {}), QByteArray("2 refused: expected a datapoint of at most 1 MiB, but this one is larger"));
    }
};

QTEST_APPLESS_MAIN(TestCsvRows)
#include "tst_csvrows.moc"
