// How the list follows a server: by its events, without gap or repeat, and by asking where there are none.
#include "tests/ui/pages/fakeworkspace.h"
#include "ui/activity/activitydetails.h"
#include "ui/activity/activityfilterbar.h"
#include "ui/activity/activitymodel.h"
#include "ui/activity/activitypage.h"
#include "ui/activity/activityreader.h"
#include "ui/activity/openstream.h"
#include "ui/activity/streamspane.h"
#include "ui/look/messageline.h"
#include "ui/pages/listpane.h"

#include <QtTest/QtTest>
#include <QtWidgets>

using namespace iotman;
using namespace iotman::ui;

namespace {

using client::FakeAnswer;
using client::FakeRequest;

/// A workspace whose server keeps a log, and a session that is signed in there.
struct LogDesk {
    FakeWorkspace workspace;
    client::FakeClock clock;
    client::FakeRandom random{255};
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    std::unique_ptr<Session> session;
    std::map<std::uint64_t, QByteArray> log; ///< entries by number
    QByteArrayList streams;                  ///< that are open
    bool tellsStreams = true;
    bool hasEvents = true;
    int failingReads = 0;         ///< so many reads of a page are refused
    std::function<void()> onRead; ///< before a page is answered

    LogDesk()
    {
        workspace.addOutput("weather", "{ at: $ts }", 3);
        workspace.addEndpoint("weather", "weather");
        workspace.server.answer = [this, others = workspace.server.answer](const FakeRequest& request) {
            if (request.path() == "/api/activity")
                return page(request);
            if (request.path() == "/api/activity/streams" && tellsStreams)
                return FakeAnswer{200, "{\"data\":[" + streams.join(',') + "],\"next_page\":null}", "application/json", {}, false,
                                  {}};
            if (request.path() == "/api/activity/events" && hasEvents) {
                FakeAnswer answer;
                answer.raw = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: items follow\n\n";
                answer.hold = true;
                return answer;
            }
            return others(request);
        };
        session = std::make_unique<Session>(workspace.connection(), clock, random);
        session->start();
    }
    bool isLoaded()
    {
        return QTest::qWaitFor([this] { return session->isLoaded(); });
    }
    static ActivityReaderSettings fast()
    {
        using std::chrono::milliseconds;
        return {milliseconds(20),
                milliseconds(20),
                milliseconds(50),
                {{milliseconds(2), milliseconds(20), milliseconds(30'000)}, milliseconds(60'000)}};
    }
    qsizetype reads() const { return workspace.server.count("/api/activity"); }
    qsizetype connections() const { return workspace.server.count("/api/activity/events"); }
    QTcpSocket* stream() const { return workspace.server.held().isEmpty() ? nullptr : workspace.server.held().last().data(); }

    static QByteArray entry(std::uint64_t number, bool open = false, int at = 5)
    {
        return "{\"event\":\"" + QByteArray(open ? "stream" : "request") +
               "\",\"number\":" + QByteArray::number(qulonglong(number)) + ",\"at\":" + QByteArray::number(at) +
               ",\"method\":\"GET\",\"path\":\"/data/out/weather\",\"status\":200,\"open\":" + (open ? "true" : "false") +
               ",\"headers\":[]}";
    }
    /// It happens, and nobody is told.
    void happens(std::uint64_t first, std::uint64_t last)
    {
        for (std::uint64_t number = first; number <= last; ++number)
            log[number] = entry(number);
    }
    /// It happens, and the stream tells it.
    void tells(std::uint64_t first, std::uint64_t last)
    {
        happens(first, last);
        QByteArray bytes;
        for (std::uint64_t number = first; number <= last; ++number)
            bytes += QByteArray("id: s" + QByteArray::number(qulonglong(number)) + "\ndata: " + log[number] + "\n\n");
        stream()->write(bytes);
    }

private:
    FakeAnswer page(const FakeRequest& request)
    {
        if (failingReads > 0 && failingReads-- > 0)
            return {503, "{\"title\":\"busy\",\"detail\":\"Busy.\"}", "application/problem+json", {}, false, {}};
        const QString before = request.parameter(QStringLiteral("before"));
        QByteArrayList rows;
        std::uint64_t lowest = 0;
        for (auto at = before.isEmpty() ? log.rbegin() : std::make_reverse_iterator(log.lower_bound(before.toULongLong()));
             at != log.rend() && rows.size() < 100; ++at) {
            rows << at->second;
            lowest = at->first;
        }
        const bool more = !log.empty() && lowest > log.begin()->first;
        const QByteArray next =
            more ? QByteArray("\"" + workspace.server.url().toString().toUtf8() +
                              "/api/activity?limit=100&before=" + QByteArray::number(qulonglong(lowest)) + "\"")
                 : QByteArray("null");
        FakeAnswer answer{200, "{\"data\":[" + rows.join(',') + "],\"next_page\":" + next + "}", "application/json", {}, false,
                          {}};
        if (onRead)
            std::exchange(onRead, {})(); // after this page was made
        return answer;
    }
};

/// `1-5 7`: the numbers that the model has, from the oldest on; a number that is there twice is said twice.
QByteArray numbersOf(const ActivityModel& model)
{
    QByteArrayList runs;
    std::uint64_t first = 0, last = 0;
    const auto end = [&] {
        if (last > 0)
            runs << (first == last
                         ? QByteArray::number(qulonglong(first))
                         : QByteArray(QByteArray::number(qulonglong(first)) + '-' + QByteArray::number(qulonglong(last))));
    };
    for (auto at = model.entries().rbegin(); at != model.entries().rend(); ++at) {
        if (last == 0 || at->number != last + 1) {
            end();
            first = at->number;
        }
        last = at->number;
    }
    end();
    return runs.join(' ');
}

QByteArray openStream(int number, const QByteArray& behind)
{
    return "{\"number\":" + QByteArray::number(number) +
           ",\"at\":1,\"endpoint\":\"weather\",\"protocol\":\"websocket\",\"client\":\"10.0.0.7\",\"caller\":null,"
           "\"origin\":null,\"bytes\":1200,\"waiting_bytes\":0,\"behind\":" +
           behind + "}";
}

/// Something that this program has asked.
ActivityEntry entryOf(std::uint64_t number, const std::string& path)
{
    ActivityEntry entry;
    entry.number = number;
    entry.method = "GET";
    entry.path = path;
    entry.status = 200;
    entry.headers = {{"User-Agent", "IoTMan-Desktop"}};
    return entry;
}

} // namespace

class TestActivityReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsArriveWithoutAsking()
    {
        LogDesk desk;
        desk.happens(1, 250);
        QVERIFY(desk.isLoaded());
        ActivityModel model(desk.clock);
        ActivityReader reader(*desk.session, model, LogDesk::fast());
        reader.start();
        QTRY_COMPARE(numbersOf(model), QByteArray("1-250"));
        QCOMPARE(desk.reads(), 3); // pages of a hundred
        desk.tells(251, 260);
        QTRY_COMPARE(numbersOf(model), QByteArray("1-260"));
        QTest::qWait(100);
        desk.tells(261, 261);
        QTRY_COMPARE(numbersOf(model), QByteArray("1-261"));
        QCOMPARE(desk.reads(), 3);
        QCOMPARE(desk.connections(), 1);
    }

