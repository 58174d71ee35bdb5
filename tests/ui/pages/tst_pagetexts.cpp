#include "tests/core/client/fakeserver.h"
#include "ui/pages/connection.h"
#include "ui/pages/copyrows.h"
#include "ui/pages/corsentries.h"
#include "ui/pages/endpointsmodel.h"
#include "ui/pages/endpointtexts.h"
#include "ui/pages/gotobox.h"
#include "ui/pages/jsonnode.h"
#include "ui/pages/jsontreemodel.h"
#include "ui/pages/tryittexts.h"
#include "ui/pages/windowgeometry.h"
#include "ui/pages/words.h"

#include <QStandardItemModel>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::ui;

namespace {

Timestamp at(const char* iso)
{
    return Timestamp::parseIso(iso).value();
}

ReadingContext context()
{
    return {at("2026-11-25T22:02:31Z"), QTimeZone("America/Los_Angeles"), QLocale(QLocale::English, QLocale::UnitedStates)};
}

EndpointView endpoint(const std::string& id, const std::string& output, std::int64_t streams = 0)
{
    EndpointView view;
    view.endpoint.id.text = id;
    view.endpoint.output.text = "o-" + output;
    view.endpoint.made = {at("2026-11-12T20:00:00Z"), "ada@plant.example"};
    view.outputName.text = output;
    view.url = "http://127.0.0.1:8787/data/out/" + id;
    view.streams = streams;
    return view;
}

CorsOrigins origins(const std::vector<std::string>& texts)
{
    return parseCorsOrigins(texts).value().origins;
}

/// Every cell, rows by lines and columns by bars.
QString printed(const QAbstractItemModel& model)
{
    QString text;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells << model.index(row, column).data().toString();
        text += cells.join(u'|') + u'\n';
    }
    return text;
}

} // namespace

