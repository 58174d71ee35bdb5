#include "core/import/limits.h"
#include "core/import/objectmatcher.h"
#include "core/import/splitbody.h"
#include "core/model/encoding.h"
#include "core/rules/payload.h"
#include "tests/core/import/support.h"

#include <QtCore/QHash>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

using namespace iotman;
using namespace iotman::files;

/// `object`, `array` or `lines`, then one line a slice: its number and its text.
static QByteArray told(const Expected<Body>& body)
{
    if (!body)
        return QByteArray::fromStdString(body.error().detail);
    QByteArray text = body->shape == BodyShape::Object ? "object" : body->shape == BodyShape::Array ? "array" : "lines";
    for (const Slice& slice : body->objects)
        text += "\n" + QByteArray::number(qulonglong(slice.number)) + " " + QByteArray::fromStdString(std::string(slice.text));
    return text;
}

static std::string repeated(std::string_view part, int times)
{
    std::string text;
    for (int i = 0; i < times; ++i)
        text += part;
    return text;
}

/// How many objects are taken of a body, or else the sentence that refuses it, as a request has it answered.
static QByteArray outcomeOf(const std::string& text)
{
    const auto body = splitBody(text);
    if (!body)
        return QByteArray::fromStdString(body.error().detail);
    rules::Payload payload;
    for (const Slice& slice : body->objects) {
        if (const auto parsed = payload.parse(slice.text); !parsed)
            return QByteArray::fromStdString(placedInBody(text, body->shape, slice, parsed.error()).detail);
        if (!payload.isObject())
            return "no object";
    }
    return QByteArray::number(qulonglong(body->objects.size())) + " taken";
}

/// JSON by its grammar, with keys that PostgreSQL's jsonb refuses too (docs/rules.md, “Payloads”).
static const QHash<QString, QByteArray> keysThatTextCannotHold{
    {QStringLiteral("y_object_escaped_null_in_key.json"),
     "line 1, column 6: expected no \\u0000: text cannot hold that character"},
    {QStringLiteral("i_object_key_lone_2nd_surrogate.json"),
     "line 1, column 3: expected the first half of a surrogate pair (\\uD800 to \\uDBFF) before the second"},
};

