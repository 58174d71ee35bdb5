// Every program that the Code tab gives is run against a real server, in its own language.
#include "core/codegen/snippet.h"
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/relay.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;
using namespace iotman::codegen;

namespace {

constexpr int longest = 60'000; // ms; the machine may be busy

struct Runner {
    const char* name;
    Language language;
    QStringList command; ///< before the file
    QString noStreams;   ///< why its streams cannot run here
};

QString inPath(const char* program)
{
    return QStandardPaths::findExecutable(QString::fromLatin1(program));
}

bool succeeds(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished(longest) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

QList<Runner> runners()
{
    const QString python = QStringLiteral("/usr/bin/python3");
    const QString node = inPath("node");
    const QStringList nodeFlags{QStringLiteral("--no-warnings"), QStringLiteral("--experimental-websocket"),
                                QStringLiteral("--experimental-eventsource")};
    // Debian 12's Node.js 18 has neither of the two; everything else is installed by installer/test.
    QString noStreams;
    const bool streams = succeeds(node, nodeFlags + QStringList{QStringLiteral("-e"), QStringLiteral("new URL('x:y')")});
    if (!streams)
        noStreams = QStringLiteral("this Node.js has no EventSource or WebSocket; they came with version 20.18");
    return {{"curl", Language::Curl, {QStringLiteral("/bin/bash")}, {}},
            {"JavaScript", Language::JavaScript, QStringList{node} + (streams ? nodeFlags : QStringList()), noStreams},
            {"Python", Language::Python, {python}, {}}};
}

} // namespace

class TestSnippetsRun : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    QTemporaryDir folder_;
    QByteArray token_;
    QByteArray secret_;

    HttpAnswer api(const QByteArray& method, const QByteArray& path, const QByteArray& body = {})
    {
        return request(server_->port(), method, "/api/" + path, {"Authorization: Bearer " + token_}, body);
    }

    SnippetSubject subjectOf(const QByteArray& endpoint, bool guarded, int port) const
    {
        const std::string host = "://127.0.0.1:" + std::to_string(port);
        const std::string page = "http" + host + "/data/out/" + endpoint.toStdString();
        SnippetSubject subject{
            "Two cities", page, "ws" + page.substr(4) + "/stream", page + "/events", "http" + host + "/oauth/token", {}, true};
        if (guarded)
            subject.scope = iotman::ScopeName{"sensor:read"};
        return subject;
    }

