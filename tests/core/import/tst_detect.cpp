#include "core/import/detect.h"
#include "core/import/preview.h"
#include "tests/core/import/support.h"

using namespace iotman;
using namespace iotman::files;
using namespace iotman::files::test;

/// What was detected, in one line: format and encoding, then for tables separator and decimal mark, then header or not,
/// the columns with their types, and the time with its format. A `?` stands behind what a person should confirm.
static QByteArray told(const Detected& detected)
{
    const Options& options = detected.options;
    const auto doubt = [&](Setting setting) {
        const Reason* reason = detected.reason(setting);
        return std::string(reason && !reason->sure ? "?" : "");
    };
    std::string text = std::string(formatWord(options.format, options.separator)) + " " +
                       std::string(displayName(options.encoding)) + doubt(Setting::Encoding);
    if (options.format == Format::Csv)
        text += " " + separatorName(options.separator) + " " + options.decimalMark + doubt(Setting::DecimalMark) +
                (options.header ? "" : " no header");
    text += " |";
    for (const Column& column : detected.columns)
        text += " " + column.name + ":" + std::string(displayName(column.type)).substr(0, 4);
    text += " | ";
    text += options.timeColumn.empty()
                ? "arrival"
                : options.timeColumn + " " + std::string(timeUnitWord(options.timeFormat)) + doubt(Setting::TimeFormat);
    text += detected.asksForZone ? " zone?" : "";
    return QByteArray::fromStdString(text);
}

static QByteArray utf16(const char* text)
{
    QByteArray bytes;
    for (const char* c = text; *c; ++c) {
        bytes += *c;
        bytes += '\0';
    }
    return bytes;
}

