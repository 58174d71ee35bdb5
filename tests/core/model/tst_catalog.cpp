#include "core/model/catalog.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

/// `kind id` of each difference, with `+`, `-` or `~`.
QByteArray shown(const std::vector<CatalogDifference>& differences)
{
    QByteArray text;
    for (const CatalogDifference& one : differences) {
        text += text.isEmpty() ? "" : ", ";
        text += one.before.empty() ? "+" : one.after.empty() ? "-" : "~";
        text += bytes(one.kind) + (one.id.empty() ? "" : " ") + bytes(one.id);
    }
    return text;
}

} // namespace

class TestCatalog : public QObject {
    Q_OBJECT

    CountedRandom random_;
    Catalog catalog_;
    Author author_{"bob@example.com", at(1'700'000'100), random_};

private Q_SLOTS:
    void init() { catalog_ = filledCatalog(random_); }

    void nothingDiffersFromItself() { QCOMPARE(shown(differences(catalog_, catalog_)), QByteArray()); }

    void eachResourceThatDiffersIsTold()
    {
        Catalog after = catalog_;
        QVERIFY(changeWorkspace(after, {std::nullopt, "Other"}));
        QVERIFY(createScope(after, {ScopeName{"b:c"}, ""}, author_));
        QVERIFY(createScope(after, {ScopeName{"a:b"}, ""}, author_));
        QVERIFY(changeClient(after, ClientId{"grafana"}, {"Board", std::nullopt, std::nullopt, std::nullopt}));
        QVERIFY(deleteEndpoint(after, EndpointId{"weather"}));
        QVERIFY(createSource(after, httpSource("boston"), author_));
        after.cors = {};
        QCOMPARE(
            shown(differences(catalog_, after)),
            QByteArray(
                "~workspace, +scope a:b, +scope b:c, +source boston, -endpoint weather, ~client grafana, ~cors, ~keys next"));
        QCOMPARE(
            shown(differences(after, catalog_)),
            QByteArray(
                "~workspace, -scope a:b, -scope b:c, -source boston, +endpoint weather, ~client grafana, ~cors, ~keys next"));
    }

    void aDifferenceHoldsTheStoredJson()
    {
        Catalog after = catalog_;
        QVERIFY(changeEndpoint(after, EndpointId{"weather"}, {std::nullopt, std::nullopt, false}));
        const auto found = differences(catalog_, after);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].before, jsonText(storedJson(catalog_.endpoints.at(EndpointId{"weather"}))));
        QCOMPARE(found[0].after, jsonText(storedJson(after.endpoints.at(EndpointId{"weather"}))));
    }

    void everythingRestoresTheWhole()
    {
        Catalog restored;
        for (const CatalogDifference& one : everything(catalog_)) {
            QVERIFY(one.before.empty());
            QCOMPARE(told(restore(restored, one)), QByteArray("ok"));
        }
        QVERIFY(restored.workspace == catalog_.workspace);
        QVERIFY(restored.scopes == catalog_.scopes);
        QVERIFY(restored.sources == catalog_.sources);
        QVERIFY(restored.outputs == catalog_.outputs);
        QVERIFY(restored.endpoints == catalog_.endpoints);
        QVERIFY(restored.clients == catalog_.clients);
        QVERIFY(restored.members == catalog_.members);
        QVERIFY(restored.cors == catalog_.cors);
        QCOMPARE(restored.nextKey, catalog_.nextKey);
        QCOMPARE(shown(differences(catalog_, restored)), QByteArray());
    }

    void aCatalogWithoutResourcesRestoresItsSingleParts()
    {
        Catalog restored = catalog_;
        restored.cors.any = true;
        for (const CatalogDifference& one : everything(Catalog{}))
            QCOMPARE(told(restore(restored, one)), QByteArray("ok"));
        QVERIFY(restored.workspace == Catalog{}.workspace);
        QVERIFY(!restored.cors.any);
        QCOMPARE(restored.nextKey, std::int64_t(1));
    }

    void aRestoredResourceReplacesTheOneOfItsId()
    {
        Catalog after = catalog_;
        QVERIFY(changeClient(after, ClientId{"grafana"}, {"Board", std::nullopt, std::nullopt, std::nullopt}));
        for (const CatalogDifference& one : differences(catalog_, after))
            QCOMPARE(told(restore(catalog_, one)), QByteArray("ok"));
        QVERIFY(catalog_.clients == after.clients);
    }

