#include "core/rules/decimal.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::rules;

namespace {

Decimal decimal(const QByteArray& text)
{
    return *Decimal::parse(text.toStdString());
}

QByteArray shown(const tl::expected<Decimal, NumberFault>& result)
{
    if (!result)
        return result.error() == NumberFault::DivisionByZero ? "division by zero" : "out of range";
    return QByteArray::fromStdString(result->text());
}

} // namespace

class TestDecimal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNumberPrintsAsPostgresqlPrintsIt_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("printed");
        QTest::newRow("whole") << QByteArray("42") << QByteArray("42");
        QTest::newRow("trailing zeros stay") << QByteArray("1.50") << QByteArray("1.50");
        QTest::newRow("zero has no sign") << QByteArray("-0.0") << QByteArray("0.0");
        QTest::newRow("an exponent is worked in") << QByteArray("1e3") << QByteArray("1000");
        QTest::newRow("downwards too") << QByteArray("15e-4") << QByteArray("0.0015");
        QTest::newRow("into the decimals") << QByteArray("1.50e1") << QByteArray("15.0");
        QTest::newRow("beyond the decimals") << QByteArray("1.5E+2") << QByteArray("150");
        QTest::newRow("no digit behind the point") << QByteArray("5.") << QByteArray("5");
        QTest::newRow("none before it") << QByteArray("-.5") << QByteArray("-0.5");
        QTest::newRow("more than a double holds (json-1)") << QByteArray("9007199254740993") << QByteArray("9007199254740993");
        QTest::newRow("more than 64 bits (json-1)") << QByteArray("18446744073709551615") << QByteArray("18446744073709551615");
        QTest::newRow("the last that fits 19 digits") << QByteArray("9999999999999999999") << QByteArray("9999999999999999999");
        QTest::newRow("30 digits (json-1)") << QByteArray("123456789012345678901234567890")
                                            << QByteArray("123456789012345678901234567890");
        QTest::newRow("below 2^126") << QByteArray("85070591730234615865843651857942052863")
                                     << QByteArray("85070591730234615865843651857942052863");
        QTest::newRow("2^126") << QByteArray("-85070591730234615865843651857942052864")
                               << QByteArray("-85070591730234615865843651857942052864");
        QTest::newRow("a long fraction") << QByteArray("0.") + QByteArray(60, '3') << QByteArray("0.") + QByteArray(60, '3');
        QTest::newRow("a zero with a scale") << QByteArray("0e-3") << QByteArray("0.000");
    }
    void aNumberPrintsAsPostgresqlPrintsIt()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, printed);
        QCOMPARE(shown(Decimal::parse(text.toStdString())), printed);
    }

    void theLongestNumbersAreRead()
    {
        QCOMPARE(shown(Decimal::parse("1e131071")), "1" + QByteArray(131'071, '0'));
        QCOMPARE(shown(Decimal::parse("1e131072")), QByteArray("out of range"));
        QCOMPARE(shown(Decimal::parse("1e-16383")), "0." + QByteArray(16'382, '0') + "1");
        QCOMPARE(shown(Decimal::parse("1e-16384")), QByteArray("out of range"));
        QCOMPARE(shown(Decimal::parse("1e99999999999")), QByteArray("out of range"));
        QVERIFY(Decimal::fits("-9e131071"));
        QVERIFY(!Decimal::fits("1e2147483648"));
    }

    void arithmeticKeepsPostgresqlsScale_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<char>("sign");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<QByteArray>("result");
        const auto row = [](const char* left, char sign, const char* right, const char* result) {
            QTest::addRow("%s %c %s", left, sign, right) << QByteArray(left) << sign << QByteArray(right) << QByteArray(result);
        };
        row("1.5", '+', "1.50", "3.00");
        row("0.1", '+', "0.2", "0.3");
        row("1", '-', "0.9999", "0.0001");
        row("9223372036854775807", '+', "1", "9223372036854775808");
        row("85070591730234615865843651857942052863", '+', "1", "85070591730234615865843651857942052864");
        row("1e37", '+', "1e-37", "10000000000000000000000000000000000000.0000000000000000000000000000000000001");
        row("2.50", '*', "4.0", "10.000");
        row("-3", '*', "0.0", "0.0");
        row("9223372036854775807", '*', "9223372036854775807", "85070591730234615847396907784232501249");
        row("99999999999999999999", '*', "99999999999999999999", "9999999999999999999800000000000000000001");
        row("1", '/', "3", "0.33333333333333333333");
        row("4", '/', "3", "1.3333333333333333");
        row("40000", '/', "3", "13333.333333333333");
        row("72.5", '/', "1.8", "40.2777777777777778");
        row("-11.5", '/', "1.8", "-6.3888888888888889");
        row("1", '/', "8", "0.12500000000000000000");
        row("2", '/', "4", "0.50000000000000000000");
        row("1", '/', "0.0001", "10000.0000000000000000");
        row("123456789012345678901234567890", '/', "7", "17636684144620811271604938270");
        row("1", '/', "0", "division by zero");
        row("7", '%', "3", "1");
        row("-7.5", '%', "2", "-1.5");
        row("7.25", '%', "0.5", "0.25");
        row("123456789012345678901234567890", '%', "7", "0");
        row("1", '%', "0.0", "division by zero");
    }
    void arithmeticKeepsPostgresqlsScale()
    {
        QFETCH(QByteArray, left);
        QFETCH(char, sign);
        QFETCH(QByteArray, right);
        const Decimal a = decimal(left);
        const Decimal b = decimal(right);
        const auto result = sign == '+'   ? Decimal::add(a, b)
                            : sign == '-' ? Decimal::subtract(a, b)
                            : sign == '*' ? Decimal::multiply(a, b)
                            : sign == '/' ? Decimal::divide(a, b)
                                          : Decimal::remainder(a, b);
        QTEST(shown(result), "result");
    }

    void aProductThatIsTooLongIsRefused()
    {
        QCOMPARE(shown(Decimal::multiply(decimal("1e131071"), decimal("10"))), QByteArray("out of range"));
        QCOMPARE(shown(Decimal::multiply(decimal("1e-16383"), decimal("0.5"))), "0." + QByteArray(16'382, '0') + "1");
    }

    void orderLooksAtTheValueNotAtTheScale_data()
    {
        QTest::addColumn<QByteArray>("less");
        QTest::addColumn<QByteArray>("greater");
        QTest::addColumn<bool>("equal");
        QTest::newRow("1.0 is 1") << QByteArray("1.0") << QByteArray("1") << true;
        QTest::newRow("by a last digit") << QByteArray("9007199254740992") << QByteArray("9007199254740993") << false;
        QTest::newRow("negative below positive") << QByteArray("-1e40") << QByteArray("1e-10") << false;
        QTest::newRow("long ones") << QByteArray("1e100") << QByteArray("1.1e100") << false;
        QTest::newRow("long and equal") << QByteArray("1e100") << QByteArray("10e99") << true;
        QTest::newRow("far apart scales") << QByteArray("1e-16000") << QByteArray("1e100") << false;
    }
    void orderLooksAtTheValueNotAtTheScale()
    {
        QFETCH(QByteArray, less);
        QFETCH(QByteArray, greater);
        QFETCH(bool, equal);
        const int order = Decimal::compare(decimal(less), decimal(greater));
        QVERIFY(equal ? order == 0 : order < 0);
        const int reversed = Decimal::compare(decimal(greater), decimal(less));
        QVERIFY(equal ? reversed == 0 : reversed > 0);
    }

    void roundingToWholeNumbers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("floor");
        QTest::addColumn<QByteArray>("ceiling");
        QTest::newRow("positive") << QByteArray("1.5") << QByteArray("1") << QByteArray("2");
        QTest::newRow("negative") << QByteArray("-1.5") << QByteArray("-2") << QByteArray("-1");
        QTest::newRow("whole, with zeros") << QByteArray("-2.00") << QByteArray("-2") << QByteArray("-2");
        QTest::newRow("tiny") << QByteArray("1e-50") << QByteArray("0") << QByteArray("1");
        QTest::newRow("long") << QByteArray("-1234567890123456789012345678901234567890.5")
                              << QByteArray("-1234567890123456789012345678901234567891")
                              << QByteArray("-1234567890123456789012345678901234567890");
    }
    void roundingToWholeNumbers()
    {
        QFETCH(QByteArray, text);
        QTEST(QByteArray::fromStdString(decimal(text).floor().text()), "floor");
        QTEST(QByteArray::fromStdString(decimal(text).ceiling().text()), "ceiling");
    }

    void subscriptsAreCutTowardsZero()
    {
        QCOMPARE(decimal("1.9").toInt32().value(), 1);
        QCOMPARE(decimal("-1.9").toInt32().value(), -1);
        QCOMPARE(decimal("2147483647.9").toInt32().value(), 2147483647);
        QVERIFY(!decimal("2147483648").toInt32());
        QVERIFY(!decimal("1e50").toInt32());
    }

    void secondsBecomeTimesCutTowardsThePast_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("us");
        QTest::newRow("whole") << QByteArray("1700000000") << qint64(1700000000000000);
        QTest::newRow("digits past the sixth") << QByteArray("1700000000.1234569") << qint64(1700000000123456);
        QTest::newRow("before 1970") << QByteArray("-0.0000001") << qint64(-1);
        QTest::newRow("very many digits") << QByteArray("1.") + QByteArray(50, '9') << qint64(1999999);
        QTest::newRow("the first microsecond") << QByteArray("-99999999999.999999") << qint64(-99999999999999999);
        QTest::newRow("the last second") << QByteArray("99999999999.999999") << qint64(99999999999999999);
    }
    void secondsBecomeTimesCutTowardsThePast()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, us);
        QCOMPARE(decimal(text).toTimestamp()->us, us);
    }

    void whatIsNoSecondIsToldByWhatItMayBe_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("milliseconds") << QByteArray("100000000000") << QByteArray("milliseconds");
        QTest::newRow("milliseconds before 1970") << QByteArray("-1700000000000") << QByteArray("milliseconds");
        QTest::newRow("beyond every unit") << QByteArray("1e131071") << QByteArray("digits");
    }
    void whatIsNoSecondIsToldByWhatItMayBe()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, said);
        const Expected<Timestamp> time = decimal(text.constData()).toTimestamp();
        QVERIFY(!time);
        QVERIFY2(time.error().detail.find(said.toStdString()) != std::string::npos, time.error().detail.c_str());
    }

    void timesPrintWithoutTrailingZeros()
    {
        QCOMPARE(Decimal::fromTimestamp({1700000000250000}).text(), std::string("1700000000.25"));
        QCOMPARE(Decimal::fromTimestamp({-1}).text(), std::string("-0.000001"));
        QCOMPARE(Decimal::fromTimestamp({0}).text(), std::string("0"));
    }
};

QTEST_APPLESS_MAIN(TestDecimal)
#include "tst_decimal.moc"
