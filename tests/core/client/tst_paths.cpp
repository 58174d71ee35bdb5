// Everything that the program asks a server for, on every way that there is to one: through proxies, to servers whose
// certificates somebody has to vouch for, with a certificate of one's own.
#include "core/client/eventstream.h"
#include "core/client/headexchange.h"
#include "core/client/management.h"
#include "core/client/pagereader.h"
#include "core/client/streamreader.h"
#include "core/client/text.h"
#include "tests/core/client/fakeproxy.h"
#include "tests/core/client/fakeserver.h"
#include "tests/core/client/selfsigned.h"
#include "tests/core/client/strictserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;
using namespace std::chrono_literals;

namespace {

using Tls = FakeServer::Tls;
const QString user = QStringLiteral("kim");
const QString password = QStringLiteral("SENTINELword");

enum class Through { Nothing, Http, HttpSignedIn, Socks, SocksSignedIn, System };
enum class Trust { Nothing, Authority, Pin, OldPin };

/// A way to a server.
struct Way {
    const char* name;
    Through through = Through::Nothing;
    Tls tls = Tls::Signed;
    Trust trust = Trust::Authority;
    bool ownCertificate = false;
    const char* trouble = ""; ///< part of what is told; empty: it goes
};

const Way ways[] = {
    {"straight, an authority of one's own"},
    {"straight, a pinned certificate", Through::Nothing, Tls::OtherName, Trust::Pin},
    {"straight, a certificate of one's own", Through::Nothing, Tls::Demanding, Trust::Authority, true},
    {"through an HTTP proxy", Through::Http},
    {"through an HTTP proxy with sign-in", Through::HttpSignedIn},
    {"through an HTTP proxy, a pinned certificate", Through::Http, Tls::OtherName, Trust::Pin},
    {"through an HTTP proxy, a certificate of one's own", Through::HttpSignedIn, Tls::Demanding, Trust::Authority, true},
    {"through a SOCKS proxy", Through::Socks},
    {"through a SOCKS proxy with sign-in", Through::SocksSignedIn},
    {"through a SOCKS proxy, a certificate of one's own", Through::Socks, Tls::Demanding, Trust::Authority, true},
    {"through the system's proxy", Through::System},
};

const Way closedWays[] = {
    {"nobody vouches for the server", Through::Nothing, Tls::Signed, Trust::Nothing, false, "certificate was refused"},
    {"the certificate is not the pinned one any more", Through::Nothing, Tls::OtherName, Trust::OldPin, false,
     "certificate was refused"},
    {"the same through a proxy", Through::Http, Tls::OtherName, Trust::OldPin, false, "certificate was refused"},
    {"no certificate of one's own", Through::Nothing, Tls::Demanding, Trust::Authority, false, "asks for a client certificate"},
    {"the same through a proxy", Through::Http, Tls::Demanding, Trust::Authority, false, "asks for a client certificate"},
};

/// One of each thing that is asked for; it tells “yes”, or why not.
struct Traveller {
    const Way& way;
    FakeServer server{way.tls};
    FakeProxy proxy{way.through == Through::Socks || way.through == Through::SocksSignedIn ? FakeProxy::Kind::Socks
                                                                                           : FakeProxy::Kind::Http,
                    signsIn() ? user.toLatin1() : QByteArray(), signsIn() ? password.toLatin1() : QByteArray()};
    StrictServer strict;
    FakeClock clock;
    FakeRandom random{255};
    Network network{settings()};
    QUrl url = place();
    TokenSource tokens{network, clock, {at("/oauth/token"), user, Secret("SENTINELsecret"), {}}};
    EndpointAddress endpoint = EndpointAddress::onServer(url, EndpointId{"w"});
    std::map<QByteArray, QString> told;

    explicit Traveller(const Way& chosen)
        : way(chosen)
    {
        server.answer = [](const FakeRequest& request) { return answerTo(request); };
        server.opened = [](QWebSocket& socket, const FakeRequest&) {
            socket.sendTextMessage(QStringLiteral("{\"time\":1,\"cursor\":\"s1\",\"item\":{\"n\":1}}"));
        };
    }

