// What opens a door is written down nowhere: not in what the server says, nor in its list, nor in its folder (secrets-1).
#include "tests/e2e/apiclient.h"
#include "tests/e2e/folderkey.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qdiriterator.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

#include <memory>
#include <vector>

using namespace iotman::test;

namespace {

const QByteArray handshake =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const QByteArray doorScope = R"({"name":"door:read"})";
const QByteArray doorClient = R"({"name":"Reader","scopes":["door:read"]})";
const QByteArray malformed = "SENTINELmalformed0123456789";

} // namespace

class TestSecrets : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;
    QByteArray adminKey_, id_, secret_, good_, expired_;
    std::vector<std::unique_ptr<RawConnection>> open_;

    QString data() const { return folder_.filePath(QStringLiteral("data")); }
    /// What must be found nowhere: of a token the signature, which makes it one.
    QMap<QString, QByteArray> secrets() const
    {
        return {{QStringLiteral("a good token"), good_.mid(good_.lastIndexOf('.') + 1)},
                {QStringLiteral("an expired token"), expired_.mid(expired_.lastIndexOf('.') + 1)},
                {QStringLiteral("a malformed token"), malformed},
                {QStringLiteral("the admin's token"), client_->token().mid(client_->token().lastIndexOf('.') + 1)},
                {QStringLiteral("the admin's key"), adminKey_},
                {QStringLiteral("a client's secret"), secret_},
                {QStringLiteral("a client's credentials"), QByteArray(id_ + ":" + secret_).toBase64()}};
    }
    QByteArray expiredToken() const
    {
        const auto key = FolderKey::of(data());
        const QString workspace = object(client_->api("GET", "workspace").body)[u"id"].toString();
        const qint64 end = QDateTime::currentSecsSinceEpoch() - 1;
        const QJsonObject claims{{QStringLiteral("sub"), QString::fromUtf8(id_)},
                                 {QStringLiteral("aud"), workspace},
                                 {QStringLiteral("scope"), QStringLiteral("door:read")},
                                 {QStringLiteral("iat"), end - 60},
                                 {QStringLiteral("exp"), end}};
        return key ? key->sign(key->header(), claims) : QByteArray();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QProcessEnvironment talkative = QProcessEnvironment::systemEnvironment();
        talkative.insert(QStringLiteral("QT_LOGGING_RULES"), QStringLiteral("*=true"));
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--data"), data()}, talkative);
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        adminKey_ = readFile(data() + QStringLiteral("/admin.key")).trimmed();
        client_ = std::make_unique<ApiClient>(server_->port(), adminKey_);
        QCOMPARE(client_->api("POST", "scopes", doorScope).status, 201);
        QVERIFY(client_->makeEndpoint("door", "null", "\"door:read\""));
        const QJsonObject made = object(client_->api("POST", "clients", doorClient).body);
        id_ = made[u"id"].toString().toUtf8();
        secret_ = made[u"secret"].toString().toUtf8();
        good_ = client_->tokenOf(id_, secret_);
        expired_ = expiredToken();
        for (const QByteArray& secret : secrets())
            QVERIFY(secret.size() > 20);
    }

    void tokensInQueriesAndFieldsAreMet_data()
    {
        QTest::addColumn<QByteArray>("request");  // TOKEN stands for each of them
        QTest::addColumn<QList<int>>("statuses"); // with a good one, an expired, a malformed one
        const auto row = [](const char* name, const QByteArray& line, const QByteArray& fields, const QList<int>& statuses) {
            QTest::newRow(name) << QByteArray("GET " + line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n") << statuses;
        };
        const QList<int> opened{200, 401, 401}, shut{401, 401, 401}, absent{404, 404, 404};
        row("a stream", "/data/out/door/stream?access_token=TOKEN", handshake, {101, 401, 401});
        row("a stream, spelled otherwise", "/data/out/door/stream?access%5Ftoken=TOKEN", handshake, {101, 401, 401});
        row("events", "/data/out/door/events?access_token=TOKEN", {}, opened);
        row("events, spelled otherwise", "/data/out/door/events?from=0&access%5Ftoken=TOKEN&x=y", {}, opened);
        row("events, in a field", "/data/out/door/events", "Authorization: Bearer TOKEN\r\n", opened);
        row("a page, which takes none so", "/data/out/door?access_token=TOKEN", {}, shut);
        row("a page, in a field", "/data/out/door", "Authorization: bearer TOKEN\r\n", opened);
        row("a stream of nothing", "/data/out/nowhere/stream?access_token=TOKEN", handshake, absent);
        row("events of nothing", "/data/out/nowhere/events?access%5ftoken=TOKEN", {}, absent);
        row("a path that is none", "/nothing?access_token=TOKEN", {}, absent);
        row("a bad parameter beside it", "/data/out/door?limit=0&access_token=TOKEN", "Authorization: Bearer TOKEN\r\n",
            {400, 401, 401});
        row("a head that is malformed", "/data/out/door?access_token=TOKEN", "X : TOKEN\r\nAuthorization: Bearer TOKEN\r\n",
            {400, 400, 400});
        row("as the password of another way", "/data/out/door", "Authorization: Basic TOKEN\r\n", shut);
        row("as a cookie, and where it came from", "/data/out/door",
            "Cookie: t=TOKEN\r\nReferer: http://localhost/?access_token=TOKEN\r\n", shut);
    }
    void tokensInQueriesAndFieldsAreMet()
    {
        QFETCH(QByteArray, request);
        QFETCH(QList<int>, statuses);
        const QList<QByteArray> tokens{good_, expired_, malformed};
        for (qsizetype i = 0; i < tokens.size(); ++i) {
            auto& connection = open_.emplace_back(std::make_unique<RawConnection>(server_->port()));
            connection->send(QByteArray(request).replace("TOKEN", tokens[i]));
            const HttpAnswer answer = connection->answer();
            QCOMPARE(answer.status, statuses[i]);
            QVERIFY(!answer.body.contains(tokens[i]));
            for (const QByteArray& value : answer.headers)
                QVERIFY(!value.contains(tokens[i]));
        }
    }

    /// With what was met above.
    void whatOpensADoorIsInNoList_data()
    {
        QTest::addColumn<QByteArray>("list");
        for (const char* list :
             {"activity?limit=1000", "activity/streams?limit=1000", "audit?limit=1000", "clients", "members", "workspace/file"})
            QTest::newRow(list) << QByteArray(list);
    }
    void whatOpensADoorIsInNoList()
    {
        QFETCH(QByteArray, list);
        const HttpAnswer answer = client_->api("GET", list);
        QCOMPARE(answer.status, 200);
        if (list.startsWith("activity?")) {
            QVERIFY(answer.body.contains("/data/out/door/events") && answer.body.contains("/data/out/nowhere/stream"));
            QVERIFY(object(answer.body)[u"data"].toArray().size() > 40);
        }
        if (list.startsWith("activity/streams"))
            QVERIFY(object(answer.body)[u"data"].toArray().size() >= 4);
        const QMap<QString, QByteArray> all = secrets();
        for (auto secret = all.begin(); secret != all.end(); ++secret)
            QVERIFY2(!answer.body.contains(secret.value()), qPrintable(secret.key()));
    }

    void whatOpensADoorIsInNoFileAndNoLog()
    {
        open_.clear();
        QVERIFY(server_->terminate());
        const QMap<QString, QByteArray> all = secrets();
        for (auto secret = all.begin(); secret != all.end(); ++secret)
            QVERIFY2(!server_->errors().contains(secret.value()), qPrintable(secret.key()));
        int files = 0;
        QDirIterator each(data(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QByteArray content = readFile(each.next());
            ++files;
            for (auto secret = all.begin(); secret != all.end(); ++secret)
                QVERIFY2(!content.contains(secret.value()), qPrintable(secret.key() + QStringLiteral(" in ") + each.filePath()));
        }
        QVERIFY(files >= 2); // the database and the signing key
    }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_e2e_secrets.moc"
