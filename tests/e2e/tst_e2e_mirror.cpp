// Two servers, one of which mirrors endpoints of the other: history and stream arrive once, whatever dies in between.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qdiriterator.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qset.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qthread.h>
#include <QtNetwork/qtcpserver.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

constexpr int longest = 60'000; // ms; the machine may be busy

QByteArray line(int n)
{
    // Three share a time, and the number has digits that a double would not keep.
    return "{\"t\":" + QByteArray::number(1'700'000'000 + n / 3) + ",\"n\":" + QByteArray::number(n) + ",\"x\":0.10000000000000000001}\n";
}

QByteArray lines(int from, int to)
{
    QByteArray all;
    for (int n = from; n < to; ++n)
        all += line(n);
    return all;
}

/// A port that nobody has at the moment: a server that is started again must be found where it was.
int freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

/// A server with a folder that outlives it.
struct Side {
    QTemporaryDir dir;
    int port = freePort();
    QStringList options;
    std::unique_ptr<ServerProcess> process;
    std::unique_ptr<ApiClient> client;

    QString folder() const { return dir.filePath(QStringLiteral("data")); }
    bool start()
    {
        QStringList arguments{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(port), QStringLiteral("--data"), folder()};
        process = std::make_unique<ServerProcess>(arguments + options);
        constexpr int addresses = 2; // one of its own, beside this
        if (!process->waitUntilReady(addresses))
            return false;
        QByteArray key = process->adminKey();
        if (key.startsWith("file:")) {
            QFile file(QString::fromUtf8(key.mid(5)));
            if (file.open(QIODevice::ReadOnly))
                adminKey_ = file.readAll().trimmed();
        }
        client = std::make_unique<ApiClient>(port, adminKey_);
        return !client->token().isEmpty();
    }
    void kill() { process->kill(); }
    QByteArray url(const QByteArray& path) const { return "http://127.0.0.1:" + QByteArray::number(port) + path; }

    /// Time and text of all items of an endpoint, newest first.
    QByteArrayList items(const QByteArray& endpoint, const QByteArray& token = {}) const
    {
        QByteArrayList all;
        QByteArray target = "/data/out/" + endpoint + "?limit=5000&times=1";
        const QList<QByteArray> headers = token.isEmpty() ? QList<QByteArray>() : QList<QByteArray>{"Authorization: Bearer " + token};
        while (!target.isEmpty()) {
            const QJsonObject page = object(client->get(target, headers).body);
            const QJsonArray data = page[u"data"].toArray(), times = page[u"times"].toArray();
            for (int i = 0; i < data.size(); ++i)
                all << QByteArray::number(times[i].toDouble(), 'f', 6) + ' ' + QByteArray::number(data[i][u"n"].toInt());
            target = targetOf(page[u"next_page"].toString());
            if (!target.isEmpty() && !target.contains("times="))
                target += "&times=1";
        }
        return all;
    }
    int count(const QByteArray& source) const
    {
        return object(client->api("GET", "sources/" + source).body)[u"datapoints"].toInt(-1);
    }
    QJsonObject mirror(const QByteArray& source) const
    {
        return object(client->api("GET", "sources/" + source + "/mirror").body);
    }
    /// A new client's access token.
    QByteArray token(const QByteArray& id, const QByteArray& scopes) const
    {
        const QByteArray made =
            client->api("POST", "clients", "{\"id\":\"" + id + "\",\"name\":\"" + id + "\",\"scopes\":" + scopes + "}").body;
        return client->tokenOf(id, object(made)[u"secret"].toString().toUtf8());
    }
    /// The status of an endpoint's page.
    int read(const QByteArray& endpoint, const QByteArray& token) const
    {
        return client->get("/data/out/" + endpoint, token.isEmpty() ? QList<QByteArray>() : QList<QByteArray>{"Authorization: Bearer " + token}).status;
    }
    QString state(const QByteArray& source) const { return mirror(source)[u"state"].toString(); }

private:
    QByteArray adminKey_;
};

} // namespace

class TestMirror : public QObject {
    Q_OBJECT

    std::unique_ptr<Side> far_;
    std::unique_ptr<Side> near_;