    /// Whoever is to be refused for want of a certificate is refused as most servers do it.
    QUrl place() const
    {
        QUrl made = way.tls == Tls::Demanding && !way.ownCertificate ? strict.url() : server.url();
        if (way.through != Through::Nothing)
            made.setHost(QStringLiteral("iot.example")); // which only a proxy can find
        return made;
    }

    bool signsIn() const { return way.through == Through::HttpSignedIn || way.through == Through::SocksSignedIn; }
    QUrl at(const char* path) const
    {
        QUrl made = url;
        made.setPath(QLatin1String(path));
        return made;
    }

    NetworkSettings settings() const
    {
        NetworkSettings made;
        if (way.trust == Trust::Authority)
            made.authorities = QSslCertificate::fromData(certificateFile(QStringLiteral("authority.pem")));
        else if (way.trust != Trust::Nothing)
            made.pinned = QSslCertificate(way.trust == Trust::Pin ? selfSignedCertificate : expiredCertificate)
                              .digest(QCryptographicHash::Sha256);
        if (way.ownCertificate)
            made.clientCertificate = clientCertificateFrom(certificateFile(QStringLiteral("both.pem")), {}, {}).value();
        if (way.through != Through::Nothing && way.through != Through::System)
            made.proxies = [known = proxy.proxy(signsIn() ? user : QString(), signsIn() ? password : QString())](
                               const QNetworkProxyQuery&) { return QList<QNetworkProxy>{known}; };
        return made;
    }

    static FakeAnswer answerTo(const FakeRequest& request)
    {
        FakeAnswer answer;
        if (request.path() == "/oauth/token")
            return tokenAnswer("SENTINELtoken");
        if (request.header("Authorization") != "Bearer SENTINELtoken")
            answer.status = 401;
        else if (request.path() == "/data/out/w")
            answer.body = "{\"data\":[{\"n\":1}],\"next_page\":null,\"times\":[1],\"live\":\"s1\"}";
        else if (request.path() == "/events")
            answer.raw = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: hello\ndata: {}\n\n";
        else
            answer.body = "{\"email\":\"kim@company.example\",\"role\":\"admin\",\"workspace\":{\"id\":\"1\",\"slug\":\"w\","
                          "\"name\":\"W\"}}";
        return answer;
    }

    template <class T>
    auto note(const char* what)
    {
        return [this, what](const Expected<T>& result) {
            told[what] = result ? QStringLiteral("yes") : toQt(result.error().detail);
        };
    }

