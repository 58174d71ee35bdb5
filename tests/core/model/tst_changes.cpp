#include "core/model/changes.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

const ScopeName sensorRead{"sensor:read"};
const ScopeName sensorWrite{"sensor:write"};
const SourceName seattle{"seattle"};
const OutputId o1{"o1"};
const EndpointId weather{"weather"};
const ClientId grafana{"grafana"};

} // namespace

class TestChanges : public QObject {
    Q_OBJECT

    CountedRandom random_;
    Catalog catalog_;
    Author author_{"bob@example.com", at(1'700'000'100), random_};

    MemberId idOf(const char* email) const { return catalog_.memberByEmail(Email{email})->id; }

    /// A change that is refused leaves everything as it was.
    template <class Change>
    QByteArray refused(Change change)
    {
        const Catalog before = catalog_;
        const auto result = change();
        if (!differences(before, catalog_).empty())
            return "the catalog has changed";
        return result ? QByteArray("ok")
                      : QByteArray::number(static_cast<int>(result.error().kind == Problem::Conflict   ? 409
                                                            : result.error().kind == Problem::NotFound ? 404
                                                                                                       : 400)) +
                            " " + told(result);
    }

private Q_SLOTS:
    void init() { catalog_ = filledCatalog(random_); }

    void theSampleIsWhole()
    {
        QCOMPARE(catalog_.scopes.size() + catalog_.sources.size() + catalog_.outputs.size() + catalog_.endpoints.size() +
                     catalog_.clients.size() + catalog_.members.size(),
                 std::size_t(6));
        QCOMPARE(catalog_.cors.list.size(), std::size_t(2));
        QCOMPARE(catalog_.nextKey, std::int64_t(3));
    }

    void aWorkspaceChangesInWhatThePatchNames()
    {
        QVERIFY(changeWorkspace(catalog_, {Slug{"other"}, std::nullopt}));
        QCOMPARE(catalog_.workspace.slug.text, std::string("other"));
        QCOMPARE(catalog_.workspace.name, std::string("Demo weather"));
        QVERIFY(changeWorkspace(catalog_, {std::nullopt, "Other"}));
        QCOMPARE(catalog_.workspace.slug.text, std::string("other"));
        QCOMPARE(catalog_.workspace.name, std::string("Other"));
    }

    // ---- Scopes

    void aScopeIsCreatedAndDeleted()
    {
        QVERIFY(createScope(catalog_, {sensorWrite, "Write"}, author_));
        const Scope expected{sensorWrite, "Write", {at(1'700'000'100), "bob@example.com"}};
        QVERIFY(catalog_.scopes.at(sensorWrite) == expected);
        QVERIFY(deleteScope(catalog_, sensorWrite));
        QVERIFY(!catalog_.scopes.contains(sensorWrite));
    }

    void aScopeIsRefused()
    {
        QCOMPARE(refused([&] {
                     return createScope(catalog_, {sensorRead, ""}, author_);
                 }),
                 QByteArray("409 name: scope “sensor:read” exists already"));
        QCOMPARE(refused([&] { return deleteScope(catalog_, sensorWrite); }),
                 QByteArray("404 : there is no scope “sensor:write”"));
    }

    void aScopeInUseIsNamedByItsUsers()
    {
        QCOMPARE(refused([&] { return deleteScope(catalog_, sensorRead); }),
                 QByteArray("409 : scope “sensor:read” is used by the endpoints “weather”, the clients “grafana”, the sources "
                            "“seattle”; change or delete these first"));
        QVERIFY(changeEndpoint(catalog_, weather, {std::nullopt, std::optional<ScopeName>(), std::nullopt}));
        QCOMPARE(refused([&] { return deleteScope(catalog_, sensorRead); }),
                 QByteArray("409 : scope “sensor:read” is used by the clients “grafana”, the sources “seattle”; change or delete "
                            "these first"));
        QVERIFY(changeClient(catalog_, grafana, {std::nullopt, std::vector<ScopeName>(), std::nullopt, std::nullopt}));
        QCOMPARE(refused([&] { return deleteScope(catalog_, sensorRead); }),
                 QByteArray("409 : scope “sensor:read” is used by the sources “seattle”; change or delete these first"));
        QVERIFY(changeSource(catalog_, seattle, {std::nullopt, std::nullopt, std::optional<ScopeName>(), std::nullopt}));
        QVERIFY(deleteScope(catalog_, sensorRead));
    }

    void manyUsersAreNamedInPart()
    {
        for (int i = 1; i <= 6; ++i)
            QVERIFY(createEndpoint(catalog_, {"weather", sensorRead, EndpointId{"e" + std::to_string(i)}, true}, author_));
        QCOMPARE(refused([&] { return deleteScope(catalog_, sensorRead); }),
                 QByteArray("409 : scope “sensor:read” is used by the endpoints “e1”, “e2”, “e3”, “e4”, “e5” and 2 more, the "
                            "clients “grafana”, the sources “seattle”; change or delete these first"));
    }

    void anEndpointThatLostItsScopeStaysOffUntilItHasAnother()
    {
        catalog_.endpoints.at(weather).requiredScope = sensorWrite; // as a restore leaves it
        catalog_.endpoints.at(weather).enabled = false;
        QVERIFY(changeEndpoint(catalog_, weather, {std::string("weather"), std::nullopt, std::nullopt}));
        QCOMPARE(refused([&] {
                     return changeEndpoint(catalog_, weather, {std::nullopt, std::nullopt, true});
                 }),
                 QByteArray("400 required_scope: required_scope: there is no scope “sensor:write”; create it first"));
        QVERIFY(changeEndpoint(catalog_, weather, {std::nullopt, std::optional(sensorRead), true}));
    }

    // ---- Sources

    void aSourceIsCreatedChangedAndDeleted()
    {
        const SourceName name{"boston"};
        QVERIFY(createSource(catalog_, {name, SourceKind::System, json("{'interval':5}"), std::nullopt, std::nullopt, false},
                             author_));
        const Source created{3,
                             name,
                             SourceKind::System,
                             json("{'interval':5}"),
                             std::nullopt,
                             std::nullopt,
                             false,
                             {at(1'700'000'100), "bob@example.com"}};
        QVERIFY(catalog_.sources.at(name) == created);
        QVERIFY(catalog_.sourceByKey(3) == &catalog_.sources.at(name));

        QVERIFY(changeSource(catalog_, name, {json("{'interval':9}"), "$.t", std::optional(sensorRead), true}));
        Source changed = created;
        changed.settings = json("{'interval':9}");
        changed.time = "$.t";
        changed.requiredScope = sensorRead;
        changed.enabled = true;
        QVERIFY(catalog_.sources.at(name) == changed);

        QVERIFY(changeSource(catalog_, name, {}));
        QVERIFY(catalog_.sources.at(name) == changed);
        QVERIFY(
            changeSource(catalog_, name, {std::nullopt, std::optional<std::string>(), std::optional<ScopeName>(), std::nullopt}));
        QVERIFY(!catalog_.sources.at(name).time);
        QVERIFY(!catalog_.sources.at(name).requiredScope);

        QVERIFY(deleteSource(catalog_, name));
        QVERIFY(!catalog_.sources.contains(name));
    }

    void aSourceIsRefused()
    {
        QCOMPARE(refused([&] { return createSource(catalog_, httpSource("seattle"), author_); }),
                 QByteArray("409 name: source “seattle” exists already"));
        SourceDraft scoped = httpSource("boston");
        scoped.requiredScope = sensorWrite;
        QCOMPARE(refused([&] { return createSource(catalog_, scoped, author_); }),
                 QByteArray("400 required_scope: required_scope: there is no scope “sensor:write”; create it first"));
        QCOMPARE(refused([&] {
                     return changeSource(catalog_, seattle, {std::nullopt, "x", std::optional(sensorWrite), false});
                 }),
                 QByteArray("400 required_scope: required_scope: there is no scope “sensor:write”; create it first"));
        QCOMPARE(refused([&] { return changeSource(catalog_, SourceName{"gone"}, {}); }),
                 QByteArray("404 : there is no source “gone”"));
        QCOMPARE(refused([&] { return deleteSource(catalog_, SourceName{"gone"}); }),
                 QByteArray("404 : there is no source “gone”"));
        QCOMPARE(refused([&] { return deleteSource(catalog_, seattle); }),
                 QByteArray("409 : source “seattle” is used by the outputs “weather”; change or delete these first"));
    }

    void anOutputOfAllSourcesHoldsNone()
    {
        QVERIFY(changeOutput(catalog_, o1, {std::nullopt, std::vector<SourceName>(), std::nullopt, std::nullopt, false}, 0));
        QVERIFY(Catalog::reads(catalog_.outputs.at(o1), seattle));
        QVERIFY(deleteSource(catalog_, seattle));
    }

    void aKeyIsNeverGivenTwice()
    {
        QVERIFY(createSource(catalog_, httpSource("boston"), author_));
        QVERIFY(deleteSource(catalog_, SourceName{"boston"}));
        QVERIFY(createSource(catalog_, httpSource("boston"), author_));
        QCOMPARE(catalog_.sources.at(SourceName{"boston"}).key, std::int64_t(4));
    }

    // ---- Outputs

    void anOutputIsCreatedChangedAndDeleted()
    {
        OutputDraft draft;
        draft.name = OutputName{"celsius"};
        draft.sources = {seattle, seattle};
        draft.filter = "$.a > 1";
        draft.rule = "{ a: $.a }";
        const auto id = createOutput(catalog_, draft, 77, author_);
        QCOMPARE(told(id), QByteArray("ok"));
        QCOMPARE(id->text.size(), std::size_t(36));
        Output created{3, *id, draft.name, {seattle}, "$.a > 1", "{ a: $.a }", {}, {at(1'700'000'100), "bob@example.com"}};
        created.applying = Applying{3, 77, {seattle}, "$.a > 1", "{ a: $.a }"};
        QVERIFY(catalog_.outputs.at(*id) == created);
        QVERIFY(catalog_.outputNamed(draft.name) == &catalog_.outputs.at(*id));
        QVERIFY(catalog_.outputByIdOrName(id->text) == &catalog_.outputs.at(*id));
        QVERIFY(catalog_.outputByIdOrName("celsius") == &catalog_.outputs.at(*id));

        // What is being applied goes on by the rules with which it began.
        QVERIFY(changeOutput(catalog_, *id, {OutputName{"kelvin"}, std::vector<SourceName>(), "", "$", false}, 80));
        Output changed = created;
        changed.name = OutputName{"kelvin"};
        changed.sources.clear();
        changed.filter.clear();
        changed.rule = "$";
        QVERIFY(catalog_.outputs.at(*id) == changed);
        QVERIFY(changeOutput(catalog_, *id, {OutputName{"kelvin"}, std::nullopt, std::nullopt, std::nullopt, false}, 80));
        QVERIFY(catalog_.outputs.at(*id) == changed);

        QVERIFY(deleteOutput(catalog_, *id));
        QVERIFY(!catalog_.outputs.contains(*id));
    }

    void anOutputForWhatComesFromNowOnIsNotApplied()
    {
        OutputDraft draft;
        draft.name = OutputName{"celsius"};
        draft.rule = "$";
        draft.applyToStored = false;
        const auto id = createOutput(catalog_, draft, 77, author_);
        QCOMPARE(told(id), QByteArray("ok"));
        QVERIFY(!catalog_.outputs.at(*id).applying);
    }

    void itemsAreMadeAnewOnceAtATime()
    {
        catalog_.outputs.at(o1).applying.reset();
        const Output before = catalog_.outputs.at(o1);
        OutputPatch anew;
        anew.rule = "$.b";
        anew.applyToStored = true;
        QVERIFY(changeOutput(catalog_, o1, anew, 0)); // of nothing
        QVERIFY(!catalog_.outputs.at(o1).applying);
        const OutputKey next = catalog_.nextKey;
        QVERIFY(changeOutput(catalog_, o1, anew, 50));
        QVERIFY(catalog_.outputs.at(o1).applying == (Applying{next, 50, before.sources, before.filter, "$.b"}));
        QCOMPARE(catalog_.outputs.at(o1).key, before.key);
        QCOMPARE(catalog_.generations(), (std::set<OutputKey>{before.key, next}));
        QVERIFY(catalog_.outputApplying(next) == &catalog_.outputs.at(o1));
        QCOMPARE(refused([&] { return changeOutput(catalog_, o1, anew, 60); }),
                 QByteArray("409 : this output is being applied to stored data already; cancel that first"));
        QVERIFY(cancelApplying(catalog_, o1));
        QCOMPARE(catalog_.generations(), std::set<OutputKey>{before.key});
        QCOMPARE(refused([&] { return cancelApplying(catalog_, o1); }), QByteArray("404 : this output is not being applied to stored data"));
    }

    void whatAnOutputReadsNoLongerItStillHolds()
    {
        QVERIFY(createSource(catalog_, httpSource("boston"), author_));
        const SourceName boston{"boston"};
        OutputDraft draft;
        draft.name = OutputName{"some"};
        draft.rule = "$";
        draft.sources = {seattle};
        const OutputId id = *createOutput(catalog_, draft, 0, author_);
        const auto reads = [&](std::vector<SourceName> sources, bool anew = false) {
            OutputPatch patch;
            patch.sources = std::move(sources);
            patch.applyToStored = anew;
            QVERIFY(changeOutput(catalog_, id, patch, 9));
        };
        const Output& output = catalog_.outputs.at(id);
        reads({seattle, boston});
        QVERIFY(!output.holdsOthers);
        reads({});
        QVERIFY(!output.holdsOthers);
        reads({}, true);
        QVERIFY(!output.applying->holdsOthers);
        reads({boston});
        QVERIFY(output.holdsOthers && output.applying->holdsOthers);
    }

    void anOutputIsRefused()
    {
        OutputDraft draft;
        draft.name = OutputName{"weather"};
        draft.rule = "$";
        QCOMPARE(refused([&] { return createOutput(catalog_, draft, 0, author_); }),
                 QByteArray("409 name: output “weather” exists already"));
        draft.name = OutputName{"other"};
        draft.id = o1;
        QCOMPARE(refused([&] { return createOutput(catalog_, draft, 0, author_); }),
                 QByteArray("409 id: output “o1” exists already"));
        draft.id.reset();
        draft.sources = {seattle, SourceName{"gone"}};
        QCOMPARE(refused([&] { return createOutput(catalog_, draft, 0, author_); }),
                 QByteArray("400 sources: sources: there is no source “gone”"));
        QCOMPARE(refused([&] {
                     return changeOutput(catalog_, o1, {std::nullopt, draft.sources, std::nullopt, "$", false}, 0);
                 }),
                 QByteArray("400 sources: sources: there is no source “gone”"));

        draft.sources.clear();
        QVERIFY(createOutput(catalog_, draft, 0, author_));
        QCOMPARE(refused([&] {
                     return changeOutput(catalog_, o1, {OutputName{"other"}, std::nullopt, std::nullopt, "$", false}, 0);
                 }),
                 QByteArray("409 name: output “other” exists already"));
        QCOMPARE(refused([&] { return changeOutput(catalog_, OutputId{"gone"}, {}, 0); }),
                 QByteArray("404 : there is no output “gone”"));
        QCOMPARE(refused([&] { return deleteOutput(catalog_, OutputId{"gone"}); }),
                 QByteArray("404 : there is no output “gone”"));
        QCOMPARE(refused([&] { return deleteOutput(catalog_, o1); }),
                 QByteArray("409 : output “weather” is used by the endpoints “weather”; change or delete these first"));
    }

    // ---- Endpoints

    void anEndpointIsCreatedChangedAndDeleted()
    {
        const auto id = createEndpoint(catalog_, {"weather", std::nullopt, std::nullopt, true}, author_);
        QCOMPARE(told(id), QByteArray("ok"));
        QCOMPARE(id->text.size(), std::size_t(36));
        const Endpoint created{*id, o1, std::nullopt, true, {at(1'700'000'100), "bob@example.com"}};
        QVERIFY(catalog_.endpoints.at(*id) == created);

        QVERIFY(changeEndpoint(catalog_, *id, {"o1", std::optional(sensorRead), false}));
        Endpoint changed = created;
        changed.requiredScope = sensorRead;
        changed.enabled = false;
        QVERIFY(catalog_.endpoints.at(*id) == changed);
        QVERIFY(changeEndpoint(catalog_, *id, {}));
        QVERIFY(catalog_.endpoints.at(*id) == changed);

        QVERIFY(deleteEndpoint(catalog_, *id));
        QVERIFY(!catalog_.endpoints.contains(*id));
        QVERIFY(catalog_.outputs.contains(o1));
    }

    void anEndpointIsRefused()
    {
        QCOMPARE(refused([&] {
                     return createEndpoint(catalog_, {"weather", std::nullopt, weather, true}, author_);
                 }),
                 QByteArray("409 id: endpoint “weather” exists already"));
        QCOMPARE(refused([&] {
                     return createEndpoint(catalog_, {"gone", std::nullopt, std::nullopt, true}, author_);
                 }),
                 QByteArray("400 output: output: there is no output with the id or name “gone”"));
        QCOMPARE(refused([&] {
                     return createEndpoint(catalog_, {"weather", sensorWrite, std::nullopt, true}, author_);
                 }),
                 QByteArray("400 required_scope: required_scope: there is no scope “sensor:write”; create it first"));
        QCOMPARE(refused([&] {
                     return changeEndpoint(catalog_, weather, {"gone", std::nullopt, false});
                 }),
                 QByteArray("400 output: output: there is no output with the id or name “gone”"));
        QCOMPARE(refused([&] {
                     return changeEndpoint(catalog_, weather, {std::nullopt, std::optional(sensorWrite), false});
                 }),
                 QByteArray("400 required_scope: required_scope: there is no scope “sensor:write”; create it first"));
        QCOMPARE(refused([&] { return changeEndpoint(catalog_, EndpointId{"gone"}, {}); }),
                 QByteArray("404 : there is no endpoint “gone”"));
        QCOMPARE(refused([&] { return deleteEndpoint(catalog_, EndpointId{"gone"}); }),
                 QByteArray("404 : there is no endpoint “gone”"));
    }

    // ---- Clients

    void aClientIsCreatedChangedAndDeleted()
    {
        ClientDraft draft;
        draft.name = "Dash";
        draft.scopes = {sensorRead, sensorRead};
        draft.expiresAt = at(1'900'000'000);
        const auto secret = createClient(catalog_, draft, author_);
        QCOMPARE(told(secret), QByteArray("ok"));
        const ClientId id{secret->id};
        const Client created{id,
                             "Dash",
                             {sensorRead},
                             true,
                             at(1'900'000'000),
                             secretHash(secret->secret),
                             {at(1'700'000'100), "bob@example.com"}};
        QVERIFY(catalog_.clients.at(id) == created);

        QVERIFY(changeClient(catalog_, id, {"Board", std::vector<ScopeName>(), false, std::optional<Timestamp>()}));
        Client changed = created;
        changed.name = "Board";
        changed.scopes.clear();
        changed.enabled = false;
        changed.expiresAt.reset();
        QVERIFY(catalog_.clients.at(id) == changed);
        QVERIFY(changeClient(catalog_, id, {}));
        QVERIFY(catalog_.clients.at(id) == changed);

        const auto renewed = renewSecret(catalog_, id, author_);
        QCOMPARE(told(renewed), QByteArray("ok"));
        QVERIFY(renewed->secret != secret->secret);
        QCOMPARE(renewed->id, id.text);
        QCOMPARE(catalog_.clients.at(id).secretHash, secretHash(renewed->secret));

        QVERIFY(deleteClient(catalog_, id));
        QVERIFY(!catalog_.clients.contains(id));
    }

    void aClientIsRefused()
    {
        ClientDraft draft;
        draft.id = grafana;
        draft.name = "Dash";
        QCOMPARE(refused([&] { return createClient(catalog_, draft, author_); }),
                 QByteArray("409 id: client “grafana” exists already"));
        draft.id.reset();
        draft.scopes = {sensorRead, sensorWrite};
        QCOMPARE(refused([&] { return createClient(catalog_, draft, author_); }),
                 QByteArray("400 scopes: scopes: there is no scope “sensor:write”; create it first"));
        QCOMPARE(refused([&] {
                     return changeClient(catalog_, grafana, {"x", draft.scopes, false, std::nullopt});
                 }),
                 QByteArray("400 scopes: scopes: there is no scope “sensor:write”; create it first"));
        QCOMPARE(refused([&] { return changeClient(catalog_, ClientId{"gone"}, {}); }),
                 QByteArray("404 : there is no client “gone”"));
        QCOMPARE(refused([&] { return renewSecret(catalog_, ClientId{"gone"}, author_); }),
                 QByteArray("404 : there is no client “gone”"));
        QCOMPARE(refused([&] { return deleteClient(catalog_, ClientId{"gone"}); }),
                 QByteArray("404 : there is no client “gone”"));
    }

    // ---- Members

    void aMemberIsCreatedChangedAndDeleted()
    {
        const auto key = createMember(catalog_, {Email{"eve@example.com"}, Role::Viewer}, author_);
        QCOMPARE(told(key), QByteArray("ok"));
        const MemberId id{key->id};
        const Member created{id, Email{"eve@example.com"}, Role::Viewer, secretHash(key->secret), catalog_.members.at(id).keyId, at(1'700'000'100)};
        QVERIFY(catalog_.members.at(id) == created);
        QVERIFY(changeMember(catalog_, id, {Role::Admin}));
        QCOMPARE(catalog_.members.at(id).role, Role::Admin);
        QVERIFY(changeMember(catalog_, id, {}));
        QCOMPARE(catalog_.members.at(id).role, Role::Admin);

        const auto renewed = renewKey(catalog_, id, author_);
        QCOMPARE(told(renewed), QByteArray("ok"));
        QVERIFY(renewed->secret != key->secret);
        QCOMPARE(catalog_.members.at(id).keyHash, secretHash(renewed->secret));
        QVERIFY(!created.keyId.empty());
        QVERIFY(catalog_.members.at(id).keyId != created.keyId);

        QVERIFY(deleteMember(catalog_, id));
        QVERIFY(!catalog_.members.contains(id));
    }

    void aMemberIsRefused()
    {
        QCOMPARE(refused([&] {
                     return createMember(catalog_, {Email{"ada@example.com"}, Role::Viewer}, author_);
                 }),
                 QByteArray("409 email: member “ada@example.com” exists already"));
        QCOMPARE(refused([&] { return changeMember(catalog_, MemberId{"gone"}, {}); }),
                 QByteArray("404 : there is no member “gone”"));
        QCOMPARE(refused([&] { return renewKey(catalog_, MemberId{"gone"}, author_); }),
                 QByteArray("404 : there is no member “gone”"));
        QCOMPARE(refused([&] { return deleteMember(catalog_, MemberId{"gone"}); }),
                 QByteArray("404 : there is no member “gone”"));
    }

    void theLastAdminStays()
    {
        const QByteArray sentence = "409 : “ada@example.com” is the last admin; make another member an admin first";
        QVERIFY(createMember(catalog_, {Email{"eve@example.com"}, Role::Editor}, author_));
        const MemberId ada = idOf("ada@example.com");
        QCOMPARE(refused([&] { return deleteMember(catalog_, ada); }), sentence);
        QCOMPARE(refused([&] { return changeMember(catalog_, ada, {Role::Editor}); }), sentence);
        QCOMPARE(refused([&] { return changeMember(catalog_, ada, {Role::Viewer}); }), sentence);
        QVERIFY(changeMember(catalog_, ada, {Role::Admin}));

        QVERIFY(changeMember(catalog_, idOf("eve@example.com"), {Role::Admin}));
        QVERIFY(changeMember(catalog_, ada, {Role::Viewer}));
        QCOMPARE(refused([&] { return deleteMember(catalog_, idOf("eve@example.com")); }),
                 QByteArray("409 : “eve@example.com” is the last admin; make another member an admin first"));
        QVERIFY(deleteMember(catalog_, ada));
    }

    void aKindHasABound()
    {
        for (int i = 1; i < 10'000; ++i)
            QVERIFY(createScope(catalog_, {ScopeName{"a:" + std::to_string(i)}, ""}, author_));
        QCOMPARE(refused([&] {
                     return createScope(catalog_, {sensorWrite, ""}, author_);
                 }),
                 QByteArray("409 : a workspace holds at most 10000 scopes"));
    }
};

QTEST_APPLESS_MAIN(TestChanges)
#include "tst_changes.moc"