    HttpAnswer make(const QByteArray& settings, const QByteArray& name = "m") const
    {
        return near_->client->api("POST", "sources", "{\"name\":\"" + name + "\",\"kind\":\"mirror\",\"settings\":{" + settings + "}}");
    }
    bool makeEndpoint(const QByteArray& name = "m") const
    {
        return near_->client->api("POST", "endpoints", "{\"id\":\"" + name + "\",\"output\":\"" + name + "\"}").status == 201;
    }
    QByteArray farUrl() const { return "\"url\":\"" + far_->url("/data/out/w") + "\""; }
    QByteArray signIn(const QByteArray& client, const QByteArray& secret) const
    {
        return farUrl() + ",\"token_endpoint\":\"" + far_->url("/oauth/token") + "\",\"client_id\":\"" + client + "\",\"secret\":" + secret;
    }
    /// Every item of `far_` arrived, once and in the same order, also of those that share a time.
    void compare(int expected)
    {
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), expected, longest);
        const QByteArrayList there = far_->items("w"), here = near_->items("m");
        QCOMPARE(here.size(), expected);
        QCOMPARE(here, there);
    }

private Q_SLOTS:
    void init()
    {
        far_ = std::make_unique<Side>();
        near_ = std::make_unique<Side>();
        QVERIFY(far_->start());
        QVERIFY(near_->start());
        QVERIFY(far_->client->makeEndpoint("w"));
    }
    void cleanup()
    {
        near_.reset();
        far_.reset();
    }

    void historyThenLiveArriveOnce()
    {
        QCOMPARE(far_->client->ingest("w", lines(0, 2500)).status, 200);
        QCOMPARE(make(farUrl()).status, 201);
        QVERIFY(makeEndpoint());
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        QCOMPARE(far_->client->ingest("w", lines(2500, 2600)).status, 200);
        compare(2600);
        // The very bytes: a digit more than a double keeps.
        QVERIFY(near_->client->get("/data/out/m?limit=1").body.contains("\"x\":0.10000000000000000001"));
        // What is served again is the mirror's own output, which stays as it is.
        const QByteArray outputs = near_->client->api("GET", "outputs").body;
        QVERIFY2(outputs.contains("\"name\":\"m\""), outputs.constData());
    }

    /// History is not streamed; who shows it is told to read it again.
    void historyIsToldAndNotStreamed()
    {
        QCOMPARE(far_->client->ingest("w", lines(0, 1200)).status, 200);
        RawConnection stream(near_->process->port());
        QCOMPARE(make("\"url\":\"" + far_->url("/data/out/later") + "\"").status, 201);
        QVERIFY(makeEndpoint());
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("refused"), longest);
        stream.send("GET /data/out/m/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(stream.waitFor("\n:"));
        QCOMPARE(near_->client->api("PATCH", "sources/m", "{\"settings\":{" + farUrl() + "}}").status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 1200, longest);
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        QCOMPARE(far_->client->ingest("w", line(1200)).status, 200);
        QVERIFY(stream.waitFor("data: {"));
        QVERIFY(stream.waitFor("\"n\":1200"));
        const QByteArray activity = near_->client->api("GET", "activity?limit=1000").body;
        QVERIFY2(activity.contains("history-changed"), activity.left(2000).constData());
    }

    void killingTheMirrorLeavesNoGapAndNoRepeat()
    {
        constexpr int history = 60'000;
        for (int n = 0; n < history; n += 20'000)
            QCOMPARE(far_->client->ingest("w", lines(n, n + 20'000)).status, 200);
        QCOMPARE(make(farUrl()).status, 201);
        QVERIFY(makeEndpoint());
        // In the middle of the history …
        QTRY_VERIFY_WITH_TIMEOUT(near_->count("m") > 0, longest);
        near_->kill();
        QVERIFY(near_->start());
        near_->kill();
        QVERIFY(near_->start());
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        // … and of the stream.
        int sent = history;
        for (int round = 0; round < 3; ++round) {
            const int until = sent + 2000;
            std::unique_ptr<QThread> device(QThread::create([this, &sent, until] {
                for (; sent < until; sent += 50) {
                    if (far_->client->ingest("w", lines(sent, sent + 50)).status != 200)
                        return;
                    QThread::msleep(5);
                }
            }));
            device->start();
            QThread::msleep(60);
            near_->kill();
            QVERIFY(near_->start());
            QVERIFY(device->wait(longest));
            QCOMPARE(sent, until);
        }
        compare(sent);
    }

    void killingTheServiceLeavesNoGapAndNoRepeat()
    {
        QCOMPARE(far_->client->ingest("w", lines(0, 1500)).status, 200);
        QCOMPARE(make(farUrl()).status, 201);
        QVERIFY(makeEndpoint());
        for (int round = 0; round < 3; ++round) {
            QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
            const int from = 1500 + round * 400;
            QCOMPARE(far_->client->ingest("w", lines(from, from + 200)).status, 200);
            far_->kill();
            QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("waiting"), longest);
            QVERIFY(far_->start());
            QCOMPARE(far_->client->ingest("w", lines(from + 200, from + 400)).status, 200);
        }
        compare(2700);
    }

    /// Its sequences begin again at 1: what it has would otherwise be passed over until they are where they were.
    void aServiceThatWasMadeAnewIsTold()
    {
        QCOMPARE(far_->client->ingest("w", lines(0, 300)).status, 200);
        QCOMPARE(make(farUrl()).status, 201);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 300, longest);
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        far_->kill();
        QVERIFY(QDir(far_->folder()).removeRecursively());
        QVERIFY(far_->start());
        QVERIFY(far_->client->makeEndpoint("w"));
        QCOMPARE(far_->client->ingest("w", lines(0, 10)).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("refused"), longest);
        const auto says = [&] { return near_->mirror("m")[u"detail"].toString().contains(QStringLiteral("made anew")); };
        // Before the endpoint is there, it is only missing.
        if (!says()) {
            QVERIFY(near_->process->terminate());
            QVERIFY(near_->start());
        }
        QTRY_VERIFY_WITH_TIMEOUT(says(), longest);
        QCOMPARE(near_->count("m"), 300);
    }

    /// One that tells neither times nor positions: the order stays, and what came while nobody listened is found on its newest page.
    void aHostedServiceIsMirroredByItsBytes()
    {
        QCOMPARE(far_->client->ingest("w", lines(0, 2500)).status, 200);
        far_->kill();
        far_->options = {QStringLiteral("--contract"), QStringLiteral("hosted")};
        QVERIFY(far_->start());
        QCOMPARE(make(farUrl()).status, 201);
        QVERIFY(makeEndpoint());
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 2500, longest);
        QCOMPARE(far_->client->ingest("w", lines(2500, 2550)).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 2550, longest);
        near_->kill();
        QCOMPARE(far_->client->ingest("w", lines(2550, 2600)).status, 200);
        QVERIFY(near_->start());
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 2600, longest);
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        QCOMPARE(far_->client->ingest("w", lines(2600, 2650)).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 2650, longest);
        QSet<QByteArray> numbers;
        for (const QByteArray& item : near_->items("m"))
            numbers.insert(item.split(' ').value(1));
        QCOMPARE(numbers.size(), 2650);
        QVERIFY(near_->items("m").constFirst().endsWith(" 2649"));
        QVERIFY(near_->items("m").constLast().endsWith(" 0"));
    }

    void aRestrictedEndpointIsReadWithASecretThatNothingShows()
    {
        QVERIFY(far_->client->api("POST", "scopes", "{\"name\":\"a:b\"}").status == 201);
        QCOMPARE(far_->client->api("PATCH", "endpoints/w", "{\"required_scope\":\"a:b\"}").status, 200);
        const QByteArray made = far_->client->api("POST", "clients", "{\"id\":\"me\",\"name\":\"me\",\"scopes\":[\"a:b\"]}").body;
        const QByteArray secret = object(made)[u"secret"].toString().toUtf8();
        QCOMPARE(secret.size(), 43);
        QCOMPARE(far_->client->ingest("w", lines(0, 100)).status, 200);

        QCOMPARE(make(farUrl(), "open").status, 201);
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("open"), QStringLiteral("sign_in"), longest);
        QCOMPARE(make(signIn("me", "{\"value\":\"not-the-right-one\"}")).status, 201);
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("sign_in"), longest);
        QVERIFY(near_->mirror("m")[u"detail"].toString().contains(QStringLiteral("does not accept")));
        QCOMPARE(near_->client->api("PATCH", "sources/m", "{\"settings\":{" + signIn("me", "{\"value\":\"" + secret + "\"}") + "}}").status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 100, longest);
        // What others say is set stays, here and after a restart.
        QCOMPARE(near_->client->api("PATCH", "sources/m", "{\"settings\":{" + signIn("me", "{\"set\":true}") + "}}").status, 200);
        QVERIFY(near_->process->terminate());
        QByteArray log = near_->process->errors();
        QVERIFY(near_->start());
        QCOMPARE(far_->client->ingest("w", lines(100, 200)).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 200, longest);
        // With another client it is worth nothing, and must be given anew.
        const HttpAnswer other = near_->client->api("PATCH", "sources/m", "{\"settings\":{" + signIn("you", "{\"set\":true}") + "}}");
        QCOMPARE(other.status, 400);
        QCOMPARE(object(other.body)[u"field"].toString(), QStringLiteral("settings"));

        QByteArray shown = other.body;
        for (const char* path : {"sources", "sources/m", "sources/m/mirror", "audit", "activity", "workspace/file", "outputs"})
            shown += near_->client->api("GET", path).body;
        QCOMPARE(near_->client->api("POST", "snapshots", "{\"name\":\"now\"}").status, 201);
        QVERIFY(shown.contains("\"given_for\":[\"m\"]")); // the audit log tells that one was given
        QVERIFY(shown.contains("{\"set\":true}") || shown.contains("\"set\": true"));
        QVERIFY(near_->process->terminate());
        log += near_->process->errors();
        QVERIFY2(log.contains("mirror m: sign_in"), log.constData());
        QVERIFY(!shown.contains(secret));
        QVERIFY(!log.contains(secret));
        int files = 0;
        QDirIterator all(near_->folder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            QFile file(all.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const bool holds = file.readAll().contains(secret);
            const bool isItsPlace = file.fileName().endsWith(QStringLiteral("/outgoing.secrets"));
            QVERIFY2(holds == isItsPlace, qPrintable(file.fileName()));
            if (isItsPlace)
                QCOMPARE(int(file.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)), 0);
            ++files;
        }
        QVERIFY(files > 3);
        QVERIFY(near_->start());
        QCOMPARE(near_->client->api("DELETE", "sources/m").status, 204);
        QFile kept(near_->folder() + QStringLiteral("/outgoing.secrets"));
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QVERIFY(!kept.readAll().contains(secret));
    }

    void onlyAdminsWriteMirrors()
    {
        QVERIFY(make(farUrl()).status == 201);
        const QByteArray made = near_->client->api("POST", "members", "{\"email\":\"e@x.example\",\"role\":\"editor\"}").body;
        const QByteArray editor = near_->client->tokenOf("e@x.example", object(made)[u"key"].toString().toUtf8());
        const auto asEditor = [&](const char* method, const char* path, const QByteArray& body = {}) {
            return near_->client->api(method, path, body, editor);
        };
        const HttpAnswer refused = asEditor("POST", "sources", "{\"name\":\"n\",\"kind\":\"mirror\"}");
        QCOMPARE(refused.status, 403);
        QVERIFY2(refused.body.contains("Requires Admin role."), refused.body.constData());
        QCOMPARE(asEditor("PATCH", "sources/m", "{\"enabled\":false}").status, 403);
        QCOMPARE(asEditor("DELETE", "sources/m").status, 403);
        QCOMPARE(asEditor("GET", "sources/m/mirror").status, 200);
        QCOMPARE(asEditor("POST", "sources", "{\"name\":\"n\",\"kind\":\"http\"}").status, 201);
        QCOMPARE(asEditor("GET", "sources/n/mirror").status, 404);
    }

    void aTrustedIssuersTokensOpenTheMirrorsEndpointsAndNothingElse()
    {
        QVERIFY(far_->client->api("POST", "scopes", "{\"name\":\"a:b\"}").status == 201);
        QCOMPARE(far_->client->ingest("w", lines(0, 10)).status, 200);
        const QByteArray granted = far_->token("grafana", "[\"a:b\"]"), bare = far_->token("poor", "[]"), admin = far_->client->token();
        QCOMPARE(granted.count('.'), 2);
        QVERIFY(near_->client->api("POST", "scopes", "{\"name\":\"a:b\"}").status == 201);
        QVERIFY(near_->client->makeEndpoint("other", "\"a:b\"", "\"a:b\""));
        QCOMPARE(make(farUrl()).status, 201);
        QVERIFY(makeEndpoint());
        QCOMPARE(near_->client->api("PATCH", "endpoints/m", "{\"required_scope\":\"a:b\"}").status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 10, longest);
        QCOMPARE(near_->read("m", granted), 401);
        QVERIFY(near_->mirror("m")[u"trusted_issuer"].isNull());

        const auto trust = [&](const QByteArray& issuer, const QByteArray& audience) {
            const QByteArray settings = farUrl() + ",\"trusted_issuer\":{\"issuer\":\"" + issuer + "\",\"audience\":\"" + audience +
                                        "\",\"jwks_uri\":\"" + far_->url("/.well-known/jwks.json") + "\"}";
            return near_->client->api("PATCH", "sources/m", "{\"settings\":{" + settings + "}}").status;
        };
        const auto keys = [&] { return near_->mirror("m")[u"trusted_issuer"][u"keys"].toInt(); };
        const QByteArray workspace = object(far_->client->api("GET", "workspace").body)[u"id"].toString().toUtf8();
        QCOMPARE(trust(far_->url(""), "another"), 200);
        QTRY_COMPARE_WITH_TIMEOUT(keys(), 1, longest);
        QCOMPARE(near_->read("m", granted), 401);
        QCOMPARE(trust(far_->url("/"), workspace), 200);
        QTRY_COMPARE_WITH_TIMEOUT(keys(), 1, longest);
        QCOMPARE(near_->read("m", granted), 401);
        QCOMPARE(trust(far_->url(""), workspace), 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->read("m", granted), 200, longest);

        QCOMPARE(near_->read("m", bare), 403);
        QCOMPARE(near_->read("m", admin), 403); // its role is none here
        QCOMPARE(near_->read("m", near_->client->token()), 200);
        QCOMPARE(near_->read("m", QByteArray(granted.chopped(4) + "AAAA")), 401);
        QCOMPARE(near_->read("m", {}), 401);
        QCOMPARE(near_->client->get("/data/out/m/events?access_token=" + bare).status, 403);
        QCOMPARE(near_->read("other", granted), 401);
        for (const QByteArray& token : {granted, admin}) {
            QCOMPARE(near_->client->api("GET", "me", {}, token).status, 401);
            QCOMPARE(near_->client->ingest("other", "{}", {"Authorization: Bearer " + token}).status, 401);
        }
        QVERIFY(near_->client->api("GET", "activity").body.contains(QByteArray("“grafana” of " + far_->url(""))));
        QVERIFY(!near_->client->api("GET", "clients").body.contains("grafana"));

        // A key of which nobody has heard is asked for.
        QCOMPARE(far_->client->api("POST", "keys/rotate").status, 200);
        const QByteArray fresh = far_->token("later", "[\"a:b\"]");
        QTRY_COMPARE_WITH_TIMEOUT(near_->read("m", fresh), 200, longest);
        QCOMPARE(keys(), 2);
        QCOMPARE(near_->read("m", granted), 200);

        // A stream ends where its endpoint serves something else, or nobody trusts the issuer any more.
        const QByteArray own = "\"output\":\"m\"", another = "\"output\":\"other\"";
        const auto streaming = [&] {
            auto events = std::make_unique<RawConnection>(near_->port);
            events->send("GET /data/out/m/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + fresh + "\r\n\r\n");
            return events;
        };
        auto stream = streaming();
        QVERIFY(stream->waitFor(": items follow"));
        QCOMPARE(far_->client->ingest("w", lines(10, 11)).status, 200);
        QVERIFY(stream->waitFor("\"n\":10,"));
        QCOMPARE(near_->client->api("PATCH", "endpoints/m", "{" + another + "}").status, 200);
        QVERIFY(stream->waitForClose());
        QCOMPARE(near_->read("m", fresh), 401);
        QCOMPARE(near_->client->api("PATCH", "endpoints/m", "{" + own + "}").status, 200);
        QCOMPARE(near_->read("m", fresh), 200);
        stream = streaming();
        QVERIFY(stream->waitFor(": items follow"));
        QCOMPARE(trust(far_->url(""), "another"), 200);
        QVERIFY(stream->waitForClose());
        QCOMPARE(trust(far_->url(""), workspace), 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->read("m", fresh), 200, longest);
        // What is switched off still serves what it brought.
        QCOMPARE(near_->client->api("PATCH", "sources/m", "{\"enabled\":false}").status, 200);
        QCOMPARE(far_->client->api("POST", "keys/rotate").status, 200);
        const QByteArray newest = far_->token("newest", "[\"a:b\"]");
        QTRY_COMPARE_WITH_TIMEOUT(near_->read("m", newest), 200, longest);

        // Also when it cannot be reached any more, and after a restart.
        far_->kill();
        QVERIFY(near_->process->terminate());
        QVERIFY(near_->start());
        QCOMPARE(near_->read("m", fresh), 200);
        QTRY_VERIFY_WITH_TIMEOUT(!near_->mirror("m")[u"trusted_issuer"][u"detail"].isNull(), longest);
        QCOMPARE(near_->read("m", fresh), 200);
        QCOMPARE(near_->client->api("PATCH", "sources/m", "{\"settings\":{" + farUrl() + "}}").status, 200);
        QCOMPARE(near_->read("m", fresh), 401);
    }

    void anEndpointOfThisVeryServerIsRefused()
    {
        for (const QByteArray& host : {QByteArray("127.0.0.1"), QByteArray("localhost"), QByteArray("[::1]")}) {
            const HttpAnswer answer = make("\"url\":\"http://" + host + ":" + QByteArray::number(near_->port) + "/data/out/x\"");
            QCOMPARE(answer.status, 400);
            QVERIFY2(answer.body.contains("this very server"), answer.body.constData());
        }
    }

    /// Outputs read all sources unless told otherwise, mirrors too: two servers that mirror each other's would go round for ever.
    void twoServersThatMirrorEachOtherAreToldSo()
    {
        const auto makeAll = [](const Side& side) {
            return side.client->api("POST", "sources", "{\"name\":\"own\",\"kind\":\"http\"}").status == 201 &&
                   side.client->api("POST", "outputs", "{\"name\":\"all\",\"rule\":\"$\"}").status == 201 &&
                   side.client->api("POST", "endpoints", "{\"id\":\"all\",\"output\":\"all\"}").status == 201;
        };
        const auto mirror = [](const Side& side, const Side& of) {
            return side.client->api("POST", "sources", "{\"name\":\"m\",\"kind\":\"mirror\",\"settings\":{\"url\":\"" + of.url("/data/out/all") + "\"}}").status == 201;
        };
        QVERIFY(makeAll(*far_) && makeAll(*near_));
        QCOMPARE(far_->client->ingest("own", lines(0, 10)).status, 200);
        QCOMPARE(near_->client->ingest("own", lines(10, 20)).status, 200);
        QVERIFY(mirror(*near_, *far_));
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 10, longest);
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        QVERIFY(mirror(*far_, *near_));
        QTRY_COMPARE_WITH_TIMEOUT(far_->state("m"), QStringLiteral("refused"), longest);
        QVERIFY(far_->mirror("m")[u"detail"].toString().contains(QStringLiteral("go round")));
        QCOMPARE(far_->client->ingest("own", lines(20, 30)).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 20, longest);
        QCOMPARE(far_->count("m"), 0);
        // The other way round it is the same, also after a restart.
        QVERIFY(near_->process->terminate());
        QVERIFY(near_->start());
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        QCOMPARE(far_->state("m"), QStringLiteral("refused"));
        // So is the one that was refused: nothing of its own comes back while the other side is still away.
        const auto all = [](const Side& side) { return object(side.client->get("/data/out/all?limit=1000").body)[u"data"].toArray().size(); };
        const qsizetype before = all(*far_);
        QVERIFY(near_->process->terminate());
        QVERIFY(far_->process->terminate());
        QVERIFY(near_->start());
        QVERIFY(far_->start());
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("live"), longest);
        QTRY_COMPARE_WITH_TIMEOUT(far_->state("m"), QStringLiteral("refused"), longest);
        QCOMPARE(all(*far_), before);
        QCOMPARE(far_->count("m"), 0);
        // An output that leaves the mirror out does not go round.
        const QByteArray outputs = near_->client->api("GET", "outputs").body;
        for (const QJsonValue& output : object(outputs)[u"data"].toArray()) {
            if (output[u"name"].toString() == QStringLiteral("all"))
                QCOMPARE(near_->client->api("PATCH", "outputs/" + output[u"id"].toString().toUtf8(), "{\"sources\":[\"own\"]}").status, 200);
        }
        QCOMPARE(far_->client->api("PATCH", "sources/m", "{\"enabled\":false}").status, 200);
        QCOMPARE(far_->client->api("PATCH", "sources/m", "{\"enabled\":true}").status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(far_->state("m"), QStringLiteral("live"), longest);
    }

    void aMirrorThatIsSwitchedOffOrDeletedReadsNoMore()
    {
        QCOMPARE(far_->client->ingest("w", lines(0, 100)).status, 200);
        QCOMPARE(make(farUrl()).status, 201);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 100, longest);
        QCOMPARE(near_->client->api("PATCH", "sources/m", "{\"enabled\":false}").status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("off"), longest);
        QCOMPARE(far_->client->ingest("w", lines(100, 200)).status, 200);
        QTest::qWait(300);
        QCOMPARE(near_->count("m"), 100);
        QCOMPARE(near_->client->api("PATCH", "sources/m", "{\"enabled\":true}").status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 200, longest);
        QCOMPARE(near_->client->api("DELETE", "sources/m").status, 204);
        QVERIFY(!near_->client->api("GET", "outputs").body.contains("\"m\""));
    }

    /// What a restore brings back says how far the mirror was then: it goes on from there.
    void aRestoreGoesOnFromWhatItBringsBack()
    {
        QCOMPARE(far_->client->ingest("w", lines(0, 300)).status, 200);
        QCOMPARE(make(farUrl()).status, 201);
        QVERIFY(makeEndpoint());
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 300, longest);
        QCOMPARE(near_->client->api("POST", "snapshots", "{\"name\":\"then\"}").status, 201);
        QCOMPARE(far_->client->ingest("w", lines(300, 600)).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(near_->count("m"), 600, longest);
        QCOMPARE(near_->client->api("POST", "snapshots/then/restore").status, 200);
        compare(600);
    }

    void aWorkspaceFileMakesAndExportsMirrors()
    {
        QCOMPARE(far_->client->ingest("w", lines(0, 100)).status, 200);
        QVERIFY(near_->process->terminate());
        QFile file(near_->dir.filePath(QStringLiteral("w.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"iotman\":1,\"sources\":[{\"name\":\"m\",\"kind\":\"mirror\",\"settings\":{" +
                   signIn("me", "{\"env\":\"FAR_SECRET\"}") + "}}],\"endpoints\":[{\"id\":\"m\",\"output\":\"m\"}]}");
        file.close();
        QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
        QByteArray output;
        const QStringList dryRun{QStringLiteral("apply"), file.fileName(), QStringLiteral("--dry-run"), QStringLiteral("--data"), near_->folder()};
        QCOMPARE(runServer(dryRun, output, variables), 1);
        QVERIFY2(output.contains("w.json:1: ") && output.contains("FAR_SECRET is not set"), output.constData());
        variables.insert(QStringLiteral("FAR_SECRET"), QStringLiteral("given-by-variable"));
        QCOMPARE(runServer(dryRun, output, variables), 3);
        QVERIFY2(output.contains("+ source m") && output.contains("+ output m") && output.contains("+ endpoint m"), output.constData());
        QVERIFY(!QFile::exists(near_->folder() + QStringLiteral("/outgoing.secrets")));
        const QStringList apply{QStringLiteral("apply"), file.fileName(), QStringLiteral("--yes"), QStringLiteral("--data"), near_->folder()};
        QCOMPARE(runServer(apply, output, variables), 0);
        QFile kept(near_->folder() + QStringLiteral("/outgoing.secrets"));
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QVERIFY(kept.readAll().contains("given-by-variable"));

        int code = -1;
        const QByteArray exported = runOn(near_->folder(), {QStringLiteral("export")}, code);
        QCOMPARE(code, 0);
        QVERIFY2(exported.contains("\"set\": true") && !exported.contains("given-by-variable"), exported.constData());
        QFile again(near_->dir.filePath(QStringLiteral("again.json")));
        QVERIFY(again.open(QIODevice::WriteOnly));
        again.write(exported);
        again.close();
        QCOMPARE(runServer({QStringLiteral("apply"), again.fileName(), QStringLiteral("--dry-run"), QStringLiteral("--data"), near_->folder()}, output), 0);
        // Elsewhere it says that the secret must be given again.
        QCOMPARE(runServer({QStringLiteral("apply"), again.fileName(), QStringLiteral("--dry-run"), QStringLiteral("--data"),
                            near_->dir.filePath(QStringLiteral("other"))},
                           output),
                 1);
        QVERIFY2(output.contains("expected the secret itself"), output.constData());
        QVERIFY(near_->start());
        QTRY_COMPARE_WITH_TIMEOUT(near_->state("m"), QStringLiteral("sign_in"), longest); // the far side knows no such client
    }
};

QTEST_GUILESS_MAIN(TestMirror)
#include "tst_e2e_mirror.moc"
