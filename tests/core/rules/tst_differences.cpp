// Each line of the table in docs/rules.md that says where rules differ from PostgreSQL 15's paths.
#include "core/rules/transform.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::rules;

namespace {

/// The item that the rule makes, or the sentence that refuses.
QByteArray made(const QByteArray& rule, const QByteArray& json = "1", const QByteArray& filter = {})
{
    const Expected<Transform> transform = Transform::compile(filter.toStdString(), rule.toStdString());
    if (!transform)
        return QByteArray::fromStdString(transform.error().detail);
    Payload payload;
    const std::string text = json.toStdString();
    if (const Expected<void> parsed = payload.parse(text); !parsed)
        return QByteArray::fromStdString(parsed.error().detail);
    std::string item;
    Error error;
    return transform->run(payload, {}, item, error) == Transform::Outcome::Failed ? QByteArray::fromStdString(error.detail)
                                                                                  : QByteArray::fromStdString(item);
}

struct Line {
    const char* what;  ///< the first column of the table
    QByteArray within; ///< what is still taken gives this …
    QByteArray result;
    QByteArray beyond; ///< … and what is not gives something with this in it
    QByteArray refusal;
};

QList<Line> lines()
{
    const auto nested = [](int depth) -> QByteArray { return QByteArray(depth, '[') + QByteArray(depth, ']'); };
    return {
        {"length of a rule or filter", made("1" + QByteArray(16'383, ' ')), "1", made("1" + QByteArray(16'384, ' ')),
         "expected at most 16 KiB"},
        {"digits of all its numbers, exponents written out", made("1e131071 == 1" + QByteArray(" || 1e131071 == 1").repeated(6)),
         "false", made("1e131071 == 1" + QByteArray(" || 1e131071 == 1").repeated(500)),
         "expected numbers of at most 1,000,000 digits together"},
        {"parentheses, brackets and signs inside each other", made(QByteArray(200, '(') + "1" + QByteArray(200, ')')), "1",
         made(QByteArray(201, '(') + "1" + QByteArray(201, ')')), "expected at most 200 parentheses and brackets"},
        {"operators in a row", made("1" + QByteArray("+1").repeated(1'024)), "1025", made("1" + QByteArray("+1").repeated(1'025)),
         "expected at most 1024 operators in a row"},
        {"steps in a path", made("$" + QByteArray("[*]").repeated(1'024)), "1", made("$" + QByteArray("[*]").repeated(1'025)),
         "expected at most 1024 steps in a path"},
        {"steps inside each other when it runs", made("$" + QByteArray("[*]").repeated(600)), "1",
         made("$" + QByteArray("[*]").repeated(600) + QByteArray("+1").repeated(900)),
         "expected at most 1200 steps inside each other"},
        {"nesting of a payload", made("$", nested(128)), nested(128), made("$", nested(129)),
         "expected at most 128 arrays and objects inside each other"},
        {"nesting of an item", made("{ a: $ }", nested(127)), "{\"a\":" + nested(127) + "}", made("{ a: $ }", nested(128)),
         "column 6: expected an item of at most 128 arrays and objects inside each other"},
        {"steps for one datapoint", made("1", nested(100), "exists($.**.**.**)"), "1",
         made("1", nested(100), "exists($.**.**.**.**.**.** ? (@ == 1))"), "expected at most 4000000 steps"},
        {"size of an item", made("[$, $]", "\"" + QByteArray(500'000, 'x') + "\"").left(4), "[\"xx",
         made("[$, $, $]", "\"" + QByteArray(500'000, 'x') + "\""), "expected an item of at most 1 MiB"},
        {"variables", made("$id"), "0", made("$other"), "expected $ts, $source or $id"},
        {"spelling of what is passed on", made("{ x: $.x }", "{\"x\":{\"b\": 1.50e3,\"a\":\"\\u00e9\",\"a\":2}}"),
         "{\"x\":{\"b\": 1.50e3,\"a\":\"\\u00e9\",\"a\":2}}", made("$.x + 0", "{\"x\":1.50e3}"), "1500"},
        {"constructors", made("{ a: [$, 2] }"), "{\"a\":[1,2]}", made("1", "1", "{ a: 1 }"), "expected a value or a path"},
    };
}

} // namespace

class TestDifferences : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachLineOfTheTableIsTested()
    {
        QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/docs/rules.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        text = text.mid(text.indexOf("## Where it differs"));
        text = text.left(text.indexOf("\n## ", 5));
        QByteArrayList documented;
        for (const QByteArray& line : text.split('\n'))
            if (line.startsWith("| ") && !line.startsWith("| what "))
                documented << line.split('|')[1].trimmed();
        QByteArrayList tested;
        for (const Line& line : lines())
            tested << line.what;
        QCOMPARE(documented, tested);
    }

    void itIsSo_data()
    {
        QTest::addColumn<int>("line");
        const QList<Line> all = lines();
        for (int i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].what) << i;
    }
    void itIsSo()
    {
        QFETCH(int, line);
        const Line it = lines()[line];
        QCOMPARE(it.within, it.result);
        QVERIFY2(it.beyond.contains(it.refusal), it.beyond.left(200));
    }
};

QTEST_APPLESS_MAIN(TestDifferences)
#include "tst_differences.moc"