class TestDetect : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFileSaysWhatItIs_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, const QByteArray& bytes, const char* told) {
            QTest::newRow(name) << bytes << QByteArray(told);
        };
        row("a byte order mark of UTF-8 (import-1)", "\xef\xbb\xbftime,temp\r\n1700000000,2\r\n",
            "csv UTF-8 comma . | time:numb temp:numb | time s");
        row("a JSON value alone is no table", "5\n", "json UTF-8 | | arrival");
        row("a text alone, as JSON", "\"an error\"", "json UTF-8 | | arrival");
        row("a word alone is a table", "temperature\n", "csv UTF-8 comma . | temperature:by c | arrival");
        row("UTF-16LE with its mark (import-1)", "\xff\xfe" + utf16("time,temp\n1700000000,2\n"),
            "csv UTF-16LE comma . | time:numb temp:numb | time s");
        row("UTF-16LE without a mark", utf16("time,temp\n1700000000,2\n"), "csv UTF-16LE comma . | time:numb temp:numb | time s");
        row("semicolons and decimal commas (import-2)", "zeit;wert\n2024-01-01 00:00;0,665\n2024-01-01 00:01;1,5\n",
            "csv UTF-8 semicolon , | zeit:text wert:numb | zeit iso zone?");
        row("tabs and decimal commas (import-2)", "zeit\twert\n2024-01-01 00:00\t0,665\n2024-01-01 00:01\t1,5\n",
            "tsv UTF-8 tab , | zeit:text wert:numb | zeit iso zone?");
        row("commas and quoted decimal commas (import-2)", "zeit,wert\n2024-01-01 00:00,\"0,665\"\n2024-01-01 00:01,\"1,5\"\n",
            "csv UTF-8 comma , | zeit:text wert:numb | zeit iso zone?");
        row("grouped digits are no decimals", "a,b\n\"1,234\",1.5\n\"12,345\",2.5\n",
            "csv UTF-8 comma . | a:text b:numb | arrival");
        row("grouped or not, nobody knows", "a,b\n\"1,234\",1\n", "csv UTF-8 comma .? | a:text b:numb | arrival");
        row("between semicolons a comma is likelier a decimal mark", "a;b\n1,234;x\n",
            "csv UTF-8 semicolon ,? | a:numb b:text | arrival");
        row("CP949 (import-3)", "\xbd\xc3\xb0\xa3,\xbf\xc2\xb5\xb5\r\n2024-01-01T00:00Z,2\r\n",
            "csv CP949? comma . | 시간:text 온도:numb | 시간 iso");
        row("Latin-1 (import-3)",
            "a,b\nStra\xdf"
            "e,21\n",
            "csv Latin-1? comma . | a:text b:numb | arrival");
        row("UTF-8 with a character that is cut", "t,name\n1,온도\n2,온도\n5,온\xec\x98",
            "csv UTF-8? comma . | t:numb name:text | t s");
        row("hardly any UTF-8, cut", "a\n온\xec\x98", "csv UTF-8? comma . | a:text | arrival");
        row("UTF-8 with a letter that became another byte", "a,b\nZoë,1\nChloë,1\nCaf\xc3x,2\n",
            "csv UTF-8? comma . | a:text b:numb | arrival");
        row("UTF-8 with a byte too many", "a,b\nJalapeño,1\nab\xb1,2\n", "csv UTF-8? comma . | a:text b:numb | arrival");
        row("CP949 with pairs that UTF-8 has too", "a,b\n\xc3\xb3\xb8\xae,1\n\xc8\xad\xbe\xbe,2\n",
            "csv CP949? comma . | a:text b:numb | arrival");
        row("Latin-1 with a pair that UTF-8 has too", "a,b\n\xabStra\xdf\xbb,1\nM\xfcller,2\n",
            "csv Latin-1? comma . | a:text b:numb | arrival");
        row("lines of JSON that are not UTF-8", "{\"t\":1700000000,\"n\":\"\xbd\xc3\xb0\xa3\"}\n", "ndjson UTF-8? | | arrival");
        row("an array of JSON that is not UTF-8",
            "[{\"n\":\"Stra\xdf"
            "e\"}]\n",
            "json UTF-8? | | arrival");
        row("vertical bars", "a|b|c\n1|2|3\n", "csv UTF-8 vertical bar . | a:numb b:numb c:numb | arrival");
        row("one column", "value\n1\n2\n", "csv UTF-8 comma . | value:numb | arrival");
        row("no header", "sensor,21.5\nsensor,22\n", "csv UTF-8 comma . no header | column1:text column2:numb | arrival");
        row("names over text", "a,b\nx,y\n", "csv UTF-8 comma . | a:text b:text | arrival");
        row("codes with a leading zero are text", "zip,n\n08123,1\n98101,2\n", "csv UTF-8 comma . | zip:text n:numb | arrival");
        row("truth values", "a,on\n1,true\n2,FALSE\n", "csv UTF-8 comma . | a:numb on:true | arrival");
        row("an empty column", "a,b\n1,\n2,\n", "csv UTF-8 comma . | a:numb b:by c | arrival");
        row("milliseconds", "ts,v\n1700000000000,1\n", "csv UTF-8 comma . | ts:numb v:numb | ts ms");
        row("microseconds", "ts,v\n1700000000000000,1\n", "csv UTF-8 comma . | ts:numb v:numb | ts us");
        row("nanoseconds", "ts,v\n1700000000000000000,1\n", "csv UTF-8 comma . | ts:numb v:numb | ts ns");
        row("seconds with a decimal comma", "ts;v\n1700000000,5;1\n1700000001,5;1\n",
            "csv UTF-8 semicolon , | ts:numb v:numb | ts s");
        row("large numbers that do not rise are no times", "id,v\n1700000009,1\n1700000000,2\n",
            "csv UTF-8 comma . | id:numb v:numb | arrival");
        row("dates of digits (data-2)", "date,v\n19580329,1\n", "csv UTF-8 comma . | date:numb v:numb | date yyyymmdd zone?");
        row("years", "year,v\n2001,1\n2002,2\n", "csv UTF-8 comma . | year:numb v:numb | year year zone?");
        row("points put the day first", "when,v\n01.02.2024 10:00,1\n", "csv UTF-8 comma . | when:text v:numb | when dmy zone?");
        row("a 31st tells day from month", "when,v\n01/31/2024,1\n", "csv UTF-8 comma . | when:text v:numb | when mdy zone?");
        row("nothing tells day from month", "when,v\n01/02/2024,1\n", "csv UTF-8 comma . | when:text v:numb | when mdy? zone?");
        row("times with a zone", "when,v\n2024-01-01T00:00:00+09:00,1\n", "csv UTF-8 comma . | when:text v:numb | when iso");
        row("one time in four that is none", "when,v\n2024-01-01T00:00:00Z,1\n2024-01-01T00:00:01Z,2\nn/a,3\n2024-01-01T00:00:03Z,4\n",
            "csv UTF-8 comma . | when:text v:numb | when iso");
        row("a number of seconds that is none", "ts,v\n1700000000,1\n1700000001,2\nfoo,3\n",
            "csv UTF-8 comma . | ts:text v:numb | ts s");
        row("one of two that is none", "time,v\n2024-01-01T00:00:00Z,1\n2024-13-01T00:00:00Z,2\n", "csv UTF-8 comma . | time:text v:numb | time iso");
        row("one number of seconds of two that is none", "t,v\n1700000000,1\nfoo,2\n", "csv UTF-8 comma . | t:text v:numb | t s");
        row("a header alone", "time,v\n", "csv UTF-8 comma . | time:by c v:by c | arrival");
        row("none of them all", "time,v\nsoon,1\nlater,2\n", "csv UTF-8 comma . | time:text v:numb | arrival");
        row("more faults than times", "time,v\n2024-01-01T00:00:00Z,1\nfoo,2\nbar,3\n", "csv UTF-8 comma . | time:text v:numb | arrival");
        row("a date among notes", "note,v\n2024-01-01,1\n2024-01-02,2\nlate,3\n", "csv UTF-8 comma . | note:text v:numb | arrival");
        row("one fault in ten dates of any name",
            "made,v\n2024-01-01T00:00:00Z,1\n2024-01-01T00:00:01Z,1\n2024-01-01T00:00:02Z,1\n2024-01-01T00:00:03Z,1\n"
            "2024-01-01T00:00:04Z,1\n2024-01-01T00:00:05Z,1\n2024-01-01T00:00:06Z,1\n2024-01-01T00:00:07Z,1\n"
            "2024-01-01T00:00:08Z,1\nfoo,1\n",
            "csv UTF-8 comma . | made:text v:numb | made iso");
        row("lines of JSON", "{\"ts\":1700000000,\"a\":\"x\",\"b\":null}\n{\"b\":true,\"c\":[1]}\n",
            "ndjson UTF-8 | ts:numb a:text b:true c:by c | ts s");
        row("an array of JSON", "[ {\"date\":\"2001/01/01 06:55\",\"delay\":-19} ]",
            "json UTF-8 | date:text delay:numb | date iso zone?");
        row("one JSON object over lines", "{\n \"a\": 1\n}", "json UTF-8 | a:numb | arrival");
        row("brackets in a table", "[ts],v\n1,2\n", "csv UTF-8 comma . | [ts]:numb v:numb | arrival");
        row("nothing", "", "csv UTF-8 comma . | | arrival");
    }
    void aFileSaysWhatItIs()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, told);
        const std::string kept = bytes.toStdString();
        QCOMPARE(::told(detect(kept, Sample::Whole)), told);
    }

    void bytesThatAreNotUtf8AreSaidWithLineAndOffset()
    {
        const Detected detected = detect("a\nb\n\xbd\xc3\xb0\xa3\n", Sample::Whole);
        QCOMPARE(detected.reason(Setting::Encoding)->text,
                 std::string("Not UTF-8: line 3 has the byte 0xBD at offset 4 of the file. It reads as CP949; is that right?"));
    }

    void aPlaceWhereUtf8IsDamagedIsSaid()
    {
        const Detected detected = detect("t,name\n1,온도\n2,온\xec\x98\n", Sample::Whole);
        QCOMPARE(
            detected.reason(Setting::Encoding)->text,
            std::string("Not UTF-8: line 3 has the byte 0xEC at offset 21 of the file, though most characters are: that one is "
                        "damaged, or it is another encoding."));
        QCOMPARE(detect("{\"a\":1}\n{\"a\":\"\xdf\"}\n", Sample::Whole).reason(Setting::Encoding)->text,
                 std::string("Not UTF-8: line 2 has the byte 0xDF at offset 14 of the file, though JSON is UTF-8."));
    }

    void aCharacterThatTheSampleCutsIsNoFault()
    {
        const std::string text = "a\n온🌡é";
        for (std::size_t size = 2; size <= text.size(); ++size) {
            const Detected detected = detect(text.substr(0, size), Sample::Start);
            QVERIFY2(detected.options.encoding == Encoding::Utf8, QByteArray::number(qulonglong(size)).constData());
            QVERIFY(detected.reason(Setting::Encoding)->sure);
        }
        QVERIFY(!detect(text.substr(0, 3), Sample::Whole).reason(Setting::Encoding)->sure);
    }

    void noValueAmongNumbersIsNull()
    {
        const std::string text = "a,b\n1,x\nNaN,NaN\n,y\n";
        const Detected detected = detect(text, Sample::Whole);
        QCOMPARE(::told(detected), QByteArray("csv UTF-8 comma . | a:numb b:text | arrival"));
        QVERIFY(detected.options.nullTexts == std::vector<std::string>{"NaN"});
        QCOMPARE(detected.reason(Setting::NullTexts)->text, std::string("Among numbers, “NaN” means “no value”: null."));
    }

    void aChosenColumnIsReadAsMostOfItsValuesAre_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("told");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("one is no time") << QByteArray("time,v\n2024-01-01T00:00:00Z,1\n2024-01-01T00:00:01Z,2\nn/a,3\n")
                                        << QByteArray("csv UTF-8 comma . | time:text v:numb | time iso")
                                        << QByteArray("2 of 3 values read as year, month, day.");
        QTest::newRow("the day first, without a zone") << QByteArray("time,v\n31.01.2024,1\n01.02.2024,2\n?,3\n")
                                                       << QByteArray("csv UTF-8 comma . | time:text v:numb | time dmy zone?")
                                                       << QByteArray("2 of 3 values read as day, month, year.");
        QTest::newRow("numbers whose size says nothing (time-2)")
            << QByteArray("time,n\n1700000000.000007,1\n2.000002,2\n1.000001,3\n4102444799.999999,4\n")
            << QByteArray("csv UTF-8 comma . | time:numb n:numb | time s") << QByteArray("4 of 4 values are plain numbers: Unix seconds.");
        QTest::newRow("falling, before 1970 (time-3)") << QByteArray("time,n\n0,1\n-1,2\n-863715600,3\n")
                                                       << QByteArray("csv UTF-8 comma . | time:numb n:numb | time s")
                                                       << QByteArray("3 of 3 values are plain numbers: Unix seconds.");
        QTest::newRow("one small number") << QByteArray("time,n\n0,1\n") << QByteArray("csv UTF-8 comma . | time:numb n:numb | time s")
                                          << QByteArray("1 of 1 values are plain numbers: Unix seconds.");
        QTest::newRow("numbers and one that is none") << QByteArray("time,n\n1700000000,1\n1700000001,2\noops,3\n")
                                                      << QByteArray("csv UTF-8 comma . | time:text n:numb | time s")
                                                      << QByteArray("2 of 3 values have the size of seconds since 1970.");
        QTest::newRow("milliseconds, not in order") << QByteArray("time,n\n1700000001000,1\n1700000000000,2\n")
                                                    << QByteArray("csv UTF-8 comma . | time:numb n:numb | time ms")
                                                    << QByteArray("The values have the size of milliseconds since 1970.");
        QTest::newRow("of no one unit") << QByteArray("time,n\n1700000001000,1\n17,2\n")
                                        << QByteArray("csv UTF-8 comma . | time:numb n:numb | time iso?")
                                        << QByteArray("The values of “time” read as no time that is known.");
        QTest::newRow("most are none") << QByteArray("time,v\n2024-01-01,1\na,2\nb,3\n")
                                       << QByteArray("csv UTF-8 comma . | time:text v:numb | time iso? zone?")
                                       << QByteArray("The values of “time” read as no time that is known.");
    }
    void aChosenColumnIsReadAsMostOfItsValuesAre()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, told);
        QFETCH(QByteArray, reason);
        Choices choices;
        choices.timeColumn = "time";
        const Detected detected = detect(text.toStdString(), Sample::Whole, choices);
        QCOMPARE(::told(detected), told);
        const Reason* given = detected.reason(Setting::TimeFormat);
        QCOMPARE(QByteArray::fromStdString(given ? given->text : ""), reason);
    }

    void choicesWinAndTheRestFitsThem()
    {
        const std::string text = "a;b,c\n1;2,5\n2;3,5\n";
        Choices choices;
        choices.separator = ',';
        QCOMPARE(::told(detect(text, Sample::Whole, choices)), QByteArray("csv UTF-8 comma . | a;b:text c:numb | arrival"));
        choices = *Choices::fromWords("tsv", "", "", "");
        QCOMPARE(::told(detect(text, Sample::Whole, choices)), QByteArray("tsv UTF-8 tab . | a;b,c:text | arrival"));
        choices = *Choices::fromWords("", "n", "ms", "Asia/Seoul");
        const Detected chosen = detect("ts,n\n2024-01-01,5\n", Sample::Whole, choices);
        QCOMPARE(::told(chosen), QByteArray("csv UTF-8 comma . | ts:text n:numb | n ms"));
        QCOMPARE(chosen.options.zone, std::string("Asia/Seoul"));
        choices = {};
        choices.timeColumn = "";
        choices.types["n"] = CellType::Text;
        QCOMPARE(::told(detect("ts,n\n2024-01-01,5\n", Sample::Whole, choices)),
                 QByteArray("csv UTF-8 comma . | ts:text n:text | arrival"));
    }

    void whatOneLeavesOpenIsAsTheOtherSays()
    {
        const Choices source = *Choices::fromWords("tsv", "at", "ms", "Asia/Seoul");
        const Choices said = Choices::fromWords("", "", "s", "")->orElse(source);
        QVERIFY(said.format == Format::Csv && said.separator == '\t' && said.timeFormat == TimeFormat::Seconds);
        QVERIFY(said.timeColumn == "at" && said.zone == "Asia/Seoul");
        const Choices other = Choices::fromWords("csv", "", "", "")->orElse(source);
        QVERIFY(other.format == Format::Csv && !other.separator); // a tab belongs to tsv
    }

    void wordsThatSettingsDoNotKnowAreNamed()
    {
        QCOMPARE(Choices::fromWords("xml", "", "", "").error().field, std::string("format"));
        QCOMPARE(Choices::fromWords("", "", "minutes", "").error().field, std::string("time_unit"));
        QCOMPARE(Choices::fromWords("", "", "", "Mars").error().field, std::string("zone"));
        QCOMPARE(encodingFromWord("utf-7").error().field, std::string("encoding"));
        QVERIFY(encodingFromWord("cp949").value() == Encoding::Cp949);
        QVERIFY(encodingFromWord("windows-1252").value() == Encoding::Latin1);
    }

    void aPreviewShowsRowsAsTheyWillBe()
    {
        const std::string text = "t;v\n2024-03-31 02:30;0,5\nx;1\n";
        Choices choices;
        choices.zone = "Europe/Berlin";
        choices.timeColumn = "t";
        choices.timeFormat = TimeFormat::YearFirst;
        const Detected detected = detect(text, Sample::Whole, choices);
        const Preview shown = preview(text, Sample::Whole, detected.options);
        QVERIFY(!shown.error);
        QCOMPARE(shown.rows.size(), std::size_t(2));
        QCOMPARE(std::get<Row>(shown.rows[0]).payload, std::string("{\"t\":\"2024-03-31 02:30\",\"v\":0.5}"));
        QCOMPARE(std::get<Row>(shown.rows[0]).time->iso(), std::string("2024-03-31T01:30:00Z"));
        QCOMPARE(std::get<Refusal>(shown.rows[1]).line, std::int64_t(3));
        QVERIFY(shown.oddHours == (OddHours{1, 0}));
        QVERIFY(shown.columns == (std::vector<std::string>{"t", "v"}));
    }

    void aPreviewLeavesOutTheRowThatTheSampleCuts()
    {
        const std::string text = "a,b\n1,2\n\"x\ny\",3\n4,56";
        for (const auto& [size, rows] : {std::pair{7, 0}, {8, 1}, {11, 1}, {15, 1}, {16, 2}, {20, 2}})
            QCOMPARE(preview(text.substr(0, std::size_t(size)), Sample::Start, {}).rows.size(), std::size_t(rows));
        QCOMPARE(preview(text, Sample::Whole, {}).rows.size(), std::size_t(3));
        QVERIFY(!preview(text, Sample::Start, {}).error);
    }

    void aPreviewHasTwoHundredRowsAndSaysWhatEndsIt()
    {
        std::string text = "a\n";
        for (int i = 0; i < 1000; ++i)
            text += "1\n";
        QCOMPARE(preview(text, Sample::Whole, {}).rows.size(), std::size_t(200));
        Options options;
        options.timeColumn = "b";
        QVERIFY(preview(text, Sample::Whole, options).error->detail.starts_with("there is no column “b”"));
    }
};

QTEST_APPLESS_MAIN(TestDetect)
#include "tst_detect.moc"