    void whatHappensWhileHistoryIsReadIsNeitherLostNorDoubled()
    {
        LogDesk desk;
        desk.happens(1, 150);
        QVERIFY(desk.isLoaded());
        desk.onRead = [&] { desk.tells(151, 160); };
        ActivityModel model(desk.clock);
        ActivityReader reader(*desk.session, model, LogDesk::fast());
        reader.start();
        QTRY_COMPARE(numbersOf(model), QByteArray("1-160"));
    }

    void aCutStreamLeavesNoGap_data()
    {
        QTest::addColumn<int>("missed");
        QTest::newRow("a few were missed") << 5;
        QTest::newRow("more than a page was missed") << 230;
    }
    void aCutStreamLeavesNoGap()
    {
        QFETCH(int, missed);
        LogDesk desk;
        desk.happens(1, 10);
        QVERIFY(desk.isLoaded());
        ActivityModel model(desk.clock);
        ActivityReader reader(*desk.session, model, LogDesk::fast());
        reader.start();
        QTRY_COMPARE(numbersOf(model), QByteArray("1-10"));
        desk.tells(11, 12);
        QTRY_COMPARE(numbersOf(model), QByteArray("1-12"));
        desk.happens(13, 12 + static_cast<std::uint64_t>(missed));
        desk.failingReads = 1; // and the first read after the cut fails
        desk.stream()->disconnectFromHost();
        QTRY_COMPARE(desk.workspace.server.held().size(), 2);
        desk.tells(13 + static_cast<std::uint64_t>(missed), 15 + static_cast<std::uint64_t>(missed));
        QTRY_COMPARE(numbersOf(model), QByteArray("1-" + QByteArray::number(15 + missed)));
    }