    std::unique_ptr<QProcess> start(const Runner& runner, const Snippet& snippet)
    {
        const QString path = folder_.filePath(QString::fromStdString(snippet.fileName));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(snippet.text)) < 0)
            qFatal("cannot write %s", qPrintable(path));
        file.close();
        auto process = std::make_unique<QProcess>();
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("IOTMAN_CLIENT_ID"), QStringLiteral("dashboard"));
        environment.insert(QStringLiteral("IOTMAN_CLIENT_SECRET"), QString::fromLatin1(secret_));
        environment.insert(QStringLiteral("no_proxy"), QStringLiteral("127.0.0.1"));
        process->setProcessEnvironment(environment);
        process->start(runner.command.first(), runner.command.mid(1) + QStringList{path});
        return process;
    }

    void makeEndpoint(const QByteArray& name, const QByteArray& scope)
    {
        QCOMPARE(api("POST", "sources", "{\"name\":\"" + name + "\",\"kind\":\"http\",\"time\":\"$.t\"}").status, 201);
        QCOMPARE(api("POST", "outputs", "{\"name\":\"" + name + "\",\"sources\":[\"" + name + "\"],\"rule\":\"$\"}").status, 201);
        QCOMPARE(
            api("POST", "endpoints", "{\"id\":\"" + name + "\",\"output\":\"" + name + "\",\"required_scope\":" + scope + "}")
                .status,
            201);
    }

    int streamsOf(const QByteArray& endpoint)
    {
        return QJsonDocument::fromJson(api("GET", "endpoints/" + endpoint).body)[u"streams"].toInt();
    }

    static void rows()
    {
        QTest::addColumn<int>("runner");
        QTest::addColumn<bool>("guarded");
        int number = 0;
        for (const Runner& runner : runners()) {
            QTest::addRow("%s, public", runner.name) << number << false;
            QTest::addRow("%s, with a scope", runner.name) << number << true;
            ++number;
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ =
            std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral"), QStringLiteral("--workspace"),
                                                        QStringLiteral(IOTMAN_SOURCE_DIR "/resources/demo/workspace.json")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        const HttpAnswer answer =
            request(server_->port(), "POST", "/oauth/token",
                    {"Authorization: Basic " + QByteArray("admin@localhost:" + server_->adminKey()).toBase64()},
                    "grant_type=client_credentials");
        token_ = QJsonDocument::fromJson(answer.body)[u"access_token"].toString().toUtf8();
        secret_ = QJsonDocument::fromJson(api("POST", "clients/dashboard/secret").body)[u"secret"].toString().toUtf8();
        QCOMPARE(secret_.size(), 43);
    }

    void pagesAreReadToTheirEnd_data() { rows(); }
    void pagesAreReadToTheirEnd()
    {
        QFETCH(int, runner);
        QFETCH(bool, guarded);
        const Runner with = runners()[runner];
        const auto process = start(with, snippets(with.language, subjectOf(guarded ? "two-cities-restricted" : "two-cities",
                                                                           guarded, server_->port()))[0]);
        QVERIFY(process->waitForFinished(longest));
        QVERIFY2(process->exitCode() == 0, process->readAllStandardError().constData());
        QSet<QByteArray> seen;
        const QList<QByteArray> lines = process->readAllStandardOutput().trimmed().split('\n');
        for (const QByteArray& line : lines) {
            const QJsonDocument item = QJsonDocument::fromJson(line);
            seen.insert(item[u"location"].toString().toUtf8() + QByteArray::number(item[u"at"].toDouble(), 'f', 0));
        }
        QCOMPARE(lines.size(), 2922);
        QCOMPARE(seen.size(), 2922);
    }

    /// What comes while the connection is cut arrives when it is back, once and in order.
    void streamsGoOnWhereTheyStopped_data() { rows(); }
    void streamsGoOnWhereTheyStopped()
    {
        QFETCH(int, runner);
        QFETCH(bool, guarded);
        const Runner with = runners()[runner];
        if (!with.noStreams.isEmpty())
            QSKIP(qPrintable(with.noStreams));
        const QByteArray name = "live-" + QByteArray::number(runner) + (guarded ? "-guarded" : "");
        makeEndpoint(name, guarded ? "\"sensor:read\"" : "null");
        Relay relay(server_->port());
        QList<Snippet> live;
        for (const Snippet& snippet : snippets(with.language, subjectOf(name, guarded, relay.port()))) {
            if (snippet.way != Way::Pages)
                live.append(snippet);
        }
        std::vector<std::unique_ptr<QProcess>> processes;
        for (const Snippet& snippet : live)
            processes.push_back(start(with, snippet));
        const int count = static_cast<int>(live.size());
        QTRY_COMPARE_WITH_TIMEOUT(streamsOf(name), count, longest);
        const auto add = [&](int n) {
            QCOMPARE(request(server_->port(), "POST", "/data/in/" + name, {},
                             "{\"t\":1700000000,\"n\":" + QByteArray::number(n) + ",\"text\":\"온도\"}")
                         .status,
                     200);
        };
        std::vector<QByteArray> got(processes.size());
        const auto linesOf = [&](std::size_t i) {
            got[i] += processes[i]->readAllStandardOutput();
            return static_cast<int>(got[i].count('\n'));
        };
        add(1);
        for (std::size_t i = 0; i < processes.size(); ++i)
            QTRY_COMPARE_WITH_TIMEOUT(linesOf(i), 1, longest);
        relay.cut();
        QTRY_COMPARE_WITH_TIMEOUT(streamsOf(name), 0, longest);
        add(2);
        add(3);
        relay.resume();
        for (std::size_t i = 0; i < processes.size(); ++i)
            QTRY_COMPARE_WITH_TIMEOUT(linesOf(i), 3, longest);
        QTRY_COMPARE_WITH_TIMEOUT(streamsOf(name), count, longest);
        add(4);
        for (std::size_t i = 0; i < processes.size(); ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(linesOf(i), 4, longest);
            int n = 0;
            for (const QByteArray& line : got[i].trimmed().split('\n')) {
                const QJsonDocument item = QJsonDocument::fromJson(line);
                QVERIFY2(item[u"n"].toInt() == ++n && item[u"text"].toString() == QStringLiteral("온도"), got[i].constData());
            }
            processes[i]->kill();
            processes[i]->waitForFinished(longest);
        }
    }

    void cppProgramsCompileAndReadPages_data()
    {
        QTest::addColumn<bool>("guarded");
        QTest::newRow("public") << false;
        QTest::newRow("with a scope") << true;
    }
    void cppProgramsCompileAndReadPages()
    {
        QFETCH(bool, guarded);
        const SnippetSubject subject = subjectOf(guarded ? "two-cities-restricted" : "two-cities", guarded, server_->port());
        for (const Snippet& snippet : snippets(Language::Cpp, subject)) {
            const QByteArray text = QByteArray::fromStdString(snippet.text);
            QByteArray build = text.mid(text.indexOf("Build: ") + 7);
            build.truncate(build.indexOf('\n'));
            QFile file(folder_.filePath(QString::fromStdString(snippet.fileName)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
            file.close();
            QProcess compiler;
            compiler.setWorkingDirectory(folder_.path());
            compiler.setProcessChannelMode(QProcess::MergedChannels);
            compiler.start(QStringLiteral("/bin/sh"),
                           {QStringLiteral("-c"), QString::fromUtf8(QByteArray(build + " -Wall -Wextra -o program"))});
            QVERIFY(compiler.waitForFinished(5 * longest));
            QVERIFY2(compiler.exitCode() == 0, compiler.readAll().constData());
            if (snippet.way == Way::Pages) {
                const auto process = start({"", Language::Cpp, {folder_.filePath(QStringLiteral("program"))}, {}}, snippet);
                QVERIFY(process->waitForFinished(longest));
                QCOMPARE(process->readAllStandardOutput().count('\n'), 2922);
            } else {
                const QByteArray name =
                    snippet.fileName.substr(0, snippet.fileName.find('.')).c_str() + QByteArray(guarded ? "-guarded" : "");
                makeEndpoint(name, guarded ? "\"sensor:read\"" : "null");
                Relay relay(server_->port());
                const int index = snippet.way == Way::Events ? 1 : 2;
                Snippet other = snippets(Language::Cpp, subjectOf(name, guarded, relay.port()))[static_cast<std::size_t>(index)];
                QFile source(folder_.filePath(QStringLiteral("other.cpp")));
                QVERIFY(source.open(QIODevice::WriteOnly));
                source.write(QByteArray::fromStdString(other.text));
                source.close();
                compiler.start(
                    QStringLiteral("/bin/sh"),
                    {QStringLiteral("-c"),
                     QString::fromUtf8(QByteArray(build).replace(snippet.fileName.c_str(), "other.cpp") + " -o other")});
                QVERIFY(compiler.waitForFinished(5 * longest) && compiler.exitCode() == 0);
                const auto process = start({"", Language::Cpp, {folder_.filePath(QStringLiteral("other"))}, {}}, other);
                QByteArray got;
                const auto lines = [&] { return static_cast<int>((got += process->readAllStandardOutput()).count('\n')); };
                QTRY_COMPARE_WITH_TIMEOUT(streamsOf(name), 1, longest);
                request(server_->port(), "POST", "/data/in/" + name, {}, "{\"t\":1,\"n\":1}");
                QTRY_COMPARE_WITH_TIMEOUT(lines(), 1, longest);
                relay.cut();
                QTRY_COMPARE_WITH_TIMEOUT(streamsOf(name), 0, longest);
                request(server_->port(), "POST", "/data/in/" + name, {}, "{\"t\":1,\"n\":2}");
                relay.resume();
                QTRY_COMPARE_WITH_TIMEOUT(lines(), 2, longest);
                QCOMPARE(got.count("\"n\":1"), 1);
                QCOMPARE(got.count("\"n\":2"), 1);
                process->kill();
                process->waitForFinished(longest);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestSnippetsRun)
#include "tst_e2e_snippets.moc"
