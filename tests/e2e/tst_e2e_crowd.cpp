// Many readers of streams at once: none of them holds up or costs the others.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryFile>
#include <QtTest/QtTest>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

using namespace iotman::test;

namespace {

QByteArray eventsOf(const QByteArray& endpoint, const QByteArray& query = {}, const QByteArray& headers = {})
{
    return "GET /data/out/" + endpoint + "/events" + query + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

/// A connection that reads as fast as it can, on a thread of its own, until it has seen so many events and one more.
class GreedyReader {
public:
    GreedyReader(int port, const QByteArray& request, int events)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            qFatal("connecting failed");
        (void)!::send(descriptor_, request.data(), static_cast<std::size_t>(request.size()), 0);
        thread_ = std::jthread([this, events] {
            static constexpr QByteArrayView mark = "\ndata: ";
            QByteArray buffer(256 * 1024, '\0');
            QByteArray text; // with what may be the begin of a mark
            for (int seen = 0; seen <= events;) {
                const ssize_t got = ::recv(descriptor_, buffer.data(), static_cast<std::size_t>(buffer.size()), 0);
                if (got <= 0)
                    return;
                hasBegun = true;
                text += QByteArrayView(buffer).first(got);
                seen += static_cast<int>(text.count(mark));
                text = text.last(std::min(text.size(), mark.size() - 1));
                hasSeenAll = seen >= events;
                isDone = seen > events;
            }
        });
    }
    ~GreedyReader()
    {
        ::shutdown(descriptor_, SHUT_RDWR);
        thread_.join();
        ::close(descriptor_);
    }
    GreedyReader(const GreedyReader&) = delete;
    GreedyReader& operator=(const GreedyReader&) = delete;

    std::atomic<bool> hasBegun = false;
    std::atomic<bool> hasSeenAll = false;
    std::atomic<bool> isDone = false;

private:
    int descriptor_;
    std::jthread thread_;
};

QByteArray numbered(int first, int count, const QByteArray& padding = {})
{
    QByteArray lines;
    for (int i = first; i < first + count; ++i)
        lines += "{\"t\":" + QByteArray::number(i) + ",\"n\":" + QByteArray::number(i) + padding + "}\n";
    return lines;
}

const QByteArray newestEvent = R"(data: {"t":50,"n":50})";
const QByteArray outputOfNothing = R"({"name":"none","id":"none","sources":["c"],"rule":"$"})";
const QByteArray ruleOfLongNumbers = R"json({"rule":"{ f: ($.v + 0.5).floor() }"})json";
const QByteArray readerClient = R"({"name":"Reader"})";
const QByteArray toNothing = R"({"output":"none"})";
const QByteArray toD = R"({"output":"d"})";

constexpr qint64 mebi = 1024 * 1024;

} // namespace

class TestCrowd : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

    /// The most memory that the server has had since `forgetPeak`.
    qint64 peakBytes() const
    {
        QFile status(QStringLiteral("/proc/%1/status").arg(server_->processId()));
        if (!status.open(QIODevice::ReadOnly))
            qFatal("no status");
        const QByteArray text = status.readAll();
        const QByteArray line = text.mid(text.indexOf("VmHWM:"));
        return line.mid(6, line.indexOf("kB") - 6).trimmed().toLongLong() * 1024;
    }
    void forgetPeak() const
    {
        QFile clear(QStringLiteral("/proc/%1/clear_refs").arg(server_->processId()));
        QVERIFY(clear.open(QIODevice::WriteOnly) && clear.write("5") == 1);
    }
    /// The first one's id.
    QByteArray outputId() const
    {
        return object(client_->api("GET", "outputs").body).value(u"data").toArray().at(0).toObject().value(u"id").toString().toUtf8();
    }
    QList<qint64> waitingBytes() const
    {
        QList<qint64> all;
        const QJsonArray streams = object(client_->api("GET", "activity/streams?limit=1000").body).value(u"data").toArray();
        for (const QJsonValue& stream : streams)
            all.push_back(stream.toObject().value(u"waiting_bytes").toInteger());
        return all;
    }

