// What a server says about its history, as it comes over a stream of events: in pieces, among other events.
#include "tests/ui/monitor/support.h"
#include "ui/monitor/historynews.h"

#include <QtTest/QtTest>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;

QByteArray sent(const char* name, const QString& data)
{
    return QByteArray("id: s7\nevent: ") + name + "\ndata: " + data.toUtf8() + "\n\n";
}

} // namespace

class TestHistoryNews : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aChangeNamesItsEndpointAndRange_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("count");
        const QString change = json("{'event':'history-changed','number':1,'at':5,'endpoint':'room','from':1,'to':2.5}");
        QTest::newRow("a change") << sent("history-changed", change) << 1;
        QTest::newRow("with the line ends of other systems") << sent("history-changed", change).replace("\n", "\r\n") << 1;
        QTest::newRow("a comment before it") << QByteArray(": alive\n\n" + sent("history-changed", change)) << 1;
        QTest::newRow("another event") << sent("request", json("{'event':'request'}")) << 0;
        QTest::newRow("no endpoint") << sent("history-changed", json("{'from':1}")) << 0;
        QTest::newRow("no JSON") << sent("history-changed", QStringLiteral("hello")) << 0;
        QTest::newRow("not whole yet") << sent("history-changed", change).chopped(1) << 0;
    }
    void aChangeNamesItsEndpointAndRange()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, count);
        QByteArray lastId;
        const auto changes = takeHistoryChanges(bytes, lastId);
        QCOMPARE(static_cast<int>(changes.size()), count);
        if (count > 0)
            QCOMPARE(changes[0], (HistoryChange{EndpointId{"room"}, {{second}, {2 * second + second / 2 + 1}}}));
        QCOMPARE(bytes.isEmpty(), !QTest::currentDataTag() || QByteArray(QTest::currentDataTag()) != "not whole yet");
    }

    void withoutBoundsItIsAllOfTime()
    {
        QByteArray bytes = sent("history-changed", json("{'endpoint':'room','from':null,'to':null}")), lastId;
        const auto changes = takeHistoryChanges(bytes, lastId);
        QCOMPARE(changes.size(), std::size_t{1});
        QCOMPARE(changes[0].range, (TimeRange{{-farthestTime}, {farthestTime}}));
        QCOMPARE(lastId, QByteArray("s7"));
    }

    void itComesInPieces()
    {
        const QByteArray whole = sent("history-changed", json("{'endpoint':'room','from':1,'to':2}"));
        QByteArray unread, lastId;
        std::size_t changes = 0;
        for (const char byte : QByteArray(whole + whole)) {
            unread += byte;
            changes += takeHistoryChanges(unread, lastId).size();
        }
        QCOMPARE(changes, std::size_t{2});
        QVERIFY(unread.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestHistoryNews)
#include "tst_historynews.moc"
