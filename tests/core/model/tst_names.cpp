#include "core/model/names.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

/// The same text as each kind of name; one letter a kind that takes it.
QByteArray kindsThatTake(const std::string& text)
{
    QByteArray kinds;
    kinds += SourceName::parse(text, "name") ? "s" : "";
    kinds += Slug::parse(text, "slug") ? "w" : "";
    kinds += OutputName::parse(text, "name") ? "o" : "";
    kinds += ScopeName::parse(text, "name") ? "p" : "";
    kinds += EndpointId::parse(text, "id") ? "e" : "";
    kinds += OutputId::parse(text, "id") ? "u" : "";
    kinds += ClientId::parse(text, "id") ? "c" : "";
    kinds += MemberId::parse(text, "id") ? "m" : "";
    kinds += Email::parse(text, "email") ? "@" : "";
    return kinds;
}

} // namespace

class TestNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachKindTakesItsOwnTexts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("kinds");
        const auto row = [](const char* name, const QByteArray& text, const char* kinds) {
            QTest::newRow(name) << text << QByteArray(kinds);
        };
        row("lower case", "weather-2_b", "swoeucm");
        row("upper case", "Weather", "oeucm");
        row("a UUID", "0b9f5b4e-2a35-4f0e-9d7f-4f3b0f3c9a11", "swoeucm");
        row("empty", "", "");
        row("one character", "a", "swoeucm");
        row("64 characters", QByteArray(64, 'a'), "swoeucm");
        row("65 characters", QByteArray(65, 'a'), "");
        row("64 characters of three bytes", QByteArray("온").repeated(64), "o");
        row("65 characters of three bytes", QByteArray("온").repeated(65), "");
        row("a blank inside", "a b", "o");
        row("a blank in front", " a", "");
        row("a blank behind", "a ", "");
        row("a line break", "a\nb", "");
        row("a zero byte", QByteArray("a\0b", 3), "");
        row("a delete character", "a\x7f", "");
        row("not UTF-8", "a\xff", "");
        row("a slash", "a/b", "o");
        row("two dots", "..", "o");
        row("a scope", "sensor:read", "op");
        row("a scope of 64 characters", QByteArray(32, 'a') + ':' + QByteArray(31, 'b'), "op");
        row("a scope of 65 characters", QByteArray(32, 'a') + ':' + QByteArray(32, 'b'), "");
        row("a scope in upper case", "Sensor:read", "o");
        row("no namespace", ":read", "o");
        row("no action", "sensor:", "o");
        row("two colons", "a:b:c", "o");
        row("an e-mail address", "ada@example.com", "o@");
        row("the desktop's own member", "owner@localhost", "o@");
        row("two at signs", "a@b@c", "o");
        row("nothing before the at sign", "@b", "o");
        row("nothing behind it", "a@", "o");
        row("a blank in an address", "a b@c", "o");
        row("a colon in an address, which Basic credentials end at", "a:b@c", "o");
        row("254 characters of an address", QByteArray(250, 'a') + "@b.c", "@");
        row("255 characters of an address", QByteArray(251, 'a') + "@b.c", "");
    }
    void eachKindTakesItsOwnTexts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, kinds);
        QCOMPARE(kindsThatTake(text.toStdString()), kinds);
    }

    void anAddressIsLowerCased()
    {
        const auto email = Email::parse("Ada.Lovelace@Example.COM", "email");
        QVERIFY(email);
        QCOMPARE(email->text, std::string("ada.lovelace@example.com"));
    }

    void aRefusalSaysWhatWasExpectedAndWhatCame_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("sentence");
        QTest::newRow("plain") << QByteArray("A b")
                               << QByteArray(
                                      "source: source: expected a name of 1 to 64 characters of a-z 0-9 - _, but got “A b”");
        QTest::newRow("empty") << QByteArray()
                               << QByteArray("source: source: expected a name of 1 to 64 characters of a-z 0-9 - _, but got “”");
        QTest::newRow("not UTF-8")
            << QByteArray("\xff")
            << QByteArray("source: source: expected a name of 1 to 64 characters of a-z 0-9 - _, but got bytes that "
                          "are not UTF-8");
        // 79 bytes and a character of three: it is not cut in two.
        QTest::newRow("long") << QByteArray(79, 'A') + QByteArray("온도")
                              << "source: source: expected a name of 1 to 64 characters of a-z 0-9 - _, but got “" +
                                     QByteArray(79, 'A') + QByteArray("…”");
    }
    void aRefusalSaysWhatWasExpectedAndWhatCame()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, sentence);
        const auto name = SourceName::parse(text.toStdString(), "source");
        QVERIFY(!name);
        QCOMPARE(name.error().kind, Problem::BadRequest);
        QCOMPARE(told(name), sentence);
    }

    void naughtyTextsAreKeptOrRefusedWithASentence()
    {
        int count = 0;
        for (const Json& line : corpus("naughty-strings.jsonl")) {
            const std::string text = member(line, "text");
            const auto name = OutputName::parse(text, "name");
            if (name)
                QCOMPARE(bytes(name->text), bytes(text));
            else
                QVERIFY2(told(name).startsWith("name: name: expected a name of 1 to 64 characters"), member(line, "id").c_str());
            ++count;
        }
        QCOMPARE(count, 438);
    }
};

QTEST_APPLESS_MAIN(TestNames)
#include "tst_names.moc"