    /// Sends everything at once and waits until all of it has been told of.
    std::map<QByteArray, QString> travel()
    {
        QObject context;
        PageReader pages(network, &tokens, endpoint);
        Management management(network, tokens, clock, url);
        EventStream events(network, tokens, clock, random, at("/events"));
        StreamReader stream(network, &tokens, clock, random, endpoint);
        tokens.token(&context, note<Token>("token"));
        pages.read(PageQuery(), &context, [this](const Expected<PageAnswer>& answer) {
            told["page"] = !answer        ? toQt(answer.error().detail)
                           : answer->page ? QStringLiteral("yes")
                                          : toQt(answer->page.error().detail);
        });
        management.me(&context, note<Me>("management"));
        QObject::connect(&events, &EventStream::arrived, &context, [this] { told["events"] = QStringLiteral("yes"); });
        QObject::connect(&events, &EventStream::failed, &context,
                         [this](const Error& error) { told.try_emplace("events", toQt(error.detail)); });
        events.start();
        QObject::connect(&stream, &StreamReader::itemsArrived, &context, [this] { told["stream"] = QStringLiteral("yes"); });
        QObject::connect(&stream, &StreamReader::statusChanged, &context, [this](const StreamStatus& status) {
            if (status.why)
                told.try_emplace("stream", toQt(status.why->detail));
        });
        stream.start({});
        [this] { QTRY_COMPARE_WITH_TIMEOUT(told.size(), std::size_t(5), 20'000); }();
        return told;
    }
};

QString summary(const std::map<QByteArray, QString>& told)
{
    QStringList lines;
    for (const auto& [what, how] : told)
        lines << QString::fromLatin1(what) + u": " + how;
    return lines.join(u'\n');
}

} // namespace

class TestPaths : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everythingReachesTheServer_data()
    {
        QTest::addColumn<int>("at");
        for (std::size_t i = 0; i < std::size(ways); ++i)
            QTest::newRow(ways[i].name) << static_cast<int>(i);
    }
    void everythingReachesTheServer()
    {
        QFETCH(int, at);
        const Way& way = ways[at];
        const Printed printed;
        Traveller traveller(way);
        if (way.through == Through::System)
            qputenv("https_proxy", QByteArray("http://127.0.0.1:" + QByteArray::number(traveller.proxy.port())));
        const auto told = traveller.travel();
        qunsetenv("https_proxy");
        QCOMPARE(summary(told), QStringLiteral("events: yes\nmanagement: yes\npage: yes\nstream: yes\ntoken: yes"));

        // What is shown and what is carried, on every single connection.
        const QString subject = way.ownCertificate ? QStringLiteral("editor") : QString();
        QCOMPARE(traveller.server.shown.count(subject), traveller.server.shown.size());
        const QByteArray target = "iot.example:" + QByteArray::number(traveller.server.url().port());
        if (way.through == Through::Nothing)
            QCOMPARE(traveller.proxy.tunnels.size(), qsizetype(0));
        else
            QVERIFY2(traveller.proxy.tunnels.size() >= 3 &&
                         traveller.proxy.tunnels.count(target) == traveller.proxy.tunnels.size(),
                     traveller.proxy.tunnels.join(' ').constData());
        QVERIFY(!traveller.proxy.carried.contains("SENTINEL"));
        QVERIFY2(!Printed::text().contains(QStringLiteral("SENTINEL")), qPrintable(Printed::text()));
    }