private Q_SLOTS:
    void init()
    {
        // Its memory is measured: a sanitizer shall not keep what was freed.
        QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
        variables.insert(QStringLiteral("ASAN_OPTIONS"), QStringLiteral("quarantine_size_mb=1"));
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")}, variables);
        QVERIFY(server_->waitUntilReady());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(client_->makeEndpoint("c"));
    }

    void whoReadsThePastHoldsUpNobody()
    {
        constexpr int stored = 200'000;
        constexpr int atOnce = 20'000;
        for (int first = 0; first < stored; first += atOnce)
            QCOMPARE(client_->ingest("c", numbered(first, atOnce)).status, 200);
        RawConnection live(client_->port());
        live.send(eventsOf("c"));
        QVERIFY(live.waitFor(": items follow"));
        std::vector<std::unique_ptr<GreedyReader>> past;
        for (int i = 0; i < 6; ++i)
            past.push_back(std::make_unique<GreedyReader>(client_->port(), eventsOf("c", "?from=0"), stored));
        QTRY_VERIFY(std::all_of(past.begin(), past.end(), [](const auto& reader) { return reader->hasBegun.load(); }));
        QCOMPARE(client_->ingest("c", numbered(stored, 1)).status, 200);
        QVERIFY(live.waitFor("\"n\":200000}"));
        QVERIFY2(std::count_if(past.begin(), past.end(), [](const auto& reader) { return reader->hasSeenAll.load(); }) < 3,
                 "the live reader had to wait for those who read the past");
        for (const auto& reader : past)
            QTRY_VERIFY_WITH_TIMEOUT(reader->isDone, 60'000); // nobody misses anything either
    }

    void whoReadsNothingKeepsLittleOfAPublication()
    {
        std::vector<std::unique_ptr<RawConnection>> idle;
        for (int i = 0; i < 4; ++i) {
            idle.push_back(std::make_unique<RawConnection>(client_->port()));
            idle.back()->send(eventsOf("c", i % 2 == 0 ? "" : "?times=1"));
            QVERIFY(idle.back()->waitFor(": items follow"));
        }
        QCOMPARE(client_->ingest("c", numbered(0, 24, ",\"p\":\"" + QByteArray(mebi - 100, 'x') + "\"")).status, 200);
        // They are behind now, with as much waiting as there may be, and an item.
        QTRY_VERIFY(waitingBytes().size() == 4 && !waitingBytes().contains(0));
        for (const qint64 waiting : waitingBytes())
            QVERIFY2(waiting <= mebi + 256 * 1024, QByteArray::number(waiting).constData());
        for (int n = 0; n < 24; ++n) {
            for (const auto& reader : idle)
                QVERIFY(reader->waitFor("\"n\":" + QByteArray::number(n) + ","));
        }
    }

    void aPublicationIsNotMadeForAllEndpointsAtOnce()
    {
        const QByteArray body = numbered(0, 16'000, ",\"p\":\"" + QByteArray(1000, 'x') + "\"");
        forgetPeak();
        QCOMPARE(client_->ingest("c", body).status, 200);
        const qint64 alone = peakBytes();
        std::vector<std::unique_ptr<GreedyReader>> readers;
        for (int i = 0; i < 12; ++i) {
            const QByteArray name = "c" + QByteArray::number(i);
            QCOMPARE(client_->api("POST", "endpoints", "{\"output\":\"c\",\"id\":\"" + name + "\"}").status, 201);
            for (const char* query : {"", "?times=1"})
                readers.push_back(std::make_unique<GreedyReader>(client_->port(), eventsOf(name, query), 15'999));
        }
        QTRY_VERIFY(std::all_of(readers.begin(), readers.end(), [](const auto& reader) { return reader->hasBegun.load(); }));
        forgetPeak();
        QCOMPARE(client_->ingest("c", body).status, 200);
        for (const auto& reader : readers)
            QTRY_VERIFY_WITH_TIMEOUT(reader->isDone, 60'000);
        const qint64 more = peakBytes() - alone;
        QVERIFY2(more < 100 * mebi, QByteArray::number(more / mebi).constData()); // each has 16 MB of its own
    }

    /// Who sends them has a thread that others wait for.
    void datapointsThatAreDearTogetherAreRefusedTogether()
    {
        QCOMPARE(client_->api("PATCH", "outputs/" + outputId(), ruleOfLongNumbers).status, 200);
        const QByteArray dear = "{\"t\":1,\"v\":1e131000}\n";
        const HttpAnswer refused = client_->ingest("c", dear.repeated(1000));
        QCOMPARE(refused.status, 413);
        QVERIFY(refused.body.contains("send fewer at once"));
        QCOMPARE(object(client_->get("/data/out/c").body).value(u"data").toArray().size(), 0);
        QCOMPARE(client_->ingest("c", "{\"t\":1}\n").status, 200);
    }

    void aRenewedSecretIsJournalledWithoutIt()
    {
        const HttpAnswer made = client_->api("POST", "clients", readerClient);
        QCOMPARE(made.status, 201);
        const QByteArray id = object(made.body).value(u"id").toString().toUtf8();
        const HttpAnswer renewed = client_->api("POST", "clients/" + id + "/secret");
        QCOMPARE(renewed.status, 200);
        const QByteArray audit = client_->api("GET", "audit?limit=1").body;
        QVERIFY2(audit.contains("\"secret\":\"renewed\""), audit.constData());
        QVERIFY(!audit.contains(object(renewed.body).value(u"secret").toString().toUtf8()));
    }

    void anEndpointThatIsPointedElsewhereStreamsWhatIsNewThere()
    {
        QVERIFY(client_->makeEndpoint("d"));
        QCOMPARE(client_->api("POST", "outputs", outputOfNothing).status, 201);
        QCOMPARE(client_->api("PATCH", "endpoints/d", toNothing).status, 200);
        RawConnection early(client_->port());
        early.send(eventsOf("d"));
        QVERIFY(early.waitFor(": items follow"));
        QCOMPARE(client_->ingest("d", numbered(0, 50)).status, 200);
        RawConnection late(client_->port());
        late.send(eventsOf("d"));
        QVERIFY(late.waitFor(": items follow"));
        QCOMPARE(client_->api("PATCH", "endpoints/d", toD).status, 200);
        QCOMPARE(client_->ingest("d", numbered(50, 1)).status, 200);
        for (RawConnection* reader : {&early, &late}) {
            QByteArray line = reader->line();
            while (!line.startsWith("data: ") && !line.isNull())
                line = reader->line();
            QCOMPARE(line, newestEvent);
        }
    }

    void whoSawNothingYetMissesNothing()
    {
        QVERIFY(client_->makeEndpoint("quiet"));
        QByteArray id;
        {
            RawConnection before(client_->port());
            before.send(eventsOf("quiet"));
            QVERIFY(before.waitFor("id: "));
            id = before.line();
        }
        QCOMPARE(client_->ingest("quiet", numbered(0, 3)).status, 200);
        RawConnection after(client_->port());
        after.send(eventsOf("quiet", {}, "Last-Event-ID: " + id + "\r\n"));
        for (const char* item : {"\"n\":0}", "\"n\":1}", "\"n\":2}"})
            QVERIFY(after.waitFor(item));
    }

    void aCursorOfAnEarlierRunMissesNothing()
    {
        QCOMPARE(client_->ingest("c", numbered(0, 50)).status, 200);
        RawConnection before(client_->port());
        before.send(eventsOf("c", "?from=49"));
        QVERIFY(before.waitFor("id: "));
        const QByteArray id = before.line();
        init(); // another server, with nothing in it
        RawConnection after(client_->port());
        after.send(eventsOf("c", {}, "Last-Event-ID: " + id + "\r\n"));
        QVERIFY(after.waitFor(": items follow"));
        QCOMPARE(client_->ingest("c", numbered(0, 60)).status, 200);
        QVERIFY(after.waitFor("\"n\":0}"));
        QVERIFY(after.waitFor("\"n\":59}"));
    }
};

QTEST_GUILESS_MAIN(TestCrowd)
#include "tst_e2e_crowd.moc"
