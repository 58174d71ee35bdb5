#include "core/model/resources.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

QByteArray text(const Json& json)
{
    return bytes(jsonText(json));
}

/// What a request's body is read as, written again; or the refusal.
template <class Draft>
QByteArray draftAgain(const Expected<Draft>& draft)
{
    return draft ? text(toJson(*draft)) : told(draft) + " @" + bytes(draft.error().pointer);
}

QByteArray scopeDraft(const Json& json)
{
    return draftAgain(scopeDraftFrom(json));
}
QByteArray sourceDraft(const Json& json)
{
    return draftAgain(sourceDraftFrom(json, FilePath::Refused));
}
QByteArray sourceInFile(const Json& json)
{
    return draftAgain(sourceDraftFrom(json, FilePath::Allowed));
}
QByteArray outputDraft(const Json& json)
{
    return draftAgain(outputDraftFrom(json));
}
QByteArray endpointDraft(const Json& json)
{
    return draftAgain(endpointDraftFrom(json));
}
QByteArray clientDraft(const Json& json)
{
    return draftAgain(clientDraftFrom(json));
}
QByteArray memberDraft(const Json& json)
{
    const auto draft = memberDraftFrom(json);
    if (!draft)
        return told(draft) + " @" + bytes(draft.error().pointer);
    return bytes(draft->email.text) + ' ' + bytes(std::string(iotman::text(draft->role)));
}

using DraftReader = QByteArray (*)(const Json&);

/// What a PATCH holds: `member=value`, absent members left out, and null as `null`.
struct PatchText {
    QByteArray text;

    void add(const char* name, const QByteArray& value) { text += (text.isEmpty() ? "" : " ") + QByteArray(name) + '=' + value; }
    void add(const char* name, const std::optional<bool>& value)
    {
        if (value)
            add(name, QByteArray(*value ? "true" : "false"));
    }
    void add(const char* name, const std::optional<std::string>& value)
    {
        if (value)
            add(name, bytes(*value));
    }
    template <class Kind>
    void add(const char* name, const std::optional<Name<Kind>>& value)
    {
        if (value)
            add(name, bytes(value->text));
    }
    template <class T>
    void add(const char* name, const std::optional<std::optional<T>>& value)
    {
        if (value && *value)
            add(name, *value);
        else if (value)
            add(name, QByteArray("null"));
    }
    void add(const char* name, const std::optional<Timestamp>& value)
    {
        if (value)
            add(name, bytes(value->seconds()));
    }
    template <class Kind>
    void add(const char* name, const std::optional<std::vector<Name<Kind>>>& values)
    {
        if (!values)
            return;
        QByteArray joined;
        for (const auto& value : *values)
            joined += (joined.isEmpty() ? "" : ",") + bytes(value.text);
        add(name, joined);
    }
};

QByteArray workspacePatch(const Json& json)
{
    const auto patch = workspacePatchFrom(json);
    PatchText shown;
    if (!patch)
        return told(patch);
    shown.add("slug", patch->slug);
    shown.add("name", patch->name);
    return shown.text;
}

QByteArray sourcePatch(const Json& json)
{
    Source now;
    now.kind = SourceKind::System;
    const auto patch = sourcePatchFrom(json, now);
    PatchText shown;
    if (!patch)
        return told(patch);
    if (patch->settings)
        shown.add("settings", text(*patch->settings));
    shown.add("time", patch->time);
    shown.add("required_scope", patch->requiredScope);
    shown.add("enabled", patch->enabled);
    return shown.text;
}

QByteArray outputPatch(const Json& json)
{
    const auto patch = outputPatchFrom(json);
    PatchText shown;
    if (!patch)
        return told(patch);
    shown.add("name", patch->name);
    shown.add("sources", patch->sources);
    shown.add("filter", patch->filter);
    shown.add("rule", patch->rule);
    if (patch->applyToStored)
        shown.add("apply_to_stored", std::optional(true));
    return shown.text;
}

QByteArray endpointPatch(const Json& json)
{
    const auto patch = endpointPatchFrom(json);
    return patch ? text(toJson(*patch)) : told(patch);
}

