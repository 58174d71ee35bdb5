// What is said of workspace files, of what they change and of snapshots, without a window.
#include "core/lab/probe.h"
#include "ui/workspace/contractwords.h"
#include "ui/workspace/snapshotrows.h"
#include "ui/workspace/workspacechanges.h"
#include "ui/workspace/workspacetext.h"

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
    return {at("2026-11-25T22:02:31Z"), QTimeZone::utc(), QLocale(QLocale::English, QLocale::UnitedStates)};
}

/// A workspace of which everything can go.
struct Present {
    std::vector<EndpointView> endpoints;
    std::vector<OutputView> outputs;
    std::vector<ScopeView> scopes;
    std::vector<ClientView> clients;

    Present()
    {
        EndpointView endpoint;
        endpoint.endpoint.id.text = "weather";
        endpoint.outputName.text = "Seattle";
        endpoint.streams = 2;
        endpoints.push_back(endpoint);
        OutputView output;
        output.output.name.text = "Two words";
        output.items = 1204;
        outputs.push_back(output);
        ScopeView scope;
        scope.scope.name.text = "a:b";
        scope.clients = {"grafana"};
        scope.endpoints = {"weather"};
        scopes.push_back(scope);
        scope = {};
        scope.scope.name.text = "a:c";
        scopes.push_back(scope);
        ClientView client;
        client.client.id.text = "grafana";
        clients.push_back(client);
    }
    PresentLists lists() const { return {endpoints, outputs, scopes, clients}; }
};

/// Rows by lines and columns by bars.
QString printed(const std::vector<TableRow>& rows)
{
    QString text;
    for (const TableRow& row : rows) {
        QStringList cells;
        for (const Cell& cell : row.cells)
            cells << cell.text;
        text += cells.join(u'|') + u'\n';
    }
    return text;
}

std::string faultyFile()
{
    return "{\n  \"iotman\": 1,\n  \"scopes\": [\n    {\"name\": \"a:b\"},\n    {\"name\": \"no colon\"}\n  ]\n}\n";
}

std::string exported(const std::string& sources)
{
    return "{\"iotman\": 1, \"sources\": " + sources + ", \"cors\": []}";
}

const char* const turned =
    R"([{"name": "in", "kind": "http"}, {"kind": "file", "settings": {"format": "csv", "path": "w.csv"}, "name": "w"}])";
const char* const justHttp = R"([{"name": "in", "kind": "http"}])";
const char* const fileWithSecret = R"({"iotman": 1, "clients": [{"id": "c", "name": "C", "secret": {"env": "C_SECRET"}}]})";
const char* const weather =
    R"([{"name": "w", "kind": "file", "settings": {"path": "w.csv", "format": "csv"}}, {"name": "in", "kind": "http"}])";

} // namespace

class TestWorkspaceTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatGoesIsToldFirstWithWhatItCosts()
    {
        const Present present;
        const auto changes =
            changesOf({"+ endpoint new", "~ workspace", "+ output Three", "- scope a:c", "- scope a:b", "~ output Two words",
                       "- endpoint weather", "- output Two words", "- client grafana", "- source in", "~ cors"});
        const auto rows = changeRows(changes, present.lists(), context());
        QStringList lines = printed(rows).split(u'\n');
        QCOMPARE(lines.size(), 12);
        QCOMPARE(lines[0], QStringLiteral("\u2212 Removed|Scope|a:c|Nothing uses it."));
        QCOMPARE(lines[1], QStringLiteral("\u2212 Removed|Scope|a:b|Used until now by: Endpoint weather, Client grafana."));
        QCOMPARE(lines[2],
                 QStringLiteral(
                     "\u2212 Removed|Endpoint|weather|2 streams are open. Nothing has read it yet. The URL stops responding "
                     "immediately. The output and its data stay."));
        QCOMPARE(lines[3],
                 QStringLiteral(
                     "\u2212 Removed|Output|Two words|1,204 items go. The datapoints stay, so the rule can make them again."));
        QVERIFY2(lines[4].startsWith(QStringLiteral("\u2212 Removed|Client|grafana|")) && lines[4].size() > 40,
                 qPrintable(lines[4]));
        QCOMPARE(lines[5], QStringLiteral("\u2212 Removed|Source|in|Nothing comes in by it any longer. Its datapoints stay."));
        QCOMPARE(lines[6], QStringLiteral("~ Changed|Workspace||"));
        QCOMPARE(
            lines[7],
            QStringLiteral("~ Changed|Output|Two words|Another rule, filter or source makes the items that come from now on."));
        QCOMPARE(lines[8], QStringLiteral("~ Changed|CORS origins||Browsers ask by the new list from the next request on."));
        QCOMPARE(lines[9], QStringLiteral("+ Added|Endpoint|new|"));
        QCOMPARE(lines[10], QStringLiteral("+ Added|Output|Three|It is applied to the datapoints that are stored."));
        QCOMPARE(rows[0].cells[0].tone, Tone::Danger);
        QCOMPARE(rows[9].cells[0].tone, Tone::Success);
    }

    void theTextIsThatOfTheCommandLine()
    {
        QCOMPARE(changesText(changesOf({"+ endpoint a", "- output Two words", "~ cors"})),
                 QStringLiteral("- output Two words\n~ cors\n+ endpoint a\n"));
    }

    void aSummaryCountsWhatThereIs_data()
    {
        QTest::addColumn<QStringList>("lines");
        QTest::addColumn<QString>("summary");
        QTest::newRow("nothing") << QStringList() << QString();
        QTest::newRow("one kind") << QStringList{QStringLiteral("+ endpoint a")} << QStringLiteral("1 added");
        QTest::newRow("all kinds") << QStringList{QStringLiteral("+ endpoint a"), QStringLiteral("- scope a:b"),
                                                  QStringLiteral("~ cors"), QStringLiteral("+ scope a:c")}
                                   << QStringLiteral("1 removed, 1 changed, 2 added");
    }
    void aSummaryCountsWhatThereIs()
    {
        QFETCH(QStringList, lines);
        std::vector<std::string> told;
        for (const QString& line : lines)
            told.push_back(line.toStdString());
        QTEST(changesSummary(changesOf(told)), "summary");
    }

    void aWorkspaceFileIsRecognised_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("is");
        QTest::newRow("the least") << QByteArray("{\"iotman\":1}") << true;
        QTest::newRow("after other members") << QByteArray(" \n{ \"cors\": [],\n \"iotman\" : 1 }") << true;
        QTest::newRow("with a mistake in it") << QByteArray("{\"iotman\": 1, \"cors\": [") << true;
        QTest::newRow("a datapoint") << QByteArray("{\"t\": 1}") << false;
        QTest::newRow("lines of datapoints") << QByteArray("{\"t\": 1}\n{\"t\": 2}") << false;
        QTest::newRow("a list") << QByteArray("[{\"iotman\": 1}]") << false;
        QTest::newRow("a table") << QByteArray("iotman,t\n1,2\n") << false;
        QTest::newRow("nothing") << QByteArray() << false;
    }
    void aWorkspaceFileIsRecognised()
    {
        QFETCH(QByteArray, text);
        QTEST(looksLikeWorkspaceFile(text.toStdString()), "is");
    }

    void aMistakeIsToldAtItsLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("part");
        QTest::newRow("in a resource") << QByteArray::fromStdString(faultyFile()) << 5 << QStringLiteral("namespace:action");
        QTest::newRow("in the JSON itself") << QByteArray("{\n\"iotman\": 1,\n\"cors\": [}\n") << 3 << QStringLiteral("column");
        QTest::newRow("a part that nobody knows")
            << QByteArray("{\"iotman\": 1,\n\n\"endpoint\": []}") << 3 << QStringLiteral("endpoint");
        QTest::newRow("another version") << QByteArray("{\n\"iotman\": 2}") << 2 << QStringLiteral("iotman");
    }
    void aMistakeIsToldAtItsLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        QFETCH(QString, part);
        const WorkspaceText file{QStringLiteral("demo.json"), text.toStdString()};
        const auto parsed = parseWorkspaceFile(file.text);
        QVERIFY(!parsed);
        const WorkspaceMistake mistake = mistakeOf(file, parsed.error());
        QCOMPARE(mistake.line, line);
        QCOMPARE(mistake.where, QStringLiteral("demo.json:%1:").arg(line));
        QVERIFY2(mistake.sentence.contains(part), qPrintable(mistake.sentence));
        QVERIFY2(!mistake.sentence.startsWith(u"line"), qPrintable(mistake.sentence));
    }

    void aRefusalForAnotherReasonIsNoMistake()
    {
        const WorkspaceText file{QStringLiteral("demo.json"), "{}"};
        QCOMPARE(mistakeOf(file, {Problem::Unavailable, "nobody answers"}),
                 (WorkspaceMistake{0, {}, QStringLiteral("nobody answers")}));
    }

    void secretsOfTheEnvironmentGoAsHashes()
    {
        const std::string text = fileWithSecret;
        const auto file = parseWorkspaceFile(text);
        QVERIFY(file);
        const auto set = [](const std::string&) { return std::optional<std::string>("SENTINEL"); };
        const auto body = client::workspaceFileBody(text, *file, set);
        QVERIFY(body);
        QVERIFY(!QByteArray::fromStdString(*body).contains("SENTINEL") && !QByteArray::fromStdString(*body).contains("env"));
        QVERIFY(parseWorkspaceFile(*body)->clients->front().secret.hash.size() == 43);
        const auto missing =
            client::workspaceFileBody(text, *file, [](const std::string&) { return std::optional<std::string>(); });
        QVERIFY(!missing);
        QCOMPARE(missing.error().pointer, std::string("/clients/0/secret"));
    }

    void sourcesThatAreTheSameAreLeftOut_data()
    {
        QTest::addColumn<QByteArray>("wanted");
        QTest::addColumn<QByteArray>("stored");
        QTest::addColumn<bool>("same");
        const QByteArray two = weather;
        QTest::newRow("the very same") << two << two << true;
        QTest::newRow("in another order, members too") << two << QByteArray(turned) << true;
        QTest::newRow("one more") << two << QByteArray(justHttp) << false;
        QTest::newRow("another path") << two << QByteArray(two).replace("w.csv", "x.csv") << false;
    }
    void sourcesThatAreTheSameAreLeftOut()
    {
        QFETCH(QByteArray, wanted);
        QFETCH(QByteArray, stored);
        QFETCH(bool, same);
        const std::string body = exported(wanted.toStdString());
        const std::string sent = client::withoutSameSources(body, exported(stored.toStdString()));
        QCOMPARE(parseWorkspaceFile(sent)->sources.has_value(), !same);
        QVERIFY(parseWorkspaceFile(sent)->cors.has_value());
    }

    void theNameOfASnapshotIsChecked_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("fine");
        QTest::addColumn<bool>("told");
        QTest::newRow("nothing typed yet") << QString() << false << false;
        QTest::newRow("blanks around it") << QStringLiteral("  a-b_1 ") << true << false;
        QTest::newRow("a blank in it") << QStringLiteral("a b") << false << true;
        QTest::newRow("upper case") << QStringLiteral("Monday") << false << true;
        QTest::newRow("a path") << QStringLiteral("../x") << false << true;
        QTest::newRow("one that is taken") << QStringLiteral("monday") << false << true;
        QTest::newRow("as long as it may be") << QString(64, u'x') << true << false;
    }
    void theNameOfASnapshotIsChecked()
    {
        QFETCH(QString, typed);
        const auto check = checkSnapshotName(typed, {{Slug{"monday"}, {}, 1}});
        QTEST(check.name.has_value(), "fine");
        QTEST(!check.error.isEmpty(), "told");
    }

    void snapshotsAreListedWithTimeAndSize()
    {
        const Snapshots snapshots{{Slug{"monday"}, at("2026-11-25T14:02:31Z"), 7'600'000},
                                  {Slug{"old"}, at("2025-12-29T00:00:00Z"), 512}};
        QCOMPARE(printed(snapshotRows(snapshots, context())),
                 QStringLiteral("monday|14:02:31|7.6 MB\nold|29 Dec 2025|512 bytes\n"));
        QCOMPARE(snapshotRows(snapshots, context())[0].cells[2].exact, QStringLiteral("7600000"));
    }

    void aRestoreSaysWhatItDoesNotRollBack()
    {
        const client::SnapshotView snapshot{Slug{"monday"}, at("2026-11-25T14:02:31Z"), 1};
        const DeleteQuestion question = restoreQuestion(snapshot, Environment::Local, context());
        for (const char* word : {"datapoints", "Members, scopes, clients, keys and the audit log stay", "streams close"})
            QVERIFY2(question.impact.contains(QLatin1String(word)), word);
        QVERIFY(question.typedName.isEmpty());
        QCOMPARE(restoreQuestion(snapshot, Environment::Production, context()).typedName, QStringLiteral("monday"));
    }

    void aResetSaysWhatItBringsBackAndWhatItLeaves()
    {
        const DeleteQuestion question = resetQuestion(Environment::Local, QStringLiteral("Demo"));
        for (const char* word :
             {"scopes, clients and their secrets", "save a snapshot first", "members, keys and the audit log stay"})
            QVERIFY2(question.impact.contains(QLatin1String(word)), word);
        QVERIFY(question.typedName.isEmpty());
        QCOMPARE(resetQuestion(Environment::Production, QStringLiteral("Demo")).typedName, QStringLiteral("Demo"));
    }

    void everyQuestionOfTheLabCanBeTranslated()
    {
        for (const lab::Probe& probe : lab::probes())
            QVERIFY2(isLabSentence(probe.name), std::string(probe.name).c_str());
        QCOMPARE(labText("404 application/problem+json"), QStringLiteral("404 application/problem+json"));
    }
};

QTEST_MAIN(TestWorkspaceTexts)
#include "tst_workspacetexts.moc"
