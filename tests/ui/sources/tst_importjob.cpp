// A file on its way to a server that loses answers, refuses, or is told to stop.
#include "tests/core/client/fakeserver.h"
#include "ui/sources/importdialog.h"
#include "ui/sources/importjob.h"
#include "ui/sources/ingestexample.h"

#include <QTemporaryDir>
#include <QUrlQuery>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::ui;
using client::FakeAnswer;
using client::FakeRequest;

namespace {

FakeAnswer json(int status, const QByteArray& body)
{
    return {status, body, "application/json", {}, false, {}};
}

/// `/api/imports` as the contract spells it, in memory.
struct FakeImports {
    client::FakeServer server;
    client::FakeClock clock;
    client::Network network;
    client::TokenSource tokens{
        network,
        clock,
        {server.url(QStringLiteral("/oauth/token")), QStringLiteral("owner@localhost"), client::Secret("key"), {}}};
    client::Management management{network, tokens, clock, server.url()};
    QTemporaryDir folder;

    QByteArrayList staged;
    bool exists = false;
    bool committed = false;
    int loseAnswers = 0; ///< of the next so many rows calls, after they were staged

    FakeImports()
    {
        server.answer = [this](const FakeRequest& request) { return answer(request); };
    }

    FakeAnswer answer(const FakeRequest& request)
    {
        if (request.path() == "/oauth/token")
            return client::tokenAnswer("token");
        if (request.path() == "/api/imports") {
            exists = true;
            return json(201, "{\"id\":\"i1\",\"rows\":0,\"state\":\"open\"}");
        }
        if (request.path() == "/api/imports/i1" && request.method == "DELETE") {
            exists = false;
            staged.clear();
            return {204, {}, {}, {}, false, {}};
        }
        const QByteArray rows = QByteArray::number(staged.size());
        if (request.path() == "/api/imports/i1")
            return json(200, "{\"id\":\"i1\",\"rows\":" + rows + ",\"state\":\"open\"}");
        if (request.path() == "/api/imports/i1/rows") {
            if (request.parameter(QStringLiteral("at")).toLongLong() != staged.size())
                return json(409, "{\"status\":409,\"detail\":\"rows\",\"rows\":" + rows + "}");
            staged += request.body.trimmed().split('\n');
            if (loseAnswers > 0) {
                --loseAnswers;
                FakeAnswer lost;
                lost.raw = "x";
                return lost;
            }
            return json(200, "{\"rows\":" + QByteArray::number(staged.size()) + "}");
        }
        if (request.path() == "/api/imports/i1/commit") {
            committed = true;
            return json(200, "{\"id\":\"i1\",\"state\":\"committed\",\"accepted\":" + rows + "}");
        }
        return json(404, "{}");
    }

    QString file(const QByteArray& text)
    {
        const QString path = folder.filePath(QStringLiteral("rows.csv"));
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("cannot write");
        return path;
    }

    std::unique_ptr<ImportJob> job(const QByteArray& text, BadRows badRows)
    {
        files::Options options;
        options.timeColumn = "t";
        options.timeFormat = files::TimeFormat::Seconds;
        return std::make_unique<ImportJob>(management, file(text), SourceName{"rows"}, options, badRows);
    }
};

QByteArray manyRows(int count)
{
    QByteArray text = "t,v\n";
    for (int i = 0; i < count; ++i)
        text += QByteArray::number(i) + "," + QByteArray(100, 'x') + "\n";
    return text;
}

struct Ended {
    std::optional<Expected<ImportResult>> result;

