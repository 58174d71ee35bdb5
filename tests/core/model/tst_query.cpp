#include "core/model/query.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

const EndpointId endpoint{"weather"};

Expected<PageRequest> page(const QByteArray& text)
{
    return PageRequest::parse(QueryParameters::parse(text.toStdString()), endpoint);
}
Expected<StreamRequest> stream(const QByteArray& text)
{
    return StreamRequest::parse(QueryParameters::parse(text.toStdString()), endpoint);
}

/// `from to limit times`, or `field: detail`.
QByteArray shownPage(const QByteArray& text)
{
    const auto request = page(text);
    if (!request)
        return told(request);
    const auto time = [](const std::optional<Timestamp>& t) { return t ? bytes(t->seconds()) : QByteArray("-"); };
    return time(request->from) + " " + time(request->to) + " " + QByteArray::number(request->limit) +
           (request->times ? " times" : "");
}

} // namespace

class TestQuery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPageIsAskedForByItsParameters_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("request");
        const auto row = [](const char* name, const char* query, const char* request) {
            QTest::newRow(name) << QByteArray(query) << QByteArray(request);
        };
        row("nothing", "", "- - 100");
        row("a range", "from=1700000000.000007&to=1700000001", "1700000000.000007 1700000001 100");
        row("a range before 1970 (time-3)", "from=-863715600&to=-1", "-863715600 -1 100");
        row("half a second before 1970 (time-3)", "from=-0.5", "-0.5 - 100");
        row("zero is a time (time-3)", "from=0", "0 - 100");
        row("the year 5138 (time-1)", "to=99999999999", "- 99999999999 100");
        row("the least limit", "limit=1", "- - 1");
        row("the greatest limit", "limit=10000", "- - 10000");
        row("with times", "times=1", "- - 100 times");
        row("without times", "times=0", "- - 100");
        row("escaped names and values", "%66rom=%31&l%69mit=%35", "1 - 5");
        row("unknown parameters are ignored", "foo=1&foo=2&fromm=x&From=y&_=7", "- - 100");
        row("unknown broken escapes are ignored", "x=%&%zz=1&limit=2", "- - 2");
        row("empty pairs are ignored", "&&limit=3&", "- - 3");
        row("an end before its start is an empty range", "from=2&to=1", "2 1 100");
    }
    void aPageIsAskedForByItsParameters()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, request);
        QCOMPARE(shownPage(query), request);
    }

    void aBadTimeIsRefusedByItsName_data()
    {
        QTest::addColumn<QByteArray>("value");
        for (const char* value : {"1700000000;", "1700000000abc", "0x10", "1e9",  "NaN", "inf", "1,5",       "1.", ".5", " 1",
                                  "+1",          "%2B1",          "%201", "1%20", "--1", "",    "1.1234567", "%",  "%4", "1%00"})
            QTest::addRow("“%s” (time-4)", value) << QByteArray(value);
        for (const char* value : {"1700000000000", "-1700000000000", "100000000000", "99999999999999999999"})
            QTest::addRow("%s (time-1)", value) << QByteArray(value);
    }
    void aBadTimeIsRefusedByItsName()
    {
        QFETCH(QByteArray, value);
        for (const char* name : {"from", "to"}) {
            const auto request = page(QByteArray(name) + '=' + value);
            QVERIFY(!request);
            QCOMPARE(request.error().field, std::string(name));
            QCOMPARE(request.error().kind, Problem::BadRequest);
            QVERIFY2(isUtf8(request.error().detail), "a detail is a text");
        }
        const auto request = stream("from=" + value);
        QVERIFY(!request);
        QCOMPARE(request.error().field, std::string("from"));
    }

    void aRawPlusIsABlankAndSoIsAnEscapedOne()
    {
        QVERIFY(shownPage("from=+1").contains("but got “ 1”"));
        QVERIFY(shownPage("from=%201").contains("but got “ 1”"));
        QVERIFY(shownPage("from=%2B1").contains("but got “+1”"));
    }

    void aLongValueIsShownInPart()
    {
        const auto request = page("from=" + QByteArray("온").repeated(1000));
        QVERIFY(!request);
        QVERIFY(isUtf8(request.error().detail));
        QVERIFY(request.error().detail.size() < 200);
    }

    void aBadLimitIsRefused_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("told");
        for (const char* value : {"0", "-1", "-5", "abc", "", "10001", "1.5", "1e3", " 5", "5 ", "0x10", "99999999999999999999", "5;"})
            QTest::addRow("“%s” (limit-1)", value) << QByteArray(value) << QByteArray(value);
        QTest::addRow("a plus is a blank (limit-1)") << QByteArray("+5") << QByteArray(" 5");
        QTest::addRow("an encoded blank (limit-1)") << QByteArray("%205") << QByteArray(" 5");
    }
    void aBadLimitIsRefused()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, told);
        QCOMPARE(shownPage("limit=" + value), "limit: limit: expected a whole number from 1 to 10000, but got “" + told + "”");
    }

    void aKnownParameterStandsOnce_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char* query, const char* field) {
            QTest::newRow(query) << QByteArray(query) << QByteArray(field);
        };
        row("from=1&from=2", "from");
        row("from=1&from=1", "from");
        row("to=1&x=1&to=1", "to");
        row("limit=1&limit=1", "limit");
        row("limit=1&%6cimit=1", "limit");
        row("times=1&times=1", "times");
        row("cursor=&cursor=", "cursor");
    }
    void aKnownParameterStandsOnce()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, field);
        QCOMPARE(shownPage(query), field + ": " + field + QByteArray(": expected once, but it is given twice"));
    }

    void aSwitchIsZeroOrOne()
    {
        for (const char* value : {"true", "2", "", "01"})
            QCOMPARE(shownPage("times=" + QByteArray(value)), "times: times: expected 0 or 1, but got “" + QByteArray(value) + "”");
        QCOMPARE(shownPage("times"), QByteArray("times: times: expected 0 or 1, but got “”"));
    }

    void aCursorIsOfThisEndpointAndKind()
    {
        const PageCursor cursor{{Timestamp{5}, 7}};
        const auto request = page("cursor=" + bytes(cursor.text(endpoint)));
        QCOMPARE(told(request), QByteArray("ok"));
        QVERIFY(request->cursor == cursor);
        for (const std::string& other : {cursor.text(EndpointId{"other"}), StreamCursor{7}.text(endpoint), std::string()}) {
            const auto refused = page("cursor=" + bytes(other));
            QVERIFY(!refused);
            QCOMPARE(refused.error().field, std::string("cursor"));
        }
    }

    void aStreamIsAskedForByItsParameters()
    {
        const StreamCursor cursor{7};
        const auto byCursor = stream("times=1&cursor=" + bytes(cursor.text(endpoint)));
        QCOMPARE(told(byCursor), QByteArray("ok"));
        QVERIFY(byCursor->cursor == cursor);
        QVERIFY(byCursor->times);
        QVERIFY(!byCursor->from);

        const auto byTime = stream("from=-0.5");
        QCOMPARE(told(byTime), QByteArray("ok"));
        QVERIFY(byTime->from == Timestamp{-500'000});
        QVERIFY(!byTime->cursor);
        QVERIFY(!byTime->times);
        QVERIFY(byTime->accessToken.empty());

        const auto refused = stream("cursor=" + bytes(PageCursor{{Timestamp{5}, 7}}.text(endpoint)));
        QVERIFY(!refused);
        QCOMPARE(refused.error().field, std::string("cursor"));
    }

    void aStreamBeginsAtATimeOrACursor()
    {
        QCOMPARE(told(stream("from=1&cursor=" + bytes(StreamCursor{7}.text(endpoint)))),
                 QByteArray("cursor: cursor: expected either from or cursor, but got both"));
    }

    void aTokenIsFoundHoweverItsNameIsWritten_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("plain") << QByteArray("access_token=a.b-c_d");
        QTest::newRow("an escaped name (secrets-1)") << QByteArray("access%5Ftoken=a.b-c_d");
        QTest::newRow("an escaped name in lower case") << QByteArray("access%5ftoken=a.b-c_d");
        QTest::newRow("an escaped value") << QByteArray("from=1&access_token=a%2Eb%2dc_d");
    }
    void aTokenIsFoundHoweverItsNameIsWritten()
    {
        QFETCH(QByteArray, query);
        const auto request = stream(query);
        QCOMPARE(told(request), QByteArray("ok"));
        QCOMPARE(bytes(request->accessToken), QByteArray("a.b-c_d"));
    }

    void aRefusalNeverShowsTheToken()
    {
        for (const char* query : {"access_token=SENTINEL&access%5Ftoken=SENTINEL", "access_token=SENTINEL&from=x",
                                  "access_token=SENTINEL&cursor=x"}) {
            const auto request = stream(query);
            QVERIFY(!request);
            QVERIFY(!told(request).contains("SENTINEL"));
        }
    }
};

QTEST_APPLESS_MAIN(TestQuery)
#include "tst_query.moc"
