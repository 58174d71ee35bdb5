#include "tests/core/client/fakeserver.h"
#include "ui/code/askpane.h"
#include "ui/code/askview.h"
#include "ui/code/codepane.h"
#include "ui/code/subject.h"
#include "ui/look/copybutton.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::ui;
using client::FakeAnswer;
using client::FakeRequest;

namespace {

EndpointView endpointAt(const QUrl& server, bool guarded)
{
    EndpointView view;
    view.endpoint.id = EndpointId{"weather"};
    view.outputName = OutputName{"weather"};
    const std::string base = server.toString(QUrl::StripTrailingSlash).toStdString();
    view.url = base + "/data/out/weather";
    view.eventsUrl = view.url + "/events";
    view.streamUrl = "ws" + view.url.substr(4) + "/stream";
    if (guarded)
        view.endpoint.requiredScope = ScopeName{"sensor:read"};
    return view;
}

/// A server with a list of one origin, and a pane that asks it.
struct Asking {
    client::FakeServer server;
    client::FakeClock clock;
    client::Network network;
    std::unique_ptr<client::TokenSource> tokens;
    std::unique_ptr<AskPane> pane;
    QByteArray allowed = "https://a.example";

    explicit Asking(bool guarded)
    {
        server.answer = [this](const FakeRequest& request) {
            if (request.path() == "/oauth/token")
                return client::tokenAnswer("SENTINEL");
            FakeAnswer answer{200, "{\"data\":[],\"next_page\":null}", "application/json", "Vary: Origin\r\n", false, {}};
            if (request.header("Origin") == allowed)
                answer.headers +=
                    "Access-Control-Allow-Origin: " + allowed + "\r\nAccess-Control-Allow-Headers: Authorization\r\n";
            else if (request.method == "OPTIONS")
                answer.status = 403;
            return answer;
        };
        tokens = std::make_unique<client::TokenSource>(
            network, clock,
            client::Credentials{
                server.url(QStringLiteral("/oauth/token")), QStringLiteral("owner@localhost"), client::Secret("key"), {}});
        pane = std::make_unique<AskPane>(network, *tokens, QStringLiteral("owner@localhost"));
        pane->setEndpoint(endpointAt(server.url(), guarded));
        pane->setOrigins(parseCorsOrigins({"https://a.example"})->origins);
        pane->setMayAdd(true, {});
    }

    bool ask(const QString& origin)
    {
        QSignalSpy answered(pane.get(), &AskPane::answered);
        pane->setOrigin(origin);
        pane->ask();
        return answered.wait(10'000) || answered.count() > 0;
    }
};

} // namespace

class TestCode : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aListedOriginReadsAndAnotherIsToldWhyNot()
    {
        Asking asking(false);
        QVERIFY(asking.ask(QStringLiteral("https://a.example/")));
        QCOMPARE(asking.pane->report()->verdict, browser::Verdict::Reads);
        QCOMPARE(asking.server.requests.last().header("Origin"), QByteArray("https://a.example"));
        QVERIFY(asking.ask(QStringLiteral("https://a.example:8443")));
        QCOMPARE(asking.pane->report()->verdict, browser::Verdict::Blocked);
        QVERIFY(reportText(*asking.pane->report())
                    .contains(QStringLiteral("Access-Control-Allow-Origin   (is missing. This line decides.)")));
        QVERIFY(asking.pane->mendButton()->isEnabled());
        QCOMPARE(asking.pane->mendButton()->text(), QStringLiteral("Add https://a.example:8443"));
    }

    /// Whatever the server and the person wrote stays as it is.
    void theVerdictIsSaidInTheLanguageOfTheProgram()
    {
        class Marked : public QTranslator {
        public:
            bool isEmpty() const override { return false; }
            QString translate(const char* context, const char* text, const char*, int) const override
            {
                if (qstrcmp(context, "iotman::browser::Sentence") != 0)
                    return {};
                return u'\u27e6' + QString::fromUtf8(text) + u'\u27e7';
            }
        } marked;
        QCoreApplication::installTranslator(&marked);
        Asking asking(false);
        QVERIFY(asking.ask(QStringLiteral("https://a.example:8443")));
        const QStringList lines = reportText(*asking.pane->report()).split(u'\n');
        QCoreApplication::removeTranslator(&marked);
        QCOMPARE(lines[0], QStringLiteral("\u27e6A browser would refuse: the port is not in the list.\u27e7"));
        QVERIFY(lines[1].startsWith(
            QStringLiteral("\u27e6Pages at “https://a.example:8443” cannot read this endpoint.\u27e7 \u27e6")));
        QVERIFY(lines.contains(
            QStringLiteral("   Access-Control-Allow-Origin   (\u27e6is missing.\u27e7 \u27e6This line decides.\u27e7)")));
        for (const QString& line : lines)
            QVERIFY2(!QRegularExpression(QStringLiteral("^\\d+\\. [^\u27e6]")).match(line).hasMatch(), qPrintable(line));
    }

    void theMendAsksForTheOriginAndAskingAgainSucceeds()
    {
        Asking asking(false);
        QSignalSpy add(asking.pane.get(), &AskPane::addOriginRequested);
        QVERIFY(asking.ask(QStringLiteral("https://b.example")));
        asking.pane->mendButton()->click();
        QCOMPARE(add.count(), 1);
        QCOMPARE(add[0][0].toString(), QStringLiteral("https://b.example"));
        asking.allowed = "https://b.example";
        QVERIFY(asking.ask(QStringLiteral("https://b.example")));
        QCOMPARE(asking.pane->report()->verdict, browser::Verdict::Reads);
    }