    void aClosedWayIsTold_data()
    {
        QTest::addColumn<int>("at");
        for (std::size_t i = 0; i < std::size(closedWays); ++i)
            QTest::addRow("%s, %zu", closedWays[i].name, i) << static_cast<int>(i);
    }
    void aClosedWayIsTold()
    {
        QFETCH(int, at);
        const Way& way = closedWays[at];
        Traveller traveller(way);
        QObject context;
        QString token, head, events, stream;
        // Each by itself: where there is no token, the others would not even try.
        Token valid{Secret("SENTINELtoken"), traveller.clock.now(), Timestamp{traveller.clock.now().us + 3'600'000'000}};
        traveller.tokens.token(
            &context, [&](const Expected<Token>& got) { token = got ? QStringLiteral("yes") : toQt(got.error().detail); });
        QTRY_VERIFY(!token.isEmpty());
        traveller.tokens.adopt(valid);
        askForHead(traveller.network, {"GET", traveller.at("/data/out/w"), {}, {}, 0}, &context,
                   [&](const Expected<HttpAnswer>& got) { head = got ? QStringLiteral("yes") : toQt(got.error().detail); });
        EventStream listening(traveller.network, traveller.tokens, traveller.clock, traveller.random, traveller.at("/events"));
        QObject::connect(&listening, &EventStream::failed, &context, [&](const Error& error) { events = toQt(error.detail); });
        listening.start();
        StreamReader reading(traveller.network, &traveller.tokens, traveller.clock, traveller.random, traveller.endpoint);
        QObject::connect(&reading, &StreamReader::statusChanged, &context, [&](const StreamStatus& status) {
            if (status.why)
                stream = toQt(status.why->detail);
        });
        reading.start({});
        QTRY_VERIFY(!head.isEmpty() && !events.isEmpty() && !stream.isEmpty());
        const QString part = QLatin1String(way.trouble);
        for (const QString& told : {token, head, events, stream})
            QVERIFY2(told.contains(part), qPrintable(told));
        QCOMPARE(traveller.server.requests.size(), qsizetype(0));
    }

    void onlyTheOneCertificateThatIsExpectedWillDo_data()
    {
        QTest::addColumn<int>("tls");
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<QString>("told");
        const auto digest = [](const QSslCertificate& certificate) { return certificate.digest(QCryptographicHash::Sha256); };
        const QString another = QStringLiteral("shows another certificate");
        QTest::newRow("this one, for another name")
            << int(Tls::OtherName) << digest(QSslCertificate(selfSignedCertificate)) << QStringLiteral("404");
        QTest::newRow("another, for another name")
            << int(Tls::OtherName) << digest(QSslCertificate(expiredCertificate)) << another;
        QTest::newRow("another, though an authority vouches for it")
            << int(Tls::Signed) << digest(QSslCertificate(selfSignedCertificate)) << another;
    }
    void onlyTheOneCertificateThatIsExpectedWillDo()
    {
        QFETCH(int, tls);
        QFETCH(QByteArray, expected);
        QFETCH(QString, told);
        FakeServer server{static_cast<Tls>(tls)};
        NetworkSettings settings;
        settings.authorities = QSslCertificate::fromData(certificateFile(QStringLiteral("authority.pem")));
        settings.only = expected;
        Network network(settings);
        QString got;
        network.send({"GET", server.url(), {}, {}, 1000}, this, [&](const Expected<HttpAnswer>& answer) {
            got = answer ? QString::number(answer->status) : toQt(answer.error().detail);
        });
        QTRY_VERIFY(!got.isEmpty());
        QVERIFY2(got.contains(told), qPrintable(got));
        QCOMPARE(server.requests.size(), told == u"404" ? qsizetype(1) : qsizetype(0));
    }

    void aProxyThatWantsToKnowWhoComesIsNamed_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("typed");
        QTest::newRow("HTTP, nobody signs in") << 0 << QString();
        QTest::newRow("HTTP, a wrong password") << 0 << QStringLiteral("x");
        QTest::newRow("SOCKS, nobody signs in") << 1 << QString();
        QTest::newRow("SOCKS, a wrong password") << 1 << QStringLiteral("x");
    }
    void aProxyThatWantsToKnowWhoComesIsNamed()
    {
        QFETCH(int, kind);
        QFETCH(QString, typed);
        FakeServer server(Tls::Signed);
        FakeProxy proxy(kind == 0 ? FakeProxy::Kind::Http : FakeProxy::Kind::Socks, user.toLatin1(), password.toLatin1());
        NetworkSettings settings;
        settings.proxies = [known = proxy.proxy(typed.isEmpty() ? QString() : user, typed)](const QNetworkProxyQuery&) {
            return QList<QNetworkProxy>{known};
        };
        Network network(settings);
        QString told;
        network.send({"GET", server.namedUrl(QStringLiteral("/")), {}, {}, 1000}, this,
                     [&](const Expected<HttpAnswer>& got) { told = got ? QStringLiteral("yes") : toQt(got.error().detail); });
        QTRY_VERIFY(!told.isEmpty());
        QVERIFY2(told.contains(QStringLiteral("The proxy on the way to")), qPrintable(told));
        QCOMPARE(told.contains(QStringLiteral("sign-in")), true);
        QVERIFY(proxy.refusals > 0);
        QCOMPARE(server.requests.size(), qsizetype(0));
    }

    void theCertificateOfAServerIsLookedAtThroughAProxy()
    {
        FakeServer server(Tls::Renewed);
        FakeProxy proxy(FakeProxy::Kind::Http);
        NetworkSettings settings;
        settings.proxies = [known = proxy.proxy()](const QNetworkProxyQuery&) { return QList<QNetworkProxy>{known}; };
        Network network(settings);
        std::optional<Expected<PresentedCertificate>> shown;
        network.certificate(server.namedUrl(), this, [&](Expected<PresentedCertificate> got) { shown = std::move(got); });
        QTRY_VERIFY(shown);
        QVERIFY(*shown);
        QCOMPARE((*shown)->fingerprint(),
                 QSslCertificate(certificateFile(QStringLiteral("renewed.pem"))).digest(QCryptographicHash::Sha256));
        QCOMPARE(proxy.tunnels.size(), qsizetype(1));
    }
};

QTEST_GUILESS_MAIN(TestPaths)
#include "tst_paths.moc"
