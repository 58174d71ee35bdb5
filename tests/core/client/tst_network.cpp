#include "core/client/address.h"
#include "core/client/network.h"
#include "core/client/refusal.h"
#include "core/client/text.h"
#include "tests/core/client/fakeserver.h"
#include "tests/core/client/selfsigned.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;

namespace {

/// Sends and waits for what comes.
Expected<HttpAnswer> exchange(Network& network, const HttpRequest& request)
{
    std::optional<Expected<HttpAnswer>> result;
    QObject context;
    network.send(request, &context, [&](Expected<HttpAnswer> answer) { result = std::move(answer); });
    [&] { QTRY_VERIFY(result); }();
    return result ? std::move(*result) : Expected<HttpAnswer>(fail(Problem::Internal, "no reply"));
}

HttpRequest get(const QUrl& url)
{
    return {"GET", url, {}, {}, 1000};
}

NetworkSettings withProxy(QList<QUrl>& asked)
{
    NetworkSettings settings;
    settings.proxies = [&asked](const QNetworkProxyQuery& query) {
        asked << query.url();
        return QList<QNetworkProxy>{QNetworkProxy(QNetworkProxy::HttpProxy, QStringLiteral("127.0.0.1"), 9)};
    };
    return settings;
}

} // namespace

class TestNetwork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAnswerHasItsStatusHeadersAndBytes()
    {
        FakeServer server;
        server.answer = [](const FakeRequest&) { return FakeAnswer{418, "\xff\x00tea", "text/x", "X-A: 1\r\n", false, {}}; };
        Network network;
        const auto answer = exchange(network, get(server.url(QStringLiteral("/a"))));
        QVERIFY(answer);
        QCOMPARE(answer->status, 418);
        QCOMPARE(answer->body, QByteArray("\xff\x00tea"));
        QCOMPARE(answer->header("x-a"), QByteArray("1"));
        QVERIFY(answer->elapsed.count() >= 0);
    }

    void everyStatusIsAnAnswer_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {200, 204, 301, 304, 400, 401, 403, 404, 405, 409, 412, 421, 429, 500, 503, 507})
            QTest::addRow("%d", status) << status;
    }
    void everyStatusIsAnAnswer()
    {
        QFETCH(int, status);
        FakeServer server;
        server.answer = [&](const FakeRequest&) { return FakeAnswer{status, {}, "text/plain", {}, false, {}}; };
        Network network;
        const auto answer = exchange(network, get(server.url(QStringLiteral("/"))));
        QVERIFY2(answer, answer ? "" : answer.error().detail.c_str());
        QCOMPARE(answer->status, status);
    }

    void aRedirectIsNotFollowed()
    {
        FakeServer elsewhere;
        FakeServer server;
        server.answer = [&](const FakeRequest&) {
            return FakeAnswer{302,   {}, "text/plain", "Location: " + elsewhere.url(QStringLiteral("/x")).toEncoded() + "\r\n",
                              false, {}};
        };
        Network network;
        const auto answer = exchange(network, get(server.url(QStringLiteral("/"))));
        QVERIFY(answer);
        QVERIFY(refusal(*answer).detail.find("redirect") != std::string::npos);
        QCOMPARE(elsewhere.requests.size(), 0);
    }

    void cookiesAreNeitherKeptNorSent()
    {
        FakeServer server;
        server.answer = [](const FakeRequest&) {
            return FakeAnswer{200, "{}", "application/json", "Set-Cookie: a=b; Path=/\r\n", false, {}};
        };
        Network network;
        QVERIFY(exchange(network, get(server.url(QStringLiteral("/")))));
        QVERIFY(exchange(network, get(server.url(QStringLiteral("/")))));
        QCOMPARE(server.requests.last().header("Cookie"), QByteArray());
        QVERIFY(server.requests.last().head.startsWith("GET / HTTP/1.1"));
    }

    void anAnswerLongerThanWantedIsRefused()
    {
        FakeServer server;
        server.answer = [](const FakeRequest& request) {
            return FakeAnswer{200, QByteArray(request.path() == "/long" ? 1001 : 1000, 'x'), "text/plain", {}, false, {}};
        };
        Network network;
        QVERIFY(exchange(network, get(server.url(QStringLiteral("/fits")))));
        const auto answer = exchange(network, get(server.url(QStringLiteral("/long"))));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Problem::TooLarge);
    }

    void aPackedAnswerIsMeasuredUnpacked()
    {
        FakeServer server;
        // zlib's format, which HTTP calls deflate; qCompress puts a length of four bytes before it.
        server.answer = [](const FakeRequest&) {
            return FakeAnswer{
                200, qCompress(QByteArray(10'000'000, 'x')).mid(4), "text/plain", "Content-Encoding: deflate\r\n", false, {}};
        };
        Network network;
        const auto answer = exchange(network, get(server.url(QStringLiteral("/"))));
        QVERIFY(!answer);
    }

    void anAnswerThatBreaksOffIsNoAnswer()
    {
        FakeServer server;
        server.answer = [](const FakeRequest&) {
            return FakeAnswer{200, {}, {}, {}, false, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":["};
        };
        Network network;
        const auto answer = exchange(network, get(server.url(QStringLiteral("/"))));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Problem::Unavailable);
    }

    void whoDoesNotAnswerIsGivenUp()
    {
        FakeServer server;
        server.answer = [](const FakeRequest&) { return FakeAnswer{200, {}, {}, {}, true, {}}; };
        NetworkSettings settings;
        settings.silence = std::chrono::milliseconds(20);
        Network network(settings);
        const auto answer = exchange(network, get(server.url(QStringLiteral("/"))));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Problem::Unavailable);
        QVERIFY(answer.error().detail.find("in time") != std::string::npos);
    }

    void aServerThatIsNotThereIsNamed()
    {
        Network network;
        const auto answer = exchange(network, get(QUrl(QStringLiteral("http://127.0.0.1:9/"))));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Problem::Unavailable);
        QVERIFY(answer.error().detail.starts_with("127.0.0.1:9 refuses connections"));
    }

    void thisComputerIsReachedWithoutProxy() // store-7
    {
        FakeServer server;
        server.answer = [](const FakeRequest&) { return FakeAnswer{200, "{}", "application/json", {}, false, {}}; };
        QList<QUrl> asked;
        Network network(withProxy(asked));
        QUrl byName = server.url(QStringLiteral("/"));
        byName.setHost(QStringLiteral("localhost"));
        QVERIFY(exchange(network, get(server.url(QStringLiteral("/")))));
        (void)exchange(network, get(byName)); // a machine without /etc/hosts does not know the name: still no proxy is asked
        QCOMPARE(asked.size(), 0);
        QCOMPARE(network.proxyFor(byName).type(), QNetworkProxy::NoProxy);
        QCOMPARE(network.proxyFor(QUrl(QStringLiteral("ws://[::1]:8787/x"))).type(), QNetworkProxy::NoProxy);
    }

    void otherComputersAreReachedThroughTheProxy() // store-7
    {
        QList<QUrl> asked;
        Network network(withProxy(asked));
        const auto answer = exchange(network, get(QUrl(QStringLiteral("http://gateway.example/"))));
        QVERIFY(!answer);
        QVERIFY2(answer.error().detail.find("proxy") != std::string::npos, answer.error().detail.c_str());
        QVERIFY(!asked.isEmpty());
        QCOMPARE(network.proxyFor(QUrl(QStringLiteral("wss://gateway.example/x"))).port(), quint16(9));
        QCOMPARE(asked.last().scheme(), QStringLiteral("https"));
    }

    void proxyVariablesDoNotReachLoopback() // store-7
    {
        for (const char* name : {"http_proxy", "HTTPS_PROXY", "all_proxy"})
            qputenv(name, "http://127.0.0.1:9");
        FakeServer server;
        server.answer = [](const FakeRequest&) { return FakeAnswer{200, "{}", "application/json", {}, false, {}}; };
        Network network;
        QVERIFY(exchange(network, get(server.url(QStringLiteral("/")))));
        for (const char* name : {"http_proxy", "HTTPS_PROXY", "all_proxy"})
            qunsetenv(name);
    }

    void aCertificateThatDoesNotVerifyIsRefusedWithItsFingerprint_data() // client-6
    {
        QTest::addColumn<FakeServer::Tls>("tls");
        QTest::addColumn<bool>("trusted");
        QTest::newRow("self-signed") << FakeServer::Tls::OtherName << false;
        QTest::newRow("for another name") << FakeServer::Tls::OtherName << true;
        QTest::newRow("expired") << FakeServer::Tls::Expired << true;
    }
    void aCertificateThatDoesNotVerifyIsRefusedWithItsFingerprint()
    {
        QFETCH(FakeServer::Tls, tls);
        QFETCH(bool, trusted);
        FakeServer server(tls);
        const QSslCertificate certificate(tls == FakeServer::Tls::Expired ? expiredCertificate : selfSignedCertificate);
        NetworkSettings settings;
        if (trusted)
            settings.authorities << certificate;
        Network network(settings);
        const auto answer = exchange(network, get(server.url(QStringLiteral("/"))));
        QVERIFY(!answer);
        const QString detail = toQt(answer.error().detail);
        QVERIFY2(detail.contains(u"certificate"), qPrintable(detail));
        QVERIFY2(detail.contains(QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':'))),
                 qPrintable(detail));
        QCOMPARE(server.requests.size(), 0);
    }

    void aPinnedCertificateIsTrustedAsItIs_data()
    {
        QTest::addColumn<FakeServer::Tls>("tls");
        QTest::addColumn<bool>("pinned");
        QTest::newRow("self-signed, for another name") << FakeServer::Tls::OtherName << true;
        QTest::newRow("expired") << FakeServer::Tls::Expired << true;
        QTest::newRow("another one is pinned") << FakeServer::Tls::OtherName << false;
    }
    void aPinnedCertificateIsTrustedAsItIs()
    {
        QFETCH(FakeServer::Tls, tls);
        QFETCH(bool, pinned);
        FakeServer server(tls);
        const QSslCertificate own(tls == FakeServer::Tls::Expired ? expiredCertificate : selfSignedCertificate);
        const QSslCertificate other(expiredCertificate);
        NetworkSettings settings;
        settings.pinned = (pinned ? own : other).digest(QCryptographicHash::Sha256);
        Network network(settings);
        QCOMPARE(exchange(network, get(server.url(QStringLiteral("/")))).has_value(), pinned);
        QCOMPARE(server.requests.size(), pinned ? 1 : 0);
    }

    void aCertificateCanBeLookedAtWithoutARequest()
    {
        FakeServer server(FakeServer::Tls::OtherName);
        Network network;
        std::optional<Expected<PresentedCertificate>> shown;
        network.certificate(server.url(), this, [&](Expected<PresentedCertificate> got) { shown = std::move(got); });
        QTRY_VERIFY(shown);
        QVERIFY(*shown);
        QCOMPARE((*shown)->fingerprint(), QSslCertificate(selfSignedCertificate).digest(QCryptographicHash::Sha256));
        QVERIFY(!(*shown)->errors.isEmpty());
        QCOMPARE(server.requests.size(), 0);
    }

    void aCancelledRequestIsNeverAnswered()
    {
        FakeServer server;
        bool answered = false;
        QObject context;
        Network network;
        Call call = network.send(get(server.url(QStringLiteral("/"))), &context, [&](const auto&) { answered = true; });
        QVERIFY(call.isActive());
        call.cancel();
        QVERIFY(!call.isActive());
        QVERIFY(exchange(network, get(server.url(QStringLiteral("/other")))));
        QVERIFY(!answered);
    }

    void nothingIsCalledOnceTheContextIsGone()
    {
        FakeServer server;
        bool answered = false;
        Network network;
        auto context = std::make_unique<QObject>();
        const Call call =
            network.send(get(server.url(QStringLiteral("/"))), context.get(), [&](const auto&) { answered = true; });
        context.reset();
        QVERIFY(!call.isActive());
        QVERIFY(exchange(network, get(server.url(QStringLiteral("/other")))));
        QVERIFY(!answered);
    }

    void nothingIsCalledOnceTheNetworkIsGone()
    {
        FakeServer server;
        bool answered = false;
        QObject context;
        auto network = std::make_unique<Network>();
        network->send(get(server.url(QStringLiteral("/"))), &context, [&](const auto&) { answered = true; });
        network.reset();
        Network other;
        QVERIFY(exchange(other, get(server.url(QStringLiteral("/other")))));
        QVERIFY(!answered);
    }

    void aReplyMayDeleteTheNetwork()
    {
        FakeServer server;
        QObject context;
        auto* network = new Network;
        bool answered = false;
        network->send(get(server.url(QStringLiteral("/"))), &context, [&](const auto&) {
            delete network;
            answered = true;
        });
        QTRY_VERIFY(answered);
    }
};

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
