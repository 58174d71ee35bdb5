// What else is on the machine: other programs on the database and on ports, and folders that may only be read.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/folderkey.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qtcpserver.h>
#include <QtTest/QtTest>

#include <sqlite3.h>
#include <unistd.h>

#include <future>
#include <memory>

using namespace iotman::test;

namespace {

/// As another program that writes to the database would hold it.
class Holder {
public:
    explicit Holder(const QString& database, const char* sql = "BEGIN IMMEDIATE")
    {
        isHeld_ = sqlite3_open(database.toUtf8().constData(), &connection_) == SQLITE_OK &&
                  sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    ~Holder() { sqlite3_close(connection_); }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

    bool isHeld() const { return isHeld_; }

private:
    sqlite3* connection_ = nullptr;
    bool isHeld_ = false;
};

struct Ended {
    int code = -1;
    QByteArray output;
};

/// The program as somebody without rights of their own runs it.
Ended runAsNobody(const QStringList& arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    if (geteuid() == 0)
        process.start(QStringLiteral("setpriv"), QStringList{QStringLiteral("--reuid=65534"), QStringLiteral("--regid=65534"),
                                                             QStringLiteral("--clear-groups"), QStringLiteral(IOTMAN_SERVER)} +
                                                     arguments);
    else
        process.start(QStringLiteral(IOTMAN_SERVER), arguments);
    if (!process.waitForFinished(30'000))
        process.kill();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAll()};
}

} // namespace

class TestPlaces : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

    QString data(const QString& name) const { return folder_.filePath(QStringLiteral("data/") + name); }
    HttpAnswer send(int number) const { return client_->ingest("x", "{\"t\":1,\"n\":" + QByteArray::number(number) + "}"); }
    QList<int> stored() const
    {
        QList<int> numbers;
        for (const QJsonValue& item : object(client_->get("/data/out/x?limit=1000").body)[u"data"].toArray())
            numbers.prepend(item[u"n"].toInt());
        return numbers;
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ =
            std::make_unique<ServerProcess>(QStringList{QStringLiteral("--data"), folder_.filePath(QStringLiteral("data"))});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), readFile(data(QStringLiteral("admin.key"))).trimmed());
        QVERIFY(client_->makeEndpoint("x"));
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    /// store-1.
    void aDatabaseThatIsLockedForAMomentIsWaitedFor()
    {
        auto lock = std::make_unique<Holder>(data(QStringLiteral("workspace.sqlite")));
        QVERIFY(lock->isHeld());
        std::future<HttpAnswer> answer = std::async(std::launch::async, [this] { return send(1); });
        QTest::qWait(1000);
        QCOMPARE(stored(), QList<int>()); // who reads is not held up
        lock.reset();
        QCOMPARE(answer.get().status, 200);
        QCOMPARE(stored(), QList<int>{1});
    }

    /// store-1: after some seconds a client hears that it may try again.
    void oneThatStaysLockedIsToldAndNothingIsLost()
    {
        auto lock = std::make_unique<Holder>(data(QStringLiteral("workspace.sqlite")));
        QVERIFY(lock->isHeld());
        RawConnection connection(server_->port());
        connection.waitAtMost(60);
        connection.send("POST /data/in/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n{\"t\":1,\"n\":2}");
        const HttpAnswer refused = connection.answer();
        QCOMPARE(refused.status, 503);
        QVERIFY(refused.headers.value("retry-after").toInt() > 0);
        QVERIFY2(!refused.body.contains("database is locked"), refused.body.constData());
        QVERIFY2(refused.body.contains("another program"), refused.body.constData());
        QCOMPARE(stored(), QList<int>{1});
        lock.reset();
        QCOMPARE(send(3).status, 200);
        QCOMPARE(stored(), QList<int>({1, 3}));
    }

