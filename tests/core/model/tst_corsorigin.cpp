#include "core/model/corsorigin.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

/// The origin, or the sentence that refuses it.
QByteArray outcome(const std::string& typed)
{
    const auto origin = CorsOrigin::parse(typed);
    return bytes(origin ? origin->text() : origin.error().detail);
}

QByteArray joined(const std::vector<std::string>& texts)
{
    QByteArray text;
    for (const std::string& one : texts)
        text += (text.isEmpty() ? "" : " ") + bytes(one);
    return text;
}

std::vector<std::string> words(const QByteArray& text)
{
    std::vector<std::string> all;
    if (text.isEmpty())
        return all;
    for (const QByteArray& word : text.split('|'))
        all.push_back(word.toStdString());
    return all;
}

} // namespace

class TestCorsOrigin : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatAPersonTypesIsRepaired_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QByteArray>("stored");
        const auto row = [](const char* name, const char* typed, const char* stored) {
            QTest::newRow(name) << QByteArray(typed) << QByteArray(stored);
        };
        row("as browsers send it", "https://a.example", "https://a.example");
        row("a trailing slash (cors-1)", "https://a.example/", "https://a.example");
        row("a path (cors-1)", "https://a.example/dash", "https://a.example");
        row("a query", "https://a.example?x=1", "https://a.example");
        row("a fragment", "https://a.example#top", "https://a.example");
        row("a path with an address in it", "https://a.example/?next=https://b.example", "https://a.example");
        row("an at sign in the path", "https://a.example/@ada", "https://a.example");
        row("upper case", "HTTPS://A.Example", "https://a.example");
        row("blanks around", " \t https://a.example \r\n", "https://a.example");
        row("a byte order mark before it", "\xef\xbb\xbfhttps://a.example", "https://a.example");
        row("what cannot be seen behind it", "https://a.example/\xe2\x80\x8b\xc2\xa0 ", "https://a.example");
        row("the port of https", "https://a.example:443", "https://a.example");
        row("the port of http", "http://a.example:80/", "http://a.example");
        row("the other one's port", "http://a.example:443", "http://a.example:443");
        row("a port of its own", "https://a.example:8443/dash", "https://a.example:8443");
        row("zeros before the port", "https://a.example:08443", "https://a.example:8443");
        row("a colon without a port", "https://a.example:", "https://a.example");
        row("the greatest port", "https://a.example:65535", "https://a.example:65535");
        row("localhost", "http://localhost:3000", "http://localhost:3000");
        row("an IPv4 address", "http://192.168.1.20:8080", "http://192.168.1.20:8080");
        row("an IPv6 address", "http://[::1]:8787", "http://[::1]:8787");
        row("an IPv6 address in full", "http://[2001:DB8:0:0:0:0:0:1]/", "http://[2001:db8::1]");
        row("the first of two runs of zeros", "http://[1:0:0:2:0:0:3:4]", "http://[1::2:0:0:3:4]");
        row("no run of zeros", "http://[1:0:2:3:4:5:6:7]", "http://[1:0:2:3:4:5:6:7]");
        row("zeros at the end", "http://[1:2:3:4:5:6:0:0]", "http://[1:2:3:4:5:6::]");
        row("all zeros", "http://[0:0:0:0:0:0:0:0]", "http://[::]");
        row("IPv4 inside IPv6", "http://[::ffff:192.0.2.1]", "http://[::ffff:c000:201]");
        row("a final dot, which browsers keep", "https://a.example.", "https://a.example.");
        row("Korean (cors-2)", "https://대시보드.example", "https://xn--vk1b88au7m1kg.example");
        row("German, in upper case", "https://BÜCHER.example", "https://xn--bcher-kva.example");
        row("wide letters", "https://ｄａｓｈ.example", "https://dash.example");
        row("an underscore", "https://my_dash.example", "https://my_dash.example");
    }
    void whatAPersonTypesIsRepaired()
    {
        QFETCH(QByteArray, typed);
        QFETCH(QByteArray, stored);
        QCOMPARE(outcome(typed.toStdString()), stored);
        QCOMPARE(outcome(stored.toStdString()), stored);
    }

    void aRefusalNamesTheEntryAndTheLikelyRightForm_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* name, const char* typed, const char* sentence) {
            QTest::newRow(name) << QByteArray(typed) << QByteArray(sentence);
        };
        row("no scheme (cors-1)", "a.example",
            "“a.example” has no scheme; an origin starts with https:// or http://; write https://a.example");
        row("no scheme, with a port", "a.example:8443/dash",
            "“a.example:8443/dash” has no scheme; an origin starts with https:// or http://; write https://a.example:8443");
        row("no scheme, an address in the query", "a.example?u=https://b.example",
            "“a.example?u=https://b.example” has no scheme; an origin starts with https:// or http://; write https://a.example");
        row("one slash too few", "https:/a.example",
            "“https:/a.example” has no scheme; an origin starts with https:// or http://; write https://a.example");
        row("no slash at all", "http:a.example:81",
            "“http:a.example:81” has no scheme; an origin starts with https:// or http://; write http://a.example:81");
        row("in quotes of a text", "“https://a.example”",
            "““https://a.example”” has no scheme; an origin starts with https:// or http://; write https://a.example");
        row("in quotes of a program", "'a.example'",
            "“'a.example'” has no scheme; an origin starts with https:// or http://; write https://a.example");
        row("one's own machine, without a scheme", "localhost:3000",
            "“localhost:3000” has no scheme; an origin starts with https:// or http://; write http://localhost:3000");
        row("one's own machine, by address", "127.0.0.1:8080",
            "“127.0.0.1:8080” has no scheme; an origin starts with https:// or http://; write http://127.0.0.1:8080");
        row("an e-mail address", "ada@a.example", "“ada@a.example” has no scheme; an origin starts with https:// or http://");
        row("two entries (cors-1)", "https://a.example, https://b.example",
            "“https://a.example, https://b.example” holds several origins; each is an entry of its own; write https://a.example");
        row("two entries without a blank", "https://a.example,https://b.example",
            "“https://a.example,https://b.example” holds several origins; each is an entry of its own; write https://a.example");
        row("two entries, one of them none", "https://a.example b.example",
            "“https://a.example b.example” has a blank inside; an origin is scheme://host[:port]");
        row("a wildcard (cors-1)", "https://*.example",
            "“https://*.example” has a wildcard inside; list each host, or allow every origin with * alone");
        row("a wildcard for the port", "https://a.example:*",
            "“https://a.example:*” has no valid port; expected 1 to 65535; write https://a.example");
        row("a port too great (cors-1)", "https://a.example:99999",
            "“https://a.example:99999” has no valid port; expected 1 to 65535; write https://a.example");
        row("port zero", "https://a.example:0",
            "“https://a.example:0” has no valid port; expected 1 to 65535; write https://a.example");
        row("a signed port", "https://a.example:+80",
            "“https://a.example:+80” has no valid port; expected 1 to 65535; write https://a.example");
        row("two ports", "https://a.example:80:80",
            "“https://a.example:80:80” has no valid port; expected 1 to 65535; write https://a.example");
        row("user and password (cors-1)", "https://u:p@a.example",
            "“https://u:p@a.example” has a user name or password, which browsers never send; write https://a.example");
        row("a user and a port", "http://u@a.example:8080",
            "“http://u@a.example:8080” has a user name or password, which browsers never send; write http://a.example:8080");
        row("an empty user", "https://@a.example",
            "“https://@a.example” has a user name or password, which browsers never send; write https://a.example");
        row("a WebSocket's scheme", "wss://a.example:8443/stream",
            "“wss://a.example:8443/stream” has the scheme “wss”; browsers send http or https; write https://a.example:8443");
        row("a WebSocket's scheme without TLS", "ws://a.example",
            "“ws://a.example” has the scheme “ws”; browsers send http or https; write http://a.example");
        row("an extension's", "chrome-extension://abcdef",
            "“chrome-extension://abcdef” has the scheme “chrome-extension”; browsers send http or https");
        row("a local file", "file:///home/ada/dash.html",
            "“file:///home/ada/dash.html” has the scheme “file”; browsers send http or https");
        row("null (cors-4)", "null", "“null” is the origin of sandboxed pages and local files; it cannot be allowed");
        row("null in upper case", " NULL ", "“NULL” is the origin of sandboxed pages and local files; it cannot be allowed");
        row("every origin, among others", "*", "“*” allows every origin and stands alone in the list");
        row("empty", "", "expected an origin such as https://dash.example, but got an empty text");
        row("blanks alone", " \t\n", "expected an origin such as https://dash.example, but got an empty text");
        row("no host", "https://", "“https://” has no valid host; an origin is scheme://host[:port]");
        row("three slashes", "https:///a.example", "“https:///a.example” has no valid host; an origin is scheme://host[:port]");
        row("a backslash", "https://a.example\\dash",
            "“https://a.example\\dash” has a backslash; an origin is scheme://host[:port]");
        row("a number as IPv4", "http://3232235777", "“http://3232235777” has no valid host; an origin is scheme://host[:port]");
        row("hexadecimal IPv4", "http://0xc0.0xa8.1.1",
            "“http://0xc0.0xa8.1.1” has no valid host; an origin is scheme://host[:port]");
        row("IPv4 with a zero in front", "http://192.168.01.1",
            "“http://192.168.01.1” has no valid host; an origin is scheme://host[:port]");
        row("an IPv6 address with a zone", "http://[fe80::1%25eth0]",
            "“http://[fe80::1%25eth0]” has no valid host; an origin is scheme://host[:port]");
        row("IPv6 without brackets", "http://::1", "“http://::1” has no valid host; an origin is scheme://host[:port]");
        row("broken punycode", "https://xn--a.example",
            "“https://xn--a.example” has no valid host; an origin is scheme://host[:port]");
        row("an escape in the host", "https://a%2eexample",
            "“https://a%2eexample” has no valid host; an origin is scheme://host[:port]");
        row("not UTF-8", "https://\xff", "expected an origin in UTF-8");
    }
    void aRefusalNamesTheEntryAndTheLikelyRightForm()
    {
        QFETCH(QByteArray, typed);
        QFETCH(QByteArray, sentence);
        const auto origin = CorsOrigin::parse(typed.toStdString());
        QVERIFY2(!origin, origin ? origin->text().c_str() : "");
        QCOMPARE(bytes(origin.error().detail), sentence);
        QCOMPARE(origin.error().field, std::string("origins"));
        QCOMPARE(origin.error().kind, Problem::BadRequest);
    }

    void aZeroByteHidesNothing()
    {
        using namespace std::string_literals;
        QVERIFY(!CorsOrigin::parse("http://[::1\0]"s));
        QVERIFY(!CorsOrigin::parse("http://[::1\0.evil.example]"s));
        QVERIFY(!CorsOrigin::parse("http://127.0.0.1\0"s));
        QVERIFY(!CorsOrigin::parse("http://a\0b.example"s));
    }

    void aLongEntryIsShownInPart()
    {
        const auto origin = CorsOrigin::parse("https://*." + std::string(10'000, 'a'));
        QVERIFY(!origin);
        QVERIFY(origin.error().detail.starts_with("“https://*.aaaaaaaa"));
        QVERIFY(origin.error().detail.size() < 400);
    }

    void urlsOfTheCorpusGiveTheirOriginOrNone()
    {
        int accepted = 0, unusable = 0, stricter = 0, needBase = 0;
        for (const Json& line : corpus("url-origins.jsonl")) {
            if (member(line, "kind") != "url")
                continue;
            if (!isSet(line, "alone")) {
                ++needBase;
                continue;
            }
            const auto origin = CorsOrigin::parse(member(line, "input"));
            const QByteArray where = bytes(member(line, "id") + ": " + (origin ? origin->text() : origin.error().detail));
            const std::string protocol = member(line, "protocol");
            const bool isUnusable =
                isSet(line, "failure") || isSet(line, "userinfo") || (protocol != "http:" && protocol != "https:");
            if (isUnusable)
                QVERIFY2(!origin, where);
            if (origin)
                QVERIFY2(origin->text() == member(line, "origin"), where);
            else
                QVERIFY2(origin.error().field == "origins" && origin.error().detail.size() > 20, where);
            ++(origin ? accepted : isUnusable ? unusable : stricter);
        }
        QCOMPARE(needBase, 92);
        QCOMPARE(unusable, 292);
        QCOMPARE(accepted, 87);
        QCOMPARE(stricter, 44); // backslashes, blanks and tabs inside, one slash, odd numbers for IPv4, other odd hosts
    }

    void hostNamesOfTheCorpusGiveTheirAsciiForm()
    {
        QByteArray wrong;
        int accepted = 0, refused = 0, stricter = 0;
        for (const Json& line : corpus("url-origins.jsonl")) {
            if (member(line, "kind") != "domain")
                continue;
            const auto origin = CorsOrigin::parse("https://" + member(line, "input"));
            const QByteArray where = bytes(member(line, "id") + ": " + (origin ? origin->text() : origin.error().detail));
            if (origin && (isSet(line, "failure") || origin->text() != "https://" + member(line, "ascii")))
                wrong += where + '\n';
            ++(origin ? accepted : isSet(line, "failure") ? refused : stricter);
        }
        QCOMPARE(wrong, QByteArray());
        QCOMPARE(refused, 16);
        QCOMPARE(accepted + stricter, 61);
        QVERIFY2(accepted >= 43, bytes(std::to_string(accepted))); // not empty and overlong labels, and some that Qt 6.4 takes for no name
    }

    void aListIsStoredRepairedAndOnce_data()
    {
        QTest::addColumn<QByteArray>("given"); // entries between bars
        QTest::addColumn<QByteArray>("stored");
        QTest::addColumn<QByteArray>("repairs");
        const auto row = [](const char* name, const char* given, const char* stored, const char* repairs) {
            QTest::newRow(name) << QByteArray(given) << QByteArray(stored) << QByteArray(repairs);
        };
        row("empty", "", "", "");
        row("in the order given", "https://b.example|https://a.example", "https://b.example https://a.example", "");
        row("repaired (cors-1)", "https://a.example/|https://b.example", "https://a.example https://b.example",
            "https://a.example/>https://a.example");
        row("twice", "https://a.example|https://a.example", "https://a.example", "");
        row("twice, once repaired (cors-1)", "https://a.example/|https://a.example/dash", "https://a.example",
            "https://a.example/>https://a.example https://a.example/dash>https://a.example");
        row("every origin (cors-3)", "*", "*", "");
        row("every origin, with blanks", " * ", "*", " * >*");
    }
    void aListIsStoredRepairedAndOnce()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, stored);
        QFETCH(QByteArray, repairs);
        const auto draft = parseCorsOrigins(words(given));
        QCOMPARE(told(draft), QByteArray("ok"));
        QCOMPARE(joined(draft->origins.texts()), stored);
        std::vector<std::string> told;
        for (const CorsRepair& repair : draft->repairs)
            told.push_back(repair.given + ">" + repair.stored);
        QCOMPARE(joined(told), repairs);
        QCOMPARE(draft->origins.any, stored == "*");
    }

    void aListWithOneBadEntryIsRefused_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("pointer");
        QTest::newRow("every origin beside another (cors-3)") << QByteArray("*|https://a.example") << QByteArray("/0");
        QTest::newRow("the other way round (cors-3)") << QByteArray("https://a.example|*") << QByteArray("/1");
        QTest::newRow("every origin twice") << QByteArray("*|*") << QByteArray("/0");
        QTest::newRow("null (cors-4)") << QByteArray("https://a.example|null") << QByteArray("/1");
        QTest::newRow("the third") << QByteArray("https://a.example|https://b.example|c.example") << QByteArray("/2");
    }
    void aListWithOneBadEntryIsRefused()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, pointer);
        const auto draft = parseCorsOrigins(words(given));
        QVERIFY(!draft);
        QCOMPARE(bytes(draft.error().pointer), pointer);
        QCOMPARE(draft.error().field, std::string("origins"));
    }

    void aListHasABound()
    {
        std::vector<std::string> given;
        for (std::size_t i = 0; i < mostCorsOrigins; ++i)
            given.push_back("https://a" + std::to_string(i) + ".example");
        QCOMPARE(told(parseCorsOrigins(given)), QByteArray("ok"));
        given.push_back("https://b.example");
        QCOMPARE(told(parseCorsOrigins(given)), QByteArray("origins: expected at most 500 origins"));
    }

    void typedTextIsSplit_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QByteArray>("entries");
        const auto row = [](const char* name, const char* typed, const char* entries) {
            QTest::newRow(name) << QByteArray(typed) << QByteArray(entries);
        };
        row("nothing", "", "");
        row("separators alone", " ,\r\n\t, ", "");
        row("a comma and a blank (cors-1)", "https://a.example, https://b.example", "https://a.example https://b.example");
        row("a comma", "https://a.example,https://b.example", "https://a.example https://b.example");
        row("blanks", "  https://a.example   https://b.example ", "https://a.example https://b.example");
        row("lines", "https://a.example\r\nhttps://b.example\n\n", "https://a.example https://b.example");
        row("one", "https://a.example", "https://a.example");
    }
    void typedTextIsSplit()
    {
        QFETCH(QByteArray, typed);
        QFETCH(QByteArray, entries);
        QCOMPARE(joined(splitCorsText(typed.toStdString())), entries);
    }

    void anInternationalHostIsReadable_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QByteArray>("readable");
        const auto row = [](const char* typed, const char* readable) {
            QTest::newRow(typed) << QByteArray(typed) << QByteArray(readable);
        };
        row("https://대시보드.example", "https://대시보드.example");
        row("https://xn--vk1b88au7m1kg.example:8443/x", "https://대시보드.example:8443");
        row("https://a.example:8443", "https://a.example:8443");
        row("http://localhost", "http://localhost");
        row("http://192.0.2.1:81", "http://192.0.2.1:81");
        row("http://[::1]:8787", "http://[::1]:8787");
        row("http://[2001:db8::1]", "http://[2001:db8::1]");
    }
    void anInternationalHostIsReadable()
    {
        QFETCH(QByteArray, typed);
        QFETCH(QByteArray, readable);
        const auto origin = CorsOrigin::parse(typed.toStdString());
        QCOMPARE(told(origin), QByteArray("ok"));
        QCOMPARE(bytes(origin->readable()), readable);
    }

    void onlyTheVeryOriginIsAllowed_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char* name, const char* list, const char* origin, bool allowed) {
            QTest::newRow(name) << QByteArray(list) << QByteArray(origin) << allowed;
        };
        const char* const two = "https://a.example|https://대시보드.example";
        row("the first", two, "https://a.example", true);
        row("the second, as browsers send it (cors-2)", two, "https://xn--vk1b88au7m1kg.example", true);
        row("the second as it was typed", two, "https://대시보드.example", false);
        row("another", two, "https://b.example", false);
        row("another scheme", two, "http://a.example", false);
        row("another port", two, "https://a.example:8443", false);
        row("a longer host", two, "https://a.example.evil.example", false);
        row("a subdomain", two, "https://x.a.example", false);
        row("upper case, which browsers never send", two, "https://A.example", false);
        row("null (cors-4)", two, "null", false);
        row("empty", two, "", false);
        row("nothing is allowed by an empty list", "", "https://a.example", false);
        row("every origin", "*", "https://b.example", true);
        row("null, with every origin allowed (cors-4)", "*", "null", true);
    }
    void onlyTheVeryOriginIsAllowed()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, origin);
        QFETCH(bool, allowed);
        const auto draft = parseCorsOrigins(words(list));
        QCOMPARE(told(draft), QByteArray("ok"));
        QCOMPARE(draft->origins.allows(origin.toStdString()), allowed);
    }

    void naughtyTextsAreNoOriginsUnlessTheyAre()
    {
        QByteArrayList accepted;
        int count = 0;
        for (const Json& line : corpus("naughty-strings.jsonl")) {
            const auto origin = CorsOrigin::parse(member(line, "text"));
            if (origin) {
                accepted << bytes(member(line, "text") + " > " + origin->text());
            } else {
                QCOMPARE(origin.error().kind, Problem::BadRequest);
                QCOMPARE(origin.error().field, std::string("origins"));
                QVERIFY(isUtf8(origin.error().detail) && !origin.error().detail.empty() && origin.error().detail.size() < 800);
            }
            ++count;
        }
        QCOMPARE(count, 438);
        QCOMPARE(accepted, QByteArrayList{"http://www.cum.qc.ca/ > http://www.cum.qc.ca"});
    }
};

QTEST_APPLESS_MAIN(TestCorsOrigin)
#include "tst_corsorigin.moc"
