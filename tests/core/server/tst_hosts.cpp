#include "core/server/hosts.h"
#include "core/server/ownaddress.h"

#include <QtTest/QtTest>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace iotman;
using namespace iotman::server;

namespace {

RequestHead headFor(const std::string& host)
{
    const HeadResult result = readHead("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", {});
    return std::get<CompleteHead>(result).head;
}

} // namespace

class TestHosts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAddressIsOwnWhereTheConnectionCameIn_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("isOwn");
        QTest::newRow("the address") << QByteArray("127.0.0.9") << true;
        QTest::newRow("with a port") << QByteArray("127.0.0.9:8787") << true;
        QTest::newRow("as IPv6 writes it") << QByteArray("[::ffff:127.0.0.9]") << true;
        QTest::newRow("another address") << QByteArray("127.0.0.8") << false;
        QTest::newRow("an address of IPv6") << QByteArray("[fd00::9]:1") << false;
        QTest::newRow("a name that begins so") << QByteArray("127.0.0.9.example") << false;
        QTest::newRow("a number") << QByteArray("2130706441") << false;
        QTest::newRow("nothing") << QByteArray("") << false;
    }
    void anAddressIsOwnWhereTheConnectionCameIn()
    {
        QFETCH(QByteArray, host);
        QFETCH(bool, isOwn);
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        QCOMPARE(inet_pton(AF_INET, "127.0.0.9", &address.sin_addr), 1);
        QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        QCOMPARE(isOwnAddress(socket, host.toStdString()), isOwn);
        ::close(socket);
        QVERIFY(!isOwnAddress(-1, host.toStdString()));
    }

    void onlyOurOwnNamesPass()
    {
        const Hosts hosts = *Hosts::make({"nas.local", "fd00::1"}, "https://gw.example:8443/iot/");
        for (const char* host :
             {"localhost", "127.0.0.1:1", "[::1]:8787", "LOCALHOST", "localhost.", "nas.local:8787", "[fd00::1]", "gw.example"})
            QVERIFY2(hosts.check(host), host);
        for (const char* host :
             {"evil.example", "evil.example:8787", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"}) {
            const auto checked = hosts.check(host);
            QVERIFY2(!checked, host);
            QCOMPARE(checked.error().kind, Problem::Misdirected);
        }
    }

    void linksStartWithTheBaseUrlOrWithTheRequestsHost()
    {
        QCOMPARE(Hosts::make({}, "")->base(headFor("[::1]:8787"), "http"), std::string("http://[::1]:8787"));
        QCOMPARE(Hosts::make({}, "https://gw.example:8443/iot/")->base(headFor("localhost:1"), "http"),
                 std::string("https://gw.example:8443/iot"));
    }

    /// Written as one likes, an address is the same.
    void addressesOfIpv6AreComparedAsSuch()
    {
        const Hosts named = *Hosts::make({"2001:DB8:0:0::1"}, "https://[2001:DB8::0:2]:8443");
        for (const char* host : {"[2001:db8::1]", "[2001:0db8::1]:8787", "[2001:db8::2]:8443", "[0:0:0:0:0:0:0:1]"})
            QVERIFY2(named.check(host), host);
        QVERIFY(!named.check("[2001:db8::3]"));
        QCOMPARE(named.base(headFor("[2001:db8::2]:8443"), "http"), std::string("https://[2001:db8::2]:8443"));
        QCOMPARE(named.origin(headFor("[2001:DB8::2]:8443"), "http"), std::string("https://[2001:db8::2]:8443"));
    }

    void ourOriginIsTheOneThatABrowserWouldSend_data()
    {
        QTest::addColumn<QByteArray>("baseUrl");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("origin");
        QTest::newRow("by the request") << QByteArray() << QByteArray("localhost:8787") << QByteArray("http://localhost:8787");
        QTest::newRow("the default port is dropped")
            << QByteArray() << QByteArray("localhost:80") << QByteArray("http://localhost");
        QTest::newRow("written in the request alone (host-2)")
            << QByteArray("https://gw.example") << QByteArray("gw.example:443") << QByteArray("https://gw.example");
        QTest::newRow("written in the base URL alone (host-2)")
            << QByteArray("https://gw.example:443") << QByteArray("gw.example") << QByteArray("https://gw.example");
        QTest::newRow("another host than the base URL's")
            << QByteArray("https://gw.example") << QByteArray("127.0.0.1:8787") << QByteArray("http://127.0.0.1:8787");
        QTest::newRow("capital letters") << QByteArray() << QByteArray("LocalHost:8787") << QByteArray("http://localhost:8787");
    }
    void ourOriginIsTheOneThatABrowserWouldSend()
    {
        QFETCH(QByteArray, baseUrl);
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, origin);
        QCOMPARE(QByteArray::fromStdString(Hosts::make({}, baseUrl.toStdString())->origin(headFor(host.toStdString()), "http")),
                 origin);
    }

    /// A proxy asks under the server's inner name, for a page of the outer one.
    void theBaseUrlsOriginIsOursUnderAnyName()
    {
        const Hosts hosts = *Hosts::make({}, "https://gw.example:8443/iot");
        RequestHead head = headFor("127.0.0.1:8787");
        head.headers.push_back({"origin", "https://gw.example:8443"});
        QCOMPARE(hosts.origin(head, "http"), std::string("https://gw.example:8443"));
        head.headers.back().value = "https://gw.example:443";
        QCOMPARE(Hosts::make({}, "https://gw.example")->origin(head, "http"), std::string("https://gw.example"));
        head.headers.back().value = "https://evil.example";
        QCOMPARE(hosts.origin(head, "http"), std::string("http://127.0.0.1:8787"));
    }

    void aBaseUrlStandsInLinksAsBrowsersWriteIt_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("base");
        const auto row = [](const char* given, const char* base) { QTest::newRow(given) << QByteArray(given) << QByteArray(base); };
        row("https://gw.example", "https://gw.example");
        row("HTTPS://GW.Example:443", "https://gw.example");
        row("http://gw.example:80/", "http://gw.example");
        row("https://gw.example:8443/Iot//", "https://gw.example:8443/Iot");
        row("https://[::1]:443/a%2Fb", "https://[::1]/a%2Fb");
    }
    void aBaseUrlStandsInLinksAsBrowsersWriteIt()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, base);
        QCOMPARE(QByteArray::fromStdString(Hosts::make({}, given.toStdString())->baseUrl()), base);
    }

    void oddBaseUrlsAreRefused()
    {
        for (const char* url :
             {"gw.example", "ftp://gw.example", "https://", "https://gw.example?x", "https://u@gw.example",
              "https://gw.example#x", "https://gw example", "https://gw.example:65536", "https://gw.example:x", "https://[::1",
              "https://gw.example/a b", "https://gw.example/\"x", "https://gw.example\\x", "https://대시보드.example", "https://gw..example", "https://.example"})
            QVERIFY2(!Hosts::make({}, url), url);
        QCOMPARE(Hosts::make({}, "gw.example").error().field, std::string("base-url"));
    }

    void oddNamesAreRefused()
    {
        const std::string longLabel(64, 'a');
        std::string longName = "a";
        while (longName.size() < 254)
            longName += ".a";
        for (const std::string& name : std::vector<std::string>{"", "a b", "a/b", "http://a", "a,b", "a:x", "a:65536", "[::1", "u@a", "대시보드.example", "a..b",
                                                                ".example", ".", "example..", longLabel, longName})
            QVERIFY2(!Hosts::make({name}, ""), name.c_str());
        QVERIFY(Hosts::make({longLabel.substr(1) + ".example.", "a", "10.0.0.1"}, ""));
        QCOMPARE(Hosts::make({"a b"}, "").error().field, std::string("host"));
    }
};

QTEST_APPLESS_MAIN(TestHosts)
#include "tst_hosts.moc"
