#include "core/client/jsonscanner.h"
#include "core/client/pagewalk.h"
#include "core/client/text.h"
#include "tests/core/client/fakeserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;

namespace {

const EndpointAddress weather = *EndpointAddress::parse(QStringLiteral("https://gw.example/data/out/weather"));

/// JSON written with ' for its quotes.
QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}

Expected<Page> parsed(std::string_view body)
{
    return parsePage(body, weather, PageLink::first(weather, {}));
}

/// A page as a server without cursors sends it.
QByteArray hostedPage(const QByteArrayList& items, const QByteArray& next = {})
{
    return "{\"data\":[" + items.join(',') + "],\"next_page\":" + (next.isEmpty() ? QByteArray("null") : "\"" + next + "\"") +
           "}";
}

/// Follows the pages of `server`'s endpoint “weather” to the end.
struct Walk {
    FakeServer& server;
    Network network;
    PageReader reader{network, nullptr, EndpointAddress::onServer(server.url(), EndpointId{"weather"})};
    PageWalk walk{reader, {}};
    std::vector<std::string> items;
    std::optional<Error> error;

    explicit Walk(FakeServer& s)
        : server(s)
    {
    }

    void follow()
    {
        while (walk.hasMore() && !error) {
            bool done = false;
            walk.next(&walk, [&](const Expected<Page>& page) {
                done = true;
                if (!page)
                    error = page.error();
                for (std::size_t i = 0; page && i < page->items.size(); ++i)
                    items.push_back(page->items[i].json);
            });
            QTRY_VERIFY(done);
        }
    }
    QByteArray text() const
    {
        QByteArrayList list;
        for (const std::string& item : items)
            list << toBytes(item);
        return list.join(' ');
    }
};

} // namespace

