// What was answered survives the process.
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qrandom.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qthread.h>
#include <QtCore/qurl.h>
#include <QtTest/QtTest>

#include <atomic>
#include <memory>

using namespace iotman::test;

class TestKill : public QObject {
    Q_OBJECT

    static constexpr int batchSize = 50;

private Q_SLOTS:
    void everyAnsweredBatchIsThereWholeAfterKill()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("workspace.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"iotman":1,"sources":[{"name":"s","kind":"http"}],"outputs":[{"name":"o","rule":"$"}],"endpoints":[{"id":"e","output":"o"}]})");
        file.close();
        const QStringList arguments{QStringLiteral("--data"), folder.filePath(QStringLiteral("data")), QStringLiteral("--workspace"), file.fileName()};

        const quint32 seed = QRandomGenerator::global()->generate();
        QRandomGenerator random(seed);
        qInfo("seed %u", seed);
        QList<int> answered; // the numbers of batches
        int sent = 0;
        for (int round = 0; round < 5; ++round) {
            ServerProcess server(arguments);
            QVERIFY2(server.waitUntilReady(), server.errors().constData());
            check(server.port(), answered, sent);
            // One client posts on and on; the process dies somewhere in the middle.
            std::atomic<int> answers = 0;
            std::unique_ptr<QThread> client(QThread::create([&, port = server.port()] {
                while (true) {
                    const int batch = sent++;
                    const QByteArray lines = QByteArray("{\"batch\":" + QByteArray::number(batch) + "}\n").repeated(batchSize);
                    if (request(port, "POST", "/data/in/s", {}, lines).status != 200)
                        return;
                    answered.append(batch);
                    ++answers;
                }
            }));
            client->start();
            const QDeadlineTimer longest(30'000);
            while (answers == 0 && !longest.hasExpired())
                QThread::msleep(1);
            QThread::msleep(random.bounded(400));
            server.kill();
            QVERIFY(client->wait(30000));
            QVERIFY2(answers > 0, "nothing was answered that could be lost");
        }
        ServerProcess server(arguments);
        QVERIFY(server.waitUntilReady());
        check(server.port(), answered, sent);
        QVERIFY(server.terminate());
        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("check"), QStringLiteral("--data"), folder.filePath(QStringLiteral("data"))}, output), 0);
        QVERIFY2(output.startsWith("ok "), output.constData());
    }

    /// Whatever asks next: one that serves what there is, or `apply`.
    void aNamedFileIsThereWholeOrNotAtAllAfterKill_data()
    {
        QTest::addColumn<bool>("isApplied");
        QTest::addColumn<QByteArray>("counts");
        QTest::newRow("served without it") << false << QByteArray("ok 0 datapoints 0 items\n");
        QTest::newRow("applied") << true << QByteArray("ok 200000 datapoints 200000 items\n");
    }
    void aNamedFileIsThereWholeOrNotAtAllAfterKill()
    {
        QFETCH(bool, isApplied);
        QFETCH(QByteArray, counts);
        QTemporaryDir folder;
        const auto write = [&](const QString& name, const QByteArray& text) {
            QFile file(folder.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        };
        QByteArray rows = "time,n\n";
        for (int n = 0; n < 200'000; ++n)
            rows += QByteArray::number(1'700'000'000 + n) + "," + QByteArray::number(n) + "\n";
        QVERIFY(write(QStringLiteral("rows.csv"), rows));
        QVERIFY(write(QStringLiteral("w.json"), R"({"iotman":1,"sources":[{"name":"f","kind":"file","settings":{"path":"rows.csv"}}],)"
                                               R"("outputs":[{"name":"o","rule":"$"}],"endpoints":[{"id":"e","output":"o"}]})"));
        const QString data = folder.filePath(QStringLiteral("data"));
        const QString file = folder.filePath(QStringLiteral("w.json"));
        {
            ServerProcess server({QStringLiteral("--data"), data, QStringLiteral("--workspace"), file});
            // Some of it is on the disk.
            QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(data + QStringLiteral("/workspace.sqlite-wal")).size() > 400'000, 20'000);
            server.kill();
            QVERIFY2(!server.lines().join().contains("ready"), "it was killed too late to see anything");
        }
        {
            ServerProcess plain({QStringLiteral("--data"), data});
            QVERIFY2(plain.waitUntilReady(), plain.errors().constData());
            const QByteArray page = request(plain.port(), "GET", "/data/out/e?limit=1").body;
            QVERIFY2(page.startsWith("{\"data\":[]"), page.constData());
            QVERIFY(plain.terminate());
        }
        int code = 0;
        if (isApplied) {
            const QByteArray applied = runOn(data, {QStringLiteral("apply"), file, QStringLiteral("--yes")}, code);
            QVERIFY2(code == 0, applied.constData());
        }
        QCOMPARE(runOn(data, {QStringLiteral("check")}, code), counts);
    }

private:
    /// Every batch that was answered is there; each that is there is there whole.
    void check(int port, const QList<int>& answered, int sent)
    {
        QMap<int, int> counts;
        QByteArray target = "/data/out/e?limit=10000";
        while (!target.isEmpty()) {
            const QJsonObject page = QJsonDocument::fromJson(request(port, "GET", target).body).object();
            for (const QJsonValue& item : page.value(u"data").toArray())
                ++counts[item[u"batch"].toInt()];
            const QUrl next(page.value(u"next_page").toString());
            target = next.isEmpty() ? QByteArray() : next.toString(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::FullyEncoded).toUtf8();
        }
        for (const int count : std::as_const(counts))
            QCOMPARE(count, batchSize);
        for (const int batch : answered)
            QVERIFY2(counts.contains(batch), qPrintable(QStringLiteral("batch %1 was answered and is gone").arg(batch)));
        QVERIFY(counts.size() <= sent);
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_e2e_kill.moc"
