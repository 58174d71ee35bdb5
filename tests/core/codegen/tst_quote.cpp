// Literals are read back by the languages themselves.
#include "core/codegen/quote.h"
#include "core/codegen/requestcurl.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

using namespace iotman::codegen;

namespace {

/// Well-formed UTF-8 without NUL, which no argument of a program can hold.
QList<QByteArray> troublesome()
{
    QList<QByteArray> texts{"plain",
                            "it's",
                            "$(touch x)",
                            "`touch x`",
                            "two\nlines",
                            "</script><script>alert(1)</script>",
                            "<!--",
                            "\\",
                            "ends with \\",
                            "\"",
                            "!!",
                            "a\r\nb",
                            "\x1b[201~rm",
                            "\xe2\x80\xa8|",
                            "\xc2\x9b"
                            "31m",
                            "--data",
                            "-",
                            "*",
                            "~",
                            "#c",
                            "$HOME ${x} %(y)",
                            "?"
                            "?/",
                            "\x7f",
                            "@file",
                            "\x01"
                            "1",
                            "\\u0041\\x41",
                            "'\"'\"'",
                            "a=b&c",
                            "{a,b}[1-9]",
                            "\t"};
    QFile corpus(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/data/naughty-strings.jsonl"));
    if (!corpus.open(QIODevice::ReadOnly))
        qFatal("tests/data/naughty-strings.jsonl is missing");
    int lines = 0;
    for (; !corpus.atEnd(); ++lines)
        texts.append(QJsonDocument::fromJson(corpus.readLine())[u"text"].toString().toUtf8());
    if (lines != 438)
        qFatal("tests/data/naughty-strings.jsonl has %d lines", lines);
    return texts;
}

std::string view(const QByteArray& text)
{
    return text.toStdString();
}

QByteArray output(const QString& program, const QStringList& arguments, const QByteArray& input = {})
{
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    process.waitForFinished(60'000);
    if (process.exitCode() != 0)
        qWarning("%s", process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

void compare(const QList<QByteArray>& got, const QList<QByteArray>& wanted)
{
    QCOMPARE(got.size(), wanted.size());
    for (qsizetype i = 0; i < wanted.size(); ++i)
        QVERIFY2(got[i] == wanted[i],
                 QByteArray(wanted[i].toPercentEncoding() + " came back as " + got[i].toPercentEncoding()).constData());
}

/// Qt takes a byte order mark away at the start of any text, unless it is escaped.
QList<QByteArray> fromJson(QByteArray json)
{
    json.replace("\xef\xbb\xbf", "\\ufeff");
    QList<QByteArray> texts;
    for (const QJsonValue& value : QJsonDocument::fromJson(json).array())
        texts.append(value.toString().toUtf8());
    return texts;
}

QByteArray listed(const QList<QByteArray>& texts, std::string (*quoted)(std::string_view))
{
    QByteArrayList literals;
    for (const QByteArray& text : texts)
        literals.append(QByteArray::fromStdString(quoted(view(text))));
    return literals.join(",\n");
}

} // namespace

class TestQuote : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aShellGetsBackEveryByte()
    {
        QList<QByteArray> texts = troublesome();
        for (int c = 1; c < 256; ++c)
            texts.append(QByteArray("x") + static_cast<char>(c) + "1");
        QByteArray script = "printf '%s\\0'";
        for (const QByteArray& text : texts)
            script += ' ' + QByteArray::fromStdString(shellQuoted(view(text)));
        QList<QByteArray> got = output(QStringLiteral("/bin/bash"), {}, script).split('\0');
        got.removeLast();
        compare(got, texts);
    }

    void nothingThatATerminalObeysIsInAShellWord()
    {
        for (int c = 0; c < 256; ++c) {
            const std::string word = shellQuoted(std::string("a") + static_cast<char>(c));
            for (const char mark : word)
                QVERIFY2(static_cast<unsigned char>(mark) >= 0x20 && mark != 0x7f, word.c_str());
        }
    }

    void javaScriptGetsBackEveryText()
    {
        const QString node = QStandardPaths::findExecutable(QStringLiteral("node"));
        QVERIFY2(!node.isEmpty(), "nodejs is needed");
        const QList<QByteArray> texts = troublesome();
        compare(fromJson(output(node, {}, "console.log(JSON.stringify([" + listed(texts, javaScriptQuoted) + "]))")), texts);
    }

    void aScriptElementIsNotEndedByALiteral()
    {
        for (const QByteArray& text : troublesome())
            QVERIFY(javaScriptQuoted(view(text)).find('<') == std::string::npos);
    }

    void pythonGetsBackEveryText()
    {
        const QList<QByteArray> texts = troublesome();
        compare(fromJson(output(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-")},
                                "import json\nprint(json.dumps([" + listed(texts, pythonQuoted) + "]))")),
                texts);
    }

    void jsonGetsBackEveryText()
    {
        const QList<QByteArray> texts = troublesome();
        compare(fromJson("[" + listed(texts, jsonQuoted) + "]"), texts);
    }

    void cppGetsBackEveryText()
    {
        const QString compiler = QStandardPaths::findExecutable(QStringLiteral("c++"));
        QVERIFY2(!compiler.isEmpty(), "g++ is needed");
        QTemporaryDir folder;
        const QList<QByteArray> texts = troublesome();
        const QByteArray program = "#include <cstdio>\nconst char* texts[] = {" + listed(texts, cppQuoted) +
                                   "};\nint main() { for (auto text : texts) { std::fputs(text, stdout); std::putchar(0); } }\n";
        output(compiler,
               {QStringLiteral("-x"), QStringLiteral("c++"), QStringLiteral("-trigraphs"), QStringLiteral("-"),
                QStringLiteral("-o"), folder.filePath(QStringLiteral("texts"))},
               program);
        QList<QByteArray> got = output(folder.filePath(QStringLiteral("texts")), {}).split('\0');
        got.removeLast();
        compare(got, texts);
    }

    void aCommentStaysOnItsLine()
    {
        for (const QByteArray& text : troublesome()) {
            const std::string comment = commentText(view(text));
            for (const char c : comment)
                QVERIFY(static_cast<unsigned char>(c) >= 0x20);
            QVERIFY(comment.find("*/") == std::string::npos && comment.find("</") == std::string::npos);
            QVERIFY(comment.empty() || comment.back() != '\\');
        }
    }

    void aCurlLineAsksTheSameWithoutSecrets_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("a page")
            << QByteArray("GET") << QByteArray("http://h/data/out/a?limit=1&from=2") << QByteArray("Accept") << QByteArray("*/*")
            << QByteArray("curl --globoff --include --header 'Accept: */*' --url 'http://h/data/out/a?limit=1&from=2'");
        QTest::newRow("a HEAD") << QByteArray("HEAD") << QByteArray("http://h/a") << QByteArray("Host") << QByteArray("h")
                                << QByteArray("curl --globoff --head --url http://h/a");
        QTest::newRow("a bearer token is a variable")
            << QByteArray("GET") << QByteArray("http://h/a") << QByteArray("authorization") << QByteArray("Bearer SENTINEL")
            << QByteArray("curl --globoff --include --header 'authorization: Bearer '\"$TOKEN\" --url http://h/a");
        QTest::newRow("so is a bare one")
            << QByteArray("GET") << QByteArray("http://h/a") << QByteArray("Authorization") << QByteArray("SENTINEL")
            << QByteArray("curl --globoff --include --header 'Authorization: Bearer '\"$TOKEN\" --url http://h/a");
        QTest::newRow("a token of the query, its name escaped")
            << QByteArray("GET") << QByteArray("http://h/a?x=1&access%5Ftoken=SENTINEL&y=2") << QByteArray("Cookie")
            << QByteArray("SENTINEL")
            << QByteArray("curl --globoff --include --header 'Cookie: '\"$COOKIE\" --url "
                          "'http://h/a?x=1&access_token='\"$TOKEN\"'&y=2'");
        QTest::newRow("what a server hid is a variable of its name")
            << QByteArray("GET") << QByteArray("http://h/a?token=…&x=1&api_key=…") << QByteArray("x-api-key") << QByteArray("…")
            << QByteArray("curl --globoff --include --header 'x-api-key: '\"$X_API_KEY\" --url "
                          "'http://h/a?token='\"$TOKEN\"'&x=1&api_key='\"$API_KEY\"");
        QTest::newRow("a name that is no variable's")
            << QByteArray("GET") << QByteArray("http://h/a?1;`id`_secret=…") << QByteArray("Accept") << QByteArray("*/*")
            << QByteArray("curl --globoff --include --header 'Accept: */*' --url 'http://h/a?1;`id`_secret='\"$___ID__SECRET\"");
        QTest::newRow("an attack stays a value")
            << QByteArray("GET';id") << QByteArray("http://h/$(id)`id`") << QByteArray("X-A") << QByteArray("'; rm -rf ~ #")
            << QByteArray("curl --globoff --include --request 'GET'\\'';id' --header 'X-A: '\\''; rm -rf ~ #' --url "
                          "'http://h/$(id)`id`'");
        QTest::newRow("no file is read for a header")
            << QByteArray("GET") << QByteArray("http://h/a") << QByteArray("@/etc/passwd") << QByteArray("x")
            << QByteArray("curl --globoff --include --url http://h/a");
    }
    void aCurlLineAsksTheSameWithoutSecrets()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, line);
        const std::string got = curlLine({view(method), view(url), {{view(name), view(value)}}});
        QCOMPARE(QByteArray::fromStdString(got), line);
        QVERIFY(got.find("SENTINEL") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestQuote)
#include "tst_quote.moc"
