// What a server says about its history, as it comes over a stream of events, among other events.
#include "tests/ui/monitor/support.h"
#include "ui/monitor/historynews.h"

#include <QtTest/QtTest>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;

client::ServerEvent said(const char* name, const QString& data)
{
    return {name, data.toUtf8()};
}

} // namespace

class TestHistoryNews : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aChangeNamesItsEndpointAndRange_data()
    {
        QTest::addColumn<client::ServerEvent>("given");
        QTest::addColumn<std::optional<HistoryChange>>("change");
        using Change = std::optional<HistoryChange>;
        const EndpointId room{"room"};
        const QString change = json("{'event':'history-changed','number':1,'at':5,'endpoint':'room','from':1,'to':2.5}");
        QTest::newRow("a change") << said("history-changed", change) << Change({room, {{second}, {2 * second + second / 2 + 1}}});
        QTest::newRow("without bounds it is all of time")
            << said("history-changed", json("{'endpoint':'room','from':null,'to':null}"))
            << Change({room, {{-farthestTime}, {farthestTime}}});
        QTest::newRow("another event") << said("request", change) << Change();
        QTest::newRow("no endpoint") << said("history-changed", json("{'from':1}")) << Change();
        QTest::newRow("no JSON") << said("history-changed", QStringLiteral("hello")) << Change();
    }
    void aChangeNamesItsEndpointAndRange()
    {
        QFETCH(client::ServerEvent, given);
        QFETCH(std::optional<HistoryChange>, change);
        QVERIFY(historyChangeFrom(given) == change);
    }
};

QTEST_GUILESS_MAIN(TestHistoryNews)
#include "tst_historynews.moc"
