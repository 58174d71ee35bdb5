#include "core/model/clock.h"
#include "core/model/encoding.h"
#include "tests/core/model/support.h"

#include <QRandomGenerator>

#include <set>

using namespace iotman;
using namespace iotman::test;

namespace {

std::string randomBytes(QRandomGenerator& generator, int size)
{
    std::string text;
    for (int i = 0; i < size; ++i)
        text += static_cast<char>(generator.bounded(256));
    return text;
}

} // namespace

class TestEncoding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void base64UrlIsThatOfTheRfc_data()
    {
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("text");
        // RFC 4648 §10, without padding.
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("one byte") << QByteArray("f") << QByteArray("Zg");
        QTest::newRow("two bytes") << QByteArray("fo") << QByteArray("Zm8");
        QTest::newRow("three bytes") << QByteArray("foo") << QByteArray("Zm9v");
        QTest::newRow("four bytes") << QByteArray("foob") << QByteArray("Zm9vYg");
        QTest::newRow("the two characters of its own") << QByteArray("\xfb\xff\xfe") << QByteArray("-__-");
        QTest::newRow("a zero byte") << QByteArray("\0", 1) << QByteArray("AA");
    }
    void base64UrlIsThatOfTheRfc()
    {
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, text);
        QCOMPARE(bytes(base64Url(plain.toStdString())), text);
        const auto back = fromBase64Url(text.toStdString());
        QVERIFY(back);
        QCOMPARE(bytes(*back), plain);
    }

    void whatNoEncoderWritesIsNotBase64Url_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"A", "AAAAA", "Zg==", "Z+8", "Z/8", "Zm9v ", "Zh", "Zm9", "Zm\n8", "Zm8\xc3\xa9"})
            QTest::newRow(text) << QByteArray(text);
    }
    void whatNoEncoderWritesIsNotBase64Url()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!fromBase64Url(text.toStdString()));
    }

    void anyBytesSurviveEachEncoding()
    {
        constexpr quint32 seed = 4648;
        QRandomGenerator generator(seed);
        for (int round = 0; round < 2000; ++round) {
            const std::string plain = randomBytes(generator, generator.bounded(70));
            QVERIFY2(fromBase64Url(base64Url(plain)) == plain,
                     qPrintable(QStringLiteral("seed %1, round %2").arg(seed).arg(round)));
            QVERIFY2(percentDecoded(percentEncoded(plain), Plus::Blank) == plain,
                     qPrintable(QStringLiteral("seed %1, round %2").arg(seed).arg(round)));
        }
    }

    void hexIsLowerCase() { QCOMPARE(bytes(hexText(std::string("\x00\x7f\xff", 3))), QByteArray("007fff")); }

    void percentEscapesAreReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("form"); // as in a form body; null where it is refused
        QTest::addColumn<QByteArray>("literal");
        QTest::newRow("upper and lower case") << QByteArray("%4A%4a") << QByteArray("JJ") << QByteArray("JJ");
        QTest::newRow("a plus") << QByteArray("a+b") << QByteArray("a b") << QByteArray("a+b");
        QTest::newRow("an escaped plus") << QByteArray("a%2Bb") << QByteArray("a+b") << QByteArray("a+b");
        QTest::newRow("a zero byte") << QByteArray("%00") << QByteArray("\0", 1) << QByteArray("\0", 1);
        QTest::newRow("an escape at the end") << QByteArray("a%20") << QByteArray("a ") << QByteArray("a ");
        for (const char* text : {"%", "%4", "a%4", "%4g", "%g4", "%%41", "%-1"})
            QTest::newRow(text) << QByteArray(text) << QByteArray() << QByteArray();
    }
    void percentEscapesAreReadStrictly()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, form);
        QFETCH(QByteArray, literal);
        const auto asForm = percentDecoded(text.toStdString(), Plus::Blank);
        const auto asLiteral = percentDecoded(text.toStdString(), Plus::Literal);
        QCOMPARE(asForm.has_value(), !form.isNull());
        QCOMPARE(asLiteral.has_value(), !literal.isNull());
        QCOMPARE(bytes(asForm.value_or("")), form);
        QCOMPARE(bytes(asLiteral.value_or("")), literal);
    }

    void onlyUnreservedCharactersStandUnescaped()
    {
        QCOMPARE(bytes(percentEncoded("AZaz09-._~")), QByteArray("AZaz09-._~"));
        QCOMPARE(bytes(percentEncoded("a b/c?d&e=f+g%é")), QByteArray("a%20b%2Fc%3Fd%26e%3Df%2Bg%25%C3%A9"));
    }

    void utf8IsThatOfTheUnicodeStandard_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        const auto row = [](const char* name, const QByteArray& text, bool good) { QTest::newRow(name) << text << good; };
        row("empty", "", true);
        row("the last of one byte", "\x7f", true);
        row("a zero byte", QByteArray("\0", 1), true);
        row("the first of two bytes", "\xc2\x80", true);
        row("the first of three bytes", "\xe0\xa0\x80", true);
        row("before the surrogates", "\xed\x9f\xbf", true);
        row("behind the surrogates", "\xee\x80\x80", true);
        row("a noncharacter", "\xef\xbf\xbf", true);
        row("the first of four bytes", "\xf0\x90\x80\x80", true);
        row("the last character", "\xf4\x8f\xbf\xbf", true);
        row("past the last character", "\xf4\x90\x80\x80", false);
        row("a lone tail", "\x80", false);
        row("overlong, two bytes", "\xc0\x80", false);
        row("overlong, two bytes, the last", "\xc1\xbf", false);
        row("overlong, three bytes", "\xe0\x9f\xbf", false);
        row("overlong, four bytes", "\xf0\x8f\xbf\xbf", false);
        row("the first surrogate", "\xed\xa0\x80", false);
        row("the last surrogate", "\xed\xbf\xbf", false);
        row("five bytes", "\xf8\x88\x80\x80\x80", false);
        row("a byte that never occurs", "\xff", false);
        row("cut after one of two", "a\xc3", false);
        row("cut after two of three", "\xe2\x82", false);
        row("cut after three of four", "\xf0\x9f\x98", false);
        row("a tail that is a letter", "\xc3(", false);
    }
    void utf8IsThatOfTheUnicodeStandard()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        QCOMPARE(isUtf8(text.toStdString()), good);
    }

    void columnsCountCharacters_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset");
        QTest::addColumn<int>("column");
        QTest::newRow("the start") << QByteArray("abc") << 0 << 1;
        QTest::newRow("the end") << QByteArray("abc") << 3 << 4;
        QTest::newRow("past the end") << QByteArray("abc") << 9 << 4;
        QTest::newRow("behind two bytes") << QByteArray("éa") << 2 << 2;
        QTest::newRow("behind three bytes") << QByteArray("온도") << 3 << 2;
        QTest::newRow("behind four bytes") << QByteArray("😀a") << 4 << 2;
    }
    void columnsCountCharacters()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, offset);
        QFETCH(int, column);
        QCOMPARE(columnAt(text.toStdString(), static_cast<std::size_t>(offset)), column);
    }

    void whatIsCutIsCutBetweenCharacters_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("most");
        QTest::addColumn<QByteArray>("start");
        QTest::newRow("all of it") << QByteArray("온도") << 6 << QByteArray("온도");
        QTest::newRow("more than there is") << QByteArray("온도") << 60 << QByteArray("온도");
        QTest::newRow("between two") << QByteArray("온도") << 3 << QByteArray("온");
        QTest::newRow("a byte more") << QByteArray("온도") << 4 << QByteArray("온");
        QTest::newRow("two bytes more") << QByteArray("온도") << 5 << QByteArray("온");
        QTest::newRow("less than a character") << QByteArray("😀") << 3 << QByteArray("");
        QTest::newRow("nothing") << QByteArray("a") << 0 << QByteArray("");
        QTest::newRow("of no text at all") << QByteArray("\x80\x80\x80") << 2 << QByteArray("");
    }
    void whatIsCutIsCutBetweenCharacters()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, most);
        QTEST(QByteArray::fromStdString(std::string(cutBetweenCharacters(text.toStdString(), static_cast<std::size_t>(most)))), "start");
    }

    void secretsAreComparedWhole()
    {
        QVERIFY(sameSecret("", ""));
        QVERIFY(sameSecret("secret", "secret"));
        QVERIFY(!sameSecret("secret", "secreT"));
        QVERIFY(!sameSecret("secret", "Secret"));
        QVERIFY(!sameSecret("secret", "secre"));
        QVERIFY(!sameSecret("secret", ""));
    }

    void secretsHave43CharactersAndNeverRepeat()
    {
        static const QRegularExpression shape(QStringLiteral("^[A-Za-z0-9_-]{43}$"));
        SystemRandom random;
        std::set<std::string> seen;
        for (int i = 0; i < 1000; ++i) {
            const std::string secret = random.secret();
            QVERIFY2(shape.match(QString::fromStdString(secret)).hasMatch(), "the shape of a secret");
            QVERIFY(seen.insert(secret).second);
        }
    }

    void uuidsAreOfVersion4()
    {
        static const QRegularExpression shape(
            QStringLiteral("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        SystemRandom random;
        std::set<std::string> seen;
        for (int i = 0; i < 1000; ++i) {
            const std::string uuid = random.uuid();
            QVERIFY2(shape.match(QString::fromStdString(uuid)).hasMatch(), uuid.c_str());
            QVERIFY(seen.insert(uuid).second);
        }
    }
};

QTEST_APPLESS_MAIN(TestEncoding)
#include "tst_encoding.moc"