    explicit Ended(ImportJob& job)
    {
        QObject::connect(&job, &ImportJob::finished, &job, [this](const Expected<ImportResult>& given) { result = given; });
    }
    bool wait()
    {
        return QTest::qWaitFor([this] { return result.has_value(); }, 30'000);
    }
};

} // namespace

class TestImportJob : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allRowsArriveInOrderAndAreCommittedOnce()
    {
        FakeImports imports;
        const auto job = imports.job(manyRows(60'000), BadRows::RefuseAll); // several chunks
        Ended ended(*job);
        std::int64_t last = 0;
        connect(job.get(), &ImportJob::progressed, this, [&](const ImportProgress& progress) {
            QVERIFY(progress.rows > last && progress.bytesRead <= progress.bytes);
            last = progress.rows;
        });
        job->start();
        QVERIFY(ended.wait());
        QVERIFY2(*ended.result, ended.result->has_value() ? "" : ended.result->error().detail.c_str());
        QCOMPARE((*ended.result)->accepted, 60'000);
        QCOMPARE(last, 60'000);
        QVERIFY(imports.server.count("/api/imports/i1/rows") > 1);
        for (int i = 0; i < imports.staged.size(); ++i)
            QVERIFY(imports.staged[i].startsWith(QByteArray("{\"time\":" + QByteArray::number(i) + ",")));
    }

    void aLostAnswerDoublesNothing()
    {
        FakeImports imports;
        imports.loseAnswers = 1;
        const auto job = imports.job(manyRows(10), BadRows::RefuseAll);
        Ended ended(*job);
        job->start();
        QVERIFY(ended.wait());
        QVERIFY(*ended.result);
        QCOMPARE((*ended.result)->accepted, 10);
        QCOMPARE(imports.staged.size(), 10);
    }

    void oneBadRowKeepsAllOut()
    {
        FakeImports imports;
        const auto job = imports.job("t,v\n1,a\nx,b\n3,c\n", BadRows::RefuseAll);
        Ended ended(*job);
        job->start();
        QVERIFY(ended.wait());
        QVERIFY(*ended.result);
        QCOMPARE((*ended.result)->accepted, 0);
        QCOMPARE((*ended.result)->count.refused, 1);
        QCOMPARE((*ended.result)->count.refusals[0].line, 3);
        QVERIFY(!imports.committed);
        QTRY_VERIFY(!imports.exists);
    }

    void badRowsAreSkippedWhereThatIsChosen()
    {
        FakeImports imports;
        const auto job = imports.job("t,v\n1,a\nx,b\n3,c\n", BadRows::Skip);
        Ended ended(*job);
        job->start();
        QVERIFY(ended.wait());
        QVERIFY(*ended.result);
        QCOMPARE((*ended.result)->accepted, 2);
        QCOMPARE((*ended.result)->count.refused, 1);
        QVERIFY(imports.committed);
    }

    void cancelLeavesNothing()
    {
        FakeImports imports;
        const auto job = imports.job(manyRows(200'000), BadRows::RefuseAll);
        Ended ended(*job);
        connect(job.get(), &ImportJob::progressed, job.get(), &ImportJob::cancel);
        job->start();
        QVERIFY(ended.wait());
        QVERIFY(!*ended.result);
        QCOMPARE(ended.result->error().detail, std::string("Cancelled."));
        QVERIFY(!imports.exists);
        QVERIFY(!imports.committed);
        QVERIFY(imports.staged.isEmpty());
    }

    void aJobThatIsLetGoLeavesNothing()
    {
        FakeImports imports;
        auto job = imports.job(manyRows(200'000), BadRows::RefuseAll);
        QSignalSpy progressed(job.get(), &ImportJob::progressed);
        job->start();
        QVERIFY(progressed.wait(30'000));
        job.reset();
        QTRY_VERIFY(!imports.exists);
        QVERIFY(!imports.committed);
    }

    void aFileThatIsNoneIsAnError_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("a folder") << QStringLiteral("/tmp");
        QTest::newRow("nothing") << QStringLiteral("/nowhere/rows.csv");
    }
    void aFileThatIsNoneIsAnError()
    {
        QFETCH(QString, path);
        FakeImports imports;
        ImportJob job(imports.management, path, SourceName{"rows"}, {}, BadRows::RefuseAll);
        Ended ended(job);
        job.start();
        QVERIFY(ended.wait());
        QVERIFY(!*ended.result);
        QVERIFY(!imports.exists);
    }

    void aSourceIsNamedAfterItsFile_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("blanks and case") << QStringLiteral("/x/Motor 1kHz.csv") << QByteArray("motor-1khz");
        QTest::newRow("dots") << QStringLiteral("a.b.csv") << QByteArray("a-b");
        QTest::newRow("nothing usable") << QStringLiteral("/x/온도.csv") << QByteArray("import");
        QTest::newRow("too long") << QString(QString(100, u'a') + QStringLiteral(".csv")) << QByteArray(64, 'a');
    }
    void aSourceIsNamedAfterItsFile()
    {
        QFETCH(QString, path);
        const std::string name = sourceNameFor(path);
        QTEST(QByteArray::fromStdString(name), "name");
        QVERIFY(SourceName::parse(name, "name"));
    }

    void anExampleHasTheMemberThatItsTimeIsReadFrom_data()
    {
        QTest::addColumn<QByteArray>("time");
        QTest::addColumn<QByteArray>("payload");
        const auto row = [](const char* name, const char* time, const char* payload) {
            QTest::newRow(name) << QByteArray(time) << QByteArray(payload);
        };
        row("none", "", "{\"temperature\": 21.5}");
        row("seconds", "$.ts", "{\"temperature\":21.5,\"ts\":1700000000}");
        row("milliseconds", "$.ms / 1000", "{\"temperature\":21.5,\"ms\":1700000000000}");
        row("microseconds, deeper", "$.sent.\"at us\" / 1000000", "{\"temperature\":21.5,\"sent\":{\"at us\":1700000000000000}}");
        row("a text", "$.when.datetime(\"YYYY-MM-DD HH24:MI:SSTZH\")", "");
        row("several", "$.day * 86400 + $.second", "");
        row("an element", "$.list[0].ts", "");
        row("no number at all", "$.ts / 7", "");
    }
    void anExampleHasTheMemberThatItsTimeIsReadFrom()
    {
        QFETCH(QByteArray, time);
        Source source;
        source.made.at = {1'700'000'000'250'000};
        if (!time.isEmpty())
            source.time = time.toStdString();
        QTEST(QByteArray::fromStdString(examplePayload(source).value_or("")), "payload");
    }

    void aCurlLinePostsToTheSource()
    {
        SourceView view;
        view.ingestUrl = "http://127.0.0.1:8787/data/in/x";
        QCOMPARE(ingestLine(view), std::string("curl --header 'Content-Type: application/json' --data '{\"temperature\": 21.5}' "
                                               "http://127.0.0.1:8787/data/in/x"));
        view.source.requiredScope = ScopeName{"sensor:write"};
        QVERIFY(ingestLine(view).find("Bearer $TOKEN") != std::string::npos);
    }
};

QTEST_MAIN(TestImportJob)
#include "tst_importjob.moc"
