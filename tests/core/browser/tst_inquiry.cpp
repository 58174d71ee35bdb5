// The judge against situations that tests/browser also puts to Chromium (situations.jsonl).
#include "core/browser/addressspace.h"
#include "core/browser/inquiry.h"
#include "core/browser/rehearsal.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::browser;

namespace {

const char* const goodToken = "good-TOKEN";
const char* const otherToken = "other-TOKEN"; ///< without the scope
const char* const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::string textOf(const QJsonValue& value)
{
    return value.toString().toStdString();
}

Way wayOf(const QString& name)
{
    return name == u"token"    ? Way::FetchWithToken
           : name == u"events" ? Way::EventSource
           : name == u"stream" ? Way::WebSocket
                               : Way::Fetch;
}

/// What our server answers: tests/core/server holds it to that.
Answer served(const Request& request, const CorsOrigins& list, bool guarded, const std::string& own)
{
    const std::optional<std::string> origin = headerOf(request.headers, "Origin");
    Answer answer{200, "OK", {{"Content-Type", "application/json"}}};
    if (!list.any)
        answer.headers.emplace_back("Vary", "Origin");
    const bool allowed = origin && (list.allows(*origin) || *origin == own);
    if (allowed)
        answer.headers.emplace_back("Access-Control-Allow-Origin", list.any ? "*" : *origin);
    if (request.method == "OPTIONS") {
        if (!allowed)
            return {204, "No Content", answer.headers};
        answer.headers.emplace_back("Access-Control-Allow-Methods", "GET, HEAD");
        answer.headers.emplace_back("Access-Control-Allow-Headers", "Authorization");
        return {204, "No Content", answer.headers};
    }
    const bool socket = headerOf(request.headers, "Upgrade").has_value();
    if (socket && origin && !allowed) {
        answer.headers.front().second = "application/problem+json";
        return {403, "Forbidden", answer.headers};
    }
    const bool tokenGood = headerOf(request.headers, "Authorization") == std::string("Bearer ") + goodToken ||
                           request.url.find(std::string("access_token=") + goodToken) != std::string::npos;
    const bool tokenOther = headerOf(request.headers, "Authorization") == std::string("Bearer ") + otherToken ||
                            request.url.find(std::string("access_token=") + otherToken) != std::string::npos;
    if (guarded && tokenOther)
        return {403, "Forbidden", answer.headers};
    if (guarded && !tokenGood)
        return {401, "Unauthorized", answer.headers};
    if (socket)
        return {
            101, "Switching Protocols", {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", accept}}};
    if (headerOf(request.headers, "Accept") == "text/event-stream")
        answer.headers.front().second = "text/event-stream";
    return answer;
}

Answer answerFrom(const QJsonValue& json)
{
    Answer answer{json[u"status"].toInt(), {}, {}};
    for (const QJsonValue& header : json[u"headers"].toArray())
        answer.headers.emplace_back(textOf(header[0]), textOf(header[1]) == "@" ? accept : textOf(header[1]));
    return answer;
}

QByteArray told(const Report& report)
{
    std::string text = english(report.headline) + " " + english(report.detail) + "\n";
    for (const Step& step : report.steps) {
        text += "- " + step.sentence.english() + "\n";
        for (const Line& line : step.lines)
            text += (line.decides ? "  > " : "    ") + line.text.english() + " " + english(line.notes) + "\n";
    }
    return QByteArray::fromStdString(text);
}

QList<QByteArray> situations()
{
    QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/browser/situations.jsonl"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no situations");
    return file.readAll().trimmed().split('\n');
}

} // namespace

class TestInquiry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aBrowserDecidesSo_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const QByteArray& line : situations())
            QTest::newRow(qPrintable(QJsonDocument::fromJson(line)[u"name"].toString())) << line;
    }
    void aBrowserDecidesSo()
    {
        QFETCH(QByteArray, json);
        const QJsonDocument situation = QJsonDocument::fromJson(json);
        Question question;
        const Expected<Page> page = Page::parse(textOf(situation[u"page"]));
        QVERIFY(page);
        question.page = *page;
        question.way = wayOf(situation[u"way"].toString());
        const std::string server = situation[u"server"].isString() ? textOf(situation[u"server"]) : "http://127.0.0.1:8787";
        const bool socket = question.way == Way::WebSocket;
        question.url = (socket ? "ws" + server.substr(4) : server) + "/data/out/x" +
                       (socket                             ? "/stream"
                        : question.way == Way::EventSource ? "/events"
                                                           : "");
        const QString token = situation[u"token"].toString();
        question.token = token == u"none" ? "" : token.toStdString() + "-TOKEN";
        question.webSocketKey = "dGhlIHNhbXBsZSBub25jZQ==";
        question.webSocketAccept = accept;
        CorsOrigins list;
        if (situation[u"list"].isArray()) {
            std::vector<std::string> given;
            for (const QJsonValue& entry : situation[u"list"].toArray())
                given.push_back(textOf(entry));
            list = parseCorsOrigins(given)->origins;
            question.list = list;
        }

        Inquiry inquiry(question);
        const QJsonArray answers = situation[u"answers"].toArray();
        for (int i = 0; inquiry.next(); ++i) {
            QVERIFY(i < 30);
            inquiry.answered(answers.isEmpty() ? served(*inquiry.next(), list, situation[u"scope"].toBool(), server)
                                               : answerFrom(answers[i]));
        }
        const Report& report = inquiry.report();
        const QByteArray all = told(report);
        const QString verdict = report.verdict == Verdict::Reads       ? QStringLiteral("reads")
                                : report.verdict == Verdict::SeesError ? QStringLiteral("error")
                                                                       : QStringLiteral("blocked");
        QVERIFY2(verdict == situation[u"verdict"].toString(), all.constData());
        int deciding = 0;
        for (const Step& step : report.steps) {
            for (const Line& line : step.lines) {
                if (line.decides) {
                    ++deciding;
                    QVERIFY2(QByteArray::fromStdString(line.text.english()).contains(situation[u"decides"].toString().toUtf8()),
                             all.constData());
                    QVERIFY2(QByteArray::fromStdString(english(line.notes)).endsWith("This line decides."), all.constData());
                }
            }
        }
        QVERIFY2(deciding == (situation[u"decides"].isString() ? 1 : 0), all.constData());
        QVERIFY2(all.contains(situation[u"says"].toString().toUtf8()), all.constData());
        QVERIFY2(!all.contains("TOKEN"), all.constData());
        const QString mend = !report.mend                                     ? QString()
                             : report.mend->kind == Mend::Kind::AddOrigin     ? QStringLiteral("add")
                             : report.mend->kind == Mend::Kind::SendToken     ? QStringLiteral("token")
                             : report.mend->kind == Mend::Kind::ReadElsewhere ? QStringLiteral("elsewhere")
                                                                              : QStringLiteral("tls");
        QVERIFY2(mend == situation[u"mend"].toString(), all.constData());
        if (report.mend && report.mend->kind == Mend::Kind::AddOrigin)
            QVERIFY(parseCorsOrigins({report.mend->origin})->repairs.empty());
    }

    void aListIsJudgedBeforeItIsSavedAsItWillBeAfterwards_data()
    {
        QTest::addColumn<QStringList>("saved");
        QTest::addColumn<QStringList>("edited");
        const QStringList none, a{QStringLiteral("https://a.example")}, b{QStringLiteral("https://b.example")},
            any{QStringLiteral("*")};
        QTest::newRow("an origin is added") << none << a;
        QTest::newRow("an origin is removed") << a << none;
        QTest::newRow("one takes the place of another") << a << b;
        QTest::newRow("another is added") << a << a + b;
        QTest::newRow("every origin from now on") << a << any;
        QTest::newRow("no longer every origin") << any << a;
        QTest::newRow("nothing is changed") << a << a;
    }
    void aListIsJudgedBeforeItIsSavedAsItWillBeAfterwards()
    {
        QFETCH(QStringList, saved);
        QFETCH(QStringList, edited);
        const auto listOf = [](const QStringList& entries) {
            std::vector<std::string> given;
            for (const QString& entry : entries)
                given.push_back(entry.toStdString());
            return parseCorsOrigins(given)->origins;
        };
        const std::string server = "http://127.0.0.1:8787";
        const Rehearsal rehearsal(listOf(saved), listOf(edited));
        for (const char* page : {"https://a.example", "https://b.example", "http://127.0.0.1:8787", "file:///tmp/a.html"}) {
            for (const Way way : {Way::Fetch, Way::FetchWithToken, Way::EventSource, Way::WebSocket}) {
                for (const char* token : {goodToken, otherToken, ""}) {
                    Question question;
                    question.page = Page::parse(page).value();
                    question.way = way;
                    question.token = token;
                    question.url = way == Way::WebSocket ? "ws://127.0.0.1:8787/data/out/x/stream" : server + "/data/out/x";
                    question.webSocketAccept = accept;
                    question.list = rehearsal.edited();
                    Inquiry before(question), after(question);
                    while (before.next())
                        before.answered(rehearsal.answerTo(*before.next(),
                                                           served(rehearsal.sent(*before.next()), listOf(saved), true, server)));
                    while (after.next())
                        after.answered(served(*after.next(), rehearsal.edited(), true, server));
                    // The order of headers says nothing.
                    QByteArrayList first = told(before.report()).split('\n'), second = told(after.report()).split('\n');
                    std::sort(first.begin(), first.end());
                    std::sort(second.begin(), second.end());
                    QCOMPARE(first.join('\n'), second.join('\n'));
                }
            }
        }
    }

    void whatIsToldStandsInItsPlace_data()
    {
        QTest::addColumn<QByteArray>("translation");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("in the order of the language") << QByteArray("%2, dann %1") << QByteArray("b%1, dann a%2");
        QTest::newRow("once more") << QByteArray("%1 %1") << QByteArray("a%2 a%2");
        QTest::newRow("what is no place stays") << QByteArray("100 % von %1 %3 %") << QByteArray("100 % von a%2 %3 %");
    }
    void whatIsToldStandsInItsPlace()
    {
        QFETCH(QByteArray, translation);
        const Sentence sentence = Sentence::say("%1, then %2", {"a%2", "b%1"});
        QTEST(QByteArray::fromStdString(sentence.filled(translation.toStdString())), "said");
        QCOMPARE(sentence.english(), std::string("a%2, then b%1"));
    }

    void thereAreManySituations() { QVERIFY(situations().size() >= 40); }

    void aHostIsSomewhere_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<int>("space");
        const auto add = [](const char* host, AddressSpace space) {
            QTest::newRow(host) << QByteArray(host) << static_cast<int>(space);
        };
        for (const char* host : {"localhost", "a.localhost", "localhost.", "127.0.0.1", "127.8.9.10", "[::1]", "[::ffff:7f00:1]"})
            add(host, AddressSpace::Loopback);
        for (const char* host : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.20", "169.254.1.1", "100.64.0.1",
                                 "[fd00::1]", "[fe80::1]", "printer.local"})
            add(host, AddressSpace::Local);
        for (const char* host : {"a.example", "8.8.8.8", "172.32.0.1", "100.128.0.1", "127.0.0.1.example", "localhost.example",
                                 "1.2.3", "10.0.0.1.2", "256.0.0.1", "[2001:db8::1]", ""})
            add(host, AddressSpace::Public);
    }
    void aHostIsSomewhere()
    {
        QFETCH(QByteArray, host);
        QTEST(static_cast<int>(addressSpace(host.toStdString())), "space");
    }

    void aRedirectLeadsSomewhere_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QByteArray>("target");
        const auto row = [](const char* location, const char* target) {
            QTest::newRow(location) << QByteArray(location) << QByteArray(target);
        };
        row("https://b.example/x?y#z", "https://b.example/x?y");
        row("//b.example/x", "http://b.example/x");
        row("/x", "http://a.example:1/x");
        row("x", "http://a.example:1/data/out/x");
        row("?y", "http://a.example:1/data/out/id?y");
        row("/x?to=http://c.example", "http://a.example:1/x?to=http://c.example");
        row("", "http://a.example:1/data/out/id");
    }
    void aRedirectLeadsSomewhere()
    {
        QFETCH(QByteArray, location);
        const std::string target = redirectTarget("http://a.example:1/data/out/id?limit=1", location.toStdString());
        QTEST(QByteArray::fromStdString(target), "target");
    }

    void browsersFollowTwentyRedirects()
    {
        Question question;
        question.page = *Page::parse("https://a.example");
        question.url = "http://127.0.0.1:8787/data/out/x";
        Inquiry inquiry(question);
        int sent = 0;
        for (; inquiry.next(); ++sent)
            inquiry.answered({302, "Found", {{"Access-Control-Allow-Origin", "*"}, {"Location", "/again"}}});
        QCOMPARE(sent, 21);
        QCOMPARE(inquiry.report().verdict, Verdict::Blocked);
    }

    void newerChromiumAsksFirst_data()
    {
        QTest::addColumn<QByteArray>("page");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("an encrypted page of elsewhere") << QByteArray("https://a.example") << QByteArray("first asks its user");
        QTest::newRow("an unencrypted one") << QByteArray("http://a.example") << QByteArray("only with https");
        QTest::newRow("a page of this computer") << QByteArray("http://localhost:3000") << QByteArray();
        QTest::newRow("a file of this computer") << QByteArray("file:///home/me/dash.html") << QByteArray();
    }
    void newerChromiumAsksFirst()
    {
        QFETCH(QByteArray, page);
        QFETCH(QByteArray, says);
        Question question;
        question.page = *Page::parse(page.toStdString());
        question.url = "http://127.0.0.1:8787/data/out/x";
        const QByteArray all = told(Inquiry(question).report());
        QCOMPARE(all.contains("Chromium"), !says.isEmpty());
        QVERIFY2(all.contains(says), all.constData());
    }

    void whatIsNoOriginIsRefusedWithASentence_data()
    {
        QTest::addColumn<QByteArray>("typed");
        for (const char* typed : {"", "a.example", "https://", "https://*.example", "https://u:p@a.example",
                                  "https://a.example:99999", "ftp://a.example", "moz-extension://", "chrome-extension://a\nb/"})
            QTest::newRow(*typed ? typed : "nothing") << QByteArray(typed);
    }
    void whatIsNoOriginIsRefusedWithASentence()
    {
        QFETCH(QByteArray, typed);
        const auto page = Page::parse(typed.toStdString());
        QVERIFY(!page);
        QVERIFY(page.error().detail.size() > 10);
        QCOMPARE(page.error().field, std::string("origin"));
    }
};

QTEST_GUILESS_MAIN(TestInquiry)
#include "tst_inquiry.moc"
