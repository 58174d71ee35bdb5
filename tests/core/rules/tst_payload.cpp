#include "core/rules/payload.h"

#include <QtCore/QFile>
#include <QtCore/QHash>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::rules;

namespace {

constexpr const char* noPair = "half of a surrogate pair";
constexpr const char* noUtf8 = "expected UTF-8, but got a byte that does not belong there";
constexpr const char* noNumeric = "expected a number of at most 131,072 digits before and 16,383 behind the point";

/// What JSON leaves to its readers, and what it allows and PostgreSQL's jsonb does not: the sentence, or nothing where it is
/// taken.
const QHash<QString, QByteArray> asPostgresqlReads{
    {QStringLiteral("y_object_escaped_null_in_key.json"), "expected no \\u0000: text cannot hold that character"},
    {QStringLiteral("y_string_null_escape.json"), "expected no \\u0000: text cannot hold that character"},
    {QStringLiteral("i_number_huge_exp.json"), noNumeric},
    {QStringLiteral("i_number_real_underflow.json"), noNumeric},
    {QStringLiteral("i_number_pos_double_huge_exp.json"), ""},
    {QStringLiteral("i_number_real_neg_overflow.json"), ""},
    {QStringLiteral("i_number_real_pos_overflow.json"), ""},
    {QStringLiteral("i_number_too_big_neg_int.json"), ""},
    {QStringLiteral("i_number_too_big_pos_int.json"), ""},
    {QStringLiteral("i_number_very_big_negative_int.json"), ""},
    {QStringLiteral("i_object_key_lone_2nd_surrogate.json"), noPair},
    {QStringLiteral("i_string_1st_valid_surrogate_2nd_invalid.json"), noPair},
    {QStringLiteral("i_string_incomplete_surrogate_and_escape_valid.json"), noPair},
    {QStringLiteral("i_string_incomplete_surrogate_pair.json"), noPair},
    {QStringLiteral("i_string_incomplete_surrogates_escape_valid.json"), noPair},
    {QStringLiteral("i_string_invalid_lonely_surrogate.json"), noPair},
    {QStringLiteral("i_string_inverted_surrogates_U+1D11E.json"), noPair},
    {QStringLiteral("i_string_UTF-8_invalid_sequence.json"), noUtf8},
    {QStringLiteral("i_string_UTF8_surrogate_U+D800.json"), noUtf8},
    {QStringLiteral("i_string_invalid_utf-8.json"), noUtf8},
    {QStringLiteral("i_string_iso_latin_1.json"), noUtf8},
    {QStringLiteral("i_string_lone_utf8_continuation_byte.json"), noUtf8},
    {QStringLiteral("i_string_not_in_unicode_range.json"), noUtf8},
    {QStringLiteral("i_string_overlong_sequence_2_bytes.json"), noUtf8},
    {QStringLiteral("i_string_overlong_sequence_6_bytes_null.json"), noUtf8},
    {QStringLiteral("i_string_truncated-utf-8.json"), noUtf8},
    {QStringLiteral("i_string_UTF-16LE_with_BOM.json"), "expected a value, but got a byte that is no UTF-8"},
    {QStringLiteral("i_string_utf16BE_no_BOM.json"), "expected a value, but got a control character"},
    {QStringLiteral("i_structure_500_nested_arrays.json"), "expected at most 128 arrays and objects inside each other"},
    {QStringLiteral("i_structure_UTF-8_BOM_empty_object.json"),
     "expected a value, but got"}, // whose body it is takes the mark away
};

} // namespace

class TestPayload : public QObject {
    Q_OBJECT

    static std::string refusal(const std::string& json)
    {
        Payload payload;
        const Expected<void> parsed = payload.parse(json);
        if (parsed)
            return "taken";
        return payload.text().empty() ? parsed.error().detail : "refused, but not empty";
    }

private Q_SLOTS:
    void aTextOfOurOwnMayNestDeeperThanThePayloadInIt()
    {
        const auto nested = [](int depth) {
            return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
        };
        Payload payload;
        QVERIFY(payload.parse(nested(greatestPayloadDepth)));
        QCOMPARE(payload.depth(), greatestPayloadDepth);
        QVERIFY(!payload.parse(nested(greatestPayloadDepth + 1)));
        QCOMPARE(payload.depth(), 0);
        const std::string json = "{\"a\":[1,{}],\"b\":" + nested(greatestEnvelopeDepth - 1) + "}";
        QVERIFY(payload.parse(json, greatestEnvelopeDepth));
        QCOMPARE(payload.depth(payload.member(0, "a")), 2);
        QCOMPARE(payload.depth(payload.member(0, "b")), greatestEnvelopeDepth - 1);
        QVERIFY(!payload.parse(nested(greatestEnvelopeDepth + 1), greatestEnvelopeDepth));
    }

    void whatIsNoJsonIsRefusedWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("detail");
        const auto row = [](const char* name, const char* json, const char* detail) {
            QTest::newRow(name) << QByteArray(json) << QByteArray(detail);
        };
        row("nan (json-4)", R"({"t":nan})",
            "line 1, column 6: expected a value, but got “nan”; JSON has no NaN and no Infinity, send null");
        row("NaN (json-4)", R"({"t":NaN})",
            "line 1, column 6: expected a value, but got “NaN”; JSON has no NaN and no Infinity, send null");
        row("-Infinity (json-4)", R"({"t":-Infinity})",
            "line 1, column 7: expected a digit after “-”, but got “Infinity”; JSON has no NaN and no Infinity, send null");
        row("nothing (json-4)", R"({"t":})", "line 1, column 6: expected a value, but got “}”");
        row("a trailing comma", "{\n  \"a\": 1,\n}",
            "line 3, column 1: expected a key in double quotes, but got “}”; no comma may stand before it");
        row("a trailing comma in an array", "[1,]",
            "line 1, column 4: expected a value, but got “]”; no comma may stand before it");
        row("columns count characters", "{\"온도\":\n \"🌡\" x}", "line 2, column 6: expected “,” or “}”, but got “x”");
        row("single quotes", "{'a':1}",
            "line 1, column 2: expected a key in double quotes, but got “'”; JSON strings stand in double quotes");
        row("a bare key", "{a:1}", "line 1, column 2: expected a key in double quotes, but got “a”");
        row("no colon", R"({"a" 1})", "line 1, column 6: expected “:”, but got “1”");
        row("no comma", "[1 2]", "line 1, column 4: expected “,” or “]”, but got “2”");
        row("an open object", R"({"a":1)", "line 1, column 7: expected “,” or “}”, but got the end");
        row("an open string", "[\"abc", "line 1, column 2: expected “\"” at the end of the string that begins here");
        row("a second value", "1 2", "line 1, column 3: expected the end after the value, but got “2”");
        row("nothing at all", "", "line 1, column 1: expected a value, but got the end");
        row("blanks only", " \n ", "line 2, column 2: expected a value, but got the end");
        row("a leading zero", "[01]", "line 1, column 2: expected a number without leading zeros");
        row("a plus sign", "+1", "line 1, column 1: expected a value, but got “+1”");
        row("no digit before the point", ".5", "line 1, column 1: expected a value, but got “.”");
        row("none behind it", "5.", "line 1, column 3: expected a digit after the point, but got the end");
        row("an empty exponent", "1e", "line 1, column 3: expected a digit in the exponent, but got the end");
        row("hexadecimal", "0x10", "line 1, column 2: expected the end of the number, but got “x10”");
        row("a number no numeric holds", "1e131072",
            "line 1, column 1: expected a number of at most 131,072 digits before and 16,383 behind the point");
        row("an unknown word", "[True]", "line 1, column 2: expected a value, but got “True”");
        row("a word that goes on", "[nullx]", "line 1, column 2: expected a value, but got “nullx”");
        row("a comment", "/* c */1", "line 1, column 1: expected a value, but got “/”; JSON has no comments");
        row("a raw tab in a string", "\"a\tb\"",
            "line 1, column 3: expected an escape such as \\n or \\t, but got a raw control character in a string");
        row("an escape JSON has not", R"("\x41")",
            "line 1, column 2: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after a backslash");
        row("a short \\u", R"("\u12")", "line 1, column 2: expected four hexadecimal digits after “\\u”");
        row("character 0", R"("\u0000")", "line 1, column 2: expected no \\u0000: text cannot hold that character");
        row("half a pair", R"("\ud83d")",
            "line 1, column 2: expected the second half of a surrogate pair (\\uDC00 to \\uDFFF) after the first");
        row("the other half", R"("\ude00")",
            "line 1, column 2: expected the first half of a surrogate pair (\\uD800 to \\uDBFF) before the second");
        row("a byte order mark", "\xEF\xBB\xBF{}", "line 1, column 1: expected a value, but got “\xEF\xBB\xBF”");
        row("no UTF-8 in a string", "\"ab\xFF\"", "line 1, column 4: expected UTF-8, but got a byte that does not belong there");
        row("an overlong form", "\"\xC0\xAF\"", "line 1, column 2: expected UTF-8, but got a byte that does not belong there");
        row("a surrogate in UTF-8", "\"\xED\xA0\x80\"",
            "line 1, column 2: expected UTF-8, but got a byte that does not belong there");
        row("cut off UTF-8", "\"\xF0\x9F", "line 1, column 2: expected UTF-8, but got a byte that does not belong there");
        row("no UTF-8 outside", "\xFF", "line 1, column 1: expected a value, but got a byte that is no UTF-8");
    }
    void whatIsNoJsonIsRefusedWithItsPlace()
    {
        QFETCH(QByteArray, json);
        QTEST(QByteArray::fromStdString(refusal(json.toStdString())), "detail");
    }

    void deepNestingIsRefusedByNamingTheDepth()
    {
        const std::string sentence = "expected at most 128 arrays and objects inside each other";
        for (const int depth : {129, 10'000, 1'000'000}) {
            QVERIFY(refusal(std::string(depth, '[')).find(sentence) != std::string::npos);
            QVERIFY(refusal(std::string(depth, '[') + std::string(depth, ']')).find(sentence) != std::string::npos);
        }
        std::string objects;
        for (int i = 0; i < 10'000; ++i)
            objects += "{\"a\":";
        QVERIFY(refusal(objects).find(sentence) != std::string::npos);
        QCOMPARE(refusal(std::string(128, '[') + std::string(128, ']')), std::string("taken"));
    }

    void everyCutOffPayloadIsRefused()
    {
        const std::string json = R"({"온도":[1.5e3,-2,true,null,"\u00e9\n\ud83c\udf21",{}],"b":{"c":[]}})";
        QCOMPARE(refusal(json), std::string("taken"));
        for (std::size_t size = 0; size < json.size(); ++size)
            QVERIFY(refusal(json.substr(0, size)) != "taken");
    }

    void theCorpusIsReadAsItsAuthorsSay_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("expect");
        QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/data/json-parsing.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int lines = 0;
        for (; !file.atEnd(); ++lines) {
            const QJsonObject line = QJsonDocument::fromJson(file.readLine()).object();
            QByteArray json = QByteArray::fromBase64(line[QLatin1String("base64")].toString().toLatin1());
            if (const QJsonObject generate = line[QLatin1String("generate")].toObject(); !generate.isEmpty())
                json = generate[QLatin1String("repeat")].toString().toUtf8().repeated(generate[QLatin1String("times")].toInt()) +
                       generate[QLatin1String("tail")].toString().toUtf8();
            QTest::newRow(line[QLatin1String("id")].toString().toUtf8().constData())
                << json << line[QLatin1String("expect")].toString();
        }
        QCOMPARE(lines, 270);
    }
    void theCorpusIsReadAsItsAuthorsSay()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, expect);
        const QString id = QString::fromUtf8(QTest::currentDataTag());
        const QByteArray outcome = QByteArray::fromStdString(refusal(json.toStdString()));
        if (const auto known = asPostgresqlReads.constFind(id); known != asPostgresqlReads.cend())
            QVERIFY2(known->isEmpty() ? outcome == "taken" : outcome.contains(*known), outcome.constData());
        else if (expect == QLatin1String("accept"))
            QCOMPARE(outcome, "taken");
        else
            QVERIFY2(expect == QLatin1String("reject") && outcome.contains("expected "), outcome.constData());
    }

    void theTextIsTheValuesExactBytes()
    {
        Payload payload;
        const std::string json = " \n{ \"a\" : 1.50 , \"b\":\"\\u00e9\" }\r\n";
        QVERIFY(payload.parse(json));
        QCOMPARE(payload.text(), std::string_view("{ \"a\" : 1.50 , \"b\":\"\\u00e9\" }"));
        QVERIFY(payload.isObject());
        QVERIFY(payload.parse("[1]"));
        QVERIFY(!payload.isObject());
    }

    void ofRepeatedKeysTheLastCounts()
    {
        Payload payload;
        QVERIFY(payload.parse(R"({"a":1,"b":3,"\u0061":2})"));
        QCOMPARE(payload.text(payload.member(0, "a")), std::string_view("2"));
        std::vector<std::uint32_t> keys;
        payload.members(0, keys);
        QCOMPARE(keys.size(), std::size_t(2));
    }

    void composedAndDecomposedKeysDiffer()
    {
        Payload payload;
        QVERIFY(payload.parse("{\"온도\":21.5,\"🌡\":1,\"\\u00e9\":2,\"e\\u0301\":3}"));
        QCOMPARE(payload.text(payload.member(0, "온도")), std::string_view("21.5"));
        QCOMPARE(payload.text(payload.member(0, "🌡")), std::string_view("1"));
        QCOMPARE(payload.text(payload.member(0, "\xC3\xA9")), std::string_view("2"));
        QCOMPARE(payload.text(payload.member(0, "e\xCC\x81")), std::string_view("3"));
    }

    void membersComeInJsonbsOrder()
    {
        Payload payload;
        QVERIFY(payload.parse(R"({"bb":1,"a":2,"B":3,"":4})"));
        std::vector<std::uint32_t> keys;
        payload.members(0, keys);
        std::string order;
        for (const std::uint32_t key : keys)
            order += std::string(payload.text(key));
        QCOMPARE(order, std::string(R"("""B""a""bb")"));
    }

    void elementsAreFoundBetweenScalarsAndContainers()
    {
        Payload payload;
        QVERIFY(payload.parse("[1,[2,[3]],{\"a\":4},5]"));
        QCOMPARE(payload.text(payload.element(0, 3)), std::string_view("5"));
        QCOMPARE(payload.text(payload.element(0, 2)), std::string_view("{\"a\":4}"));
        QVERIFY(payload.parse("[1,2,3]"));
        QCOMPARE(payload.text(payload.element(0, 2)), std::string_view("3"));
    }
};

QTEST_APPLESS_MAIN(TestPayload)
#include "tst_payload.moc"
