#include "core/model/json.h"
#include "core/model/names.h"
#include "tests/core/model/support.h"

#include <random>

using namespace iotman;
using namespace iotman::test;

namespace {

std::string nested(int levels, const char* open, const char* close, const char* inside)
{
    std::string text;
    for (int i = 0; i < levels; ++i)
        text += open;
    text += inside;
    for (int i = 0; i < levels; ++i)
        text += close;
    return text;
}

/// What a resource's reader makes of `text`: one member of each kind.
QByteArray read(const std::string& text)
{
    const Json value = json(text);
    ObjectReader reader(value);
    reader.requiredText("name");
    reader.text("note", "none");
    reader.optionalText("filter");
    reader.flag("enabled", true);
    reader.time("at");
    reader.integer("count", 5, 1, 10);
    reader.texts("tags");
    reader.object("settings");
    reader.array("rows");
    reader.any("payload");
    reader.optionalParsed<SourceName>("source");
    reader.parsedTexts<ScopeName>("scopes");
    reader.ignore("url");
    const auto done = reader.finish();
    return done ? QByteArray("ok") : told(done) + " @" + bytes(done.error().pointer);
}

} // namespace

class TestJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNotJsonIsToldWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("detail");
        const auto row = [](const char* name, const QByteArray& text, const char* detail) {
            QTest::newRow(name) << text << QByteArray(detail);
        };
        row("nothing", "", "line 1, column 1: the JSON text ends too early");
        row("blanks alone", " \n ", "line 2, column 2: the JSON text ends too early");
        row("an open object", "{\n  \"a\": 1,\n", "line 3, column 1: the JSON text ends too early");
        row("a comma too much", "{\n  \"a\": 1,\n}", "line 3, column 1: expected a member's name in quotes here, but got “}”");
        row("a missing colon", "{\"a\" 1}", "line 1, column 6: expected “:” here, but got “1”");
        row("single quotes", "{'a': 1}", "line 1, column 2: expected a member's name in quotes here, but got “'”");
        row("something behind it", "{}\n{}", "line 2, column 1: expected nothing more here, but got “{”");
        row("columns count characters", "{\"온도\": x}", "line 1, column 8: expected JSON here, but got “x”");
        row("a zero byte", QByteArray("{\"a\":\0}", 7), "line 1, column 6: this is not JSON");
        row("a zero byte and something behind it", QByteArray("{}\0{", 4), "line 1, column 3: this is not JSON");
        row("a line break in a text", "[\"a\nb\"]",
            "line 1, column 4: a line break, tab or other control character inside a text is written as \\n, \\t or \\u0000");
        row("a missing comma", "{\"a\":1\n\"b\":2}", "line 2, column 1: expected a comma or “}” here, but got “\"”");
        row("a missing comma in an array", "[1\n2]", "line 2, column 1: expected a comma or “]” here, but got “2”");
        row("lines that end with CR alone", "{\r\"a\": 1,\r\"b\": x\r}", "line 3, column 6: expected JSON here, but got “x”");
        row("lines that end with CR LF", "{\r\n\"a\": 1,\r\n\"b\": x\r\n}", "line 3, column 6: expected JSON here, but got “x”");
        row("a number too large", "{\n\"a\": 1e999}", "line 2, column 11: this number is too large");
        row("bytes that are no text", "{\n \"a\": \"\xff\"}", "line 2, column 8: expected JSON in UTF-8, but this is not UTF-8");
        row("a character cut short", "[\"é\", \"\xe2\x82\"]", "line 1, column 8: expected JSON in UTF-8, but this is not UTF-8");
        row("a member twice", "{\"a\": 1,\n \"b\": {\"a\": 2},\n   \"a\": 3}",
            "line 3, column 4: the member “a” stands there twice");
        row("a member twice, differently written", "{\"\\\"a\": 1,\n\"b\": 2, \"\\u0022a\": 3}",
            "line 2, column 9: the member “\"a” stands there twice");
        row("a member twice, inside", "[{\"x\":{\"a\":1, \"a\":2}}]", "line 1, column 15: the member “a” stands there twice");
    }
    void whatIsNotJsonIsToldWithItsPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, detail);
        const auto value = parseJson(text.toStdString());
        QVERIFY(!value);
        QCOMPARE(bytes(value.error().detail), detail);
        QCOMPARE(value.error().kind, Problem::BadRequest);
        QCOMPARE(QByteArray("line %1, column %2: ")
                     .replace("%1", QByteArray::number(value.error().line))
                     .replace("%2", QByteArray::number(value.error().column)),
                 detail.left(detail.indexOf(": ") + 2));
    }

    void theSameNameInTwoObjectsIsNoRepeat()
    {
        QVERIFY(parseJson(R"([{"a":1},{"a":2}])"));
        QVERIFY(parseJson(R"({"a":{"a":{"a":1}},"b":[{"a":1}]})"));
    }

    void nestingEndsAt128_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        QTest::newRow("128 arrays") << bytes(nested(128, "[", "]", "")) << true;
        QTest::newRow("129 arrays") << bytes(nested(129, "[", "]", "")) << false;
        QTest::newRow("128 objects") << bytes(nested(128, "{\"a\":", "}", "1")) << true;
        QTest::newRow("129 objects") << bytes(nested(129, "{\"a\":", "}", "1")) << false;
        QTest::newRow("64 of each") << bytes(nested(64, "[{\"a\":", "}]", "1")) << true;
        QTest::newRow("65 of each") << bytes(nested(65, "[{\"a\":", "}]", "1")) << false;
        QTest::newRow("100,000 arrays") << bytes(nested(100'000, "[", "]", "")) << false;
        QTest::newRow("100,000 arrays that never end") << QByteArray(100'000, '[') << false;
    }
    void nestingEndsAt128()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        const auto value = parseJson(text.toStdString());
        QCOMPARE(bool(value), good);
        if (!value && text.endsWith(']') && text.startsWith("[["))
            QCOMPARE(bytes(value.error().detail), QByteArray("line 1, column 129: nested deeper than 128"));
    }

    void anObjectHasAtMost4096Members()
    {
        std::string text = "{\"m0\":0";
        for (int i = 1; i < 4096; ++i)
            text += ",\n\"m" + std::to_string(i) + "\":0";
        QVERIFY(parseJson(text + "}"));
        QCOMPARE(told(parseJson(text + ",\n\"more\":0}")),
                 QByteArray(": line 4097, column 1: an object with more than 4096 members"));
        // What comes after the first thing wrong costs little.
        for (int i = 0; i < 200'000; ++i)
            text += ",\"n" + std::to_string(i) + "\":0";
        QVERIFY(!parseJson(text + "}"));
    }

    void theCorpusIsReadAsItsAuthorsSay()
    {
        int accepted = 0;
        int repeated = 0;
        int rejected = 0;
        QByteArrayList takenOfEither;
        for (const Json& line : corpus("json-parsing.jsonl")) {
            std::string text = QByteArray::fromBase64(bytes(member(line, "base64"))).toStdString();
            if (const auto generate = line.find("generate"); generate != line.end()) {
                for (int i = 0; i < generate->at("times").get<int>(); ++i)
                    text += member(*generate, "repeat");
                text += member(*generate, "tail");
            }
            const auto value = parseJson(text);
            const std::string expect = member(line, "expect");
            const std::string id = member(line, "id");
            const QByteArray where = bytes(id + ": ") + told(value);
            // A repeated member is legal JSON; this reader refuses it by contract.
            const bool repeats = id.starts_with("y_object_duplicated_key");
            if (expect == "accept")
                QVERIFY2(bool(value) != repeats, where);
            if (expect == "reject")
                QVERIFY2(!value, where);
            if (expect == "either" && value)
                takenOfEither << bytes(id);
            if (!value)
                QVERIFY2(value.error().line > 0 && value.error().column > 0 && isUtf8(value.error().detail), where);
            accepted += expect == "accept" && value ? 1 : 0;
            repeated += repeats ? 1 : 0;
            rejected += expect == "reject" ? 1 : 0;
        }
        QCOMPARE(accepted, 83);
        QCOMPARE(repeated, 2);
        QCOMPARE(rejected, 157);
        // What JSON leaves to its readers: numbers of any size below a double's limit, and a byte order mark.
        QCOMPARE(takenOfEither,
                 (QByteArrayList{"i_number_real_underflow.json", "i_number_too_big_neg_int.json", "i_number_too_big_pos_int.json",
                                 "i_number_very_big_negative_int.json", "i_structure_UTF-8_BOM_empty_object.json"}));
    }

    void membersKeepTheirOrder()
    {
        const std::string text = R"({"z":1,"a":[2,{"y":null,"b":true}],"m":"é"})";
        const auto value = parseJson(text);
        QVERIFY(value);
        QCOMPARE(bytes(jsonText(*value)), bytes(text));
    }

    void textsThatAreNotUtf8AreWrittenWithReplacements()
    {
        QCOMPARE(bytes(jsonText(Json{{"a", "x\xffy"}})), QByteArray("{\"a\":\"x\xef\xbf\xbdy\"}"));
    }

    void timesAreNumbersOfSeconds_data()
    {
        QTest::addColumn<qint64>("us");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("zero") << qint64(0) << QByteArray("0");
        QTest::newRow("whole") << qint64(1'700'000'000'000'000) << QByteArray("1700000000");
        QTest::newRow("the last microsecond (time-2)") << qint64(1'700'000'000'000'007) << QByteArray("1700000000.000007");
        QTest::newRow("a year past 2038 (time-2)") << qint64(4'102'444'799'999'999) << QByteArray("4102444799.999999");
        QTest::newRow("before 1970") << qint64(-500'000) << QByteArray("-0.5");
        QTest::newRow("the fewest digits are not what a double's printer finds")
            << qint64(1'796'022'794'752'967) << QByteArray("1796022794.752967");
        QTest::newRow("a microsecond") << qint64(1) << QByteArray("0.000001");
        QTest::newRow("just before 1970") << qint64(-1) << QByteArray("-0.000001");
        QTest::newRow("where doubles are two microseconds apart")
            << qint64(9'007'199'254'740'993) << QByteArray("9007199254.740993");
        QTest::newRow("the year 1") << qint64(-62'135'596'800'123'457) << QByteArray("-62135596800.123457");
        QTest::newRow("the last time of all") << qint64(99'999'999'999'999'999) << QByteArray("99999999999.999999");
        QTest::newRow("the first time of all") << qint64(-99'999'999'999'999'999) << QByteArray("-99999999999.999999");
    }
    void timesAreNumbersOfSeconds()
    {
        QFETCH(qint64, us);
        QFETCH(QByteArray, text);
        QCOMPARE(bytes(jsonText(timeJson(Timestamp{us}))), text);
        const Json value{{"at", timeJson(Timestamp{us})}};
        ObjectReader reader(value);
        QVERIFY(reader.time("at") == Timestamp{us});
        QVERIFY(reader.finish());
        const Json parsed = json("{\"at\":" + text.toStdString() + "}");
        QVERIFY(timeIn(parsed["at"]) == Timestamp{us});
        QCOMPARE(bytes(jsonText(parsed["at"])), text);
    }

    void randomTimesKeepTheirDigits()
    {
        std::mt19937_64 random(3);
        for (const std::int64_t most : {4'000'000'000'000'000, 99'999'999'999'999'999}) {
            std::uniform_int_distribution<std::int64_t> any(-most, most);
            for (int i = 0; i < 20'000; ++i) {
                const Timestamp time{any(random)};
                const std::string text = jsonText(timeJson(time));
                QCOMPARE(text, time.seconds());
                QVERIFY(timeIn(json(text)) == time);
            }
        }
    }

    void timesAreReadAsTheyAreWritten_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("us");
        const auto row = [](const char* text, qint64 us) { QTest::newRow(text) << QByteArray(text) << us; };
        row("1700000000.1234567", 1'700'000'000'123'456);
        row("1800000000.1234569", 1'800'000'000'123'456);
        row("-0.0000001", -1);
        row("-1.5000001", -1'500'001);
        row("1.50000010", 1'500'000);
        row("1.7e9", 1'700'000'000'000'000);
        row("-0", 0);
        row("-0.0", 0);
        row("5000000000.50", 5'000'000'000'500'000);
        row("50000000000.0000019", 50'000'000'000'000'001);
    }
    void timesAreReadAsTheyAreWritten()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, us);
        const auto time = timeIn(json("[ " + text.toStdString() + " ]")[0]);
        QVERIFY(time);
        QCOMPARE(time->us, us);
    }

    void noTimeAtAll_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"100000000000", "-100000000000", "100000000000.5", "-99999999999.9999995", "1e11", "1e300",
                                 "null", "\"1\"", "true", "[]", "18446744073709551615"})
            QTest::newRow(text) << QByteArray(text);
    }
    void noTimeAtAll()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!timeIn(json("[" + text.toStdString() + "]")[0]));
    }

    void numbersHaveTheFewestDigits_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("written");
        const auto row = [](const char* text, const char* written) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(written);
        };
        row("0.1", "0.1");
        row("0.30000000000000004", "0.30000000000000004");
        row("1.0", "1.0");
        row("1e2", "100.0");
        row("0.0001", "0.0001");
        row("1e-7", "1e-07");
        row("-0.0", "-0.0");
        row("1e22", "1e+22");
        row("123456789012345.5", "123456789012345.5");
        row("5000000000.10", "5000000000.1");
        row("5000000000.1234567890", "5000000000.123456789");
        row("0.1234567890123456789", "0.1234567890123456789");
        row("18446744073709551615", "18446744073709551615");
        row("-9223372036854775808", "-9223372036854775808");
    }
    void numbersHaveTheFewestDigits()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, written);
        const Json value = json(text.toStdString());
        QCOMPARE(bytes(jsonText(value)), written);
        QVERIFY(isNumber(value));
        QCOMPARE(numberIn(value), text.toDouble());
    }

    void indentedTextIsReadByPeople()
    {
        const Json value{{"a", {1, 2.5, "x\n", nullptr}}, {"b", Json::object()}, {"c", Json::array()}, {"d", {{"e", true}}}};
        QCOMPARE(jsonText(value, JsonLayout::Indented), value.dump(2));
    }

    void noTimeIsNull() { QCOMPARE(bytes(jsonText(timeJson(std::optional<Timestamp>()))), QByteArray("null")); }

    void aPointerHasALine_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<int>("line");
        const auto row = [](const char* pointer, int line) {
            QTest::newRow(*pointer ? pointer : "(the whole)") << QByteArray(pointer) << line;
        };
        row("", 2);
        row("/a", 3);
        row("/list", 4);
        row("/list/0", 5);
        row("/list/1", 6);
        row("/list/1/x", 7);
        row("/list/1/gone", 6);
        row("/list/9", 4);
        row("/list/x", 4);
        row("/text/none", 10);
        row("/text", 10);
        row("/a~1b~0c", 11);
        row("/온도", 12);
        row("/deep/er/est", 14);
        row("/last", 15);
        row("/gone", 2);
        row("/gone/further", 2);
    }
    void aPointerHasALine()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(int, line);
        const std::string text = "\n{\n"
                                 "\"a\": 1,\n"
                                 "\"list\": [\n"
                                 "  \"]}\\\"\",\n"
                                 "  {\n"
                                 "    \"x\": null\n"
                                 "  }, 3\n"
                                 "],\n"
                                 "\"text\": \"{,[\",\n"
                                 "\"a/b~c\": 0,\n"
                                 "\"\\uc628도\": {},\n"
                                 "\"deep\": {\"er\":\n"
                                 "  {\"est\": [[]]}},\n"
                                 "\"last\":true}\n";
        QVERIFY(parseJson(text));
        QCOMPARE(jsonLine(text, pointer.toStdString()), line);
    }

    void aPointersTokenIsEscaped() { QCOMPARE(bytes(pointerToken("a/b~c~1")), QByteArray("a~1b~0c~01")); }

    void aReaderRefusesByTheMembersName_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const char* text, const char* answer) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(answer);
        };
        row("{'name':'a'}", "ok");
        row("{'name':'a','note':'n','filter':null,'enabled':false,'at':1.5,'count':10,'tags':['x'],'settings':{},'rows':[1],'"
            "payload':7,"
            "'source':'s','scopes':['a:b'],'url':{}}",
            "ok");
        row("{'name':'','at':null,'source':null}", "ok");
        row("5", ": expected an object, but got 5 @");
        row("[]", ": expected an object, but got an array @");
        row("null", ": expected an object, but got null @");
        row("{}", "name: name: expected a text, but it is missing @");
        row("{'nam':'a'}", "nam: “nam” is not a known member here; expected “name” @/nam");
        row("{'name':null}", "name: name: expected a text, but got null @/name");
        row("{'name':5}", "name: name: expected a text, but got 5 @/name");
        row("{'name':'a','note':null}", "note: note: expected a text, but got null @/note");
        row("{'name':'a','filter':[]}", "filter: filter: expected a text or null, but got an array @/filter");
        row("{'name':'a','enabled':'yes'}", "enabled: enabled: expected true or false, but got “yes” @/enabled");
        row("{'name':'a','enabled':null}", "enabled: enabled: expected true or false, but got null @/enabled");
        row("{'name':'a','at':'2024'}", "at: at: expected Unix seconds or null, but got “2024” @/at");
        row("{'name':'a','at':1700000000000}", "at: at: expected Unix seconds below 1e11, but got 1700000000000 @/at");
        row("{'name':'a','at':-100000000000}", "at: at: expected Unix seconds below 1e11, but got -100000000000 @/at");
        row("{'name':'a','count':0}", "count: count: expected a whole number from 1 to 10, but got 0 @/count");
        row("{'name':'a','count':11}", "count: count: expected a whole number from 1 to 10, but got 11 @/count");
        row("{'name':'a','count':5.0}", "count: count: expected a whole number from 1 to 10, but got 5.0 @/count");
        row("{'name':'a','count':18446744073709551615}",
            "count: count: expected a whole number from 1 to 10, but got 18446744073709551615 @/count");
        row("{'name':'a','tags':'x'}", "tags: tags: expected an array, but got “x” @/tags");
        row("{'name':'a','tags':['x',5]}", "tags: tags: expected an array of texts, but got 5 @/tags/1");
        row("{'name':'a','settings':[]}", "settings: settings: expected an object, but got an array @/settings");
        row("{'name':'a','settings':null}", "settings: settings: expected an object, but got null @/settings");
        row("{'name':'a','rows':{}}", "rows: rows: expected an array, but got an object @/rows");
        row("{'name':'a','source':'A'}",
            "source: source: expected a name of 1 to 64 characters of a-z 0-9 - _, but got “A” @/source");
        row("{'name':'a','scopes':['a:b','x']}", "scopes: scopes: expected a scope namespace:action of a-z 0-9 - _ such as "
                                                 "sensor:read, at most 64 characters, but got “x” @/scopes/1");
        row("{'name':'a','nmae':'b'}", "nmae: “nmae” is not a known member here @/nmae");
        row("{'name':'a','x/y~z':'b'}", "x/y~z: “x/y~z” is not a known member here @/x~1y~0z");
        row("{'name':5,'nmae':'b'}", "name: name: expected a text, but got 5 @/name");
        row("{'enabled':5,'name':5}", "name: name: expected a text, but got 5 @/name");
    }
    void aReaderRefusesByTheMembersName()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, answer);
        QCOMPARE(read(text.toStdString()), answer);
    }

    void aReaderGivesFallbacksForWhatIsAbsent()
    {
        const Json value = json("{'name':'a'}");
        ObjectReader reader(value);
        QCOMPARE(reader.text("note", "none"), std::string("none"));
        QCOMPARE(reader.flag("enabled", true), true);
        QCOMPARE(reader.integer("count", 5, 1, 10), std::int64_t(5));
        QVERIFY(!reader.optionalText("filter"));
        QVERIFY(!reader.time("at"));
        QVERIFY(reader.texts("tags").empty());
        QVERIFY(!reader.object("settings"));
        QVERIFY(!reader.array("rows"));
        QVERIFY(!reader.any("payload"));
        QVERIFY(!reader.has("count"));
        QVERIFY(reader.has("name"));
        QCOMPARE(reader.parsed<SourceName>("name").text, std::string("a"));
        QVERIFY(reader.finish());
    }
};

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
