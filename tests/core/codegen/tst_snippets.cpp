// What snippets hold; that they run is tests/e2e/tst_e2e_snippets.
#include "core/codegen/snippet.h"

#include <QtCore/qprocess.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

using namespace iotman::codegen;
using iotman::ScopeName;

namespace {

SnippetSubject subject(bool guarded, bool resumes, std::string name = "Two cities")
{
    SnippetSubject made{std::move(name),
                        "http://127.0.0.1:8787/data/out/two-cities",
                        "ws://127.0.0.1:8787/data/out/two-cities/stream",
                        "http://127.0.0.1:8787/data/out/two-cities/events",
                        "http://127.0.0.1:8787/oauth/token",
                        std::nullopt,
                        resumes};
    if (guarded)
        made.scope = ScopeName{"sensor:read"};
    if (!resumes)
        made.events.clear();
    return made;
}

/// Names that would end a comment, a docstring or the program, if they were put in as they are.
const std::string names[] = {"Two cities",   "*/ end",       "\"\"\"\nimport os\n\"\"\"", "a\nrm -rf x", "</script>",
                             "ends with \\", "\xe2\x80\xa8", "$(id) `id` %s @URL@",       "'''\\N{x}\\x"};

QString saved(const QTemporaryDir& folder, const Snippet& snippet, int number)
{
    const QString path = folder.filePath(QString::number(number) + QString::fromStdString(snippet.fileName));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(snippet.text)) < 0)
        qFatal("cannot write");
    return path;
}

int run(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    process.waitForFinished(60'000);
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

} // namespace

class TestSnippets : public QObject {
    Q_OBJECT

    /// All snippets of a language over all names and kinds of endpoints, as files.
    static QStringList all(const QTemporaryDir& folder, Language language)
    {
        QStringList paths;
        for (const std::string& name : names) {
            for (const bool guarded : {false, true}) {
                for (const bool resumes : {false, true}) {
                    for (const Snippet& snippet : snippets(language, subject(guarded, resumes, name)))
                        paths << saved(folder, snippet, static_cast<int>(paths.size()));
                }
            }
        }
        return paths;
    }

private Q_SLOTS:
    void eachLanguageHasItsWays_data()
    {
        QTest::addColumn<int>("language");
        QTest::addColumn<bool>("resumes");
        QTest::addColumn<int>("count");
        QTest::newRow("curl") << int(Language::Curl) << true << 2;
        QTest::newRow("curl, a hosted contract has no events") << int(Language::Curl) << false << 1;
        QTest::newRow("JavaScript") << int(Language::JavaScript) << true << 3;
        QTest::newRow("JavaScript, hosted") << int(Language::JavaScript) << false << 2;
        QTest::newRow("Python") << int(Language::Python) << true << 3;
        QTest::newRow("C++") << int(Language::Cpp) << true << 3;
        QTest::newRow("Grafana") << int(Language::Grafana) << true << 1;
    }
    void eachLanguageHasItsWays()
    {
        QFETCH(int, language);
        QFETCH(bool, resumes);
        QTEST(int(snippets(static_cast<Language>(language), subject(false, resumes)).size()), "count");
    }

    void everyPlaceIsFilledAndATokenIsAskedForOnlyWhereOneIsNeeded()
    {
        for (const Language language : languages) {
            for (const bool guarded : {false, true}) {
                for (const bool resumes : {false, true}) {
                    for (const Snippet& snippet : snippets(language, subject(guarded, resumes))) {
                        const QByteArray text = QByteArray::fromStdString(snippet.text);
                        QVERIFY2(!QRegularExpression(QStringLiteral("@[A-Z_]+@")).match(QString::fromUtf8(text)).hasMatch(),
                                 text.constData());
                        QCOMPARE(text.contains("IOTMAN_CLIENT_SECRET"), guarded);
                        QCOMPARE(text.contains("/oauth/token"), guarded);
                        QVERIFY2(!text.contains(" \n") && !text.contains("\n\n\n\n"), text.constData());
                        QCOMPARE(snippet.worksHereOnly, resumes && snippet.way != Way::Pages);
                        QCOMPARE(text.contains("times"), resumes && snippet.way == Way::Stream);
                    }
                }
            }
        }
    }

    void aShellReadsThem()
    {
        QTemporaryDir folder;
        for (const QString& path : all(folder, Language::Curl))
            QCOMPARE(run(QStringLiteral("/bin/bash"), {QStringLiteral("-n"), path}), 0);
    }

    void pythonReadsThem()
    {
        QTemporaryDir folder;
        const QString check =
            QStringLiteral("import ast, pathlib, sys\nfor f in sys.argv[1:]:\n  assert len(ast.parse(pathlib.Path(f).read_text()).body) > 4, f");
        QCOMPARE(run(QStringLiteral("/usr/bin/python3"),
                     QStringList{QStringLiteral("-W"), QStringLiteral("error"), QStringLiteral("-c"), check} +
                         all(folder, Language::Python)),
                 0);
    }

    void nodeReadsThem()
    {
        const QString node = QStandardPaths::findExecutable(QStringLiteral("node"));
        QVERIFY2(!node.isEmpty(), "nodejs is needed");
        QTemporaryDir folder;
        QFile check(folder.filePath(QStringLiteral("check.js")));
        QVERIFY(check.open(QIODevice::WriteOnly));
        check.write(
            "const vm = require('vm'), fs = require('fs');\n"
            "for (const f of process.argv.slice(2)) new vm.SourceTextModule(fs.readFileSync(f, 'utf8'), { identifier: f });\n");
        check.close();
        QCOMPARE(run(node,
                     QStringList{QStringLiteral("--no-warnings"), QStringLiteral("--experimental-vm-modules"), check.fileName()} +
                         all(folder, Language::JavaScript)),
                 0);
    }

    void grafanaReadsThemAsItsDocumentationSays()
    {
        QTemporaryDir folder;
        QFile check(folder.filePath(QStringLiteral("check.py")));
        QVERIFY(check.open(QIODevice::WriteOnly));
        check.write("import json, sys\n"
                    "import yaml\n"
                    "for f in sys.argv[1:]:\n"
                    "  text = open(f).read()\n"
                    "  (source,) = yaml.safe_load(text)['datasources']\n"
                    "  assert source['type'] == 'yesoreyeram-infinity-datasource'\n"
                    "  data = source['jsonData']\n"
                    "  assert data['allowedHosts'] == ['http://127.0.0.1:8787']\n"
                    "  if 'SECRET' in text:\n"
                    "    assert data['auth_method'] == 'oauth2' and data['oauth2'] == {'oauth2_type': 'client_credentials', "
                    "'client_id': '$IOTMAN_CLIENT_ID',"
                    " 'token_url': 'http://127.0.0.1:8787/oauth/token', 'scopes': ['sensor:read']}\n"
                    "    assert source['secureJsonData'] == {'oauth2ClientSecret': '$IOTMAN_CLIENT_SECRET'}\n"
                    "  query = json.loads(text.rstrip().rsplit('\\n', 1)[1][2:])\n"
                    "  assert query['root_selector'] == 'data' and query['parser'] == 'backend'\n"
                    "  assert [p['key'] for p in query['url_options']['params']] == ['from', 'to', 'limit']\n");
        check.close();
        const int code = run(QStringLiteral("/usr/bin/python3"), QStringList{check.fileName()} + all(folder, Language::Grafana));
        QCOMPARE(code, 0);
    }
};

QTEST_GUILESS_MAIN(TestSnippets)
#include "tst_snippets.moc"