QByteArray clientPatch(const Json& json)
{
    const auto patch = clientPatchFrom(json);
    PatchText shown;
    if (!patch)
        return told(patch);
    shown.add("name", patch->name);
    shown.add("scopes", patch->scopes);
    shown.add("enabled", patch->enabled);
    shown.add("expires_at", patch->expiresAt);
    return shown.text;
}

QByteArray memberPatch(const Json& json)
{
    const auto patch = memberPatchFrom(json);
    if (!patch)
        return told(patch);
    return patch->role ? "role=" + bytes(std::string(iotman::text(*patch->role))) : QByteArray();
}

} // namespace

class TestDrafts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // ---- Drafts

    void aDraftHasTheDocumentedDefaults_data()
    {
        QTest::addColumn<DraftReader>("read");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("draft");
        const auto row = [](const char* name, DraftReader read, const char* body, const char* draft) {
            QTest::newRow(name) << read << QByteArray(body) << bytes(quoted(draft));
        };
        row("scope", scopeDraft, "{'name':'a:b'}", "{'name':'a:b','description':''}");
        row("scope, a description of two lines", scopeDraft, "{'name':'a:b','description':' one\\ntwo '}", "{'name':'a:b','description':' one\\ntwo '}");
        row("scope, whole", scopeDraft, "{'description':'d','name':'a:b'}", "{'name':'a:b','description':'d'}");
        row("source", sourceDraft, "{'name':'s','kind':'http'}",
            "{'name':'s','kind':'http','settings':{},'time':null,'required_scope':null,'enabled':true}");
        row("source, whole", sourceDraft,
            "{'name':'s','kind':'system','settings':{'interval':0.5,'metrics':['cpu','memory','disk','network','temperature'],"
            "'retention':{'age':60,'count':1,'bytes':5}},'time':'$.t','required_scope':'a:b','enabled':false}",
            "{'name':'s','kind':'system','settings':{'interval':0.5,'metrics':['cpu','memory','disk','network','temperature'],"
            "'retention':{'age':60,'count':1,'bytes':5}},'time':'$.t','required_scope':'a:b','enabled':false}");
        row("file", sourceInFile,
            "{'name':'s','kind':'file','settings':{'path':'a.csv','format':'csv','time_column':'t','time_unit':'s','zone':'UTC'}"
            "}",
            "{'name':'s','kind':'file','settings':{'path':'a.csv','format':'csv','time_column':'t','time_unit':'s','zone':'UTC'},"
            "'time':null,'required_scope':null,'enabled':true}");
        row("file without a path", sourceDraft, "{'name':'s','kind':'file','settings':{'format':'csv'}}",
            "{'name':'s','kind':'file','settings':{'format':'csv'},'time':null,'required_scope':null,'enabled':true}");
        row("output", outputDraft, "{'name':'Celsius','rule':'$'}",
            "{'name':'Celsius','sources':[],'filter':null,'rule':'$','apply_to_stored':true}");
        row("output, whole", outputDraft,
            "{'id':'o','name':'n','sources':['a','b'],'filter':'$.a == 1','rule':'$','apply_to_stored':false}",
            "{'name':'n','sources':['a','b'],'filter':'$.a == 1','rule':'$','apply_to_stored':false,'id':'o'}");
        row("output, an empty filter is none", outputDraft, "{'name':'n','filter':'','rule':'$'}",
            "{'name':'n','sources':[],'filter':null,'rule':'$','apply_to_stored':true}");
        row("endpoint", endpointDraft, "{'output':'weather'}", "{'output':'weather','required_scope':null,'enabled':true}");
        row("endpoint, whole", endpointDraft, "{'output':'o','required_scope':'a:b','id':'E_1','enabled':false}",
            "{'output':'o','required_scope':'a:b','enabled':false,'id':'E_1'}");
        row("endpoint, nulls", endpointDraft, "{'output':'o','required_scope':null,'id':null}",
            "{'output':'o','required_scope':null,'enabled':true}");
        row("client", clientDraft, "{'name':'Grafana'}", "{'name':'Grafana','scopes':[],'enabled':true,'expires_at':null}");
        row("client, whole", clientDraft, "{'id':'g','name':'G','scopes':['a:b'],'enabled':false,'expires_at':1700000000.5}",
            "{'name':'G','scopes':['a:b'],'enabled':false,'expires_at':1700000000.5,'id':'g'}");
        row("member", memberDraft, "{'email':'Ada@Example.com','role':'editor'}", "ada@example.com editor");
    }
    void aDraftHasTheDocumentedDefaults()
    {
        QFETCH(DraftReader, read);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, draft);
        QCOMPARE(read(json(body.toStdString())), draft);
    }

    void aDraftIsRefusedByTheMembersName_data()
    {
        QTest::addColumn<DraftReader>("read");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("refusal");
        const auto row = [](const char* name, DraftReader read, const char* body, const char* refusal) {
            QTest::newRow(name) << read << QByteArray(body) << QByteArray(refusal);
        };
        const char* const missingName = "name: name: expected a text, but it is missing @";
        row("scope without a name", scopeDraft, "{}", missingName);
        row("scope, unknown member", scopeDraft, "{'name':'a:b','used_by':{}}",
            "used_by: “used_by” is not a known member here @/used_by");
        row("scope, an array", scopeDraft, "[]", ": expected an object, but got an array @");
        row("source without a name", sourceDraft, "{'kind':'http'}", missingName);
        row("source without a kind", sourceDraft, "{'name':'s'}", "kind: kind: expected a text, but it is missing @");
        row("source of an unknown kind", sourceDraft, "{'name':'s','kind':'mqtt'}",
            "kind: kind: expected http, file, system, generator, replay or mirror, but got “mqtt” @/kind");
        row("source, unknown member", sourceDraft, "{'name':'s','kind':'http','datapoints':5}",
            "datapoints: “datapoints” is not a known member here @/datapoints");
        row("source, unknown setting", sourceDraft, "{'name':'s','kind':'http','settings':{'x':1}}",
            "settings: “x” is not a known member here @/settings/x");
        row("source, a text of settings that is no name", sourceDraft,
            QByteArray("{'name':'s','kind':'file','settings':{'format':'" + QByteArray(201, 'x') + "'}}").constData(),
            "settings: settings: expected at most 200 bytes in “format” @/settings/format");
        row("source, a path through the API", sourceDraft, "{'name':'s','kind':'file','settings':{'path':'/etc/passwd'}}",
            "settings: settings: “path” is for workspace files and the command line; send rows to /api/imports @/settings/path");
        row("source, a path that is no text", sourceInFile, "{'name':'s','kind':'file','settings':{'path':5}}",
            "settings: path: expected a text or null, but got 5 @/settings/path");
        row("source, a bad interval", sourceDraft, "{'name':'s','kind':'system','settings':{'interval':0}}",
            "settings: settings: expected an interval from 0.1 to 86400 seconds @/settings/interval");
        row("source, an unknown metric", sourceDraft, "{'name':'s','kind':'system','settings':{'metrics':['cpu','gpu']}}",
            "settings: settings: expected metrics of cpu, memory, disk, network, temperature, but got “gpu” @/settings/metrics");
        row("source, metrics of which none is chosen", sourceDraft, "{'name':'s','kind':'system','settings':{'metrics':[]}}",
            "settings: settings: expected at least one of the metrics @/settings/metrics");
        row("source, a bad retention", sourceDraft, "{'name':'s','kind':'http','settings':{'retention':{'age':0}}}",
            "settings: age: expected a whole number from 1 to 9223372036854775807, but got 0 @/settings/retention/age");
        row("source, an unknown retention", sourceDraft, "{'name':'s','kind':'http','settings':{'retention':{'days':1}}}",
            "settings: “days” is not a known member here @/settings/retention/days");
        row("source, settings that are no object", sourceDraft, "{'name':'s','kind':'http','settings':5}",
            "settings: settings: expected an object, but got 5 @/settings");
        row("output without a name", outputDraft, "{'rule':'$'}", missingName);
        row("output without a rule", outputDraft, "{'name':'n'}", "rule: rule: expected a text, but it is missing @");
        row("output, unknown member", outputDraft, "{'name':'n','rule':'$','items':5}",
            "items: “items” is not a known member here @/items");
        row("output, a bad source", outputDraft, "{'name':'n','rule':'$','sources':['a','B']}",
            "sources: sources: expected a name of 1 to 64 characters of a-z 0-9 - _, but got “B” @/sources/1");
        row("output, a filter that is no text", outputDraft, "{'name':'n','rule':'$','filter':true}",
            "filter: filter: expected a text or null, but got true @/filter");
        row("endpoint without an output", endpointDraft, "{}", "output: output: expected a text, but it is missing @");
        row("endpoint, unknown member", endpointDraft, "{'output':'o','url':'x'}", "url: “url” is not a known member here @/url");
        row("endpoint, a bad id", endpointDraft, "{'output':'o','id':'a/b'}",
            "id: id: expected an id of 1 to 64 characters of A-Z a-z 0-9 - _, but got “a/b” @/id");
        row("endpoint, an empty id", endpointDraft, "{'output':'o','id':''}",
            "id: id: expected an id of 1 to 64 characters of A-Z a-z 0-9 - _, but got “” @/id");
        row("client without a name", clientDraft, "{}", missingName);
        row("client, unknown member", clientDraft, "{'name':'n','secret':'x'}",
            "secret: “secret” is not a known member here @/secret");
        row("client, a hash", clientDraft, "{'name':'n','secret_hash':'x'}",
            "secret_hash: “secret_hash” is not a known member here @/secret_hash");
        row("client, milliseconds", clientDraft, "{'name':'n','expires_at':1700000000000}",
            "expires_at: expires_at: expected Unix seconds below 1e11, but got 1700000000000 @/expires_at");
        row("member without an address", memberDraft, "{'role':'admin'}", "email: email: expected a text, but it is missing @");
        row("member, an address that looks like another's", memberDraft, "{'email':'ada@example.com\u200b','role':'admin'}",
            "email: email: expected one line without invisible characters or blanks at its ends, but got “ada@example.com\u200b” @/email");
        row("scope, a description that turns round", scopeDraft, "{'name':'a:b','description':'\u202eread'}",
            "description: description: expected a text without invisible characters, but got “\u202eread” @/description");
        row("member without a role", memberDraft, "{'email':'a@b'}", "role: role: expected a text, but it is missing @");
        row("member, an unknown role", memberDraft, "{'email':'a@b','role':'owner'}",
            "role: role: expected viewer, editor or admin, but got “owner” @/role");
        row("member, unknown member", memberDraft, "{'email':'a@b','role':'admin','key':'x'}",
            "key: “key” is not a known member here @/key");
    }
    void aDraftIsRefusedByTheMembersName()
    {
        QFETCH(DraftReader, read);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, refusal);
        QCOMPARE(read(json(body.toStdString())), refusal);
    }

    /// It is for workspace files alone, but who changes something else sends it along.
    void aFilesPathMayStandInAPatchAsItIs()
    {
        Source now;
        now.kind = SourceKind::File;
        now.settings = {{"path", "a.csv"}};
        QVERIFY(sourcePatchFrom({{"settings", {{"path", "a.csv"}, {"zone", "UTC"}}}}, now));
        QVERIFY(sourcePatchFrom({{"settings", {{"zone", "UTC"}}}}, now));
        QCOMPARE(told(sourcePatchFrom({{"settings", {{"path", "b.csv"}}}}, now)),
                 QByteArray("settings: settings: “path” is for workspace files and the command line; send rows to /api/imports"));
        now.settings = Json::object();
        QVERIFY(!sourcePatchFrom({{"settings", {{"path", nullptr}}}}, now));
    }

    void textsThatPeopleGiveHaveABound()
    {
        const std::string most = QByteArray("온").repeated(200).toStdString();
        QVERIFY(scopeDraftFrom({{"name", "a:b"}, {"description", most}}));
        QVERIFY(clientDraftFrom({{"name", most}}));
        QVERIFY(clientPatchFrom({{"name", most}}));
        QVERIFY(workspacePatchFrom({{"name", most}}));
        const QByteArray sentence = ": expected at most 200 characters, but got 201";
        QCOMPARE(told(scopeDraftFrom({{"name", "a:b"}, {"description", most + "x"}})), "description: description" + sentence);
        QCOMPARE(told(clientDraftFrom({{"name", most + "x"}})), "name: name" + sentence);
        QCOMPARE(told(clientPatchFrom({{"name", most + "x"}})), "name: name" + sentence);
        QCOMPARE(told(workspacePatchFrom({{"name", most + "x"}})), "name: name" + sentence);
    }

    void namesShowWhatTheyAre_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("good");
        QTest::newRow("words") << QByteArray("Seattle daily") << true;
        QTest::newRow("other scripts") << QByteArray("온도 °C ß 🌡") << true;
        QTest::newRow("a joined emoji") << QByteArray("👩\u200d🌾") << true;
        QTest::newRow("a non-joiner, as Persian needs it") << QByteArray("می\u200cخواهم") << true;
        QTest::newRow("nothing") << QByteArray("") << false;
        QTest::newRow("a blank") << QByteArray(" ") << false;
        QTest::newRow("blanks of several widths") << QByteArray("\u2003\u1680\u2009") << false;
        QTest::newRow("a blank of the width of a figure at its end") << QByteArray("a\u2007") << false;
        QTest::newRow("nothing but joiners") << QByteArray("\u200d\ufe0f\u200c") << false;
        QTest::newRow("a filler") << QByteArray("\u115f") << false;
        QTest::newRow("nothing but a zero-width space") << QByteArray("\u200b") << false;
        QTest::newRow("a zero-width space inside") << QByteArray("a\u200bb") << false;
        QTest::newRow("an override of the writing direction") << QByteArray("a\u202eb") << false;
        QTest::newRow("an isolate") << QByteArray("a\u2066b") << false;
        QTest::newRow("a soft hyphen") << QByteArray("a\u00adb") << false;
        QTest::newRow("a byte order mark") << QByteArray("\ufeffa") << false;
        QTest::newRow("a line separator") << QByteArray("a\u2028b") << false;
        QTest::newRow("a line break") << QByteArray("a\nb") << false;
        QTest::newRow("a NUL") << QByteArray("a\0b", 3) << false;
        QTest::newRow("a control character of Latin-1") << QByteArray("a\u0085b") << false;
        QTest::newRow("a blank at its end") << QByteArray("a ") << false;
        QTest::newRow("a no-break space at its beginning") << QByteArray("\u00a0a") << false;
        QTest::newRow("a wide blank at its end") << QByteArray("a\u3000") << false;
    }
    void namesShowWhatTheyAre()
    {
        QFETCH(QByteArray, name);
        QFETCH(bool, good);
        const std::string given = name.toStdString();
        QCOMPARE(outputDraftFrom({{"name", given}, {"rule", "$"}}).has_value(), good);
        QCOMPARE(outputPatchFrom({{"name", given}}).has_value(), good);
        QCOMPARE(clientDraftFrom({{"name", given}}).has_value(), good);
        QCOMPARE(clientPatchFrom({{"name", given}}).has_value(), good);
        QCOMPARE(workspacePatchFrom({{"name", given}}).has_value(), good);
    }

    // ---- Patches

    void aPatchHoldsWhatTheBodyNames_data()
    {
        QTest::addColumn<DraftReader>("read");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("patch");
        const auto row = [](const char* name, DraftReader read, const char* body, const char* patch) {
            QTest::newRow(name) << read << QByteArray(body) << QByteArray(patch);
        };
        row("workspace, nothing", workspacePatch, "{}", "");
        row("workspace, whole", workspacePatch, "{'slug':'s','name':'N'}", "slug=s name=N");
        row("workspace, a null", workspacePatch, "{'slug':null}", "slug: slug: expected a text, but got null");
        row("workspace, a bad slug", workspacePatch, "{'slug':'A'}",
            "slug: slug: expected a name of 1 to 64 characters of a-z 0-9 - _, but got “A”");
        row("workspace, its id", workspacePatch, "{'id':'x'}", "id: “id” is not a known member here");
        row("source, nothing", sourcePatch, "{}", "");
        row("source, whole", sourcePatch, "{'settings':{'interval':5},'time':'$.t','required_scope':'a:b','enabled':false}",
            "settings={\"interval\":5} time=$.t required_scope=a:b enabled=false");
        row("source, nulls", sourcePatch, "{'time':null,'required_scope':null}", "time=null required_scope=null");
        row("source, settings of another kind", sourcePatch, "{'settings':{'format':'csv'}}",
            "settings: “format” is not a known member here");
        row("source, its name", sourcePatch, "{'name':'x'}", "name: “name” is not a known member here");
        row("source, its kind", sourcePatch, "{'kind':'http'}", "kind: “kind” is not a known member here");
        row("output, nothing", outputPatch, "{}", "");
        row("output, whole", outputPatch, "{'name':'n','sources':['a','b'],'filter':'$.a','rule':'$','apply_to_stored':true}",
            "name=n sources=a,b filter=$.a rule=$ apply_to_stored=true");
        row("output, no filter and all sources", outputPatch, "{'sources':[],'filter':null}", "sources= filter=");
        row("output, a rule that is null", outputPatch, "{'rule':null}", "rule: rule: expected a text, but got null");
        row("output, its id", outputPatch, "{'id':'x'}", "id: “id” is not a known member here");
        row("endpoint, nothing", endpointPatch, "{}", "{}");
        row("endpoint, whole", endpointPatch, "{'enabled':false,'required_scope':'a:b','output':'o'}",
            R"({"output":"o","required_scope":"a:b","enabled":false})");
        row("endpoint, public", endpointPatch, "{'required_scope':null}", R"({"required_scope":null})");
        row("endpoint, its id", endpointPatch, "{'id':'x'}", "id: “id” is not a known member here");
        row("client, nothing", clientPatch, "{}", "");
        row("client, whole", clientPatch, "{'name':'n','scopes':['a:b','c:d'],'enabled':true,'expires_at':5}",
            "name=n scopes=a:b,c:d enabled=true expires_at=5");
        row("client, for ever and without scopes", clientPatch, "{'scopes':[],'expires_at':null}", "scopes= expires_at=null");
        row("client, a secret", clientPatch, "{'secret':'x'}", "secret: “secret” is not a known member here");
        row("member, nothing", memberPatch, "{}", "");
        row("member, a role", memberPatch, "{'role':'viewer'}", "role=viewer");
        row("member, a null", memberPatch, "{'role':null}", "role: role: expected a text, but got null");
        row("member, an address", memberPatch, "{'email':'a@b'}", "email: “email” is not a known member here");
    }
    void aPatchHoldsWhatTheBodyNames()
    {
        QFETCH(DraftReader, read);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, patch);
        QCOMPARE(read(json(body.toStdString())), patch);
    }

    void corsOriginsAreReadFromTheirMember()
    {
        const auto draft = corsDraftFrom(json("{'origins':['https://a.example/','https://b.example']}"));
        QCOMPARE(told(draft), QByteArray("ok"));
        QCOMPARE(draft->origins.list.size(), std::size_t(2));
        QCOMPARE(draft->repairs.size(), std::size_t(1));
        QCOMPARE(told(corsDraftFrom(json("{}"))),
                 QByteArray("origins: origins: expected an array of origins, but it is missing"));
        QCOMPARE(told(corsDraftFrom(json("{'origins':null}"))), QByteArray("origins: origins: expected an array, but got null"));
        QCOMPARE(told(corsDraftFrom(json("{'origins':['*'],'repairs':[]}"))),
                 QByteArray("repairs: “repairs” is not a known member here"));
        const auto refused = corsDraftFrom(json("{'origins':['https://a.example','b.example']}"));
        QCOMPARE(
            told(refused),
            QByteArray("origins: “b.example” has no scheme; an origin starts with https:// or http://; write https://b.example"));
        QCOMPARE(bytes(refused.error().pointer), QByteArray("/origins/1"));
    }

    void naughtyTextsAreKeptOrRefusedWithASentence()
    {
        int kept = 0;
        int refused = 0;
        for (const Json& line : corpus("naughty-strings.jsonl")) {
            const std::string given = member(line, "text");
            const auto body = parseJson(jsonText({{"name", given}}));
            QVERIFY2(body, member(line, "id").c_str());
            const auto client = clientDraftFrom(*body);
            if (client)
                QCOMPARE(bytes(client->name), bytes(given));
            else
                QVERIFY2(told(client).startsWith("name: name: expected "), told(client).constData());
            ++(client ? kept : refused);
        }
        QCOMPARE(kept + refused, 438);
        QVERIFY(kept > 400);
    }
};

QTEST_APPLESS_MAIN(TestDrafts)
#include "tst_drafts.moc"
