// The shape of items, from a rule and from items.
#include "core/server/itemschema.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

class TestItemSchema : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRuleAndItsItemsGiveASchema_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QList<QByteArray>>("items");
        QTest::addColumn<QByteArray>("schema");
        const auto row = [](const char* name, const char* rule, const QList<QByteArray>& items, const char* schema) {
            QTest::newRow(name) << QByteArray(rule) << items << QByteArray(schema);
        };
        row("a constructor's members are all there and no others", "{ at: $ts, who: $source, ok: $.x > 1 }", {},
            R"({"type":"object","properties":{"at":{"type":"number"},"who":{"type":"string"},"ok":{"type":["boolean","null"]}},)"
            R"("required":["at","who","ok"],"additionalProperties":false})");
        row("a path is what its items show", "{ a: $.a, b: $.b }", {R"({"a":1,"b":null})", R"({"a":2,"b":"x"})"},
            R"({"type":"object","properties":{"a":{"type":"number"},"b":{"type":["string","null"]}},"required":["a","b"],"additionalProperties":false})");
        row("arithmetic is a number, or null where something is missing", "{ c: ($.f - 32) / 1.8 }", {},
            R"({"type":"object","properties":{"c":{"type":["number","null"]}},"required":["c"],"additionalProperties":false})");
        row("an item of an earlier rule opens what the rule closes", "{ a: $.a }", {R"({"b":1})", R"({"a":1})"},
            R"({"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}}})");
        row("so does one that lacks a member", "{ a: $.a }", {R"({"a":1})", "{}"},
            R"({"type":"object","properties":{"a":{"type":"number"}}})");
        row("and one that is no object is one of its types", "{ a: $.a }", {R"({"a":1})", "5"},
            R"({"type":["object","number"],"properties":{"a":{"type":"number"}},"required":["a"],"additionalProperties":false})");
        row("passthrough is what its items show", "$", {R"({"a":[1,"x"],"b":{"c":true}})"},
            R"({"type":"object","properties":{"a":{"type":"array","items":{"type":["number","string"]}},)"
            R"("b":{"type":"object","properties":{"c":{"type":"boolean"}}}}})");
        row("nothing known is anything", "$", {}, "{}");
        row("an item may be a plain value", "$.t", {"1.5"}, R"({"type":"number"})");
        row("a rule that does not compile says nothing", "{", {}, "{}");
    }
    void aRuleAndItsItemsGiveASchema()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QList<QByteArray>, items);
        QFETCH(QByteArray, schema);
        std::size_t room = 1000;
        Shape shape = shapeOfRule(rule.toStdString());
        rules::Payload payload;
        for (const QByteArray& item : items) {
            const std::string text = item.toStdString();
            QVERIFY(payload.parse(text).has_value());
            shape.add(payload, 0, room);
        }
        QCOMPARE(QByteArray::fromStdString(jsonText(shape.schema())), schema);
    }

    void aSchemaHasRoomForSoManyMembersOnly()
    {
        Shape shape = shapeOfRule("$");
        rules::Payload payload;
        std::size_t room = 10;
        for (int item = 0; item < 10; ++item) {
            const std::string text = "{\"a" + std::to_string(item) + "\":{\"b\":1,\"c\":2}}";
            QVERIFY(payload.parse(text).has_value());
            shape.add(payload, 0, room);
        }
        QCOMPARE(room, 0U);
        QCOMPARE(shape.schema().at("properties").size(), 4U); // three with both members, one with the first
    }
};

QTEST_APPLESS_MAIN(TestItemSchema)
#include "tst_itemschema.moc"
