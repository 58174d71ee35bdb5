#include "core/model/resources.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

namespace {

QByteArray membersOf(const Json& json)
{
    QByteArray names;
    for (const auto& [name, value] : json.items())
        names += (names.isEmpty() ? "" : " ") + bytes(name);
    return names;
}

QByteArray text(const Json& json)
{
    return bytes(jsonText(json));
}

/// The view of each resource of a filled workspace, with every member set, or with none that can be absent.
struct Views {
    Catalog catalog;
    Me me;
    WorkspaceView workspace;
    ScopeView scope;
    SourceView source;
    OutputView output;
    EndpointView endpoint;
    ClientView client;
    MemberView member;
    CorsView cors;

    explicit Views(Random& random)
        : catalog(filledCatalog(random))
        , me{Email{"ada@example.com"}, Role::Editor, catalog.workspace.id, catalog.workspace.slug, catalog.workspace.name}
        , workspace{catalog.workspace, "https://gw.example:8443", "extended"}
        , scope{catalog.scopes.begin()->second, {"weather"}, {"grafana"}, {"seattle"}}
        , source{catalog.sources.begin()->second, "http://127.0.0.1:8787/data/in/seattle", 2922, Timestamp{1'700'000'000'000'007}}
        , output{catalog.outputs.begin()->second,
                 1461,
                 1461,
                 3,
                 OutputFailure{at(1'700'000'001), "division by zero", R"({"a":0})"},
                 at(1'700'000'002),
                 std::pair<std::int64_t, std::int64_t>(10, 20)}
        , endpoint{catalog.endpoints.begin()->second,
                   OutputName{"weather"},
                   "http://127.0.0.1:8787/data/out/weather",
                   "ws://127.0.0.1:8787/data/out/weather/stream",
                   "http://127.0.0.1:8787/data/out/weather/events",
                   at(1'700'000'003),
                   2,
                   at(1'700'000'004)}
        , client{catalog.clients.begin()->second, at(1'700'000'005), std::nullopt}
        , member{catalog.members.begin()->second, at(1'700'000'006), std::nullopt}
        , cors{catalog.cors, {{"https://dash.example/", "https://dash.example"}}}
    {
    }

    void clear()
    {
        scope.endpoints.clear();
        scope.clients.clear();
        scope.sources.clear();
        source.ingestUrl.reset();
        source.lastDatapointAt.reset();
        source.source.time.reset();
        source.source.requiredScope.reset();
        output.lastError.reset();
        output.lastItemAt.reset();
        output.applying.reset();
        output.output.filter.clear();
        endpoint.lastItemAt.reset();
        endpoint.lastReadAt.reset();
        endpoint.endpoint.requiredScope.reset();
        client.lastUsedAt.reset();
        client.client.expiresAt.reset();
        member.lastSeenAt.reset();
    }
};

/// A view's JSON, read and written again.
template <class View>
QByteArray again(const View& view, Expected<View> (*read)(const Json&))
{
    const auto back = read(toJson(view));
    return back ? text(toJson(*back)) : told(back);
}

} // namespace

class TestResources : public QObject {
    Q_OBJECT

    CountedRandom random_;

private Q_SLOTS:
    // ---- Views

    void anAnswerHasExactlyTheDocumentedMembers()
    {
        const Views views(random_);
        QCOMPARE(membersOf(toJson(views.me)), QByteArray("email role workspace may"));
        QCOMPARE(membersOf(toJson(views.me)["workspace"]), QByteArray("id slug name"));
        QCOMPARE(membersOf(toJson(views.workspace)), QByteArray("id slug name base_url contract created_at"));
        QCOMPARE(membersOf(toJson(views.scope)), QByteArray("name description used_by created_at created_by"));
        QCOMPARE(membersOf(toJson(views.scope)["used_by"]), QByteArray("endpoints clients sources"));
        QCOMPARE(membersOf(toJson(views.source)),
                 QByteArray("name kind settings time required_scope enabled ingest_url datapoints "
                            "last_datapoint_at created_at created_by"));
        QCOMPARE(membersOf(toJson(views.output)),
                 QByteArray("id name sources filter rule items skipped failed last_error last_item_at "
                            "applying created_at created_by"));
        QCOMPARE(membersOf(toJson(views.output)["last_error"]), QByteArray("at detail payload"));
        QCOMPARE(membersOf(toJson(views.output)["applying"]), QByteArray("done total"));
        QCOMPARE(membersOf(toJson(views.endpoint)),
                 QByteArray("id output required_scope enabled url stream_url events_url created_at "
                            "created_by last_item_at streams last_read_at"));
        QCOMPARE(membersOf(toJson(views.endpoint)["output"]), QByteArray("id name"));
        QCOMPARE(membersOf(toJson(views.client)),
                 QByteArray("id name scopes enabled expires_at last_used_at created_at created_by"));
        QCOMPARE(membersOf(toJson(views.member)), QByteArray("id email role last_seen_at created_at"));
        QCOMPARE(membersOf(toJson(views.cors, WithRepairs::No)), QByteArray("origins"));
        QCOMPARE(membersOf(toJson(views.cors, WithRepairs::Yes)), QByteArray("origins repairs"));
        QCOMPARE(membersOf(toJson(views.cors, WithRepairs::Yes)["repairs"][0]), QByteArray("given stored"));
    }

    void whatIsAbsentIsNull()
    {
        Views views(random_);
        const QByteArray endpointMembers = membersOf(toJson(views.endpoint));
        views.clear();
        QCOMPARE(membersOf(toJson(views.endpoint)), endpointMembers);
        const auto nulls = [](const Json& json) {
            QByteArray names;
            for (const auto& [name, value] : json.items())
                names += value.is_null() ? (names.isEmpty() ? "" : " ") + bytes(name) : QByteArray();
            return names;
        };
        QCOMPARE(nulls(toJson(views.source)), QByteArray("time required_scope ingest_url last_datapoint_at"));
        QCOMPARE(nulls(toJson(views.output)), QByteArray("filter last_error last_item_at applying"));
        QCOMPARE(nulls(toJson(views.endpoint)), QByteArray("required_scope last_item_at last_read_at"));
        QCOMPARE(nulls(toJson(views.client)), QByteArray("expires_at last_used_at"));
        QCOMPARE(nulls(toJson(views.member)), QByteArray("last_seen_at"));
    }

    void aSecretIsInTheAnswerThatMadeItAlone()
    {
        Views views(random_);
        views.client.secret = "shown-once";
        views.member.key = "shown-once";
        QCOMPARE(membersOf(toJson(views.client)),
                 QByteArray("id name scopes enabled expires_at last_used_at created_at created_by secret"));
        QCOMPARE(membersOf(toJson(views.member)), QByteArray("id email role last_seen_at created_at key"));
        QCOMPARE(again(views.client, clientViewFrom), text(toJson(views.client)));
        QCOMPARE(again(views.member, memberViewFrom), text(toJson(views.member)));
    }

    void noAnswerHoldsAHash()
    {
        const Views views(random_);
        const QByteArray all = text(toJson(views.client)) + text(toJson(views.member)) + text(toJson(views.me));
        QVERIFY(!all.contains(bytes(views.client.client.secretHash)));
        QVERIFY(!all.contains(bytes(views.member.member.keyHash)));
        QVERIFY(!all.contains("hash"));
    }

    void anAnswerIsReadAsItWasWritten_data()
    {
        QTest::addColumn<bool>("full");
        QTest::newRow("with everything") << true;
        QTest::newRow("with as little as possible") << false;
    }
    void anAnswerIsReadAsItWasWritten()
    {
        QFETCH(bool, full);
        Views views(random_);
        if (!full)
            views.clear();
        QCOMPARE(again(views.me, meFrom), text(toJson(views.me)));
        QCOMPARE(again(views.workspace, workspaceViewFrom), text(toJson(views.workspace)));
        QCOMPARE(again(views.scope, scopeViewFrom), text(toJson(views.scope)));
        QCOMPARE(again(views.source, sourceViewFrom), text(toJson(views.source)));
        QCOMPARE(again(views.output, outputViewFrom), text(toJson(views.output)));
        QCOMPARE(again(views.endpoint, endpointViewFrom), text(toJson(views.endpoint)));
        QCOMPARE(again(views.client, clientViewFrom), text(toJson(views.client)));
        QCOMPARE(again(views.member, memberViewFrom), text(toJson(views.member)));
        const Json cors = toJson(views.cors, WithRepairs::Yes);
        const auto back = corsViewFrom(cors);
        QCOMPARE(told(back), QByteArray("ok"));
        QCOMPARE(text(toJson(*back, WithRepairs::Yes)), text(cors));
    }

    void everyOriginIsAStar()
    {
        CorsView view;
        view.origins.any = true;
        QCOMPARE(text(toJson(view, WithRepairs::No)), QByteArray(R"({"origins":["*"]})"));
        const auto back = corsViewFrom(toJson(view, WithRepairs::No));
        QVERIFY(back && back->origins == view.origins);
    }

    void meSaysWhatTheRoleMay()
    {
        Views views(random_);
        views.me.role = Role::Viewer;
        QCOMPARE(text(toJson(views.me)["may"]), QByteArray(R"(["read","rules:try"])"));
        views.me.role = Role::Editor;
        QCOMPARE(text(toJson(views.me)["may"]),
                 QByteArray(R"(["read","rules:try","endpoints:write","cors:write","outputs:write",)"
                            R"("sources:write","imports:write","snapshots:save","weather:write"])"));
        views.me.role = Role::Admin;
        QCOMPARE(toJson(views.me)["may"].size(), permissions.size());
    }

    void aListIsReadAsItWasWritten()
    {
        const Views views(random_);
        Json list = listJson(std::vector<EndpointView>{views.endpoint, views.endpoint});
        QCOMPARE(membersOf(list), QByteArray("data next_page"));
        QVERIFY(list["next_page"].is_null());
        const auto back = listFrom<EndpointView>(list, endpointViewFrom);
        QCOMPARE(told(back), QByteArray("ok"));
        QCOMPARE(back->data.size(), std::size_t(2));
        QVERIFY(!back->nextPage);

        list["next_page"] = "http://127.0.0.1:8787/api/endpoints?cursor=x";
        QVERIFY(listFrom<EndpointView>(list, endpointViewFrom)->nextPage == "http://127.0.0.1:8787/api/endpoints?cursor=x");
        list["data"][1]["id"] = "a b";
        QVERIFY(!listFrom<EndpointView>(list, endpointViewFrom));
        QVERIFY(!listFrom<EndpointView>(json("{'data':5}"), endpointViewFrom));
    }

    // ---- What is stored

    void aStoredResourceIsReadAsItWasWritten()
    {
        const Catalog catalog = filledCatalog(random_);
        QVERIFY(workspaceFromStored(storedJson(catalog.workspace)) == catalog.workspace);
        QVERIFY(scopeFromStored(storedJson(catalog.scopes.begin()->second)) == catalog.scopes.begin()->second);
        QVERIFY(sourceFromStored(storedJson(catalog.sources.begin()->second)) == catalog.sources.begin()->second);
        QVERIFY(outputFromStored(storedJson(catalog.outputs.begin()->second)) == catalog.outputs.begin()->second);
        QVERIFY(endpointFromStored(storedJson(catalog.endpoints.begin()->second)) == catalog.endpoints.begin()->second);
        QVERIFY(clientFromStored(storedJson(catalog.clients.begin()->second)) == catalog.clients.begin()->second);
        QVERIFY(memberFromStored(storedJson(catalog.members.begin()->second)) == catalog.members.begin()->second);
        QVERIFY(corsFromStored(storedJson(catalog.cors)) == catalog.cors);
        QVERIFY(corsFromStored(storedJson(CorsOrigins{true, {}})) == (CorsOrigins{true, {}}));
    }

    void aStoredTimeKeepsItsMicroseconds()
    {
        const Scope scope{ScopeName{"a:b"}, "", {Timestamp{4'102'444'799'999'999}, "ada@example.com"}};
        const auto text = parseJson(jsonText(storedJson(scope)));
        QVERIFY(text);
        QVERIFY(scopeFromStored(*text) == scope);
    }
};

QTEST_APPLESS_MAIN(TestResources)
#include "tst_resources.moc"
