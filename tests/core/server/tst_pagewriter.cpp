// Pages as JSON, NDJSON and CSV.
#include "core/server/csvtable.h"
#include "core/server/pagewriter.h"
#include "core/store/block.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

QByteArray csv(const QList<QByteArray>& items)
{
    CsvTable table;
    for (const QByteArray& item : items) {
        if (!table.add(item.toStdString(), std::nullopt, mostPageBytes))
            return "full";
    }
    return QByteArray::fromStdString(std::move(table).text());
}

enum class From { Rows, Block };

/// Items of the seconds 1, 2 …, as a walk hands them over.
class Items {
public:
    Items(const std::vector<std::string_view>& texts, From from)
        : from_(from)
    {
        for (const std::string_view text : texts) {
            const Position position{{std::int64_t(items_.size() + 1) * 1'000'000}, 0};
            items_.push_back({position, text});
            entries_.push_back({position, store::Arrival::Live, text});
        }
        bytes_ = store::encodeBlock(entries_);
        block_ = store::BlockView::parse(bytes_);
    }
    std::size_t size() const { return items_.size(); }
    store::ItemRun run(std::size_t first, std::size_t last) const
    {
        return from_ == From::Block ? store::ItemRun(*block_, first, last) : store::ItemRun(std::span(items_).subspan(first, last - first));
    }

private:
    From from_;
    std::vector<store::Item> items_;
    std::vector<store::Entry> entries_;
    std::string bytes_;
    std::optional<store::BlockView> block_;
};

/// The items are added `atOnce` at a time.
Response page(PageFormat format, Times times, const QList<QByteArray>& texts, const PageEnd& end = {}, std::size_t atOnce = 100,
              From from = From::Rows)
{
    std::vector<std::string_view> views;
    for (const QByteArray& text : texts)
        views.emplace_back(text.data(), static_cast<std::size_t>(text.size()));
    const Items items(views, from);
    const std::unique_ptr<PageWriter> writer = pageWriter(format, times, std::make_shared<std::string>());
    for (std::size_t first = 0; first < items.size();)
        first += writer->add(items.run(first, std::min(items.size(), first + atOnce)));
    return writer->finish(end);
}

QByteArray header(const Response& response, const char* name)
{
    for (const Header& header : response.headers) {
        if (header.name == name)
            return QByteArray::fromStdString(header.value);
    }
    return {};
}

const std::string pageWithLink = R"({"data":[{"a" : 1.50},2],"next_page":"http://h/x?cursor=p"})";

void csvCases()
{
    const auto row = [](const char* name, const QList<QByteArray>& items, const char* text) {
        QTest::newRow(name) << items << QByteArray(text);
    };
    row("no rows are no text", {}, "");
    row("numbers keep their digits", {R"({"a":9007199254740993,"b":1.50,"c":1e400})"},
        "a,b,c\r\n9007199254740993,1.50,1e400\r\n");
    row("columns are the union of the keys", {R"({"a":1})", R"({"b":2,"a":3})"}, "a,b\r\n1,\r\n3,2\r\n");
    row("nested keys are dotted", {R"({"a":{"b":{"c":1},"d":2}})"}, "a.b.c,a.d\r\n1,2\r\n");
    row("arrays and empty objects are JSON", {R"({"a":[1,"x"],"b":{},"c":[]})"}, "a,b,c\r\n\"[1,\"\"x\"\"]\",{},[]\r\n");
    row("null is an empty cell and an empty text is none", {R"({"a":null,"b":""})"}, "a,b\r\n,\"\"\r\n");
    row("texts are quoted where they must be", {R"({"a":"x,y","b":"say \"hi\"","c":"l1\nl2","d":" x","e":"ok"})"},
        "a,b,c,d,e\r\n\"x,y\",\"say \"\"hi\"\"\",\"l1\nl2\",\" x\",ok\r\n");
    row("keys are quoted too", {R"({"a,b":1,"온도":2})"}, "\"a,b\",온도\r\n1,2\r\n");
    row("booleans are words", {R"({"a":true,"b":false})"}, "a,b\r\ntrue,false\r\n");
    row("of a repeated key the last counts (json-2)", {R"({"a":1,"b":0,"a":2})"}, "b,a\r\n0,2\r\n");
    row("what is no object is a value", {"1.5", "\"x\"", "[1]", "null"}, "value\r\n1.5\r\nx\r\n[1]\r\n\"\"\r\n");
    row("a key with a dot beside nested ones", {R"({"b":{"c":1},"b.c":2})", R"({"b.c":3})"}, "b.c,b.c (2)\r\n1,2\r\n,3\r\n");
    row("a lone empty cell is a line that readers do not skip", {R"({"a":null})"}, "a\r\n\"\"\r\n");
    row("items without a member are rows, too", {"{}", "{}"}, "\"\"\r\n\"\"\r\n\"\"\r\n");
}

} // namespace

class TestPageWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itemsBecomeRows_data()
    {
        QTest::addColumn<QList<QByteArray>>("items");
        QTest::addColumn<QByteArray>("text");
        csvCases();
    }
    void itemsBecomeRows()
    {
        QFETCH(QList<QByteArray>, items);
        QFETCH(QByteArray, text);
        QCOMPARE(csv(items), text);
    }

    void aTableOfManyColumnsEndsBeforeItIsAllCommas()
    {
        CsvTable table;
        constexpr std::size_t most = 10'000;
        int rows = 0;
        while (table.add("{\"k" + std::to_string(rows) + "\":1}", std::nullopt, most))
            ++rows;
        QVERIFY(rows > 50);
        const std::string text = std::move(table).text();
        QVERIFY2(text.size() < 2 * most, std::to_string(text.size()).c_str());
        QVERIFY2(text.find("k" + std::to_string(rows)) == std::string::npos, "the row that did not fit left its column behind");
    }

    void anItemWithVeryManyColumnsIsItsJson()
    {
        // All ways to spell one dotted name: each column is called like all others.
        std::string tree = "1";
        std::vector<std::string> smaller;
        for (int depth = 1; depth <= 16; ++depth) {
            smaller.push_back(tree);
            std::string key;
            tree = "{";
            for (auto rest = smaller.rbegin(); rest != smaller.rend(); ++rest) {
                key += key.empty() ? "a" : ".a";
                tree += (tree.size() > 1 ? ",\"" : "\"") + key + "\":" + *rest;
            }
            tree += '}';
        }
        CsvTable table;
        QVERIFY(table.add(R"({"n":1})", std::nullopt, mostPageBytes));
        QVERIFY(table.add(tree, std::nullopt, mostPageBytes));
        const std::string text = std::move(table).text();
        QVERIFY(text.starts_with("n,value\r\n1,\r\n,\"{\"\"a\"\":"));
    }

    void theNamesOfColumnsCountForAPagesSize()
    {
        CsvTable table;
        int rows = 0;
        while (table.add("{\"" + std::string(100'000, 'k') + std::to_string(rows) + "\":1}", std::nullopt, 1'000'000))
            ++rows;
        QCOMPARE(rows, 9);
    }

    void aJsonPageHasTheItemsOwnBytes()
    {
        const Response response =
            page(PageFormat::Json, Times::LeftOut, {R"({"a" : 1.50})", "2"}, {"http://h/x?cursor=p", std::nullopt});
        QCOMPARE(response.content(), pageWithLink);
        QCOMPARE(header(response, "Link"), QByteArray());
    }

    void aPageIsTheSameHoweverItsItemsCome_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("times");
        for (const auto& [name, format] : {std::pair("JSON", PageFormat::Json), std::pair("NDJSON", PageFormat::Ndjson), std::pair("CSV", PageFormat::Csv)}) {
            QTest::addRow("%s", name) << static_cast<int>(format) << static_cast<int>(Times::LeftOut);
            QTest::addRow("%s with times", name) << static_cast<int>(format) << static_cast<int>(Times::Written);
        }
    }
    void aPageIsTheSameHoweverItsItemsCome()
    {
        QFETCH(int, format);
        QFETCH(int, times);
        QList<QByteArray> items;
        for (int i = 0; i < 20; ++i)
            items.append("{\"n\":" + QByteArray::number(i) + "}");
        const auto made = [&](std::size_t atOnce, From from) {
            return page(PageFormat(format), Times(times), items, {std::nullopt, "sX"}, atOnce, from).content();
        };
        const std::string whole = made(items.size(), From::Rows);
        QVERIFY2(whole.find("19") != std::string::npos, whole.c_str());
        for (const std::size_t atOnce : {1, 7, 19, 20}) {
            for (const From from : {From::Rows, From::Block})
                QCOMPARE(made(atOnce, from), whole);
        }
    }

    void aPageEndsBeforeItGrowsTooLong_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("from");
        for (const auto& [name, format] : {std::pair("JSON", PageFormat::Json), std::pair("NDJSON", PageFormat::Ndjson), std::pair("CSV", PageFormat::Csv)}) {
            QTest::addRow("%s of rows", name) << static_cast<int>(format) << static_cast<int>(From::Rows);
            QTest::addRow("%s of a block", name) << static_cast<int>(format) << static_cast<int>(From::Block);
        }
    }
    void aPageEndsBeforeItGrowsTooLong()
    {
        QFETCH(int, format);
        QFETCH(int, from);
        const std::string third = '"' + std::string(mostPageBytes / 3, 'x') + '"';
        const std::string whole = '"' + std::string(mostPageBytes, 'x') + '"';
        const auto taken = [&](const std::vector<std::string_view>& texts) {
            const Items items(texts, From(from));
            return pageWriter(PageFormat(format), Times::LeftOut, std::make_shared<std::string>())->add(items.run(0, items.size()));
        };
        QCOMPARE(taken({third, third, third, third}), std::size_t(2));
        QCOMPARE(taken({"1", whole, "2"}), std::size_t(1));
        QCOMPARE(taken({whole, "1"}), std::size_t(1));
    }

    void roomIsUsedAgainOnceNobodyReadsIt()
    {
        PageRoom room;
        std::shared_ptr<std::string> page = room.take();
        const std::string* const place = page.get();
        *page = "a page";
        page.reset();
        page = room.take();
        QCOMPARE(page.get(), place);
        QCOMPARE(*page, std::string());
        *page = "a page that is being read";
        const std::shared_ptr<std::string> another = room.take();
        QVERIFY(another != page);
        QCOMPARE(*page, std::string("a page that is being read"));
    }

    void timesAndTheLiveCursorStandBesideTheItems()
    {
        QCOMPARE(page(PageFormat::Json, Times::Written, {"1", "2"}, {std::nullopt, "sX"}).content(),
                 std::string(R"({"data":[1,2],"next_page":null,"times":[1,2],"live":"sX"})"));
        QCOMPARE(page(PageFormat::Ndjson, Times::Written, {"{\n\"a\":1}"}).content(),
                 std::string("{\"time\":1,\"item\":{ \"a\":1}}\n"));
        QCOMPARE(page(PageFormat::Csv, Times::Written, {R"({"a":1})"}).content(), std::string("time,a\r\n1,1\r\n"));
    }

    void anItemOfNdjsonStaysOnItsLine()
    {
        QCOMPARE(page(PageFormat::Ndjson, Times::LeftOut, {"{\r\n\"a\":1}", "2"}).content(), std::string("{  \"a\":1}\n2\n"));
    }

    void formatsWithoutRoomForTheLinkHaveItInAHeader()
    {
        for (const PageFormat format : {PageFormat::Csv, PageFormat::Ndjson}) {
            const Response more = page(format, Times::LeftOut, {"1"}, {"http://h/x?cursor=p", std::nullopt});
            QCOMPARE(header(more, "Link"), QByteArray("<http://h/x?cursor=p>; rel=\"next\""));
            QCOMPARE(header(page(format, Times::LeftOut, {"1"}), "Link"), QByteArray());
        }
    }
};

QTEST_APPLESS_MAIN(TestPageWriter)
#include "tst_pagewriter.moc"