    void whoMayNotMendIsToldWhy()
    {
        Asking asking(false);
        asking.pane->setMayAdd(false, QStringLiteral("Requires Editor or Admin role."));
        QVERIFY(asking.ask(QStringLiteral("https://b.example")));
        QVERIFY(!asking.pane->mendButton()->isEnabled());
        QCOMPARE(asking.pane->mendButton()->toolTip(), QStringLiteral("Requires Editor or Admin role."));
    }

    void whatIsNoOriginTakesTheAnswerBeforeAway()
    {
        Asking asking(false);
        QVERIFY(asking.ask(QStringLiteral("https://a.example")));
        QVERIFY(asking.pane->report());
        asking.pane->setOrigin(QStringLiteral("no origin"));
        asking.pane->ask();
        QVERIFY(!asking.pane->report());
    }

    void aTokenMakesAPreflightAndIsNeverShown()
    {
        Asking asking(true);
        QVERIFY(asking.ask(QStringLiteral("https://a.example")));
        QCOMPARE(asking.pane->report()->verdict, browser::Verdict::Reads);
        QCOMPARE(asking.server.requests.size(), 3); // token, preflight, page
        QCOMPARE(asking.server.requests[1].method, QByteArray("OPTIONS"));
        QCOMPARE(asking.server.requests[1].header("Authorization"), QByteArray());
        QCOMPARE(asking.server.requests[2].header("Authorization"), QByteArray("Bearer SENTINEL"));
        QVERIFY(!reportText(*asking.pane->report()).contains(QStringLiteral("SENTINEL")));
        for (auto* button : asking.pane->findChildren<QPushButton*>()) {
            if (button->text().startsWith(QStringLiteral("Copy")))
                button->click();
            QVERIFY(!QApplication::clipboard()->text().contains(QStringLiteral("SENTINEL")));
        }
    }

    void aWebSocketIsOpenedForReal()
    {
        Asking asking(true);
        asking.pane->setWay(browser::Way::WebSocket);
        QVERIFY(asking.ask(QStringLiteral("https://a.example")));
        QCOMPARE(asking.pane->report()->verdict, browser::Verdict::Reads);
        QVERIFY(!reportText(*asking.pane->report()).contains(QStringLiteral("SENTINEL")));
    }

    void aServerThatIsAwayIsNoVerdict()
    {
        Asking asking(false);
        EndpointView away = endpointAt(QUrl(QStringLiteral("http://127.0.0.1:1")), false);
        asking.pane->setEndpoint(away);
        QVERIFY(asking.ask(QStringLiteral("https://a.example")));
        QCOMPARE(asking.pane->report()->verdict, browser::Verdict::NoAnswer);
    }

    void codeFollowsLanguageAndEndpoint()
    {
        CodePane pane;
        const QUrl server(QStringLiteral("http://127.0.0.1:8787"));
        pane.setSubject(subjectOf(endpointAt(server, false), server));
        QVERIFY(pane.text()->toPlainText().contains(QStringLiteral("http://127.0.0.1:8787/data/out/weather")));
        QVERIFY(!pane.text()->toPlainText().contains(QStringLiteral("oauth")));
        pane.choose(codegen::Language::JavaScript, codegen::Way::Stream);
        QVERIFY(pane.text()->toPlainText().contains(QStringLiteral("new WebSocket")));
        pane.setSubject(subjectOf(endpointAt(server, true), server));
        QVERIFY(pane.text()->toPlainText().contains(QStringLiteral("new WebSocket")));
        QVERIFY(pane.text()->toPlainText().contains(QStringLiteral("http://127.0.0.1:8787/oauth/token")));
        pane.languages()->setCurrentIndex(4);
        QCOMPARE(pane.ways()->count(), 1);
        pane.languages()->setCurrentIndex(2);
        QVERIFY(pane.text()->toPlainText().contains(QStringLiteral("import websockets")));
    }

    /// secrets-2: beside a pane that has just read with a live token, every program takes its secrets from the environment.
    void codeForARestrictedEndpointHasNoSecret_data()
    {
        QTest::addColumn<int>("language");
        for (std::size_t i = 0; i < codegen::languages.size(); ++i)
            QTest::addRow("language %d", int(i)) << int(i);
    }
    void codeForARestrictedEndpointHasNoSecret()
    {
        QFETCH(int, language);
        Asking asking(true);
        QVERIFY(asking.ask(QStringLiteral("https://a.example")));
        QCOMPARE(asking.server.requests.last().header("Authorization"), QByteArray("Bearer SENTINEL"));
        CodePane pane;
        pane.setSubject(subjectOf(endpointAt(asking.server.url(), true), asking.server.url()));
        pane.languages()->setCurrentIndex(language);
        QVERIFY(pane.ways()->count() > 0);
        for (int way = 0; way < pane.ways()->count(); ++way) {
            pane.ways()->setCurrentIndex(way);
            const QString text = pane.text()->toPlainText();
            QVERIFY(text.contains(u"IOTMAN_CLIENT_ID") && text.contains(u"IOTMAN_CLIENT_SECRET"));
            QVERIFY(text.contains(u"/data/out/weather"));
            QApplication::clipboard()->clear();
            auto* copy = pane.findChild<CopyButton*>();
            QVERIFY(copy);
            copy->click();
            QCOMPARE(QApplication::clipboard()->text(), text);
            for (const QString& secret : {QStringLiteral("SENTINEL"), QStringLiteral("owner@localhost")}) {
                QVERIFY(!text.contains(secret));
                for (const QLabel* label : pane.findChildren<QLabel*>())
                    QVERIFY(!label->text().contains(secret));
            }
        }
    }
};

QTEST_MAIN(TestCode)
#include "tst_code.moc"