    void whatEverythingDoesNotWriteIsRefused_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const char* kind, const char* text) {
            QTest::newRow(name) << QByteArray(kind) << QByteArray(text);
        };
        row("no JSON", "scope", "{");
        row("an unknown kind", "planet", "{}");
        row("no members", "scope", "{}");
        row("an array", "endpoint", "[]");
        row("a member too much", "scope", R"({"name":"a:b","description":"","created_at":0,"created_by":"","x":1})");
        row("a bad name", "source", R"({"key":1,"name":"A","kind":"http","settings":{},"created_at":0,"created_by":""})");
        row("a bad kind of source", "source",
            R"({"key":1,"name":"a","kind":"mqtt","settings":{},"created_at":0,"created_by":""})");
        row("a bad role", "member", R"({"id":"a","email":"a@b","role":"owner","key_hash":"","created_at":0})");
        row("a bad origin", "cors", R"({"origins":["a.example"]})");
        row("a key that is a text", "keys", R"("5")");
        row("a key that is no whole number", "keys", "1.5");
    }
    void whatEverythingDoesNotWriteIsRefused()
    {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, text);
        const auto restored = restore(catalog_, {kind.toStdString(), "", "", text.toStdString()});
        QVERIFY(!restored);
        QCOMPARE(restored.error().kind, Problem::BadRequest);
    }

    void theAuditLogKeepsNoSecretsAndNothingInternal()
    {
        for (const CatalogDifference& one : everything(catalog_)) {
            const std::string audit = asJournalled(one.after);
            QVERIFY2(audit.find("hash") == std::string::npos, audit.c_str());
            for (const auto& [id, client] : catalog_.clients)
                QVERIFY(audit.find(client.secretHash) == std::string::npos);
            for (const auto& [id, member] : catalog_.members)
                QVERIFY(audit.find(member.keyHash) == std::string::npos);
            QVERIFY2(audit.find("\"key\":") == std::string::npos, audit.c_str());
            if (one.kind == "endpoint" || one.kind == "scope")
                QCOMPARE(audit, one.after);
        }
        QCOMPARE(asJournalled(""), std::string());
        QCOMPARE(asJournalled("5"), std::string("5"));
        QCOMPARE(asJournalled(R"({"a":1.00000000000000000001})"), std::string(R"({"a":1.00000000000000000001})"));
        QCOMPARE(asJournalled(R"({"a":1,"application":{"key":3}})"), std::string(R"({"a":1})"));
        QCOMPARE(asJournalled(R"({"key":7,"z":1,"secret_hash":"x","a":2,"key_hash":"y","apply_until":9})"), std::string(R"({"z":1,"a":2})"));
    }

    void anEntityTagChangesWithTheResource()
    {
        const Scope scope{ScopeName{"a:b"}, "x", {at(5), "ada@example.com"}};
        Scope other = scope;
        other.description = "y";
        static const QRegularExpression shape(QStringLiteral("^\"[A-Za-z0-9_-]{16}\"$")); // RFC 9110 §8.8.3
        QVERIFY(shape.match(QString::fromStdString(entityTag(storedJson(scope)))).hasMatch());
        QCOMPARE(entityTag(storedJson(scope)), entityTag(storedJson(Scope(scope))));
        QVERIFY(entityTag(storedJson(scope)) != entityTag(storedJson(other)));
    }

    /// Everybody sees it, and all else that it is of: a secret that people chose would be found with a list of words.
    void anEntityTagSaysNothingOfASecret()
    {
        Client client{ClientId{"c"}, "C", {}, true, {}, secretHash("letmein1"), {at(5), "ada@example.com"}};
        const std::string tag = entityTag(storedJson(client));
        client.secretHash = secretHash("letmein2");
        QCOMPARE(entityTag(storedJson(client)), tag);
        client.name = "D";
        QVERIFY(entityTag(storedJson(client)) != tag);
    }

    void aSecretsHashIsSha256()
    {
        // FIPS 180-2, the hash of "abc": ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad.
        QCOMPARE(bytes(secretHash("abc")), QByteArray("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"));
        QCOMPARE(secretHash("").size(), std::size_t(43));
    }

    void resourcesAreFoundByWhatPeopleKnow()
    {
        QVERIFY(catalog_.outputNamed(OutputName{"weather"}) == &catalog_.outputs.at(OutputId{"o1"}));
        QVERIFY(!catalog_.outputNamed(OutputName{"o1"}));
        QVERIFY(!catalog_.outputByIdOrName("gone"));
        QVERIFY(!catalog_.memberByEmail(Email{"gone@example.com"}));
        QVERIFY(!catalog_.sourceByKey(99));
        QVERIFY(!Catalog::reads(catalog_.outputs.at(OutputId{"o1"}), SourceName{"boston"}));
    }
};

QTEST_APPLESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
