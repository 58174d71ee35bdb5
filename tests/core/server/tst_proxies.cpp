// Whose word about a request counts.
#include "core/server/proxies.h"

#include <QtTest/QtTest>

using namespace iotman::server;

namespace {

RequestHead headOf(const QList<QByteArray>& lines)
{
    RequestHead head;
    head.host = "own.example:8787";
    for (const QByteArray& line : lines) {
        const qsizetype colon = line.indexOf(':');
        head.headers.push_back({line.left(colon).toLower().toStdString(), line.mid(colon + 1).trimmed().toStdString()});
    }
    return head;
}

const QByteArray openQuote = R"(Forwarded: host=evil.example;for=", for=198.51.100.7;host=gw.example;proto=https)";
const QByteArray escapedQuote = R"(Forwarded: for=198.51.100.7;by="a\",b";proto=https)";
const QByteArray quoteInAddresses = R"(X-Forwarded-For: ", 198.51.100.7)";

} // namespace

class TestProxies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressesAndNetworksAreRead_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("inside");
        QTest::addColumn<QString>("outside");
        const auto row = [](const char* network, const char* inside, const char* outside) {
            QTest::newRow(network) << QString::fromUtf8(network) << QString::fromUtf8(inside) << QString::fromUtf8(outside);
        };
        row("127.0.0.1", "127.0.0.1", "127.0.0.2");
        row("10.0.0.0/8", "10.255.1.2", "11.0.0.1");
        row("192.168.128.0/17", "192.168.200.1", "192.168.1.1");
        row("0.0.0.0/0", "8.8.8.8", "2001:db8::1");
        row("::1", "::1", "::2");
        row("[::1]", "::1", "127.0.0.1");
        row("fd00::/8", "fdab::1", "fe80::1");
        row("172.16.0.0/12", "172.31.255.255", "172.32.0.0");
    }
    void addressesAndNetworksAreRead()
    {
        QFETCH(QString, network);
        QFETCH(QString, inside);
        QFETCH(QString, outside);
        const auto proxies = Proxies::parse({network.toStdString()});
        QVERIFY(proxies.has_value());
        QVERIFY(proxies->trusts(inside.toStdString()));
        QVERIFY(!proxies->trusts(outside.toStdString()));
    }

    void whatIsNoNetworkIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::1/129", "10.0.0.0/-1", "10.0.0.0/8x", "1.2.3.4:80/8/9"})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void whatIsNoNetworkIsRefused()
    {
        QFETCH(QString, text);
        QVERIFY(!Proxies::parse({text.toStdString()}));
    }

    void theOutermostTrustedProxyCounts_data()
    {
        QTest::addColumn<QString>("peer");
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<QString>("seen"); ///< client scheme host
        const auto row = [](const char* name, const char* peer, const QList<QByteArray>& headers, const char* seen) {
            QTest::newRow(name) << QString::fromUtf8(peer) << headers << QString::fromUtf8(seen);
        };
        row("headers from anyone are ignored (nextpage-2)", "203.0.113.9",
            {"X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "Forwarded: host=evil.example"},
            "203.0.113.9 http own.example:8787");
        row("no headers say nothing", "10.0.0.1", {}, "10.0.0.1 http own.example:8787");
        row("the customary headers", "10.0.0.1",
            {"X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: gw.example:8443"},
            "198.51.100.7 https gw.example:8443");
        row("the scheme of a WebSocket's handshake", "10.0.0.1", {"X-Forwarded-Proto: WSS", "X-Forwarded-Host: gw.example"}, "10.0.0.1 https gw.example");
        row("a port beside the host (nextpage-1)", "10.0.0.1", {"X-Forwarded-Proto: https", "X-Forwarded-Host: gw.example", "X-Forwarded-Port: 8443"},
            "10.0.0.1 https gw.example:8443");
        row("a port beside a host with one", "10.0.0.1", {"X-Forwarded-Host: [2001:db8::1]:1", "X-Forwarded-Port: 8443"}, "10.0.0.1 http [2001:db8::1]:1");
        row("the port of the other scheme", "10.0.0.1", {"X-Forwarded-Proto: https", "X-Forwarded-Host: gw.example", "X-Forwarded-Port: 80"},
            "10.0.0.1 https gw.example");
        row("a port that is none", "10.0.0.1", {"X-Forwarded-Host: gw.example", "X-Forwarded-Port: 8443/x"}, "10.0.0.1 http gw.example");
        row("scheme and host without an address", "10.0.0.1", {"X-Forwarded-Proto: https", "X-Forwarded-Host: gw.example"},
            "10.0.0.1 https gw.example");
        row("what a client put before the proxy's word does not count", "10.0.0.1",
            {"X-Forwarded-For: 1.1.1.1, 198.51.100.7", "X-Forwarded-Proto: https"}, "198.51.100.7 https own.example:8787");
        row("two trusted proxies", "10.0.0.1", {"X-Forwarded-For: 198.51.100.7, 10.0.0.2", "X-Forwarded-Proto: https, http"},
            "198.51.100.7 https own.example:8787");
        row("RFC 7239", "10.0.0.1", {R"(Forwarded: for="[2001:db8::7]:4711";proto=https;host="gw.example:8443")"},
            "2001:db8::7 https gw.example:8443");
        row("a client's own Forwarded does not count beside a proxy's customary headers", "10.0.0.1",
            {"Forwarded: for=1.1.1.1;proto=http;host=evil.example", "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https"},
            "198.51.100.7 https own.example:8787");
        row("RFC 7239 over two lines", "10.0.0.1",
            {"Forwarded: for=198.51.100.7;proto=https;host=gw.example", "Forwarded: for=10.0.0.2;proto=http;host=inner"},
            "198.51.100.7 https gw.example");
        row("many elements before the proxy's own", "10.0.0.1",
            {"Forwarded: " + QByteArray("for=1.1.1.1;host=evil.example, ").repeated(40) + "for=198.51.100.7;host=gw.example;proto=https"},
            "198.51.100.7 https gw.example");
        row("many addresses before the proxy's own", "10.0.0.1", {"X-Forwarded-For: " + QByteArray("1.1.1.1, ").repeated(40) + "198.51.100.7"},
            "198.51.100.7 http own.example:8787");
        row("a quote that is left open before the proxy's own", "10.0.0.1",
            {openQuote}, "198.51.100.7 https gw.example");
        row("an escaped quote in a quoted text", "10.0.0.1", {escapedQuote},
            "198.51.100.7 https own.example:8787");
        row("quotes mean nothing in customary headers", "10.0.0.1", {quoteInAddresses}, "198.51.100.7 http own.example:8787");
        row("backslashes without end", "10.0.0.1", {"Forwarded: for=1.1.1.1" + QByteArray(32'000, '\\') + ", for=198.51.100.7"},
            "198.51.100.7 http own.example:8787");
        row("an unknown client stays unknown", "10.0.0.1", {"Forwarded: for=unknown;proto=https"},
            "unknown https own.example:8787");
        row("a host that is none is left out", "10.0.0.1", {"X-Forwarded-Host: a b"}, "10.0.0.1 http own.example:8787");
        row("a host with user info is left out", "10.0.0.1", {"X-Forwarded-Host: u@evil.example"},
            "10.0.0.1 http own.example:8787");
        row("a scheme that is none is left out", "10.0.0.1", {"X-Forwarded-Proto: ftp"}, "10.0.0.1 http own.example:8787");
    }
    void theOutermostTrustedProxyCounts()
    {
        QFETCH(QString, peer);
        QFETCH(QList<QByteArray>, headers);
        QFETCH(QString, seen);
        const Proxies proxies = Proxies::parse({"10.0.0.0/8"}).value();
        const Seen found = proxies.seen(headOf(headers), peer.toStdString(), "http");
        QCOMPARE(QString::fromStdString(found.client + " " + std::string(found.scheme) + " " + found.host), seen);
    }
};

QTEST_APPLESS_MAIN(TestProxies)
#include "tst_proxies.moc"