class TestSplitBody : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aBodyIsSplitByWhatItIs_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, const char* body, const char* told) {
            QTest::newRow(name) << QByteArray(body) << QByteArray(told);
        };
        row("one object", "{\"a\":1}", "object\n1 {\"a\":1}");
        row("its white space is kept inside and dropped outside", " \r\n{ \"a\" : 1 }\n\n", "object\n1 { \"a\" : 1 }");
        row("one object over several lines", "{\n  \"a\": {\n  }\n}\n", "object\n1 {\n  \"a\": {\n  }\n}");
        row("a byte order mark counts for nothing", "\xef\xbb\xbf{}", "object\n1 {}");
        row("an array", "[{\"a\":1}, {\"a\":2}\n,{}]\n", "array\n1 {\"a\":1}\n2 {\"a\":2}\n3 {}");
        row("an empty array", " [ ] ", "array");
        row("lines", "{\"a\":1}\n{\"a\":2}\n", "lines\n1 {\"a\":1}\n2 {\"a\":2}");
        row("lines with blank ones between, and CR LF", "\r\n{\"a\":1}\r\n\r\n  {\"a\":2} \r\n",
            "lines\n2 {\"a\":1}\n4 {\"a\":2}");
        row("lines that end with CR", "{}\r{}\r\r{}", "lines\n1 {}\n2 {}\n4 {}");
        row("brackets and quotes in strings are text", "{\"}\":\"{[\\\"]}\"}\n{\"\\\\\":\"}\"}",
            "lines\n1 {\"}\":\"{[\\\"]}\"}\n2 {\"\\\\\":\"}\"}");
        row("nothing", "", "expected at least one JSON object, but the body is empty");
        row("nothing but white space", " \n\t\r\n", "expected at least one JSON object, but the body is empty");
        row("a number", "5", "line 1, column 1: expected an object, an array of objects, or one object a line, but got “5”");
        row("a string", "\n \"a b\"",
            "line 2, column 2: expected an object, an array of objects, or one object a line, but got “\"a b\"”");
        row("a bare word", "hello {}",
            "line 1, column 1: expected an object, an array of objects, or one object a line, but got “hello”");
        row("an element that is a number (ingest-6)", "[{},{}\n,  5,{}]",
            "element 3: line 2, column 4: expected an object, but got “5”");
        row("an element that is an array", "[[]]", "element 1: line 1, column 2: expected an object, but got “[”");
        row("a comma before the end", "[{},]", "element 2: line 1, column 5: expected an object, but got “]”");
        row("two commas", "[{},,{}]", "element 2: line 1, column 5: expected an object, but got “,”");
        row("no comma", "[{} {}]", "element 1: line 1, column 5: expected “,” or “]”, but got “{”");
        row("an array without its end", "[{},{}", "element 2: line 1, column 7: expected “,” or “]”, but got the end");
        row("nothing but its beginning", "[", "element 1: line 1, column 2: expected an object, but got the end");
        row("something behind an array", "[{}] x", "line 1, column 6: expected nothing after the array, but got “x”");
        row("an object without its end", "{\"a\":{}", "line 1, column 8: expected “}”, but got the end");
        row("a string without its end", "{\"온도\":\"x}", "line 1, column 10: expected the end of a string, but got the end");
        row("an object over lines without its end", "{\n\"a\":1\n",
            "line 3, column 1: expected “}”, but got the end; the object starts in line 1");
        row("a line without its end", "{}\n{\"a\":{}\n{}\n", "line 2, column 8: expected “}”, but got the end of the line");
        row("two objects in a line", "{}\n{} {}\n", "line 2, column 4: expected the end of the line, but got “{”");
        row("two objects in the first line", "{} {}", "line 1, column 4: expected the end of the line, but got “{”");
        row("a line that is an array", "{}\n[]\n", "line 2, column 1: expected an object, but got “[”");
        row("two objects over several lines", "{\n}\n{\n}\n",
            "line 3, column 1: expected nothing after the object, but got “{”; several objects go one a line each");
        row("an object too many brackets", "{}}", "line 1, column 3: expected the end of the line, but got “}”");
    }
    void aBodyIsSplitByWhatItIs()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, told);
        const std::string kept = body.toStdString();
        QCOMPARE(::told(splitBody(kept)), told);
    }

    void theColumnIsAValueToo()
    {
        const auto body = splitBody("{}\n{\"온도\":1} x\n");
        QVERIFY(!body);
        QCOMPARE(body.error().column, 10);
        QVERIFY(body.error().kind == Problem::BadRequest);
    }

    void depthAndSizeHaveTheirLimits()
    {
        const auto nested = [](int depth) { return repeated("{\"a\":", depth - 1) + "{}" + repeated("}", depth - 1); };
        QVERIFY(splitBody(nested(128)));
        QCOMPARE(told(splitBody(nested(129))),
                 QByteArray("line 1, column 641: expected a nesting of at most 128, but it is deeper"));
        QVERIFY(splitBody(nested(129), envelopeLimits));
        QCOMPARE(told(splitBody(nested(130), envelopeLimits)),
                 QByteArray("line 1, column 646: expected a nesting of at most 129, but it is deeper"));
        // json-3: whatever nests too deep, the depth is named.
        QCOMPARE(told(splitBody(repeated("{\"a\":", 10'000))),
                 QByteArray("line 1, column 641: expected a nesting of at most 128, but it is deeper"));
        QCOMPARE(told(splitBody("{\"a\":" + repeated("[", 1'000'000))),
                 QByteArray("line 1, column 133: expected a nesting of at most 128, but it is deeper"));
        QCOMPARE(told(splitBody("[{\"a\":" + repeated("[", 1'000'000))),
                 QByteArray("element 1: line 1, column 134: expected a nesting of at most 128, but it is deeper"));
        QCOMPARE(told(splitBody(repeated("[", 1'000'000))),
                 QByteArray("element 1: line 1, column 130: expected a nesting of at most 128, but it is deeper"));
        QCOMPARE(told(splitBody(repeated("[", 10'000) + repeated("]", 10'000))),
                 QByteArray("element 1: line 1, column 130: expected a nesting of at most 128, but it is deeper"));
        QCOMPARE(told(splitBody("[" + repeated("[", 128))),
                 QByteArray("element 1: line 1, column 2: expected an object, but got “[”"));

        const auto sized = [](std::size_t size) { return "{\"a\":\"" + std::string(size - 8, 'x') + "\"}"; };
        const std::string largest = sized(largestObject);
        QVERIFY(splitBody(largest));
        const auto tooLarge = splitBody("{}\n" + sized(largestObject + 1) + "\n");
        QVERIFY(!tooLarge);
        QVERIFY(tooLarge.error().kind == Problem::TooLarge);
        QCOMPARE(told(tooLarge), QByteArray("line 2, column 1: expected an object of at most 1 MiB, but this one is larger"));
        QVERIFY(splitBody("[" + largest + "," + largest + "]"));

        QCOMPARE(splitBody(repeated("{}\n", 100'000))->objects.size(), std::size_t(100'000));
        const auto tooMany = splitBody(repeated("{}\n", 100'001));
        QVERIFY(tooMany.error().kind == Problem::TooLarge);
        QCOMPARE(told(tooMany), QByteArray("line 100001, column 1: expected at most 100,000 objects, but there are more"));
    }

    void linesThatEndWithCrTakeNoLongerThanOthers()
    {
        // Each line would be searched for an LF up to the body's end, were the search not remembered.
        const std::string line = "{\"a\":\"" + std::string(300, 'x') + "\"}\r";
        QCOMPARE(splitBody(repeated(line, 100'000))->objects.size(), std::size_t(100'000));
    }

    void theMatcherFindsTheSameEndHoweverTheTextIsCut()
    {
        std::string text = "{\"a\":\"}]\\\"\\\\\",\"long\":\"" + std::string(100, '{') +
                           "\",\"n\":[[{\"x\":[1,2,{}]}]],\"e\":\"\\\\\\\\\"," + std::string(70, ' ') + "\"q\":\"\\\"}\"}";
        const std::size_t size = text.size();
        text += "}]\"{}" + std::string(80, 'z');
        for (std::size_t piece = 1; piece <= text.size(); ++piece) {
            ObjectMatcher matcher;
            std::size_t at = 0;
            ObjectMatcher::Result result = ObjectMatcher::Result::Open;
            while (result == ObjectMatcher::Result::Open && at < text.size()) {
                result = matcher.feed(std::string_view(text).substr(at, piece));
                at += matcher.end();
            }
            QVERIFY(result == ObjectMatcher::Result::Closed);
            QCOMPARE(at, size);
        }
    }

    void aParsersErrorIsToldAsAPlaceInTheBody_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("place");
        QTest::addColumn<int>("column");
        std::string lines = repeated("{\"n\":1}\n", 636);
        QTest::newRow("a line (ingest-6)") << QByteArray::fromStdString(lines + "  {\"n\":637,}\n{}\n")
                                           << QByteArray("line 637, column 12: ") << 12;
        QTest::newRow("an element") << QByteArray("[{},\n {},{\"온도\":nan}]") << QByteArray("element 3: line 2, column 11: ")
                                    << 11;
        QTest::newRow("an object over lines") << QByteArray("\n{\n \"a\":,\n}") << QByteArray("line 3, column 6: ") << 6;
    }
    void aParsersErrorIsToldAsAPlaceInTheBody()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, place);
        QFETCH(int, column);
        const std::string kept = body.toStdString();
        const auto split = splitBody(kept);
        QVERIFY(split);
        rules::Payload payload;
        for (const Slice& slice : split->objects) {
            const auto parsed = payload.parse(slice.text);
            if (parsed)
                continue;
            const Error error = placedInBody(kept, split->shape, slice, parsed.error());
            QVERIFY2(error.detail.starts_with(place.toStdString()), error.detail.c_str());
            QVERIFY(error.detail.find("expected", std::size_t(place.size())) == std::size_t(place.size()));
            QCOMPARE(error.column, column);
            return;
        }
        QFAIL("no slice was refused");
    }

    void everyTextOfTheCorpusIsTakenOrRefusedAsItShould_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expect");
        QTest::addColumn<QString>("shape");
        for (const QByteArray& line : QByteArray::fromStdString(test::dataFile("json-parsing.jsonl")).split('\n')) {
            const QJsonObject one = QJsonDocument::fromJson(line).object();
            if (one.isEmpty())
                continue;
            QByteArray text = QByteArray::fromBase64(one[QLatin1String("base64")].toString().toLatin1());
            if (const QJsonObject generate = one[QLatin1String("generate")].toObject(); !generate.isEmpty())
                text = generate[QLatin1String("repeat")].toString().toUtf8().repeated(generate[QLatin1String("times")].toInt()) +
                       generate[QLatin1String("tail")].toString().toUtf8();
            QTest::newRow(one[QLatin1String("id")].toString().toUtf8().constData())
                << text << one[QLatin1String("expect")].toString() << one[QLatin1String("shape")].toString();
        }
    }
    void everyTextOfTheCorpusIsTakenOrRefusedAsItShould()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, expect);
        QFETCH(QString, shape);
        const QByteArray outcome = outcomeOf(text.toStdString());
        QVERIFY2(isUtf8(outcome.toStdString()), outcome.toPercentEncoding().constData());
        const QString id = QString::fromUtf8(QTest::currentDataTag());
        if (expect == QLatin1String("reject"))
            QVERIFY2(outcome.contains("expected "), outcome.constData());
        else if (const auto known = keysThatTextCannotHold.constFind(id); known != keysThatTextCannotHold.cend())
            QCOMPARE(outcome, *known);
        else if (shape == QLatin1String("object") || id == QLatin1String("i_structure_UTF-8_BOM_empty_object.json"))
            QCOMPARE(outcome, "1 taken");
        else if (shape == QLatin1String("empty array"))
            QCOMPARE(outcome, "0 taken");
        else if (id == QLatin1String("i_structure_500_nested_arrays.json"))
            QCOMPARE(outcome, "element 1: line 1, column 130: expected a nesting of at most 128, but it is deeper");
        else // a scalar, an array of other things, bytes in UTF-16
            QVERIFY2(outcome.contains(": expected an object, "), outcome.constData());
    }

    void theCorpusIsWhole()
    {
        int lines = 0;
        for (const QByteArray& line : QByteArray::fromStdString(test::dataFile("json-parsing.jsonl")).split('\n'))
            lines += line.isEmpty() ? 0 : 1;
        QCOMPARE(lines, 270);
    }
};

QTEST_APPLESS_MAIN(TestSplitBody)
#include "tst_splitbody.moc"
