#include "core/server/sendbatch.h"

#include <QtTest/QtTest>

#include <sys/socket.h>
#include <unistd.h>

using namespace iotman::server;

using Way = SendBatch::Way;

namespace {

/// A connected pair: ours is sent to, the peer's is read.
class Pair {
public:
    Pair()
    {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
            qFatal("no pair of sockets");
        ours_ = ends[0];
        peer_ = ends[1];
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    ~Pair()
    {
        ::close(ours_);
        closePeer();
    }

    int descriptor() const { return ours_; }
    void closePeer()
    {
        if (peer_ >= 0)
            ::close(std::exchange(peer_, -1));
    }
    std::string read() const
    {
        std::string all;
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0; (got = ::read(peer_, buffer.data(), buffer.size())) > 0;)
            all.append(buffer.data(), static_cast<std::size_t>(got));
        return all;
    }

private:
    int ours_ = -1;
    int peer_ = -1;
};

} // namespace

class TestSendBatch : public QObject {
    Q_OBJECT

    static void bothWays()
    {
        QTest::addColumn<Way>("way");
        QTest::newRow("together, where this machine lets us") << Way::Together;
        QTest::newRow("one by one") << Way::OneByOne;
    }

private Q_SLOTS:
    void eachOfManyGetsItsOwnBytesInTheOrderTheyWereAdded_data() { bothWays(); }
    void eachOfManyGetsItsOwnBytesInTheOrderTheyWereAdded()
    {
        QFETCH(Way, way);
        constexpr std::size_t count = 300; // more than go at once
        std::array<Pair, count> pairs;
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < count; ++i)
            texts.push_back("for reader " + std::to_string(i));
        SendBatch batch(way);
        for (int round = 0; round < 2; ++round) {
            for (std::size_t i = 0; i < count; ++i)
                batch.add(pairs[i].descriptor(), texts[i]);
            const std::span<const Channel::Transfer> transfers = batch.send();
            QCOMPARE(transfers.size(), count);
            for (std::size_t i = 0; i < count; ++i) {
                QCOMPARE(transfers[i].result, Channel::Result::Moved);
                QCOMPARE(transfers[i].bytes, texts[i].size());
                QCOMPARE(pairs[i].read(), texts[i]);
            }
        }
        QVERIFY(batch.send().empty());
    }

    void whoHasLittleRoomTakesThatMuchAndNobodyWaits_data() { bothWays(); }
    void whoHasLittleRoomTakesThatMuchAndNobodyWaits()
    {
        QFETCH(Way, way);
        const std::string large(8 << 20, 'x');
        const Pair full;
        const Pair other;
        SendBatch batch(way);
        batch.add(full.descriptor(), large);
        const Channel::Transfer part = batch.send()[0];
        QCOMPARE(part.result, Channel::Result::Moved);
        QVERIFY(part.bytes > 0 && part.bytes < large.size());
        batch.add(full.descriptor(), large);
        batch.add(other.descriptor(), "small");
        const std::span<const Channel::Transfer> transfers = batch.send();
        QCOMPARE(transfers[0].result, Channel::Result::Later);
        QCOMPARE(transfers[0].bytes, 0U);
        QCOMPARE(transfers[1].bytes, 5U);
        QCOMPARE(full.read().size(), part.bytes);
        QCOMPARE(other.read(), "small");
    }

    void oneThatIsGoneIsToldAndTheOthersGetTheirs_data() { bothWays(); }
    void oneThatIsGoneIsToldAndTheOthersGetTheirs()
    {
        QFETCH(Way, way);
        Pair gone;
        gone.closePeer();
        const Pair here;
        SendBatch batch(way);
        batch.add(gone.descriptor(), "nobody reads this");
        batch.add(-1, "no socket at all");
        batch.add(here.descriptor(), "this is read");
        const std::span<const Channel::Transfer> transfers = batch.send();
        QCOMPARE(transfers[0].result, Channel::Result::Ended);
        QVERIFY(transfers[0].failed);
        QCOMPARE(transfers[1].result, Channel::Result::Ended);
        QCOMPARE(transfers[2].result, Channel::Result::Moved);
        QCOMPARE(here.read(), "this is read");
    }

    void whoAsksForOneByOneGetsThat() { QCOMPARE(SendBatch(Way::OneByOne).way(), Way::OneByOne); }
};

QTEST_GUILESS_MAIN(TestSendBatch)
#include "tst_sendbatch.moc"
