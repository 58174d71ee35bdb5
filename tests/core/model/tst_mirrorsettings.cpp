#include "core/model/mirrorsettings.h"
#include "core/model/restored.h"
#include "core/model/workspacefile.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

const char* publicMirror = "{'name':'m','kind':'mirror','settings':{'url':'https://far.example/data/out/weather'}}";

/// A mirror with a sign-in, its secret as `secret`.
std::string signedIn(const std::string& secret)
{
    return "{'name':'m','kind':'mirror','settings':{'url':'https://far.example/data/out/w','token_endpoint':"
           "'https://far.example/oauth/token','client_id':'me','secret':" +
           secret + "}}";
}

QByteArray draftOf(const std::string& text, FilePath path)
{
    const Expected<SourceDraft> draft = sourceDraftFrom(json(text), path);
    return draft ? bytes(jsonText(toJson(*draft)["settings"])) : told(draft) + " @" + bytes(draft.error().pointer);
}

} // namespace

class TestMirrorSettings : public QObject {
    Q_OBJECT

    CountedRandom random_;

    Author author() { return {"a@b", at(1'700'000'000), random_}; }
    Expected<void> create(Catalog& catalog, const std::string& text)
    {
        return sourceDraftFrom(json(text), FilePath::Refused).and_then([&](const SourceDraft& draft) {
            return createSource(catalog, draft, author());
        });
    }
    static Expected<void> change(Catalog& catalog, const std::string& settings)
    {
        const SourceName name{"m"};
        return sourcePatchFrom(json("{'settings':" + settings + "}"), catalog.sources.at(name)).and_then([&](const SourcePatch& patch) {
            return changeSource(catalog, name, patch);
        });
    }

private Q_SLOTS:
    void anAddressIsKeptAsItIsOrRefused_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* given, const char* expected) {
            QTest::newRow(name) << QByteArray(given) << QByteArray(expected);
        };
        const char* endpoint = "settings: expected an endpoint's address such as https://gateway.example/data/out/weather";
        row("https", "https://far.example/data/out/weather", "https://far.example/data/out/weather weather");
        row("a port and a path before it", "http://far.example:8787/a/b/data/out/W_1", "http://far.example:8787/a/b/data/out/W_1 W_1");
        row("the host is lower-cased, a default port dropped", "HTTPS://Far.Example:443/data/out/w", "https://far.example/data/out/w w");
        row("a slash at the end", "https://far.example/data/out/w/", "https://far.example/data/out/w w");
        row("IPv6", "http://[::1]:8787/data/out/w", "http://[::1]:8787/data/out/w w");
        row("no scheme", "far.example/data/out/w", "settings: expected an address that starts with https:// or http://");
        row("another scheme", "ftp://far.example/data/out/w", "settings: expected an address that starts with https:// or http://");
        row("user info", "https://me:secret@far.example/data/out/w",
            "settings: expected an address without a name and password in it");
        row("a query", "https://far.example/data/out/w?access_token=x", "settings: expected an address without “?” and “#”");
        row("a fragment", "https://far.example/data/out/w#x", "settings: expected an address without “?” and “#”");
        row("a blank", "https://far.example/data/out/w w",
            "settings: expected an address without blanks, backslashes and control characters");
        row("no host", "https:///data/out/w", "settings: expected an address with a valid host and port");
        row("a bad port", "https://far.example:99999/data/out/w", "settings: expected an address with a valid host and port");
        row("a server", "https://far.example", endpoint);
        row("a stream", "https://far.example/data/out/w/stream", endpoint);
        row("no id", "https://far.example/data/out/", endpoint);
        row("a bad id", "https://far.example/data/out/a.b", endpoint);
        row("another path", "https://far.example/out/w", endpoint);
    }
    void anAddressIsKeptAsItIsOrRefused()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, expected);
        const auto place = EndpointUrl::parse(given.toStdString());
        QCOMPARE(place ? bytes(place->address.text() + " " + place->id.text) : told(place), expected);
    }

    void onlySomeAddressesArePrivate()
    {
        for (const char* there : {"https://far.example", "http://localhost:1", "http://a.localhost", "http://127.9.9.9", "http://[::1]:1"})
            QVERIFY2(HttpAddress::parse(there)->isPrivate(), there);
        for (const char* there : {"http://far.example", "http://127.example", "http://10.0.0.1", "http://[::2]", "http://localhost.example"})
            QVERIFY2(!HttpAddress::parse(there)->isPrivate(), there);
    }

    void settingsAreTakenOrRefusedAtTheirPlace_data()
    {
        QTest::addColumn<bool>("inFile");
        QTest::addColumn<QByteArray>("draft");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, bool inFile, const std::string& draft, const char* expected) {
            QTest::newRow(name) << inFile << bytes(draft) << bytes(quoted(expected));
        };
        const std::string far = "'url':'https://far.example/data/out/w'";
        const auto with = [](const std::string& settings) {
            return "{'name':'m','kind':'mirror','settings':{" + settings + "}}";
        };
        row("public", false, publicMirror, "{'url':'https://far.example/data/out/weather'}");
        row("no settings", false, "{'name':'m','kind':'mirror'}", "settings: url: expected a text, but it is missing @/settings");
        row("an unknown member", false, with(far + ",'token':'x'"),
            "settings: “token” is not a known member here @/settings/token");
        row("retention", false, with(far + ",'retention':{'count':5}"),
            "{'url':'https://far.example/data/out/w','retention':{'count':5}}");
        row("a secret by value", false, signedIn("{'value':'s3cret'}"),
            "{'url':'https://far.example/data/out/w','token_endpoint':'https://far.example/oauth/token','client_id':'me','secret':"
            "{'value':'s3cret'}}");
        row("a secret by variable in a file", true, signedIn("{'env':'FAR'}"),
            "{'url':'https://far.example/data/out/w','token_endpoint':'https://far.example/oauth/token','client_id':'me','secret':"
            "{'env':'FAR'}}");
        row("a secret by variable over HTTP", false, signedIn("{'env':'FAR'}"),
            "settings: secret: “env” is for workspace files and the command line; expected {'value':text} @/settings/secret/env");
        row("a secret as a text", false, signedIn("'s3cret'"),
            "settings: secret: expected {'value':text}, or {'set':true} for the one that is kept @/settings/secret");
        row("a secret both ways", true, signedIn("{'env':'A','value':'b'}"),
            "settings: secret: expected {'env':NAME} or {'value':text}, or {'set':true} for the one that is kept @/settings/secret");
        row("a secret with a line break", false, signedIn("{'value':'s3cret\\n'}"),
            "settings: secret: expected 1 to 1024 visible ASCII characters without line breaks or blanks at the ends "
            "@/settings/secret/value");
        row("a secret that is a number", false, signedIn("{'value':12345}"),
            "settings: secret: expected 1 to 1024 visible ASCII characters without line breaks or blanks at the ends "
            "@/settings/secret/value");
        row("a secret that is not set", false, signedIn("{'set':false}"), "settings: secret: expected true @/settings/secret/set");
        row("a sign-in without a client", false, with(far + ",'token_endpoint':'https://f.example/t','secret':{'value':'x'}"),
            "settings: client_id: expected it beside the others: a sign-in has token_endpoint, client_id and secret @/settings");
        row("a client alone", false, with(far + ",'client_id':'x'"),
            "settings: token_endpoint: expected it beside the others: a sign-in has token_endpoint, client_id and secret @/settings");
        row("a secret over plain HTTP", false,
            with(far + ",'token_endpoint':'http://f.example/t','client_id':'c','secret':{'value':'x'}"),
            "settings: token_endpoint: expected https, since a secret is sent there @/settings/token_endpoint");
        row("a token over plain HTTP", false,
            with("'url':'http://f.example/data/out/w','token_endpoint':'https://f.example/t','client_id':'c','secret':{'value':'x'}"),
            "settings: url: expected https, since a token is sent there @/settings/url");
        row("plain HTTP on this computer", false,
            with("'url':'http://127.0.0.1:1/data/out/w','token_endpoint':'http://localhost:1/t','client_id':'c','secret':{'value':'x'}"),
            "{'url':'http://127.0.0.1:1/data/out/w','token_endpoint':'http://localhost:1/t','client_id':'c','secret':{'value':'x'}}");
        const auto trusting = [&](const std::string& issuer) { return with(far + ",'trusted_issuer':" + issuer); };
        const std::string name = "'issuer':'https://far.example/','audience':'ws 1'", keys = "'jwks_uri':'https://far.example/jwks'";
        row("a trusted issuer", false, trusting("{" + name + "," + keys + "}"),
            "{'url':'https://far.example/data/out/w','trusted_issuer':{'issuer':'https://far.example/','audience':'ws 1',"
            "'jwks_uri':'https://far.example/jwks'}}");
        row("an issuer whose keys are told apart by a query", false, trusting("{" + name + ",'jwks_uri':'https://far.example/jwks?p=a%20b'}"),
            "{'url':'https://far.example/data/out/w','trusted_issuer':{'issuer':'https://far.example/','audience':'ws 1',"
            "'jwks_uri':'https://far.example/jwks?p=a%20b'}}");
        row("an issuer that is a text", false, trusting("'https://far.example'"),
            "settings: trusted_issuer: expected an object, but got “https://far.example” @/settings/trusted_issuer");
        row("an issuer without an audience", false, trusting("{'issuer':'x'," + keys + "}"),
            "settings: trusted_issuer: audience: expected a text, but it is missing @/settings/trusted_issuer");
        row("an issuer without a name", false, trusting("{'issuer':'','audience':'x'," + keys + "}"),
            "settings: trusted_issuer: issuer: expected 1 to 512 visible ASCII characters, as they stand in its tokens "
            "@/settings/trusted_issuer/issuer");
        row("an issuer without keys", false, trusting("{" + name + "}"),
            "settings: trusted_issuer: jwks_uri: expected a text, but it is missing @/settings/trusted_issuer");
        row("keys over plain HTTP", false, trusting("{" + name + ",'jwks_uri':'http://far.example/jwks'}"),
            "settings: trusted_issuer: jwks_uri: expected https, since whose tokens are trusted hangs on it "
            "@/settings/trusted_issuer/jwks_uri");
        row("keys in a file", false, trusting("{" + name + ",'jwks_uri':'file:///etc/keys'}"),
            "settings: trusted_issuer: jwks_uri: expected an address that starts with https:// or http:// "
            "@/settings/trusted_issuer/jwks_uri");
        row("keys with a fragment", false, trusting("{" + name + ",'jwks_uri':'https://far.example/jwks?a#b'}"),
            "settings: trusted_issuer: jwks_uri: expected an address without blanks and “#” @/settings/trusted_issuer/jwks_uri");
        row("an issuer with more", false, trusting("{" + name + "," + keys + ",'role':'admin'}"),
            "settings: trusted_issuer: “role” is not a known member here @/settings/trusted_issuer/role");
    }
    void settingsAreTakenOrRefusedAtTheirPlace()
    {
        QFETCH(bool, inFile);
        QFETCH(QByteArray, draft);
        QFETCH(QByteArray, expected);
        QCOMPARE(draftOf(draft.toStdString(), inFile ? FilePath::Allowed : FilePath::Refused), expected);
    }

    void aCatalogHoldsNoSecret()
    {
        Catalog catalog;
        QCOMPARE(told(create(catalog, signedIn("{'value':'s3cret'}"))), QByteArray("ok"));
        const Source& source = catalog.sources.at(SourceName{"m"});
        QVERIFY(!bytes(jsonText(storedJson(source))).contains("s3cret"));
        QCOMPARE(bytes(jsonText(source.settings["secret"])), QByteArray("{\"set\":true}"));
        QVERIFY(catalog.outputNamed(OutputName{"m"}));
        QVERIFY(!bytes(exportWorkspaceFile(catalog)).contains("s3cret"));
    }

    /// It belongs to one token endpoint and client: whoever changes these must know it.
    void aKeptSecretStaysWhereItWasGivenFor()
    {
        Catalog catalog;
        const QByteArray none =
            "settings: settings: secret: expected the secret itself: none is kept here for this token_endpoint and client_id";
        QCOMPARE(told(create(catalog, signedIn("{'set':true}"))), none);
        QVERIFY(create(catalog, signedIn("{'value':'s3cret'}")));
        const auto settings = [](const std::string& id, const std::string& client) {
            return "{'url':'https://far.example/data/out/" + id +
                   "','token_endpoint':'https://far.example/oauth/token','client_id':'" + client + "','secret':{'set':true}}";
        };
        QCOMPARE(told(change(catalog, settings("other", "me"))), QByteArray("ok"));
        QCOMPARE(told(change(catalog, settings("other", "you"))), none);
        QCOMPARE(told(change(catalog, "{'url':'https://far.example/data/out/w'}")), QByteArray("ok"));
        QCOMPARE(told(change(catalog, settings("w", "me"))), none);
    }

    /// As keys and members are not: who was trusted then may be trusted no more.
    void aSnapshotBringsNoTrustBack()
    {
        const auto catalog = [&](const std::string& issuer) {
            Catalog made;
            made.workspace.name = "Near";
            const std::string trust = issuer.empty() ? "" : ",'trusted_issuer':{'issuer':'" + issuer + "','audience':'a','jwks_uri':'https://far.example/jwks'}";
            (void)create(made, "{'name':'m','kind':'mirror','settings':{'url':'https://far.example/data/out/w'" + trust + "}}");
            return made;
        };
        const auto trusted = [](const Catalog& now, const Catalog& then) {
            const auto issuer = MirrorSettings::of(restored(now, then, Extent::Data).sources.at(SourceName{"m"}).settings).trustedIssuer;
            return issuer ? issuer->name : std::string();
        };
        QCOMPARE(trusted(catalog("now"), catalog("then")), std::string("now"));
        QCOMPARE(trusted(catalog("now"), catalog("")), std::string("now"));
        QCOMPARE(trusted(catalog(""), catalog("then")), std::string());
        QCOMPARE(trusted(Catalog(), catalog("then")), std::string());
    }

    /// What a replay stores is no recording for it.
    void aReplayOfItselfIsRefusedHoweverLongTheWay()
    {
        Catalog catalog;
        const auto replay = [&](const char* name, const char* recording) {
            return told(create(catalog, "{'name':'" + std::string(name) + "','kind':'replay','settings':{'recording':'" + recording + "'}}"));
        };
        const QByteArray never = "settings: settings: recording: “%1” would play what it stores itself";
        QCOMPARE(replay("a", "a"), QByteArray(never).replace("%1", "a"));
        QCOMPARE(replay("a", "b"), QByteArray("ok"));
        QCOMPARE(replay("b", "c"), QByteArray("ok"));
        QCOMPARE(replay("c", "a"), QByteArray(never).replace("%1", "c"));
        QCOMPARE(replay("c", "room"), QByteArray("ok"));
        const SourceName c{"c"};
        const auto patched = sourcePatchFrom(json("{'settings':{'recording':'b'}}"), catalog.sources.at(c)).and_then([&](const SourcePatch& patch) {
            return changeSource(catalog, c, patch);
        });
        QCOMPARE(told(patched), QByteArray(never).replace("%1", "c"));
    }

    void aFileGivesSecretsToWhoKeepsThem()
    {
        Catalog catalog;
        catalog.workspace.name = "Near";
        std::vector<std::string> kept;
        const auto apply = [&](const std::string& source) {
            const std::string text = quoted("{'iotman':1,\n'sources':[\n" + source + "]}");
            const auto file = parseWorkspaceFile(text);
            if (!file)
                return bytes(fileError("w.json", text, file.error()));
            WorkspaceFileContext context{author(), 0,
                                         [](const std::string& name) {
                                             return name == "FAR" ? std::optional<std::string>("from far") : std::nullopt;
                                         },
                                         [](const OutputDraft&) { return Expected<void>(); },
                                         [](const SourceDraft&) { return Expected<void>(); },
                                         [&](const NewOutgoingSecret& secret) {
                                             kept.push_back(std::to_string(secret.source) + " " + secret.value);
                                         }};
            const auto applied = applyWorkspaceFile(catalog, *file, context);
            return applied ? QByteArray("ok") : bytes(fileError("w.json", text, applied.error()));
        };
        QCOMPARE(apply(signedIn("{'env':'NEAR'}")),
                 QByteArray("w.json:3: sources “m”: secret: the environment variable NEAR is not set"));
        QCOMPARE(apply(signedIn("{'env':'FAR'}")), QByteArray("ok"));
        QCOMPARE(apply(signedIn("{'value':'s3cret'}")), QByteArray("ok"));
        const std::string key = std::to_string(catalog.sources.at(SourceName{"m"}).key);
        QCOMPARE(kept, (std::vector<std::string>{key + " from far", key + " s3cret"}));

        const auto again = parseWorkspaceFile(exportWorkspaceFile(catalog));
        QVERIFY(again);
        Catalog same = catalog;
        WorkspaceFileContext context{author(), 0, {}, [](const OutputDraft&) { return Expected<void>(); },
                                     [](const SourceDraft&) { return Expected<void>(); }};
        QVERIFY(applyWorkspaceFile(same, *again, context));
        QVERIFY(differenceLines(catalog, same).empty());
        Catalog elsewhere;
        QCOMPARE(told(applyWorkspaceFile(elsewhere, *again, context)),
                 QByteArray("settings: sources “m”: settings: secret: expected the secret itself: none is kept here for this "
                            "token_endpoint and client_id"));
    }
};

QTEST_APPLESS_MAIN(TestMirrorSettings)
#include "tst_mirrorsettings.moc"
