// All probes put to two sides of a server that answers what a script says.
#include "core/lab/comparison.h"
#include "core/lab/report.h"
#include "tests/core/client/fakeserver.h"

#include <QtTest/QtTest>

#include <set>

using namespace iotman;
using namespace iotman::lab;
using client::FakeAnswer;
using client::FakeRequest;
using client::FakeServer;

namespace {

constexpr int patience = 20'000; // ms

Side sideOf(const FakeServer& server, const char* endpoint)
{
    return {server.url(QStringLiteral("/data/out/") + QLatin1String(endpoint)).toString().toStdString(), {}, {}, {}};
}

/// Pages of three items, of which a page of one leads on by a number.
FakeAnswer pageAnswer(const FakeServer& server, const FakeRequest& request)
{
    const int limit = request.parameter(QStringLiteral("limit")).toInt();
    const int first = request.parameter(QStringLiteral("cursor")).toInt();
    QByteArray items;
    for (int n = first; n < std::min(3, first + limit); ++n)
        items += (items.isEmpty() ? "{\"n\":" : ",{\"n\":") + QByteArray::number(n) + "}";
    QByteArray next = "null";
    if (first + limit < 3)
        next = "\"" + server.url().toString().toLatin1() + request.path() +
               "?limit=1&to=9&cursor=" + QByteArray::number(first + limit) + "\"";
    return {200, "{\"data\":[" + items + "],\"next_page\":" + next + "}", "application/json", {}, false, {}};
}

bool finishes(Comparison& comparison)
{
    QSignalSpy finished(&comparison, &Comparison::finished);
    comparison.start();
    return finished.wait(patience);
}

} // namespace

class TestComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsAskedTwice()
    {
        FakeServer there, here;
        for (FakeServer* server : {&there, &here}) {
            server->upgrade = [](const FakeRequest&) { return false; };
            server->answer = [server](const FakeRequest& request) { return pageAnswer(*server, request); };
        }
        client::Network network;
        Comparison comparison(network, sideOf(there, "a"), {std::chrono::milliseconds(0)}, sideOf(here, "a"),
                              {std::chrono::milliseconds(0)});
        QVERIFY(finishes(comparison));
        QCOMPARE(static_cast<int>(comparison.findings().size()), comparison.total());
        QVERIFY2(!hasDifference(comparison.findings()), reportText(comparison.findings()).c_str());
        std::set<QByteArray> heads;
        for (const FakeRequest& request : there.requests)
            QVERIFY2(heads.insert(request.head).second, request.head.constData());
    }

    void aMessageIsFoundOnThePageThatFollows()
    {
        FakeServer server;
        server.answer = [&](const FakeRequest& request) { return pageAnswer(server, request); };
        server.opened = [](QWebSocket& socket, const FakeRequest& request) {
            socket.sendTextMessage(request.target.contains("/a/") ? QStringLiteral("{\"n\":1}") : QStringLiteral("{\"n\": 1}"));
        };
        client::Network network;
        Comparison comparison(network, sideOf(server, "a"), {std::chrono::milliseconds(0)}, sideOf(server, "b"),
                              {std::chrono::milliseconds(0)});
        QVERIFY(finishes(comparison));
        QCOMPARE(
            lineOf(comparison.findings().back()),
            std::string(
                "different a message of the stream: there text, the bytes of the page's item; here text, the page's item with "
                "other white space"));
    }

    void silenceOnAStreamIsUnknown()
    {
        FakeServer server;
        server.answer = [&](const FakeRequest& request) { return pageAnswer(server, request); };
        client::Network network;
        const Manners hasty{std::chrono::milliseconds(0), std::chrono::milliseconds(1000)};
        Comparison comparison(network, sideOf(server, "a"), hasty, sideOf(server, "b"), hasty);
        QVERIFY(finishes(comparison));
        const Finding& last = comparison.findings().back();
        QCOMPARE(last.verdict(), Verdict::Unknown);
        QVERIFY2(last.there.text().find("within 1 s") != std::string::npos, last.there.text().c_str());
    }

    void whoDoesNotAnswerTwiceIsNotAskedAnyMore()
    {
        QTcpServer silent; // whose connections nobody reads
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        FakeServer here;
        here.upgrade = [](const FakeRequest&) { return false; };
        here.answer = [&](const FakeRequest& request) { return pageAnswer(here, request); };
        client::NetworkSettings hasty;
        hasty.silence = std::chrono::milliseconds(200);
        client::Network network(hasty);
        const Side there{"http://127.0.0.1:" + std::to_string(silent.serverPort()) + "/data/out/a", {}, {}, {}};
        Comparison comparison(network, there, {std::chrono::milliseconds(0)}, sideOf(here, "a"), {std::chrono::milliseconds(0)});
        QElapsedTimer elapsed;
        elapsed.start();
        QVERIFY(finishes(comparison));
        QVERIFY2(elapsed.elapsed() < 3000, qPrintable(QString::number(elapsed.elapsed())));
        QVERIFY(comparison.isGivenUp());
        QVERIFY(!hasDifference(comparison.findings()));
        QVERIFY(comparison.findings()[0].there.text().ends_with("did not answer in time."));
        QVERIFY(comparison.findings()[1].there.text().ends_with("did not answer in time."));
        QVERIFY(comparison.findings()[2].there.text().ends_with("did not answer in time. It was not asked any more."));
    }

    void aPauseLiesBetweenTwoRequests()
    {
        FakeServer server;
        server.upgrade = [](const FakeRequest&) { return false; };
        server.answer = [&](const FakeRequest& request) { return pageAnswer(server, request); };
        client::Network network;
        Comparison comparison(network, sideOf(server, "a"), {std::chrono::milliseconds(40)}, sideOf(server, "b"),
                              {std::chrono::milliseconds(0)});
        QElapsedTimer elapsed;
        elapsed.start();
        QVERIFY(finishes(comparison));
        qsizetype asked = 0;
        for (const FakeRequest& request : server.requests)
            asked += request.target.startsWith("/data/out/a") ? 1 : 0;
        QVERIFY2(elapsed.elapsed() >= 40 * (asked - 1), qPrintable(QString::number(elapsed.elapsed())));
    }

    void afterCancelNothingIsToldAndNothingAsked()
    {
        FakeServer server;
        server.answer = [&](const FakeRequest& request) { return pageAnswer(server, request); };
        client::Network network;
        Comparison comparison(network, sideOf(server, "a"), {std::chrono::milliseconds(20)}, sideOf(server, "b"),
                              {std::chrono::milliseconds(0)});
        QSignalSpy found(&comparison, &Comparison::found);
        comparison.start();
        QVERIFY(found.wait(patience));
        comparison.cancel();
        const qsizetype told = found.size(), asked = server.requests.size();
        QTest::qWait(200);
        QCOMPARE(found.size(), told);
        QVERIFY(server.requests.size() <= asked + 1); // one was under way
    }
};

QTEST_GUILESS_MAIN(TestComparison)
#include "tst_comparison.moc"