    /// store-5.
    void aPortOfAnotherProgramIsNamedWithTheNextFreeOne()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const QString address = QStringLiteral("127.0.0.1:%1").arg(other.serverPort());
        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--ephemeral"), QStringLiteral("--listen"), address}, output),
                 1);
        QVERIFY2(output.startsWith(QByteArray("iotman-server: the port of " + address.toUtf8() + " is taken")),
                 output.constData());
        const int next = output.mid(output.lastIndexOf(' ') + 1).trimmed().toInt();
        QVERIFY2(next > other.serverPort(), output.constData());
        QCOMPARE(output.count('\n'), 1);
    }

    /// store-5.
    void aPortThatNeedsRightsIsNamed()
    {
        if (readFile(QStringLiteral("/proc/sys/net/ipv4/ip_unprivileged_port_start")).trimmed().toInt() <= 80)
            QSKIP("here anyone may listen on port 80");
        if (runAsNobody({QStringLiteral("version")}).code != 0)
            QSKIP("nobody may run the program here");
        const Ended ended = runAsNobody(
            {QStringLiteral("serve"), QStringLiteral("--ephemeral"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:80")});
        QCOMPARE(ended.code, 1);
        QVERIFY2(ended.output.contains("listening on 127.0.0.1:80 is not permitted"), ended.output.constData());
        QCOMPARE(ended.output.count('\n'), 1);
    }

    /// Copies of a folder's files, among them a log that is of use, where they may not be written.
    void whatWasPutAwayIsCheckedWhereItMayOnlyBeRead_data()
    {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QByteArray>("said");
        const QString database = QStringLiteral("workspace.sqlite");
        const QString log = database + QStringLiteral("-wal"), index = database + QStringLiteral("-shm");
        QTest::newRow("all of them") << QStringList{database, log, index} << QByteArray("ok ");
        QTest::newRow("without the log's index")
            << QStringList{database, log} << QByteArray("workspace.sqlite-wal” may hold what is not in the database yet, and the folder is read-only");
        QTest::newRow("the database alone") << QStringList{database} << QByteArray("ok ");
    }
    void whatWasPutAwayIsCheckedWhereItMayOnlyBeRead()
    {
        QFETCH(QStringList, files);
        QFETCH(QByteArray, said);
        if (runAsNobody({QStringLiteral("version")}).code != 0)
            QSKIP("nobody may run the program here");
        QTemporaryDir kept, away;
        int code = -1;
        runOn(kept.path(), {QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("a@b.example"), QStringLiteral("--role"), QStringLiteral("admin")}, code);
        QCOMPARE(code, 0);
        const Holder writer(kept.filePath(QStringLiteral("workspace.sqlite")), "PRAGMA wal_autocheckpoint = 0; UPDATE state SET value = value + 1 WHERE name = 'last_sequence'");
        QVERIFY(writer.isHeld());
        for (const QString& file : files) {
            QVERIFY(QFile::copy(kept.filePath(file), away.filePath(file)));
            QVERIFY(QFile::setPermissions(away.filePath(file), QFile::ReadOwner | QFile::ReadOther));
        }
        constexpr auto readable = QFile::ReadOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther;
        QVERIFY(QFile::setPermissions(away.path(), readable));
        const Ended ended = runAsNobody({QStringLiteral("check"), QStringLiteral("--data"), away.path()});
        QVERIFY(QFile::setPermissions(away.path(), readable | QFile::WriteOwner));
        QVERIFY2(ended.output.contains(said), ended.output.constData());
        QCOMPARE(ended.code, said == "ok " ? 0 : 1);
    }

    void anAddressThatIsNotHereIsNamed()
    {
        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--ephemeral"), QStringLiteral("--listen"),
                            QStringLiteral("192.0.2.1:0")},
                           output),
                 1);
        QVERIFY2(output.contains("does not have the address 192.0.2.1"), output.constData());
    }
};

QTEST_GUILESS_MAIN(TestPlaces)
#include "tst_e2e_places.moc"