/// What the pages say, as tables: every text and decision that needs no widget.
class TestPageTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aConnectionIsJudgedByTheFirstTrouble_data()
    {
        QTest::addColumn<int>("kind"); // -1: none
        QTest::addColumn<Phase>("phase");
        QTest::newRow("an answer") << -1 << Phase::Running;
        QTest::newRow("no answer") << int(Problem::Unavailable) << Phase::Offline;
        QTest::newRow("asked to wait") << int(Problem::TooManyRequests) << Phase::Offline;
        QTest::newRow("the key is refused") << int(Problem::Unauthorized) << Phase::SignInNeeded;
        QTest::newRow("not the contract") << int(Problem::Internal) << Phase::Failed;
        QTest::newRow("another server") << int(Problem::NotFound) << Phase::Failed;
    }
    void aConnectionIsJudgedByTheFirstTrouble()
    {
        QFETCH(int, kind);
        const std::optional<Error> trouble =
            kind < 0 ? std::nullopt : std::optional(Error{static_cast<Problem>(kind), "why", {}});
        const ConnectionState state = stateAfter({}, trouble, {5});
        QTEST(state.phase, "phase");
        QCOMPARE(state.reason, kind < 0 ? QString() : QStringLiteral("why"));
    }

    void offlineCountsFromTheFirstLoss()
    {
        const Error lost{Problem::Unavailable, "no answer", {}};
        ConnectionState state = stateAfter({Phase::Running, {}, {}}, lost, at("2026-11-25T22:02:00Z"));
        state = stateAfter(state, lost, at("2026-11-25T22:09:00Z"));
        QCOMPARE(stateWord(state, context()), QStringLiteral("offline since 14:02"));
        QCOMPARE(stateAfter(state, std::nullopt, {}).since, std::nullopt);
    }

    void ratesComeFromTwoCountsAndForgetWhatFell()
    {
        OutputView output;
        output.output.id.text = "a";
        ItemRates rates;
        const auto sample = [&](std::int64_t second, std::int64_t items) {
            output.items = items;
            rates.sample({second * 1'000'000}, {output});
        };
        sample(0, 100);
        QCOMPARE(rates.of({"a"}), std::nullopt);
        sample(2, 103);
        QCOMPARE(rates.of({"a"}), std::optional(1.5));
        QCOMPARE(rates.total(), std::optional(1.5));
        sample(2, 104);
        QCOMPARE(rates.of({"a"}), std::optional(2.0));
        for (std::int64_t second = 4; second <= 40; second += 2)
            sample(second, 104);
        QCOMPARE(rates.of({"a"}), std::optional(0.0));
        sample(42, 7); // its items were remade
        QCOMPARE(rates.of({"a"}), std::nullopt);
        rates.sample({43'000'000}, {});
        QCOMPARE(rates.total(), std::nullopt);
    }

    void aTimeReadsByHowFarAwayItIs_data()
    {
        QTest::addColumn<QString>("iso");
        QTest::addColumn<QString>("text");
        QTest::newRow("today") << "2026-11-25T22:02:31Z"
                               << "14:02:31";
        QTest::newRow("yesterday by the zone, today by UTC") << "2026-11-25T01:31:00Z"
                                                             << "24 Nov 17:31";
        QTest::newRow("another year") << "2001-12-29T20:00:00Z"
                                      << "29 Dec 2001";
        QTest::newRow("before 1970") << "1942-08-18T12:00:00Z"
                                     << "18 Aug 1942";
    }
    void aTimeReadsByHowFarAwayItIs()
    {
        QFETCH(QString, iso);
        QTEST(momentWord(at(iso.toUtf8().constData()), context()), "text");
    }

    void aWallClockKeepsItsMoment_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QString>("iso");
        for (const char* iso : {"2024-03-31T00:59:59Z", "2024-03-31T01:00:00Z", "1999-12-31T23:59:59Z", "1942-08-18T12:00:00Z"}) {
            for (const char* zone : {"Europe/Berlin", "UTC", "America/Los_Angeles", "Asia/Kathmandu"})
                QTest::addRow("%s in %s", iso, zone) << QByteArray(zone) << QString::fromLatin1(iso);
        }
    }
    void aWallClockKeepsItsMoment()
    {
        QFETCH(QByteArray, zone);
        QFETCH(QString, iso);
        const Timestamp time = at(iso.toUtf8().constData());
        const QTimeZone named(zone);
        QCOMPARE(fromWallClock(wallClock(time, named), named), time);
    }

    void aRateHasTheDecimalsThatTell_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << 0.0 << "0";
        QTest::newRow("hardly") << 0.001 << "<0.01";
        QTest::newRow("one in a minute") << 1.0 / 60 << "0.02";
        QTest::newRow("one a second") << 1.0 << "1.0";
        QTest::newRow("many") << 12'345.6 << "12,346";
    }
    void aRateHasTheDecimalsThatTell()
    {
        QFETCH(double, rate);
        QTEST(rateWord(rate, context().locale), "text");
    }

    void aNewEndpointIsCheckedWhileItIsTyped_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("good");
        QTest::newRow("none: the server makes one") << "" << true;
        QTest::newRow("blanks around are no fault") << " weather " << true;
        QTest::newRow("taken") << "seattle" << false;
        QTest::newRow("a character that no id has") << "a/b" << false;
        QTest::newRow("too long") << QString(65, u'a') << false;
    }
    void aNewEndpointIsCheckedWhileItIsTyped()
    {
        QFETCH(QString, id);
        const EndpointCheck check =
            checkEndpoint({OutputId{"o-weather"}, std::nullopt, id}, {endpoint("seattle", "weather")}, {});
        QTEST(check.draft.has_value(), "good");
        QCOMPARE(check.idError.isEmpty(), check.draft.has_value());
        QCOMPARE(check.outputNote, QStringLiteral("1 endpoint serves this output already."));
        if (check.draft && check.draft->id)
            QCOMPARE(check.draft->id->text, std::string("weather"));
        QVERIFY(!checkEndpoint({std::nullopt, std::nullopt, id}, {}, {}).draft);
    }

    void aScopeTellsWhoHoldsIt_data()
    {
        QTest::addColumn<QStringList>("clients");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << QStringList() << "No client holds this scope yet. Others get 403.";
        QTest::newRow("one") << QStringList{QStringLiteral("grafana")} << "Held by 1 client: grafana. Others get 403.";
        QTest::newRow("two") << QStringList{QStringLiteral("a"), QStringLiteral("b")}
                             << "Held by 2 clients: a, b. Others get 403.";
        QTest::newRow("many") << QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d")}
                              << "Held by 4 clients: a, b, c, …. Others get 403.";
    }
    void aScopeTellsWhoHoldsIt()
    {
        QFETCH(QStringList, clients);
        ScopeView scope;
        scope.scope.name.text = "sensor:read";
        for (const QString& client : clients)
            scope.clients.push_back(client.toStdString());
        QTEST(readersText(ScopeName{"sensor:read"}, {scope}), "text");
        QCOMPARE(readersText(std::nullopt, {}), QStringLiteral("Anyone who can reach the address may read it."));
    }

    void aDeleteTellsItsImpact()
    {
        EndpointView read = endpoint("a", "Seattle hourly", 2);
        read.lastReadAt = at("2026-11-25T22:02:00Z");
        const DeleteQuestion one = deleteQuestion({read}, Environment::Local, context());
        QCOMPARE(one.title, QStringLiteral("Delete the endpoint “a” of “Seattle hourly”?"));
        QCOMPARE(one.impact, QStringLiteral("2 streams are open. Last read: 14:02:00. The URL stops responding immediately. "
                                            "The output and its data stay."));
        QCOMPARE(one.button, QStringLiteral("Delete endpoint"));
        QCOMPARE(one.typedName, QString());
        const DeleteQuestion live = deleteQuestion({read}, Environment::Production, context());
        QCOMPARE(live.typedName, QStringLiteral("Seattle hourly"));
        const DeleteQuestion both = deleteQuestion({read, endpoint("b", "x", 1)}, Environment::Local, context());
        QCOMPARE(both.title, QStringLiteral("Delete 2 endpoints?"));
        QVERIFY(both.impact.startsWith(QStringLiteral("3 streams are open.")));
    }

    void corsEntriesSayWhatBecomesOfThem_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("stored");
        QTest::addColumn<EntryState>("state");
        QTest::addColumn<QString>("said");
        QTest::newRow("case and slash") << "HTTPS://Dash.Example/"
                                        << "https://dash.example" << EntryState::New
                                        << "“HTTPS://Dash.Example/” becomes “https://dash.example”.";
        QTest::newRow("an international host shows both forms")
            << "https://대시보드.example"
            << "https://xn--vk1b88au7m1kg.example" << EntryState::New << "Reads https://대시보드.example.";
        QTest::newRow("saved") << "https://saved.example"
                               << "https://saved.example" << EntryState::Saved << "Saved.";
        QTest::newRow("no scheme") << "dash.example"
                                   << "" << EntryState::Refused << "https://dash.example";
        QTest::newRow("wildcard inside") << "https://*.example"
                                         << "" << EntryState::Refused << "wildcard";
        QTest::newRow("null") << "null"
                              << "" << EntryState::Refused << "sandboxed";
        QTest::newRow("any") << "*"
                             << "*" << EntryState::Any << "Stands alone";
    }
    void corsEntriesSayWhatBecomesOfThem()
    {
        QFETCH(QString, typed);
        QFETCH(QString, said);
        const CorsCheck check = checkCors(typed, origins({"https://saved.example"}));
        QCOMPARE(check.entries.size(), 1U);
        QTEST(check.entries.front().stored, "stored");
        QTEST(check.entries.front().state, "state");
        QVERIFY2(check.entries.front().what.contains(said), qPrintable(check.entries.front().what));
    }

    void corsTextIsSplitAtCommasBlanksAndLines()
    {
        const CorsOrigins saved = origins({"https://a.example", "https://b.example"});
        const CorsCheck check =
            checkCors(QStringLiteral(" https://a.example,https://c.example\n\thttps://C.example\r\n,,"), saved);
        QCOMPARE(check.entries.size(), 3U);
        QCOMPARE(check.entries[1].start, 19);
        QCOMPARE(check.entries[2].state, EntryState::Repeated);
        QCOMPARE(check.toStore, (std::vector<std::string>{"https://a.example", "https://c.example"}));
        QCOMPARE(check.summary(), QStringLiteral("Unsaved: 1 added, 1 removed."));
        QVERIFY(check.canSave());
        QVERIFY(!checkCors(corsText(saved), saved).changed);
        QVERIFY(!checkCors(QStringLiteral("https://a.example x"), saved).canSave());
        QCOMPARE(checkCors(QStringLiteral("https://b.example https://a.example"), saved).summary(),
                 QStringLiteral("Unsaved: another order."));
    }

    void aStarStandsAlone()
    {
        const CorsCheck check = checkCors(QStringLiteral("https://a.example *"), origins({"https://a.example"}));
        QVERIFY(check.any);
        QCOMPARE(check.toStore, std::vector<std::string>{"*"});
        QCOMPARE(check.entries.front().state, EntryState::Overruled);
        QVERIFY(!checkCors(QStringLiteral("*"), origins({"*"})).changed);
    }

    void jsonKeepsItsBytes()
    {
        JsonTreeModel model;
        model.setText(" {\"n\":1.2300,\"big\":123456789012345678901234567890,\"e\":1E+5,\"k\\u00e9y\":\"\\u0041\",\"o\":{},\"l\":"
                      "[1,[2]],\"z\":null}");
        QCOMPARE(printed(model), QStringLiteral("n|1.2300|number\nbig|123456789012345678901234567890|number\ne|1E+5|number\n"
                                                "kéy|\"\\u0041\"|text\no||object\nl|2 values|array\nz|null|null\n"));
        QVERIFY(!model.hasChildren(model.index(4, 0)));
        const QModelIndex list = model.index(5, 0);
        QVERIFY(model.hasChildren(list));
        QCOMPARE(model.rowCount(list), 2);
        QCOMPARE(model.parent(model.index(1, 0, list)), list);
    }

    void whatIsNotJsonMakesAnEmptyTree_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("rows");
        QTest::newRow("nothing") << QByteArray() << 0;
        QTest::newRow("html") << QByteArray("<html>") << 0;
        QTest::newRow("cut off") << QByteArray("{\"a\":1") << 0;
        QTest::newRow("two values") << QByteArray("{} {}") << 0;
        QTest::newRow("one number") << QByteArray("17.20") << 1;
    }
    void whatIsNotJsonMakesAnEmptyTree()
    {
        QFETCH(QByteArray, text);
        JsonTreeModel model;
        model.setText(text);
        QTEST(model.rowCount(), "rows");
    }

    void indentingAddsBlanksAndNothingElse_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("object") << QByteArray("{\"a\":1.0,\"b\":[ ]}") << QByteArray("{\n  \"a\": 1.0,\n  \"b\": []\n}");
        QTest::newRow("nested") << QByteArray("[{\"x\":[1,2]},{}]")
                                << QByteArray("[\n  {\n    \"x\": [\n      1,\n      2\n    ]\n  },\n  {}\n]");
        QTest::newRow("brackets in a text") << QByteArray("[\"a,{]\\\"\",-0]") << QByteArray("[\n  \"a,{]\\\"\",\n  -0\n]");
        QTest::newRow("not JSON stays") << QByteArray("{oops") << QByteArray("{oops");
    }
    void indentingAddsBlanksAndNothingElse()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(indented(json.toStdString(), 1000)), text);
    }

    void aTimeIsKnownByItsNameAndSize_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("time");
        QTest::newRow("seconds") << "at" << QByteArray("1280642400") << true;
        QTest::newRow("with decimals") << "TS" << QByteArray("1280642400.25") << true;
        QTest::newRow("milliseconds") << "at" << QByteArray("1280642400000") << false;
        QTest::newRow("another name") << "celsius" << QByteArray("1280642400") << false;
        QTest::newRow("a text") << "at" << QByteArray("\"1280642400\"") << false;
        QTest::newRow("small") << "t" << QByteArray("17") << false;
    }
    void aTimeIsKnownByItsNameAndSize()
    {
        QFETCH(QString, key);
        QFETCH(QByteArray, value);
        QTEST(looksLikeTime(key, value.toStdString()), "time");
    }

    void aPageSaysHowManyOfHowMany_data()
    {
        QTest::addColumn<int>("items");
        QTest::addColumn<int>("before");
        QTest::addColumn<bool>("more");
        QTest::addColumn<QString>("text");
        QTest::newRow("first of several") << 100 << 0 << true << "100 items, more follow";
        QTest::newRow("second") << 100 << 100 << true << "Items 101 to 200, more follow";
        QTest::newRow("the last") << 50 << 200 << false << "Items 201 to 250, the last";
        QTest::newRow("all on one page") << 1 << 0 << false << "1 item, all there are";
        QTest::newRow("nothing") << 0 << 0 << false << "No item in this range";
    }
    void aPageSaysHowManyOfHowMany()
    {
        QFETCH(int, items);
        QFETCH(int, before);
        QFETCH(bool, more);
        client::Page page;
        page.items.resize(static_cast<std::size_t>(items));
        if (more)
            page.next = client::PageLink::first({}, {});
        QTEST(pageText(page, static_cast<std::size_t>(before)), "text");
    }

    void aRangeIsToldInUnixSeconds()
    {
        QCOMPARE(rangeText(Timestamp{1'277'967'600'000'000}, std::nullopt), QStringLiteral("1277967600 … newest"));
        QVERIFY(rangeError(Timestamp{2}, Timestamp{1}).contains(QStringLiteral("lies after")));
        QVERIFY(rangeError(Timestamp{1}, Timestamp{1}).isEmpty());
    }

    void theModelTurnsEndpointsIntoCells()
    {
        client::FakeClock clock;
        clock.time = context().now;
        EndpointsModel model(clock);
        model.setZone(context().zone);
        EndpointView off = endpoint("b", "Heat pump", 3);
        off.endpoint.enabled = false;
        off.endpoint.requiredScope = ScopeName{"energy:read"};
        off.lastItemAt = at("2026-11-25T22:02:30Z");
        model.setRows({{endpoint("a", "CO₂"), std::nullopt}, {off, 0.5}});
        QCOMPARE(printed(model),
                 QStringLiteral("CO₂|http://127.0.0.1:8787/data/out/a|Public|–|–|0|12 Nov 2026|ada@plant.example\n"
                                "Heat pump · off|http://127.0.0.1:8787/data/out/b|energy:read|14:02:30|0.5|3|12 Nov 2026|"
                                "ada@plant.example\n"));
        QCOMPARE(rowsAs(RowsAs::Csv, model, {1}, {0, 3, 4}),
                 QStringLiteral("Output,Last item,Items/s\r\nHeat pump,2026-11-25T22:02:30Z,0.5\r\n"));
    }

    void newRowsAreMergedByTheirId()
    {
        client::FakeClock clock;
        EndpointsModel model(clock);
        const auto rows = [](const std::vector<std::string>& ids, std::int64_t streams = 0) {
            std::vector<EndpointRow> made;
            for (const std::string& id : ids)
                made.push_back({endpoint(id, id, streams), std::nullopt});
            return made;
        };
        model.setRows(rows({"a", "b", "c", "d"}));
        const QPersistentModelIndex d = model.index(3, 0);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setRows(rows({"a", "b", "c", "d"}));
        QCOMPARE(changed.count(), 0);
        model.setRows(rows({"d", "e", "a"}));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(d.row(), 1);
        QCOMPARE(model.rowOf({"e"}), 2);
        QCOMPARE(model.rowOf({"b"}), -1);
        model.setRows(rows({"a"}, 1));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(reset.count(), 0);
    }

    void csvIsQuotedWhereItHasToBe()
    {
        QStandardItemModel model(1, 2);
        model.setHorizontalHeaderLabels({QStringLiteral("a"), QStringLiteral("b,c")});
        model.setItem(0, 0, new QStandardItem(QStringLiteral("say \"hi\"\nthere")));
        model.setItem(0, 1, new QStandardItem(QStringLiteral("1\t2")));
        QCOMPARE(rowsAs(RowsAs::Csv, model, {0}, {0, 1}), QStringLiteral("a,\"b,c\"\r\n\"say \"\"hi\"\"\nthere\",1\t2\r\n"));
        QCOMPARE(rowsAs(RowsAs::Text, model, {0}, {0, 1}), QStringLiteral("say \"hi\" there\t1 2\n"));
    }

    void aWindowComesBackWhereItCanBeSeen_data()
    {
        QTest::addColumn<QRect>("wanted");
        QTest::addColumn<QRect>("placed");
        QTest::newRow("as it was") << QRect(100, 80, 900, 600) << QRect(100, 80, 900, 600);
        QTest::newRow("on the second screen") << QRect(2000, 80, 900, 600) << QRect(2000, 80, 900, 600);
        QTest::newRow("on a screen that is gone") << QRect(5000, -3000, 900, 600) << QRect(1020, 0, 900, 600);
        QTest::newRow("with the title above the edge") << QRect(100, -200, 900, 600) << QRect(100, 0, 900, 600);
        QTest::newRow("larger than the screen") << QRect(0, 0, 4000, 3000) << QRect(0, 0, 1920, 1080);
        QTest::newRow("tiny") << QRect(10, 10, 1, 1) << QRect(10, 10, 800, 500);
    }
    void aWindowComesBackWhereItCanBeSeen()
    {
        QFETCH(QRect, wanted);
        QTEST(onScreens(wanted, {QRect(0, 0, 1920, 1080), QRect(1920, 0, 1920, 1080)}, {800, 500}), "placed");
    }

    void goToFindsAllWordsInAnyOrder_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("found");
        QTest::newRow("nothing typed") << "" << true;
        QTest::newRow("case") << "SEATTLE" << true;
        QTest::newRow("order") << "hourly sea" << true;
        QTest::newRow("a word too many") << "seattle daily" << false;
    }
    void goToFindsAllWordsInAnyOrder()
    {
        QFETCH(QString, typed);
        QTEST((GotoTarget{QStringLiteral("Seattle hourly · seattle-hourly"), {}, {}}.matches(typed)), "found");
    }
};

QTEST_MAIN(TestPageTexts)
#include "tst_pagetexts.moc"
