#include "core/model/workspacefile.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

/// The example of the documentation.
const std::string example = quoted(
    "{\n"
    "  'iotman': 1,\n"
    "  'workspace': {'slug': 'demo', 'name': 'Demo weather'},\n"
    "  'scopes':    [{'name': 'sensor:read', 'description': 'Read sensor data'}],\n"
    "  'sources':   [{'name': 'seattle', 'kind': 'http', 'time': '$.ts', 'required_scope': null, 'settings': {}}],\n"
    "  'outputs':   [{'name': 'weather', 'sources': ['seattle'], 'filter': '$.location == \\'Seattle\\'', 'rule': '{ at: $ts, "
    "celsius: $.temp_max }'}],\n"
    "  'endpoints': [{'id': 'weather', 'output': 'weather', 'required_scope': null, 'enabled': true}],\n"
    "  'cors':      ['https://dash.example'],\n"
    "  'clients':   [{'id': 'grafana', 'name': 'Grafana', 'scopes': ['sensor:read'], 'secret': {'env': 'GRAFANA_SECRET'}}]\n"
    "}\n");

const std::string hash = "ZKpT9cBdkx4vHTiHClGsURbsNJpZawYL3lOlLBtKXxA"; // of "abc-0123"

QByteArray joined(const std::vector<std::string>& lines)
{
    QByteArray text;
    for (const std::string& line : lines)
        text += (text.isEmpty() ? "" : "\n") + bytes(line);
    return text;
}

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    const std::size_t place = text.find(what);
    return place == std::string::npos ? "not found: " + what : text.replace(place, what.size(), with);
}

} // namespace

class TestWorkspaceFile : public QObject {
    Q_OBJECT

    CountedRandom random_;
    std::map<std::string, std::string> environment_;

