// A recording replayed by a server, as a chart that is open sees it.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/replayedday.h"
#include "tests/e2e/serverprocess.h"
#include "ui/monitor/endpointfeed.h"
#include "ui/monitor/monitorpage.h"
#include "ui/monitor/rowwriter.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::test;

namespace {

constexpr int longest = 120'000; // ms; the machine may be busy

/// The text of a member of an object whose values are numbers.
QByteArray memberText(const QByteArray& object, const std::string& name)
{
    const QByteArray key = '"' + QByteArray::fromStdString(name) + "\":";
    const qsizetype start = object.indexOf(key) + key.size();
    qsizetype end = start;
    while (end < object.size() && object[end] != ',' && object[end] != '}')
        ++end;
    return object.mid(start, end - start);
}

/// The times that the pages tell, oldest first, as they are written there.
QByteArrayList toldTimes(const ApiClient& api)
{
    QByteArrayList all;
    for (QByteArray target = "/data/out/again?times=1&limit=1000"; !target.isEmpty();) {
        const QByteArray page = api.get(target).body;
        const qsizetype start = page.indexOf("\"times\":[") + 9;
        all += page.mid(start, page.indexOf(']', start) - start).split(',');
        const QString next = object(page).value(u"next_page").toString();
        target = next.isEmpty() ? QByteArray() : targetOf(next);
    }
    std::reverse(all.begin(), all.end());
    return all;
}

} // namespace

class TestReplayedChart : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aChartHasTheWholeDayInOrderAndToTheLastDigit()
    {
        const QByteArrayList day = dayOfLoad();
        QCOMPARE(day.size(), 1440);
        const QTemporaryDir folder;
        QFile workspace(folder.filePath(QStringLiteral("workspace.json")));
        QVERIFY(workspace.open(QIODevice::WriteOnly));
        workspace.write(replayWorkspace);
        workspace.close();
        ServerProcess server({QStringLiteral("--ephemeral"), QStringLiteral("--workspace"), workspace.fileName()});
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient api(server.port(), server.adminKey());
        QCOMPARE(api.ingest("load", day.join('\n')).status, 200);

        const SystemClock clock;
        SystemRandom random;
        client::Network network;
        MonitorPage page(clock, random);
        page.setConnection(network, nullptr, QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.port())));
        EndpointView view;
        view.endpoint.id = EndpointId{"again"};
        view.outputName = OutputName{"again"};
        page.setEndpoints({view});
        page.show();
        page.open(view.endpoint.id);
        const auto feed = [&] { return page.feed(view.endpoint.id); };
        QTRY_VERIFY_WITH_TIMEOUT(feed() && feed()->state().phase == FeedPhase::Live, longest);

        // A minute of the day is a thousandth of a second.
        QCOMPARE(api.api("PATCH", "sources/again", "{\"settings\":{\"recording\":\"load\",\"speed\":60000}}").status, 200);
        QTRY_VERIFY_WITH_TIMEOUT(feed()->series() && feed()->series()->items() == 1440, longest);
        const EndpointSeries& series = *feed()->series();
        QVERIFY(series.faults().isEmpty());
        QCOMPARE(series.faults().late, std::size_t{0});
        QVERIFY(feed()->links().links().empty());

        std::vector<SeriesId> drawn;
        std::vector<std::string> names;
        for (const EndpointLine& line : series.lines()) {
            QVERIFY(line.series);
            drawn.push_back(*line.series);
            names.push_back(series.path(line));
        }
        QVERIFY(names.size() >= 6);
        const RowWriter writer(RowWriter::Format::Csv, feed()->set(), drawn, "UTC", [](Timestamp) { return 0; });
        QByteArrayList rows = QByteArray::fromStdString(writer.rows(*series.range())).split('\n');
        rows.removeAll(QByteArray());
        QCOMPARE(rows.size(), day.size());
        const QByteArrayList times = toldTimes(api);
        QCOMPARE(times.size(), day.size());
        for (qsizetype i = 0; i < day.size(); ++i) {
            QByteArrayList wanted{times[i]};
            for (const std::string& name : names)
                wanted.append(memberText(day[i], name));
            QCOMPARE(rows[i].trimmed().split(',').mid(1), wanted);
        }
    }
};

QTEST_MAIN(TestReplayedChart)
#include "tst_e2e_replaychart.moc"