    void aStreamThatWasOpenIsReadAgainAfterACut()
    {
        LogDesk desk;
        desk.happens(1, 3);
        desk.log[2] = LogDesk::entry(2, true);
        QVERIFY(desk.isLoaded());
        ActivityModel model(desk.clock);
        ActivityReader reader(*desk.session, model, LogDesk::fast());
        reader.start();
        QTRY_COMPARE(numbersOf(model), QByteArray("1-3"));
        QVERIFY(model.at(1).open);
        desk.log[2].replace("\"open\":true", "\"open\":false");
        desk.stream()->disconnectFromHost();
        QTRY_VERIFY(!model.at(1).open);
    }

    void numbersThatBeginAnewBeginTheListAnew_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("nothing yet") << 0;
        QTest::newRow("fewer than before") << 3;
        QTest::newRow("more than before") << 30;
    }
    void numbersThatBeginAnewBeginTheListAnew()
    {
        QFETCH(int, count);
        LogDesk desk;
        desk.happens(1, 10);
        QVERIFY(desk.isLoaded());
        ActivityModel model(desk.clock);
        ActivityReader reader(*desk.session, model, LogDesk::fast());
        reader.start();
        QTRY_COMPARE(numbersOf(model), QByteArray("1-10"));
        desk.log.clear();
        for (int number = 1; number <= count; ++number)
            desk.log[static_cast<std::uint64_t>(number)] = LogDesk::entry(static_cast<std::uint64_t>(number), false, 1000);
        desk.stream()->disconnectFromHost();
        QTRY_COMPARE(model.rowCount(), count);
        QVERIFY(count == 0 || model.at(0).at.us == 1'000'000'000);
    }

    void aServerWithoutEventsIsAskedAgainAndAgain()
    {
        LogDesk desk;
        desk.hasEvents = false;
        desk.happens(1, 5);
        QVERIFY(desk.isLoaded());
        ActivityModel model(desk.clock);
        ActivityReader reader(*desk.session, model, LogDesk::fast());
        reader.start();
        QTRY_COMPARE(numbersOf(model), QByteArray("1-5"));
        desk.happens(6, 8);
        QTRY_COMPARE(numbersOf(model), QByteArray("1-8"));
        QVERIFY(desk.reads() >= 2);
        QCOMPARE(desk.connections(), 1);
        reader.stop();
        QTest::qWait(100); // one may be on its way
        const qsizetype asked = desk.reads();
        QTest::qWait(100);
        QCOMPARE(desk.reads(), asked);
    }

    void manyRowsAreTakenTogether()
    {
        LogDesk desk;
        QVERIFY(desk.isLoaded());
        ActivityModel model(desk.clock);
        ActivityReaderSettings settings = LogDesk::fast();
        settings.gather = std::chrono::milliseconds(100);
        ActivityReader reader(*desk.session, model, settings);
        QSignalSpy updated(&reader, &ActivityReader::updated);
        reader.start();
        QTRY_COMPARE(updated.count(), 1);
        QElapsedTimer elapsed;
        elapsed.start();
        for (std::uint64_t number = 1; number <= 3000; number += 10) {
            desk.tells(number, number + 9);
            QTest::qWait(1);
        }
        QTRY_COMPARE(numbersOf(model), QByteArray("1-3000"));
        QVERIFY2(updated.count() - 1 <= elapsed.elapsed() / 100 + 1, qPrintable(QString::number(updated.count())));
    }

    void thePageListensOnlyWhileItIsSeenAndFollows()
    {
        LogDesk desk;
        desk.happens(1, 5);
        QVERIFY(desk.isLoaded());
        ActivityPage page(*desk.session, desk.settings);
        QTest::qWait(20);
        QCOMPARE(desk.connections(), 0);
        page.show();
        QTRY_COMPARE(numbersOf(*page.model()), QByteArray("1-5"));
        QAction* follow = page.actions().constFirst();
        follow->trigger();
        QTRY_VERIFY(!desk.stream() || desk.stream()->state() != QAbstractSocket::ConnectedState);
        desk.happens(6, 7);
        follow->trigger();
        QTRY_COMPARE(numbersOf(*page.model()), QByteArray("1-7"));
        QCOMPARE(desk.connections(), 2);
        page.hide();
        QTRY_VERIFY(!desk.stream() || desk.stream()->state() != QAbstractSocket::ConnectedState);
        page.show();
        QTRY_COMPARE(desk.connections(), 3);
    }

    void itsListHasTheFocusAsSoonAsThereIsOne()
    {
        LogDesk desk;
        QVERIFY(desk.isLoaded());
        ActivityPage page(*desk.session, desk.settings);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        page.focusProxy()->setFocus();
        QVERIFY(page.lists()->tabBar()->hasFocus());
        desk.happens(1, 2);
        QTRY_VERIFY(desk.stream());
        desk.tells(3, 3);
        QTRY_VERIFY(page.table()->hasFocus());
        QCOMPARE(page.focusProxy(), page.table());
    }

    void aPageThatDoesNotFollowSaysSo()
    {
        LogDesk desk;
        desk.happens(1, 2);
        QVERIFY(desk.isLoaded());
        ActivityPage page(*desk.session, desk.settings);
        page.show();
        QTRY_COMPARE(numbersOf(*page.model()), QByteArray("1-2"));
        QVERIFY(!page.stoppedLine()->isVisible());
        page.lists()->setCurrentWidget(page.streams());
        page.followAction()->trigger();
        QVERIFY(page.stoppedLine()->isVisible());
        QCOMPARE(page.stoppedLine()->text(), QStringLiteral("Follow is off: nothing new is shown."));
        page.stoppedLine()->button()->click();
        QVERIFY(page.followAction()->isChecked() && !page.stoppedLine()->isVisible());
    }

    void whatAnOpenStreamHasSentIsTheSameEverywhere()
    {
        LogDesk desk;
        desk.log[7] = LogDesk::entry(7, true);
        desk.streams = {openStream(7, "0")};
        QVERIFY(desk.isLoaded());
        ActivityPage page(*desk.session, desk.settings);
        page.show();
        QTRY_COMPARE(page.model()->rowCount(), 1);
        const auto sent = [&] { return page.model()->index(0, static_cast<int>(ActivityColumn::Bytes)).data().toString(); };
        QTRY_COMPARE(sent(), QStringLiteral("1.2 kB"));
        page.table()->selectRow(0);
        auto* exchange = page.details()->findChild<QPlainTextEdit*>();
        QVERIFY2(exchange->toPlainText().contains(QStringLiteral("open, 1.2 kB")), qPrintable(exchange->toPlainText()));
        ActivityEntry late = page.model()->at(0); // an event about it that knows of nothing sent
        late.bytes = 0;
        page.model()->merge({late});
        QCOMPARE(sent(), QStringLiteral("1.2 kB"));
    }

    void actionsAreAboutTheRowThatIsSelected()
    {
        LogDesk desk;
        desk.happens(1, 3);
        QVERIFY(desk.isLoaded());
        ActivityPage page(*desk.session, desk.settings);
        page.show();
        QTRY_COMPARE(page.model()->rowCount(), 3);
        page.table()->selectRow(0);
        const auto shown = [&] { return page.details()->findChild<QPlainTextEdit*>()->toPlainText(); };
        const QString first = shown();
        ActivityEntry other = page.model()->at(2);
        other.query = "limit=3";
        page.model()->merge({other});
        page.table()->selectionModel()->setCurrentIndex(page.table()->model()->index(2, 0), QItemSelectionModel::NoUpdate);
        QCOMPARE(shown(), first);
        QVERIFY(page.sendAgainAction()->isEnabled());
        page.table()->selectRow(2);
        QVERIFY(shown() != first);
        page.table()->clearSelection();
        QCOMPARE(shown(), QString());
        QVERIFY(!page.sendAgainAction()->isEnabled());
    }

    void whatIsCountedIsWhatCanBeSeen()
    {
        LogDesk desk;
        QVERIFY(desk.isLoaded());
        ActivityPage page(*desk.session, desk.settings);
        page.show();
        QSignalSpy read(&page, &ActivityPage::read);
        QVERIFY(read.wait());
        page.model()->merge({entryOf(1, "/api/endpoints"), entryOf(2, "/data/out/a"), entryOf(3, "/data/out/b")});
        QCOMPARE(page.model()->housekeeping(), 1);
        auto* text = page.filterBar()->findChild<QLineEdit*>(QString(), Qt::FindDirectChildrenOnly);
        text->setText(QStringLiteral("out/a"));
        QCOMPARE(page.countLabel()->text(), QStringLiteral("1 of 2"));
        text->clear();
        QCOMPARE(page.countLabel()->text(), QStringLiteral("2"));
        page.model()->clear();
        QCOMPARE(page.model()->housekeeping(), 0);
    }

    void openStreamsTellWhatTheyAreBehind()
    {
        LogDesk desk;
        QVERIFY(desk.isLoaded());
        desk.streams = {openStream(7, "0"), openStream(5, "1204"), openStream(4, "null")};
        StreamsPane pane(*desk.session, desk.settings, std::chrono::milliseconds(20));
        pane.show();
        pane.start();
        const auto shown = [&] {
            QStringList rows;
            const QAbstractItemModel* model = pane.list()->table()->model();
            for (int row = 0; row < model->rowCount(); ++row)
                rows << model->index(row, 1).data().toString();
            return rows.join(QStringLiteral(", "));
        };
        QTRY_COMPARE(shown(), QStringLiteral("reads the past, 1,204 items, current"));
        QCOMPARE(pane.count(), 3);
        // It lives: who catches up is seen to, and the current row stays the current one.
        pane.list()->choose(QStringLiteral("5"));
        QCOMPARE(pane.current(), 5U);
        desk.streams = {openStream(7, "0"), openStream(5, "0")};
        QTRY_COMPARE(shown(), QStringLiteral("current, current"));
        QCOMPARE(pane.current(), 5U);
        desk.streams.clear();
        QTRY_COMPARE(pane.count(), 0);
        pane.stop();
        const qsizetype asked = desk.workspace.server.count("/api/activity/streams");
        QTest::qWait(200);
        // One may have been on its way.
        QVERIFY(desk.workspace.server.count("/api/activity/streams") <= asked + 1);
    }

    void aServerThatDoesNotTellItsStreamsIsNotAskedAgain()
    {
        LogDesk desk;
        desk.tellsStreams = false;
        QVERIFY(desk.isLoaded());
        StreamsPane pane(*desk.session, desk.settings, std::chrono::milliseconds(20));
        pane.show();
        pane.start();
        QTRY_VERIFY(pane.list()->message()->isVisible());
        QTest::qWait(100);
        QCOMPARE(desk.workspace.server.count("/api/activity/streams"), qsizetype(1));
    }
};

QTEST_MAIN(TestActivityReader)
#include "tst_activityreader.moc"