    WorkspaceFileContext context()
    {
        return {{"workspace file", at(1'700'000'000), random_},
                77,
                [this](const std::string& name) {
                    const auto found = environment_.find(name);
                    return found == environment_.end() ? std::nullopt : std::optional(found->second);
                },
                [](const OutputDraft& draft) -> Expected<void> {
                    if (draft.rule == "broken")
                        return fail(Error{Problem::BadRequest, "rule: column 1: expected “$”", "rule", 1});
                    if (draft.filter == "broken")
                        return fail(Error{Problem::BadRequest, "filter: column 1: expected “$”", "filter", 1, "/filter"});
                    return {};
                },
                [](const SourceDraft& draft) -> Expected<void> {
                    if (draft.time == "broken")
                        return fail(Error{Problem::BadRequest, "time: column 1: expected “$”", "time", 1});
                    return {};
                }};
    }

    /// Applies `text` as a file; `ok`, or what `apply` prints.
    QByteArray apply(Catalog& catalog, const std::string& text)
    {
        const auto file = parseWorkspaceFile(text);
        if (!file)
            return bytes(fileError("demo.json", text, file.error()));
        Catalog next = catalog;
        if (const auto applied = applyWorkspaceFile(next, *file, context()); !applied)
            return bytes(fileError("demo.json", text, applied.error()));
        catalog = std::move(next);
        return "ok";
    }

    /// The same, with single quotes for double ones.
    QByteArray applyQuoted(Catalog& catalog, const std::string& text) { return apply(catalog, quoted(text)); }

private Q_SLOTS:
    void init() { environment_ = {{"GRAFANA_SECRET", "abc-0123"}}; }

    // ---- A valid file

    void theDocumentedExampleIsApplied()
    {
        Catalog catalog;
        QCOMPARE(apply(catalog, example), QByteArray("ok"));
        const Made made{at(1'700'000'000), "workspace file"};
        QCOMPARE(catalog.workspace.slug.text, std::string("demo"));
        QCOMPARE(catalog.workspace.name, std::string("Demo weather"));
        const Scope scope{ScopeName{"sensor:read"}, "Read sensor data", made};
        QVERIFY(catalog.scopes.at(scope.name) == scope);
        const Source source{1, SourceName{"seattle"}, SourceKind::Http, Json::object(), "$.ts", std::nullopt, true, made};
        QVERIFY(catalog.sources.at(source.name) == source);
        const Output* output = catalog.outputNamed(OutputName{"weather"});
        QVERIFY(output);
        Output expected{2, output->id, OutputName{"weather"}, {source.name}, "$.location == \"Seattle\"", "{ at: $ts, celsius: $.temp_max }", {}, made};
        expected.applying = applyingTo(expected, 2, 77);
        QVERIFY(*output == expected);
        const Endpoint endpoint{EndpointId{"weather"}, output->id, std::nullopt, true, made};
        QVERIFY(catalog.endpoints.at(endpoint.id) == endpoint);
        const Client client{ClientId{"grafana"}, "Grafana", {scope.name}, true, std::nullopt, hash, made};
        QVERIFY(catalog.clients.at(client.id) == client);
        QCOMPARE(joined(catalog.cors.texts()), QByteArray("https://dash.example"));
    }

    void applyingAgainChangesNothing()
    {
        Catalog catalog;
        QCOMPARE(apply(catalog, example), QByteArray("ok"));
        const Catalog before = catalog;
        QCOMPARE(apply(catalog, example), QByteArray("ok"));
        QVERIFY(differences(before, catalog).empty());
        QCOMPARE(joined(differenceLines(before, catalog)), QByteArray());
    }

    void anExportIsAFileThatChangesNothing()
    {
        Catalog catalog = filledCatalog(random_);
        const std::string exported = exportWorkspaceFile(catalog);
        const Catalog before = catalog;
        QCOMPARE(apply(catalog, exported), QByteArray("ok"));
        QVERIFY(differences(before, catalog).empty());

        Catalog other;
        QCOMPARE(apply(other, exported), QByteArray("ok"));
        QCOMPARE(bytes(exportWorkspaceFile(other)), bytes(exported));
        QVERIFY(other.members.empty());
    }

    void anExportIsTextForAReview()
    {
        const Catalog catalog = filledCatalog(random_);
        const std::string clientHash = catalog.clients.begin()->second.secretHash;
        const std::string expected = quoted("{\n"
                                            "  'iotman': 1,\n"
                                            "  'workspace': {\n"
                                            "    'slug': 'demo',\n"
                                            "    'name': 'Demo weather'\n"
                                            "  },\n"
                                            "  'scopes': [\n"
                                            "    {\n"
                                            "      'name': 'sensor:read',\n"
                                            "      'description': 'Read sensor data'\n"
                                            "    }\n"
                                            "  ],\n"
                                            "  'sources': [\n"
                                            "    {\n"
                                            "      'name': 'seattle',\n"
                                            "      'kind': 'http',\n"
                                            "      'settings': {},\n"
                                            "      'time': '$.ts',\n"
                                            "      'required_scope': 'sensor:read',\n"
                                            "      'enabled': true\n"
                                            "    }\n"
                                            "  ],\n"
                                            "  'outputs': [\n"
                                            "    {\n"
                                            "      'name': 'weather',\n"
                                            "      'sources': [\n"
                                            "        'seattle'\n"
                                            "      ],\n"
                                            "      'filter': '$.a == 1',\n"
                                            "      'rule': '{ at: $ts }'\n"
                                            "    }\n"
                                            "  ],\n"
                                            "  'endpoints': [\n"
                                            "    {\n"
                                            "      'id': 'weather',\n"
                                            "      'output': 'weather',\n"
                                            "      'required_scope': 'sensor:read',\n"
                                            "      'enabled': true\n"
                                            "    }\n"
                                            "  ],\n"
                                            "  'cors': [\n"
                                            "    'http://localhost:3000',\n"
                                            "    'https://dash.example'\n"
                                            "  ],\n"
                                            "  'clients': [\n"
                                            "    {\n"
                                            "      'name': 'Grafana',\n"
                                            "      'scopes': [\n"
                                            "        'sensor:read'\n"
                                            "      ],\n"
                                            "      'enabled': true,\n"
                                            "      'expires_at': 1800000000,\n"
                                            "      'id': 'grafana',\n"
                                            "      'secret': {\n"
                                            "        'hash': '" +
                                            clientHash +
                                            "'\n"
                                            "      }\n"
                                            "    }\n"
                                            "  ]\n"
                                            "}\n");
        QCOMPARE(bytes(exportWorkspaceFile(catalog)), bytes(expected));
    }

    void anExportNamesNoMemberAndNoSecret()
    {
        const Catalog catalog = filledCatalog(random_);
        const std::string text = exportWorkspaceFile(catalog);
        QVERIFY(text.find("ada@example.com") == std::string::npos);
        QVERIFY(text.find(catalog.members.begin()->second.keyHash) == std::string::npos);
    }

    void anEmptyWorkspaceIsExportedToo()
    {
        Catalog catalog;
        catalog.workspace.name = "Empty";
        const std::string text = exportWorkspaceFile(catalog);
        QCOMPARE(apply(catalog, text), QByteArray("ok"));
        QCOMPARE(bytes(exportWorkspaceFile(catalog)), bytes(text));
    }

    void anExportOfEveryOriginIsAFileToo()
    {
        Catalog catalog;
        catalog.workspace.name = "Open";
        catalog.cors.any = true;
        Catalog other;
        QCOMPARE(apply(other, exportWorkspaceFile(catalog)), QByteArray("ok"));
        QVERIFY(other.cors == catalog.cors);
    }

    void anOutputsNameCountsBeforeAnothersId()
    {
        Catalog catalog = filledCatalog(random_);
        OutputDraft draft;
        draft.name = OutputName{"o1"}; // the id of “weather”
        draft.rule = "$";
        const auto id = createOutput(catalog, draft, 0, context().author);
        QCOMPARE(told(id), QByteArray("ok"));
        QVERIFY(createEndpoint(catalog, {id->text, std::nullopt, EndpointId{"other"}, true}, context().author));
        const Catalog before = catalog;
        QCOMPARE(apply(catalog, exportWorkspaceFile(catalog)), QByteArray("ok"));
        QCOMPARE(joined(differenceLines(before, catalog)), QByteArray());
        QVERIFY(catalog.endpoints.at(EndpointId{"other"}).output == *id);
    }

    void anotherOrderIsNoDifference()
    {
        Catalog catalog = filledCatalog(random_);
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'scopes':[{'name':'a:r'},{'name':'z:r'}],"
                                      "'sources':[{'name':'a','kind':'http','settings':{'retention':{'count':5,'age':100}}},{'name':'b','kind':'http'}],"
                                      "'endpoints':[],'outputs':[{'name':'o','sources':['a','b'],'rule':'$'}],'cors':['https://b.example','https://a.example'],"
                                      "'clients':[{'id':'c','name':'C','scopes':['z:r','a:r'],'secret':{'hash':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}}]}"),
                 QByteArray("ok"));
        const Catalog before = catalog;
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'sources':[{'name':'b','kind':'http'},{'name':'a','kind':'http','settings':{'retention':{'age':100,'count':5}}}],"
                                      "'outputs':[{'name':'o','sources':['b','a'],'rule':'$'}],'cors':['https://a.example','https://b.example'],"
                                      "'clients':[{'id':'c','name':'C','scopes':['a:r','z:r'],'secret':{'hash':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}}]}"),
                 QByteArray("ok"));
        QCOMPARE(joined(differenceLines(before, catalog)), QByteArray());
        QVERIFY(differences(before, catalog).empty());
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'sources':[{'name':'b','kind':'http'},{'name':'a','kind':'http','settings':{'retention':{'age':101,'count':5}}}],"
                                      "'cors':['https://a.example']}"),
                 QByteArray("ok"));
        QCOMPARE(joined(differenceLines(before, catalog)), QByteArray("~ source a\n~ cors"));
        // An export is sorted whatever the order in which things were given.
        const std::string text = exportWorkspaceFile(before);
        QVERIFY(text.find("a:r\",") < text.find("z:r\"\n"));
        QVERIFY(text.find("https://a.example") < text.find("https://b.example"));
    }

    // ---- Parts

    void anAbsentPartIsLeftAlone()
    {
        Catalog catalog = filledCatalog(random_);
        const Catalog before = catalog;
        QCOMPARE(applyQuoted(catalog, "{'iotman':1}"), QByteArray("ok"));
        QVERIFY(differences(before, catalog).empty());
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'workspace':{'name':'Other'}}"), QByteArray("ok"));
        QCOMPARE(joined(differenceLines(before, catalog)), QByteArray("~ workspace"));
        QCOMPARE(catalog.workspace.slug.text, std::string("demo"));
    }

    void aPartThatIsThereBecomesExactlySo_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("lines");
        const auto row = [](const char* name, const char* file, const char* lines) {
            QTest::newRow(name) << QByteArray(file) << QByteArray(lines);
        };
        row("no endpoints", "{'iotman':1,'endpoints':[]}", "- endpoint weather");
        row("no clients", "{'iotman':1,'clients':[]}", "- client grafana");
        row("no CORS origins", "{'iotman':1,'cors':[]}", "~ cors");
        row("every origin", "{'iotman':1,'cors':['*']}", "~ cors");
        row("no outputs and endpoints", "{'iotman':1,'outputs':[],'endpoints':[]}", "- output weather\n- endpoint weather");
        row("nothing at all", "{'iotman':1,'scopes':[],'sources':[],'outputs':[],'endpoints':[],'cors':[],'clients':[]}",
            "- scope sensor:read\n- source seattle\n- output weather\n- endpoint weather\n- client grafana\n~ cors");
        row("another of each",
            "{'iotman':1,'scopes':[{'name':'a:b'}],'sources':[{'name':'boston','kind':'http','required_scope':'a:b'}],"
            "'outputs':[{'name':'celsius','sources':['boston'],'rule':'$'}],'endpoints':[{'id':'celsius','output':'celsius','"
            "required_scope':'a:b'}],"
            "'clients':[{'id':'dash','name':'Dash','scopes':['a:b']}]}",
            "+ scope a:b\n- scope sensor:read\n+ source boston\n- source seattle\n+ output celsius\n- output weather\n"
            "+ endpoint celsius\n- endpoint weather\n+ client dash\n- client grafana");
        row("an endpoint moves to the output that replaces its own",
            "{'iotman':1,'outputs':[{'name':'celsius','rule':'$'}],'endpoints':[{'id':'weather','output':'celsius'}]}",
            "+ output celsius\n- output weather\n~ endpoint weather");
        row("an output stays without the source that goes", "{'iotman':1,'sources':[],'outputs':[{'name':'weather','rule':'$'}]}",
            "- source seattle\n~ output weather");
        row("users stay without the scope that goes",
            "{'iotman':1,'scopes':[],'sources':[{'name':'seattle','kind':'http'}],'endpoints':[{'id':'weather','output':'weather'"
            "}],"
            "'clients':[{'id':'grafana','name':'Grafana'}]}",
            "- scope sensor:read\n~ source seattle\n~ endpoint weather\n~ client grafana");
        row("a client that no longer expires",
            "{'iotman':1,'clients':[{'id':'grafana','name':'Grafana','scopes':['sensor:read']}]}", "~ client grafana");
        row("a source without its time",
            "{'iotman':1,'sources':[{'name':'seattle','kind':'http','required_scope':'sensor:read'}]}", "~ source seattle");
        row("a scope without its description", "{'iotman':1,'scopes':[{'name':'sensor:read'}]}", "~ scope sensor:read");
    }
    void aPartThatIsThereBecomesExactlySo()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, lines);
        Catalog catalog = filledCatalog(random_);
        const Catalog before = catalog;
        QCOMPARE(applyQuoted(catalog, file.toStdString()), QByteArray("ok"));
        QCOMPARE(joined(differenceLines(before, catalog)), lines);
        const Catalog after = catalog;
        QCOMPARE(applyQuoted(catalog, file.toStdString()), QByteArray("ok"));
        QVERIFY(differences(after, catalog).empty());
    }

    void whatAnAbsentPartStillUsesStays_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("sentence");
        QTest::newRow("an output")
            << QByteArray("{'iotman':1,\n'outputs':[]}")
            << QByteArray(
                   "demo.json:2: outputs: left out of the file: output “weather” is used by the endpoints “weather”; change "
                   "or delete these first");
        QTest::newRow("a source")
            << QByteArray("{'iotman':1,\n\n'sources':[]}")
            << QByteArray(
                   "demo.json:3: sources: left out of the file: source “seattle” is used by the outputs “weather”; change or "
                   "delete these first");
        QTest::newRow("a scope")
            << QByteArray("{'iotman':1,\n'scopes':[{'name':'a:b'}],\n'cors':[]}")
            << QByteArray(
                   "demo.json:2: scopes: left out of the file: scope “sensor:read” is used by the endpoints “weather”, the "
                   "clients “grafana”, the sources “seattle”; change or delete these first");
    }
    void whatAnAbsentPartStillUsesStays()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, sentence);
        Catalog catalog = filledCatalog(random_);
        QCOMPARE(applyQuoted(catalog, file.toStdString()), sentence);
    }

    // ---- Secrets

    void aSecretComesFromTheEnvironmentOrAHashOrStays()
    {
        Catalog catalog;
        const auto stored = [&] { return catalog.clients.at(ClientId{"g"}).secretHash; };
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'clients':[{'id':'g','name':'G'}]}"), QByteArray("ok"));
        const std::string unknown = stored();
        QCOMPARE(unknown.size(), std::size_t(43));
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'clients':[{'id':'g','name':'H'}]}"), QByteArray("ok"));
        QCOMPARE(stored(), unknown);
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'clients':[{'id':'g','name':'H','secret':{'env':'GRAFANA_SECRET'}}]}"),
                 QByteArray("ok"));
        QCOMPARE(stored(), hash);
        const std::string other = secretHash("other");
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'clients':[{'id':'g','name':'H','secret':{'hash':'" + other + "'}}]}"),
                 QByteArray("ok"));
        QCOMPARE(stored(), other);
    }

    void whatIsNoSecretIsRefusedWithItsVariable_data()
    {
        QTest::addColumn<QByteArray>("value"); // null: not set
        QTest::addColumn<QByteArray>("why");   // empty: it is taken
        const QByteArray none = "holds no secret: expected 8 to 256 visible ASCII characters without blanks or line breaks";
        QTest::newRow("not set") << QByteArray() << QByteArray("is not set");
        QTest::newRow("empty") << QByteArray("") << none;
        QTest::newRow("blanks") << QByteArray(12, ' ') << none;
        QTest::newRow("seven characters") << QByteArray("abc-012") << none;
        QTest::newRow("eight") << QByteArray("abc-0123") << QByteArray();
        QTest::newRow("all that can be typed") << QByteArray("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~") << QByteArray();
        QTest::newRow("as openssl rand -base64 makes them") << QByteArray("q+8/ZAbt3pC1n0w=") << QByteArray();
        QTest::newRow("a line break behind it") << QByteArray("abc-01234\n") << none;
        QTest::newRow("a blank inside") << QByteArray("abc 01234") << none;
        QTest::newRow("a zero-width space inside") << QByteArray("abc-\u200b01234") << none;
        QTest::newRow("a letter beyond ASCII") << QByteArray("geheimniß") << none;
        QTest::newRow("256 characters") << QByteArray(256, 'x') << QByteArray();
        QTest::newRow("257 characters") << QByteArray(257, 'x') << none;
    }
    void whatIsNoSecretIsRefusedWithItsVariable()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, why);
        Catalog catalog;
        environment_.clear();
        if (!value.isNull())
            environment_["GRAFANA_SECRET"] = value.toStdString();
        const QByteArray refused = "demo.json:9: clients “grafana”: secret: the environment variable GRAFANA_SECRET " + why;
        QCOMPARE(apply(catalog, example), why.isEmpty() ? QByteArray("ok") : refused);
        QCOMPARE(catalog.clients.empty(), !why.isEmpty());
    }

    // ---- Mistakes

    void aMistakeIsToldWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("what"); // of the example, is replaced
        QTest::addColumn<QByteArray>("with");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char* name, const char* what, const char* with, const char* error) {
            QTest::newRow(name) << QByteArray(what) << QByteArray(with) << QByteArray(error);
        };
        row("no JSON", "\"workspace\":", "\"workspace\"", "3: column 15: expected “:” here, but got “{”");
        row("an open end", "}]\n}\n", "}]\n", "10: column 1: the JSON text ends too early");
        row("bytes that are no text", "Demo", "D\xe9mo", "3: column 43: expected JSON in UTF-8, but this is not UTF-8");
        row("a member twice", "\"cors\":      [", "\"cors\": [],\n\"cors\": [",
            "9: column 1: the member “cors” stands there twice");
        row("another version", "\"iotman\": 1", "\"iotman\": 2", "2: expected a workspace file with \"iotman\": 1");
        row("no version", "\"iotman\": 1,", "", "1: expected a workspace file with \"iotman\": 1");
        row("an unknown part", "\"cors\":", "\"csor\":", "8: “csor” is not a known member here");
        row("a part that is no array", "[{\"name\": \"sensor:read\", \"description\": \"Read sensor data\"}]", "{}",
            "4: scopes: expected an array, but got an object");
        row("a part that is null", "[\"https://dash.example\"]", "null", "8: cors: expected an array, but got null");
        row("a workspace that is no object", "{\"slug\": \"demo\", \"name\": \"Demo weather\"}", "[]",
            "3: workspace: expected an object, but got an array");
        row("a bad slug", "\"demo\"", "\"De mo\"",
            "3: workspace: slug: expected a name of 1 to 64 characters of a-z 0-9 - _, but got “De mo”");
        row("an element that is no object", "[{\"name\": \"seattle\"", "[5,\n {\"name\": \"seattle\"",
            "5: sources 1: expected an object, but got 5");
        row("a bad scope in the second place", "\"Read sensor data\"}", "\"Read\"},\n{\"name\":\n\"sensor\"}",
            "6: scopes 2: name: expected a scope namespace:action of a-z 0-9 - _ such as sensor:read, at most 64 characters, but "
            "got “sensor”");
        row("a missing member", "\"name\": \"seattle\", ", "", "5: sources 1: name: expected a text, but it is missing");
        row("a misspelled member", "\"time\": \"$.ts\"", "\n\"tmie\": \"$.ts\"",
            "6: sources 1: “tmie” is not a known member here");
        row("an unknown setting", "\"settings\": {}", "\"settings\": {\n\"retention\": {\n\"days\": 1}}",
            "7: sources 1: “days” is not a known member here");
        row("a bad kind", "\"http\"", "\n\"mqtt\"",
            "6: sources 1: kind: expected http, file, system, generator, replay or mirror, but got “mqtt”");
        row("a bad source of an output", "[\"seattle\"]", "[\"seattle\",\n\"Boston\"]",
            "7: outputs 1: sources: expected a name of 1 to 64 characters of a-z 0-9 - _, but got “Boston”");
        row("a rule that is no text", "\"{ at: $ts, celsius: $.temp_max }\"", "\n5",
            "7: outputs 1: rule: expected a text, but got 5");
        row("an endpoint without an id", "\"id\": \"weather\", ", "",
            "7: endpoints 1: id: expected the endpoint's id, but it is missing");
        row("a client without an id", "\"id\": \"grafana\", ", "",
            "9: clients 1: id: expected the client's id, but it is missing");
        row("a bad origin", "[\"https://dash.example\"]", "[\"https://dash.example\",\n\"dash.example\"]",
            "9: cors: “dash.example” has no scheme; an origin starts with https:// or http://; write https://dash.example");
        row("every origin beside another", "[\"https://dash.example\"]", "[\"https://dash.example\",\n\"*\"]",
            "9: cors: “*” allows every origin and stands alone; remove the other entries or “*”");
        row("an origin that is no text", "[\"https://dash.example\"]", "[\"https://dash.example\",\n5]",
            "9: cors: expected an array of texts, but got 5");
        row("a secret in clear", "{\"env\": \"GRAFANA_SECRET\"}", "\n\"abc\"",
            "10: clients 1: secret: expected {\"env\":NAME} or {\"hash\":…}");
        row("a secret in clear, in a list", "{\"env\": \"GRAFANA_SECRET\"}", "\n[\"SENTINELsecret\"]",
            "10: clients 1: secret: expected {\"env\":NAME} or {\"hash\":…}");
        row("a number as a secret", "{\"env\": \"GRAFANA_SECRET\"}", "\n{\"hash\": 123456789}",
            "10: clients 1: secret: expected {\"env\":NAME} or {\"hash\":…}");
        row("a secret by nothing", "{\"env\": \"GRAFANA_SECRET\"}", "\n{}",
            "10: clients 1: secret: expected {\"env\":NAME} or {\"hash\":…}");
        row("a secret by both", "{\"env\": \"GRAFANA_SECRET\"}", "\n{\"env\": \"A\", \"hash\": \"b\"}",
            "10: clients 1: secret: expected {\"env\":NAME} or {\"hash\":…}");
        row("a secret by value", "{\"env\": \"GRAFANA_SECRET\"}", "\n{\"env\": \"A\",\n\"value\": \"b\"}",
            "11: clients 1: “value” is not a known member here");
        row("a hash that is none", "{\"env\": \"GRAFANA_SECRET\"}", "{\n\"hash\": \"abc\"}",
            "10: clients 1: secret: expected the hash as an export writes it, 43 characters of A-Z a-z 0-9 - _");
        row("the hash of nothing", "{\"env\": \"GRAFANA_SECRET\"}",
            "{\n\"hash\": \"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}",
            "10: clients 1: secret: this is the hash of nothing; expected that of a secret");
        // What shows when it is applied.
        row("a scope twice", "\"Read sensor data\"}", "\"Read\"},\n{\"name\": \"sensor:read\"}",
            "5: “sensor:read” stands in the scopes twice");
        row("a source twice", "\"settings\": {}}", "\"settings\": {}},\n{\"name\": \"seattle\", \"kind\": \"http\"}",
            "6: “seattle” stands in the sources twice");
        row("an output twice", "$.temp_max }\"}", "$.temp_max }\"},\n{\"name\": \"weather\", \"rule\": \"$\"}",
            "7: “weather” stands in the outputs twice");
        row("an output's id twice", "{\"name\": \"weather\", ",
            "{\"id\": \"o\", \"name\": \"first\", \"rule\": \"$\"},\n{\"id\":\n\"o\", \"name\": \"weather\", ",
            "8: outputs “weather”: output “o” exists already");
        row("an endpoint twice", "\"enabled\": true}", "\"enabled\": true},\n{\"id\": \"weather\", \"output\": \"weather\"}",
            "8: “weather” stands in the endpoints twice");
        row("a client twice", "\"GRAFANA_SECRET\"}}", "\"GRAFANA_SECRET\"}},\n{\"id\": \"grafana\", \"name\": \"G\"}",
            "10: “grafana” stands in the clients twice");
        row("a time expression that does not compile", "\"$.ts\"", "\n\"broken\"",
            "6: sources “seattle”: time: column 1: expected “$”");
        row("a rule that does not compile", "\"{ at: $ts, celsius: $.temp_max }\"", "\n\"broken\"",
            "7: outputs “weather”: rule: column 1: expected “$”");
        row("a filter that does not compile", "\"$.location == \\\"Seattle\\\"\"", "\n\"broken\"",
            "7: outputs “weather”: filter: column 1: expected “$”");
        row("an unknown source", "[\"seattle\"]", "[\"seattle\",\n\"boston\"]",
            "7: outputs “weather”: sources: there is no source “boston”");
        row("an unknown output", "\"output\": \"weather\"", "\n\"output\": \"wether\"",
            "8: endpoints “weather”: output: there is no output with the id or name “wether”");
        row("an unknown scope of a source", "\"required_scope\": null, \"settings\"",
            "\n\"required_scope\": \"a:b\", \"settings\"",
            "6: sources “seattle”: required_scope: there is no scope “a:b”; create it first");
        row("an unknown scope of an endpoint", "\"required_scope\": null, \"enabled\"",
            "\n\"required_scope\": \"a:b\", \"enabled\"",
            "8: endpoints “weather”: required_scope: there is no scope “a:b”; create it first");
        row("an unknown scope of a client", "[\"sensor:read\"]", "[\"sensor:read\",\n\"a:b\"]",
            "10: clients “grafana”: scopes: there is no scope “a:b”; create it first");
    }
    void aMistakeIsToldWithItsLine()
    {
        QFETCH(QByteArray, what);
        QFETCH(QByteArray, with);
        QFETCH(QByteArray, error);
        Catalog catalog;
        QCOMPARE(apply(catalog, replaced(example, what.toStdString(), with.toStdString())), "demo.json:" + error);
        QVERIFY(catalog.scopes.empty());
    }

    void whatStaysAsItIsIsNotChangedByAFile()
    {
        Catalog catalog = filledCatalog(random_);
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'sources':[{'name':'seattle',\n'kind':'system'}]}"),
                 QByteArray("demo.json:2: sources “seattle”: kind: the source exists as http; a source keeps its kind"));
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'outputs':[{'name':'weather','rule':'$',\n'id':'o2'}]}"),
                 QByteArray("demo.json:2: outputs “weather”: id: the output exists with the id “o1”; an output keeps its id"));
        QCOMPARE(applyQuoted(catalog, "{'iotman':1,'outputs':[{'name':'weather','rule':'$','id':'o1'}]}"), QByteArray("ok"));
    }

    void linesAreThoseOfTheFileAlsoWithWindowsLineEnds()
    {
        Catalog catalog;
        QCOMPARE(apply(catalog, "{\r\n\"iotman\": 1,\r\n\"cors\": [\r\n\"a.example\"]}\r\n"),
                 QByteArray("demo.json:4: cors: “a.example” has no scheme; an origin starts with https:// or http://; write "
                            "https://a.example"));
    }

    void naughtyTextsAreKeptOrRefusedWithASentence()
    {
        int kept = 0;
        int refused = 0;
        for (const Json& line : corpus("naughty-strings.jsonl")) {
            const std::string given = member(line, "text");
            Json file{{"iotman", 1}, {"workspace", {{"name", given}}}};
            file["scopes"].push_back({{"name", "a:b"}, {"description", given}});
            file["outputs"].push_back({{"name", given}, {"rule", "$"}});
            file["endpoints"].push_back({{"id", "e"}, {"output", given}});
            file["clients"].push_back({{"id", "c"}, {"name", given}});
            const std::string text = file.dump(2);
            Catalog catalog;
            const QByteArray answer = apply(catalog, text);
            if (answer == "ok") {
                QCOMPARE(bytes(catalog.workspace.name), bytes(given));
                QCOMPARE(bytes(catalog.scopes.begin()->second.description), bytes(given));
                QCOMPARE(bytes(catalog.outputs.begin()->second.name.text), bytes(given));
                QCOMPARE(bytes(catalog.clients.begin()->second.name), bytes(given));
                const std::string exported = exportWorkspaceFile(catalog);
                Catalog other;
                QCOMPARE(apply(other, exported), QByteArray("ok"));
                QCOMPARE(bytes(exportWorkspaceFile(other)), bytes(exported));
            } else {
                QVERIFY2(answer.startsWith("demo.json:") && answer.contains(": expected "), answer);
                QVERIFY2(catalog.outputs.empty(), answer);
            }
            ++(answer == "ok" ? kept : refused);
        }
        QCOMPARE(kept + refused, 438);
        QVERIFY2(kept > 300, qPrintable(QString::number(kept)));
    }
};

QTEST_APPLESS_MAIN(TestWorkspaceFile)
#include "tst_workspacefile.moc"