class TestPages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // ---- Slices of JSON text

    void wellFormedValuesKeepTheirBytes_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"0", "-0", "1.50", "1E+400", "123456789012345678901234567890.10", "\"\"", "\"a\\\"b\\\\\"",
                                 "\"\\u00e9\\n\"", "true", "false", "null", "[]", "{}", "[[],{}]", "[1, 2 ,3]",
                                 "{ \"b\":1,\"a\" : [ { } ] }", "\"온도\"", "{\"a\":{\"b\":{\"c\":[1,[2,[3]]]}},\"d\":\"}]\"}"})
            QTest::newRow(text) << QByteArray(text);
    }
    void wellFormedValuesKeepTheirBytes()
    {
        QFETCH(QByteArray, text);
        const QByteArray padded = " \r\n\t" + text + " ";
        JsonScanner scanner(view(padded));
        const auto value = scanner.value();
        QVERIFY(value);
        QCOMPARE(toBytes(*value), text);
        QVERIFY(scanner.finish());
    }

    void whatIsNotJsonIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"",
                                 " ",
                                 "01",
                                 "1.",
                                 ".5",
                                 "+1",
                                 "-",
                                 "1e",
                                 "1e+",
                                 "0x1",
                                 "NaN",
                                 "tru",
                                 "nul",
                                 "'a'",
                                 "\"",
                                 "\"\\x\"",
                                 "\"\\u12g4\"",
                                 "\"\\",
                                 "\"\n\"",
                                 "[",
                                 "[1",
                                 "[1,",
                                 "[1,]",
                                 "[,1]",
                                 "[1 2]",
                                 "{",
                                 "{}}",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "{\"a\":1 \"b\":2}",
                                 "{\"a\" 1}",
                                 "[}",
                                 "{]",
                                 "1 2",
                                 "[1]]",
                                 "{\"a\":1]",
                                 "[{]}"})
            QTest::newRow(*text ? text : "(empty)") << QByteArray(text);
    }
    void whatIsNotJsonIsRefused()
    {
        QFETCH(QByteArray, text);
        JsonScanner scanner(view(text));
        const bool hasValue = scanner.value().has_value();
        QVERIFY(!(scanner.finish() && hasValue));
    }

    void deepNestingIsRefusedWithoutUsingTheStack()
    {
        const std::string deep(1'000'000, '[');
        JsonScanner scanner(deep);
        QVERIFY(!scanner.value());
        QVERIFY(!scanner.finish());
        const std::string allowed = std::string(1000, '[') + std::string(1000, ']');
        QVERIFY(JsonScanner(allowed).value());
    }

    // ---- Pages

    void aPageKeepsEveryItemAsItCame()
    {
        const auto page = parsed(view(json(
            "{'live':'sABC', 'times':[1700000000.000007,-0.5],"
            "            'data': [ {'z':1.10,'a':12345678901234567890.5} , [1e400, ']'] ],'next_page':null,'more':{'x':[]}}")));
        QVERIFY2(page, page ? "" : page.error().detail.c_str());
        QCOMPARE(page->items.size(), std::size_t(2));
        QCOMPARE(page->items[0].json, json("{'z':1.10,'a':12345678901234567890.5}").toStdString());
        QCOMPARE(page->items[0].time->us, std::int64_t(1700000000000007));
        QCOMPARE(page->items[1].json, json("[1e400, ']']").toStdString());
        QCOMPARE(page->items[1].time->us, std::int64_t(-500000));
        QCOMPARE(page->live, std::string("sABC"));
        QVERIFY(!page->next);
    }

    void aPageWithoutTimesIsAPage()
    {
        const auto page = parsed(view(json("{'data':[{'a':1}],'next_page':'https://gw.example/data/out/weather?to=5&limit=1'}")));
        QVERIFY(page);
        QVERIFY(!page->items[0].time);
        QVERIFY(page->next && *page->next);
        QCOMPARE((*page->next)->url(), QUrl(QStringLiteral("https://gw.example/data/out/weather?to=5&limit=1&times=1")));
    }

    void whatIsNoPageIsRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        for (const char* body :
             {"{}", "[]", "{\"data\":1}", "{\"data\":{}}", "{\"data\":[1],\"data\":[2]}", "{\"data\":[1,]}", "{\"data\":[1]",
              "{\"data\":[1],\"times\":[]}", "{\"data\":[1],\"times\":[\"1\"]}", "{\"data\":[1],\"times\":[1700000000000]}",
              "{\"data\":[1],\"next_page\":5}", "{\"data\":[\"\xff\"]}", "{\"data\":[01]}", "{\"data\":[]} x", "<html>"})
            QTest::newRow(body) << QByteArray(body);
    }
    void whatIsNoPageIsRefused()
    {
        QFETCH(QByteArray, body);
        const auto page = parsed(view(body));
        QVERIFY(!page);
        QCOMPARE(page.error().kind, Problem::Internal);
    }

    void aQueryAsksForExactTimes()
    {
        const PageLink link = PageLink::first(weather, {Timestamp{-500'000}, Timestamp{1'700'000'000'000'007}, 50});
        QCOMPARE(link.url().toString(),
                 QStringLiteral("https://gw.example/data/out/weather?from=-0.5&to=1700000000.000007&limit=50&times=1"));
    }

    void theRawAnswerComesWithThePage()
    {
        FakeServer server;
        server.answer = [](const FakeRequest&) {
            return FakeAnswer{403, "{\"detail\":\"Needs sensor:read.\"}", "application/problem+json", {}, false, {}};
        };
        Network network;
        PageReader reader(network, nullptr, EndpointAddress::onServer(server.url(), EndpointId{"weather"}));
        std::optional<Expected<PageAnswer>> result;
        reader.read(PageQuery{}, this, [&](Expected<PageAnswer> answer) { result = std::move(answer); });
        QTRY_VERIFY(result);
        QVERIFY(*result);
        QCOMPARE((*result)->raw.status, 403);
        QVERIFY(!(*result)->page);
        QCOMPARE((*result)->page.error().kind, Problem::Forbidden);
        QCOMPARE((*result)->page.error().detail, std::string("Needs sensor:read."));
        QCOMPARE(server.requests.constFirst().target, QByteArray("/data/out/weather?times=1"));
    }

    // ---- Walks

    void aWalkReadsEveryPageOnce()
    {
        FakeServer server;
        server.answer = [&](const FakeRequest& request) {
            const bool isFirst = request.parameter(QStringLiteral("cursor")).isEmpty();
            const QByteArray next = server.url(QStringLiteral("/data/out/weather")).toEncoded() + "?to=2&limit=2&cursor=pAB";
            FakeAnswer answer;
            answer.body = isFirst ? json("{'data':['a','b'],'times':[3,2],'next_page':'") + next + "\"}"
                                  : QByteArray(json("{'data':['b','c'],'times':[2,2],'next_page':null}"));
            return answer;
        };
        Walk walk(server);
        walk.follow();
        QVERIFY2(!walk.error, walk.error ? walk.error->detail.c_str() : "");
        QCOMPARE(walk.text(), QByteArray(json("'a' 'b' 'b' 'c'"))); // with cursors, equal items are different records
        QCOMPARE(server.requests.last().parameter(QStringLiteral("times")), QStringLiteral("1"));
        QVERIFY(!walk.walk.hasMore());
    }

    void repeatsAcrossABoundaryWithoutCursorAreDropped()
    {
        FakeServer server;
        server.answer = [&](const FakeRequest& request) {
            const QString to = request.parameter(QStringLiteral("to"));
            const auto link = [&](const char* end) -> QByteArray {
                return server.url(QStringLiteral("/data/out/weather")).toEncoded() + "?limit=3&to=" + end;
            };
            FakeAnswer answer;
            answer.body = to.isEmpty()                ? hostedPage({"9", "8", "7"}, link("7"))
                          : to == QStringLiteral("7") ? hostedPage({"7", "6", "5"}, link("5"))
                                                      : hostedPage({"5", "4"});
            return answer;
        };
        Walk walk(server);
        walk.follow();
        QVERIFY2(!walk.error, walk.error ? walk.error->detail.c_str() : "");
        QCOMPARE(walk.text(), QByteArray("9 8 7 6 5 4"));
    }

    void theShortestOverlapIsTaken_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("page");
        QTest::addColumn<int>("count");
        QTest::newRow("the last item again") << QByteArray("abc") << QByteArray("cde") << 1;
        QTest::newRow("a group that shares its time") << QByteArray("abcd") << QByteArray("bcde") << 3;
        QTest::newRow("a constant value") << QByteArray("aaaa") << QByteArray("aaaa") << 1;
        QTest::newRow("nothing in common") << QByteArray("abc") << QByteArray("def") << 0;
        QTest::newRow("all of it") << QByteArray("abc") << QByteArray("abc") << 3;
        QTest::newRow("an empty page") << QByteArray("abc") << QByteArray("") << 0;
    }
    void theShortestOverlapIsTaken()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, page);
        QFETCH(int, count);
        std::vector<std::string> tail;
        for (const char c : before)
            tail.emplace_back(1, c);
        std::vector<Item> items;
        for (const char c : page)
            items.push_back({std::nullopt, std::string(1, c)});
        QCOMPARE(overlap(tail, items), static_cast<std::size_t>(count));
    }

    void aLinkThatLeadsElsewhereIsNotFollowed_data() // client-1
    {
        QTest::addColumn<QString>("link");
        QTest::newRow("another host") << QStringLiteral("http://localhost:%1/data/out/weather?to=1");
        QTest::newRow("another port") << QStringLiteral("http://127.0.0.1:%2/data/out/weather?to=1");
        QTest::newRow("another scheme") << QStringLiteral("https://127.0.0.1:%1/data/out/weather?to=1");
        QTest::newRow("another endpoint") << QStringLiteral("http://127.0.0.1:%1/data/out/other?to=1");
        QTest::newRow("another endpoint by dots") << QStringLiteral("http://127.0.0.1:%1/data/out/weather/../other?to=1");
        QTest::newRow("the management") << QStringLiteral("http://127.0.0.1:%1/api/me");
        QTest::newRow("a name in front") << QStringLiteral("http://127.0.0.1:%1@127.0.0.1:%2/data/out/weather?to=1");
        QTest::newRow("no scheme") << QStringLiteral("//127.0.0.1:%2/data/out/weather?to=1");
        QTest::newRow("a file") << QStringLiteral("file:///etc/passwd");
        QTest::newRow("no address") << QStringLiteral("http://[");
    }
    void aLinkThatLeadsElsewhereIsNotFollowed()
    {
        QFETCH(QString, link);
        FakeServer elsewhere;
        FakeServer server;
        server.answer = [&](const FakeRequest&) {
            FakeAnswer answer;
            answer.body = hostedPage({"1"}, link.replace(QStringLiteral("%1"), QString::number(server.url().port()))
                                                .replace(QStringLiteral("%2"), QString::number(elsewhere.url().port()))
                                                .toUtf8());
            return answer;
        };
        Walk walk(server);
        walk.follow();
        QCOMPARE(walk.text(), QByteArray("1")); // what came is kept
        QVERIFY(walk.error);
        QCOMPARE(walk.error->kind, Problem::Forbidden);
        QVERIFY(!walk.walk.hasMore());
        QCOMPARE(server.requests.size(), 1);
        QCOMPARE(elsewhere.requests.size(), 0);
    }

    void aLinkUnderThePublicNameIsReadHere() // nextpage-1
    {
        EndpointAddress address = weather;
        address.publicPage = QUrl(QStringLiteral("https://public.example:8443/data/out/weather"));
        const auto link =
            PageLink::next(address, PageLink::first(address, {}), "https://public.example:8443/data/out/weather?to=5&cursor=pX");
        QVERIFY(link);
        QCOMPARE(link->url(), QUrl(QStringLiteral("https://gw.example/data/out/weather?to=5&cursor=pX&times=1")));
        QVERIFY(!PageLink::next(address, PageLink::first(address, {}), "https://public.example/data/out/weather?to=5"));
    }

    void aWalkThatDoesNotGetOnStops_data() // client-5
    {
        QTest::addColumn<QByteArrayList>("pages"); // the last one again and again; LINK is the endpoint's address
        QTest::addColumn<int>("requests");
        QTest::newRow("the link is the page itself") << QByteArrayList{json("{'data':[1],'next_page':'LINK?times=1'}")} << 1;
        QTest::newRow("two pages lead to each other")
            << QByteArrayList{json("{'data':[9],'next_page':'LINK?cursor=p1'}"), json("{'data':[8],'next_page':'LINK?times=1'}")}
            << 2;
        QTest::newRow("an empty page has a link") << QByteArrayList{json("{'data':[],'next_page':'LINK?cursor=p1'}")} << 1;
        QTest::newRow("items rise within a page") << QByteArrayList{json("{'data':[1,2],'times':[1,2],'next_page':null}")} << 1;
        QTest::newRow("a page is newer than the one before")
            << QByteArrayList{json("{'data':[9],'times':[9],'next_page':'LINK?cursor=p1'}"),
                              json("{'data':[10],'times':[10],'next_page':'LINK?cursor=p2'}")}
            << 2;
        QTest::newRow("a page repeats the one before without cursor")
            << QByteArrayList{json("{'data':[9,8],'next_page':'LINK?to=8'}"), json("{'data':[9,8],'next_page':'LINK?to=7'}")}
            << 2;
        QTest::newRow("the end stays where it was") << QByteArrayList{json("{'data':[9,8],'next_page':'LINK?to=8'}"),
                                                                      json("{'data':[8,8],'next_page':'LINK?to=8.0&n=1'}")}
                                                    << 2;
    }
    void aWalkThatDoesNotGetOnStops()
    {
        QFETCH(QByteArrayList, pages);
        QFETCH(int, requests);
        FakeServer server;
        server.answer = [&](const FakeRequest&) {
            FakeAnswer answer;
            answer.body = pages.value(std::min(server.requests.size(), pages.size()) - 1);
            answer.body.replace("LINK", server.url(QStringLiteral("/data/out/weather")).toEncoded());
            return answer;
        };
        Walk walk(server);
        walk.follow();
        QVERIFY(walk.error);
        QCOMPARE(walk.error->kind, Problem::Internal);
        QCOMPARE(server.requests.size(), requests);
        QVERIFY(!walk.walk.hasMore());
    }

    void aPageThatCouldNotBeReadMayBeAskedForAgain()
    {
        FakeServer server;
        server.answer = [&](const FakeRequest&) {
            return server.requests.size() == 1 ? FakeAnswer{503, "{}", "application/json", {}, false, {}}
                                               : FakeAnswer{200, hostedPage({"1"}), "application/json", {}, false, {}};
        };
        Walk walk(server);
        walk.follow();
        QVERIFY(walk.error);
        QVERIFY(walk.walk.hasMore());
        walk.error.reset();
        walk.follow();
        QCOMPARE(walk.text(), QByteArray("1"));
    }
};

QTEST_GUILESS_MAIN(TestPages)
#include "tst_pages.moc"
